from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from scipy.signal import butter, sosfiltfilt

from clonus_sense.config import DetectionSettings
from clonus_sense.detection import Detector
from clonus_sense.errors import SignalError
from clonus_sense.model import EpisodeClass, SampleBatch, Severity, Site, Stretch
from tests.detection.builders import (
    cut_every,
    detect,
    make_accel,
    make_batches,
    make_bout,
    make_kick,
    make_times,
    run_detector,
)
from tests.detection.gait.walks import HZ, make_walk_g


def test_nothing_pushed_gives_nothing():
    detector = Detector(DetectionSettings())
    assert detector.flush() == []
    assert detector.findings() == ()
    assert detector.take_rejections() == []


@pytest.mark.parametrize("n_samples", [1, 2, 3, 24, 49, 50, 51, 99])
def test_recordings_shorter_than_any_filter_are_analysed(n_samples):
    times_s = make_times(n_samples / 100.0)
    assert detect(times_s, make_accel(times_s)) == []


def test_an_empty_batch_changes_nothing():
    whole = make_batches(make_times(14.0), make_accel(make_times(14.0), [make_bout()]), gaps_s=[(8.0, 9.0)])
    empty = [SampleBatch(batch.stretch, 0, np.empty((0, 3)), np.empty(0)) for batch in whole]
    got = run_detector([empty[0], whole[0], empty[1], whole[1]])
    assert got.episodes == run_detector(whole).episodes


def test_episodes_come_in_order_of_time():
    times_s = make_times(60.0, 50.0)
    bouts = [make_bout(at_s, beats=beats) for at_s, beats in ((3.0, 3), (8.0, 40), (20.0, 5), (24.0, 4), (40.0, 9))]
    got = run_detector(cut_every(make_batches(times_s, make_accel(times_s, bouts), fs_hz=50.0), 50)).episodes
    assert [episode.beats for episode in got] == [3, 40, 5, 4, 9]
    assert [episode.onset_s for episode in got] == sorted(episode.onset_s for episode in got)


@pytest.mark.parametrize("push_s", [0.1, 1.0])
def test_an_episode_is_returned_within_three_seconds_after_its_offset(push_s):
    times_s = make_times(90.0)
    bouts = [
        make_bout(at_s, beats=beats, frequency_hz=frequency_hz)
        for at_s, beats, frequency_hz in (
            (9.37, 3, 6.0),
            (20.0, 5, 5.0),
            (31.71, 12, 7.5),
            (45.0, 150, 6.0),
            (84.1, 4, 8.0),
        )
    ]
    detector = Detector(DetectionSettings(), site=Site.FOOT)
    n_samples = round(push_s * 100)
    found = []
    for batch in cut_every(make_batches(times_s, make_accel(times_s, bouts, noise_g=0.003)), n_samples):
        # A decision falls with the push that completes what it needs: count to where that push begins.
        known_s = batch.first_index / 100.0
        found += [(episode, known_s - episode.offset_s) for episode in detector.push(batch)]
    assert len(found) == len(bouts)
    assert max(waited_s for _, waited_s in found) <= 3.0


@pytest.mark.parametrize("ended_for_s", [1.0, 1.75])
def test_what_is_foreseen_is_what_would_come_out_if_the_recording_ended_there(ended_for_s):
    times_s = make_times(30.0)
    accel_g = make_accel(times_s, [make_bout(10.0, beats=9), make_bout(12.1, beats=9), make_bout(20.0, beats=7)])
    pieces = cut_every(make_batches(times_s, accel_g), 25)
    asked = Detector(DetectionSettings(), site=Site.FOOT)
    given, n_foreseen = [], 0
    for number, piece in enumerate(pieces):
        given += asked.push(piece)
        foreseen = asked.foresee(ended_for_s=ended_for_s)
        ended_here = run_detector(pieces[: number + 1]).episodes
        assert foreseen == [
            one for one in ended_here[len(given) :] if one.offset_s <= piece.end_index / 100 - ended_for_s
        ]
        n_foreseen += len(foreseen)
    assert n_foreseen > 3
    # Asking has changed nothing.
    assert [*given, *asked.flush()] == list(run_detector(pieces).episodes)
    assert asked.foresee(ended_for_s=0.0) == []


def test_a_bout_in_the_first_samples_of_a_stretch_is_foreseen_though_none_was_worked_on_yet():
    times_s = make_times(2.0)
    pieces = cut_every(make_batches(times_s, make_accel(times_s, [make_bout(0.5, beats=7)])), 25)
    detector = Detector(DetectionSettings(), site=Site.FOOT)
    assert [detector.push(piece) for piece in pieces] == [[]] * len(pieces)
    foreseen = detector.foresee(ended_for_s=-1.0)
    assert [episode.beats for episode in foreseen] == [7]
    assert foreseen == detector.flush()


def test_looking_ahead_leaves_rejections_findings_and_an_open_episode_alone():
    times_s = make_times(30.0)
    bouts = [make_bout(10.0, beats=9), make_bout(12.1, beats=9), make_bout(20.0, beats=5, waver_ratio=0.9)]
    pieces = cut_every(make_batches(times_s, make_accel(times_s, bouts, noise_g=0.004)), 10)
    asked, silent = (Detector(DetectionSettings(), site=Site.FOOT, explain=True) for _ in range(2))
    for piece in pieces:
        assert asked.push(piece) == silent.push(piece)
        asked.foresee(ended_for_s=-1.0)
    assert asked.flush() == silent.flush()
    assert asked.take_rejections() == silent.take_rejections()
    assert asked.findings() == silent.findings()


@pytest.mark.parametrize("seed", range(4))
def test_inside_a_walk_an_episode_is_foreseen_within_three_seconds_of_its_end_and_then_stays(seed):
    times_s = np.arange(round(40 * HZ)) / HZ
    accel_g = make_walk_g(times_s, seed=seed) + make_bout(20.0, beats=12, frequency_hz=6.2, peak_g=0.5).accel_g(times_s)
    detector = Detector(DetectionSettings(), site=Site.FOOT)
    foreseen = {}
    for batch in cut_every(make_batches(times_s, accel_g, fs_hz=HZ), 25):
        now_s = batch.end_index / HZ
        assert detector.push(batch) == [], "this walk keeps it open"
        for episode in detector.foresee(ended_for_s=1.75):
            foreseen.setdefault((episode.episode_class, episode.beats), now_s)
    [episode] = detector.flush()
    assert list(foreseen) == [(EpisodeClass.CLONUS, episode.beats)]
    [foreseen_s] = foreseen.values()
    assert foreseen_s - episode.offset_s <= 3.0


@pytest.mark.parametrize("seed", [1, 10])
def test_a_bout_that_begins_in_the_rubbing_of_a_turn_is_found(seed):
    times_s = make_times(30.0)
    sos = butter(2, (3.0, 12.0), btype="bandpass", fs=1.0 / (times_s[1] - times_s[0]), output="sos")
    rubbing = sosfiltfilt(sos, np.random.default_rng(seed).normal(size=(len(times_s), 3)), axis=0)
    turn = np.exp(-((times_s - 10.9) ** 4))[:, None]
    accel_g = make_accel(times_s, [make_bout(12.0, beats=12, peak_g=0.15)], noise_g=0.003)
    [episode] = detect(times_s, accel_g + 0.09 * rubbing / rubbing.std() * turn)
    assert episode.episode_class is EpisodeClass.CLONUS
    assert episode.beats == 12
    assert episode.onset_s == pytest.approx(11.92, abs=0.05)


def test_an_hour_of_hum_is_one_uncertain_episode_in_bounded_memory():
    times_s = make_times(3600.0, 25.0)
    hum = 0.05 * np.sin(2 * np.pi * 7.0 * times_s)
    accel_g = make_accel(times_s) + np.outer(hum, (0.8, 0.6, 0.0))
    detector = Detector(DetectionSettings(), site=Site.FOOT)
    episodes, held_bytes = [], []
    tracemalloc.start()
    try:
        for number, batch in enumerate(cut_every(make_batches(times_s, accel_g, fs_hz=25.0), 250)):
            episodes += detector.push(batch)
            if number % 60 == 59:
                held_bytes.append(tracemalloc.get_traced_memory()[0])
    finally:
        tracemalloc.stop()
    episodes += detector.flush()
    [episode] = episodes
    assert episode.episode_class is EpisodeClass.UNCERTAIN
    # Judged piece by piece; where the axis of a piece has the other sign, half a beat is lost or won.
    assert abs(episode.beats - 7 * 3600) <= 25
    assert episode.frequency_hz == pytest.approx(7.0, abs=0.001)
    # From the second ten minutes on nothing may be kept but some numbers for each half minute and each beat.
    assert held_bytes[-1] - held_bytes[1] < 1_000_000


def test_a_whole_night_in_one_batch_gives_its_samples_free_again():
    times_s = make_times(1800.0, 50.0)
    [whole] = make_batches(times_s, make_accel(times_s, [make_bout(100.0)]), fs_hz=50.0)
    detector = Detector(DetectionSettings(), site=Site.FOOT)
    tracemalloc.start()
    try:
        detector.push(whole)
        held_bytes = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
    assert held_bytes < 0.2 * whole.accel_g.nbytes


@pytest.mark.parametrize("n_bad", [1, 120])
@pytest.mark.parametrize("at", [0, 777, 1880])
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_samples_that_are_no_numbers_are_refused_with_a_sentence(value, at, n_bad):
    accel_g = make_accel(make_times(20.0))
    accel_g[at : at + n_bad] = value
    for n_samples in (2000, 7):
        with pytest.raises(SignalError, match=r"not a number.*\."):
            run_detector(cut_every(make_batches(make_times(20.0), accel_g), n_samples))


def test_infinities_of_both_signs_are_refused_with_a_sentence():
    accel_g = make_accel(make_times(20.0))
    accel_g[500], accel_g[501] = np.inf, -np.inf
    with pytest.raises(SignalError, match="not a number"):
        detect(make_times(20.0), accel_g)


@pytest.mark.parametrize("fs_hz", [1.0, 17.9, float("nan"), float("inf")])
def test_rates_below_18_hz_are_refused(fs_hz):
    batch = SampleBatch(Stretch(0, fs_hz), 0, make_accel(make_times(1.0)), np.zeros(1))
    with pytest.raises(SignalError, match="18 Hz"):
        Detector(DetectionSettings()).push(batch)


@pytest.mark.parametrize("fs_hz", [18.0, 20.0, 24.0])
def test_slow_rates_are_analysed_with_a_warning(fs_hz):
    times_s = make_times(30.0, fs_hz)
    got = run_detector(make_batches(times_s, make_accel(times_s, [make_bout(10.0)]), fs_hz=fs_hz))
    assert [episode.episode_class for episode in got.episodes] == [EpisodeClass.CLONUS]
    [finding] = got.findings
    assert finding.severity is Severity.WARNING
    assert f"{fs_hz:g} Hz" in finding.text


def test_batches_out_of_order_are_refused():
    [whole] = make_batches(make_times(10.0), make_accel(make_times(10.0)))
    first, _, third = whole.cut([300, 600])
    for wrong in (third, first):
        detector = Detector(DetectionSettings())
        detector.push(first)
        with pytest.raises(SignalError, match="expected sample 300"):
            detector.push(wrong)


def test_a_stretch_that_lacks_its_beginning_is_refused():
    [whole] = make_batches(make_times(10.0), make_accel(make_times(10.0)))
    with pytest.raises(SignalError, match="expected sample 0"):
        Detector(DetectionSettings()).push(whole.cut([300])[1])


def test_an_earlier_stretch_is_refused():
    earlier, later = make_batches(make_times(20.0), make_accel(make_times(20.0)), gaps_s=[(8.0, 9.0)])
    detector = Detector(DetectionSettings())
    detector.push(later)
    with pytest.raises(SignalError, match="order"):
        detector.push(earlier)


def test_a_refused_batch_does_not_cost_the_episodes_before_it():
    first, second = make_batches(make_times(20.0), make_accel(make_times(20.0), [make_bout()]), gaps_s=[(6.0, 8.0)])
    detector = Detector(DetectionSettings(), site=Site.FOOT)
    got = detector.push(first)
    with pytest.raises(SignalError):
        detector.push(second.cut([100])[1])
    assert len(got + detector.flush()) == 1


def test_rejections_carry_evidence_and_reasons():
    times_s = make_times(20.0)
    bouts = [make_bout(5.0), make_bout(12.0, beats=12, frequency_hz=9.6)]
    got = run_detector(make_batches(times_s, make_accel(times_s, bouts)), explain=True)
    assert len(got.episodes) == 1
    [rejection] = got.rejections
    assert "not_above_band_hz" in rejection.reasons
    assert rejection.frequency_hz == pytest.approx(9.6, abs=0.15)
    assert rejection.onset_s == pytest.approx(bouts[1].onset_s, abs=0.03)
    assert rejection.offset_s == pytest.approx(bouts[1].offset_s, abs=0.03)
    [limit] = [test for test in rejection.evidence if test.name == "not_above_band_hz"]
    assert (limit.limit, limit.passed) == (pytest.approx(8.5 * (1 + 0.15 / 11)), False)  # twelve beats
    assert limit.value == pytest.approx(rejection.frequency_hz)


def test_rejections_are_handed_over_once_and_only_on_request():
    times_s = make_times(20.0)
    batches = make_batches(times_s, make_accel(times_s, [make_bout(frequency_hz=9.6)]))
    assert run_detector(batches, explain=False).rejections == []
    detector = Detector(DetectionSettings(), site=Site.FOOT, explain=True)
    detector.push(batches[0])
    detector.flush()
    assert len(detector.take_rejections()) == 1
    assert detector.take_rejections() == []


def test_episodes_carry_the_evidence_of_their_verdict():
    [episode] = detect(make_times(12.0), make_accel(make_times(12.0), [make_bout()]))
    evidence = {test.name: test for test in episode.evidence}
    assert evidence["confidence"].passed
    assert evidence["confidence"].value == episode.confidence
    assert evidence["beats"].value == episode.beats == len(episode.beat_times_s)


def test_a_kick_beside_a_bout_adds_no_beat_far_from_it():
    times_s = make_times(14.0)
    bout = make_bout(4.0, beats=10)
    accel_g = make_accel(times_s, [bout]) + make_kick(times_s, bout.offset_s + 1.6)
    [episode] = detect(times_s, accel_g)
    assert episode.beats == 10
