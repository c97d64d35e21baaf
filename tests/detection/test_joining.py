from __future__ import annotations

from dataclasses import fields, replace
from itertools import pairwise

import numpy as np
import pytest

from clonus_sense.config import DetectionSettings
from clonus_sense.detection.candidates import Candidate
from clonus_sense.detection.episodes import TimedRhythm
from clonus_sense.detection.gait.line_rhythm import LineRhythm
from clonus_sense.detection.joining import EpisodeJoiner
from clonus_sense.detection.logistic_decision import RhythmVerdict
from clonus_sense.detection.plain_rhythm import measure_rhythms
from clonus_sense.detection.rhythm import Rhythm
from clonus_sense.detection.verdict import judge_rhythm
from clonus_sense.model import EndedBy, EpisodeClass
from tests.detection.builders import Bout

HZ = 50.0


def make_timed(first_beat_s, beats=8, frequency_hz=5.0, *, at_edge=False, moves_after=False, level_g=0.3):
    """A rhythm whose beats fall on whole samples, timed by the nominal rate."""
    beats_s = first_beat_s + np.arange(beats) / frequency_hz
    start = round((first_beat_s - 1.6) * HZ)
    times_s = (start + np.arange(round((beats_s[-1] - first_beat_s + 3.2) * HZ))) / HZ
    moved = Bout(tuple(beats_s.tolist()), (level_g,) * beats).accel_g(times_s)
    core = round(beats_s[0] * HZ) - start, round(beats_s[-1] * HZ) - start
    [rhythm] = measure_rhythms(Candidate(start, *core, moved, moved, two_peaks_period=None, is_cut=False), HZ, 0.012)
    assert rhythm.n_beats == beats
    rhythm = replace(rhythm, ends_at_edge=at_edge, moves_after=moves_after)
    return TimedRhythm(
        rhythm=rhythm,
        times_s=rhythm.positions / HZ,
        onset_s=rhythm.onset / HZ,
        offset_s=rhythm.offset / HZ,
        core_start_s=first_beat_s,
        verdict=judge_rhythm(rhythm, frequency_hz, DetectionSettings()),
    )


def track(*timed, joining_pause_s=1.0):
    joiner = EpisodeJoiner(DetectionSettings(joining_pause_s=joining_pause_s))
    return [episode for one in timed for episode in joiner.add(one)] + joiner.close(EndedBy.END)


def test_one_rhythm_is_one_episode():
    [episode] = track(make_timed(10.0))
    assert (episode.beats, episode.episode_class) == (8, EpisodeClass.CLONUS)
    assert episode.onset_s == pytest.approx(9.9, abs=0.005)
    assert episode.offset_s == pytest.approx(11.5, abs=0.005)
    assert episode.frequency_hz == pytest.approx(5.0, abs=0.02)
    assert np.allclose(episode.beat_times_s, 10.0 + np.arange(8) / 5.0, atol=0.005)
    assert episode.peak_g == pytest.approx(0.3, rel=0.05)
    assert episode.regularity > 0.97
    assert episode.drift_hz == pytest.approx(0.0, abs=0.1)
    assert episode.missing_s == 0.0


def test_drift_is_last_third_less_first_third():
    slowing = make_timed(10.0, beats=10)
    slower = replace(slowing, times_s=10.0 + np.concatenate([[0.0], np.cumsum([0.2] * 3 + [0.225] * 3 + [0.25] * 3)]))
    [episode] = track(slower)
    assert episode.drift_hz == pytest.approx(4.0 - 5.0)


@pytest.mark.parametrize(
    ("pause_s", "joining_pause_s", "beats"),
    [(0.99, 1.0, [14]), (1.02, 1.0, [8, 6]), (0.5, 0.6, [14]), (0.5, 0.4, [8, 6]), (0.5, 0.0, [8, 6])],
)
def test_pause_decides_whether_two_rhythms_are_one(pause_s, joining_pause_s, beats):
    first = make_timed(10.0)
    second = make_timed(first.times_s[-1] + pause_s, beats=6)
    assert [e.beats for e in track(first, second, joining_pause_s=joining_pause_s)] == beats


def test_joined_briefs_are_clonus_by_their_beats_together():
    first = make_timed(10.0, beats=3)
    assert first.verdict.episode_class is EpisodeClass.BRIEF
    [episode] = track(first, make_timed(first.times_s[-1] + 0.6, beats=3))
    assert (episode.beats, episode.episode_class) == (6, EpisodeClass.CLONUS)


def test_rhythms_of_different_frequency_stay_apart():
    first = make_timed(10.0, frequency_hz=5.0)
    assert len(track(first, make_timed(first.times_s[-1] + 0.5, frequency_hz=8.0))) == 2


def test_pieces_of_one_long_rhythm_count_every_beat_once():
    long = make_timed(10.0, beats=40)
    early = replace(long, times_s=long.times_s[:22], rhythm=_slice_rhythm(long.rhythm, slice(0, 22)))
    late = replace(long, times_s=long.times_s[18:], rhythm=_slice_rhythm(long.rhythm, slice(18, 40)), core_start_s=13.6)
    [episode] = track(early, late)
    assert episode.beats == 40
    assert len(set(episode.beat_times_s)) == 40
    assert episode.frequency_hz == pytest.approx(5.0, abs=0.02)


def _slice_rhythm(rhythm, rows):
    return replace(rhythm, positions=rhythm.positions[rows], amplitudes_g=rhythm.amplitudes_g[rows])


def test_episode_is_given_out_once_nothing_can_join_it():
    joiner = EpisodeJoiner(DetectionSettings())
    timed = make_timed(10.0)
    assert joiner.add(timed) == []
    assert joiner.is_open
    assert joiner.settle(timed.times_s[-1] + 0.99) == []
    assert len(joiner.settle(timed.times_s[-1] + 1.01)) == 1
    assert not joiner.is_open
    assert joiner.close() == []


@pytest.mark.parametrize(("moves_after", "expected"), [(False, EndedBy.QUIET), (True, EndedBy.MOVEMENT)])
def test_what_comes_after_tells_how_it_ended(moves_after, expected):
    [episode] = track(make_timed(10.0, moves_after=moves_after))
    assert episode.ended_by is expected


@pytest.mark.parametrize("edge", [EndedBy.GAP, EndedBy.END])
def test_rhythm_at_the_edge_ended_by_what_ended_the_samples(edge):
    joiner = EpisodeJoiner(DetectionSettings())
    joiner.add(make_timed(10.0, at_edge=True))
    [episode] = joiner.close(edge)
    assert episode.ended_by is edge


def test_chain_goes_on_over_a_short_gap_and_states_what_is_missing():
    joiner = EpisodeJoiner(DetectionSettings())
    first = make_timed(10.0, at_edge=True)  # last beat at 11.4
    joiner.add(first)
    assert joiner.cross_gap(11.48, 11.72) == []
    assert joiner.add(make_timed(11.8)) == []
    [episode] = joiner.close(EndedBy.END)
    assert episode.beats == 16
    assert episode.missing_s == pytest.approx(0.24)
    assert episode.frequency_hz == pytest.approx(5.0, abs=0.02)


@pytest.mark.parametrize("late_s", [0.07, 0.1, 0.13])
def test_chain_does_not_go_on_out_of_phase(late_s):
    joiner = EpisodeJoiner(DetectionSettings())
    joiner.add(make_timed(10.0, at_edge=True))
    joiner.cross_gap(11.48, 11.72)
    [first] = joiner.add(make_timed(11.8 + late_s))
    assert (first.ended_by, first.missing_s) == (EndedBy.GAP, 0.0)


@pytest.mark.parametrize(("at_edge", "gap_s"), [(True, 0.45), (True, 5.0)])
def test_long_gap_closes_at_once(at_edge, gap_s):
    joiner = EpisodeJoiner(DetectionSettings())
    joiner.add(make_timed(10.0, at_edge=at_edge))
    [episode] = joiner.cross_gap(11.48, 11.48 + gap_s)
    assert episode.ended_by is EndedBy.GAP


def test_rhythm_that_had_ended_before_the_gap_was_ended_by_quiet():
    joiner = EpisodeJoiner(DetectionSettings())
    joiner.add(make_timed(10.0))
    [episode] = joiner.cross_gap(12.0, 12.1)
    assert episode.ended_by is EndedBy.QUIET


def test_nothing_takes_up_the_beat_after_the_gap():
    joiner = EpisodeJoiner(DetectionSettings())
    joiner.add(make_timed(10.0, at_edge=True))
    joiner.cross_gap(11.48, 11.72)
    assert joiner.settle_gap(12.7) == []
    [episode] = joiner.settle_gap(12.8)
    assert episode.ended_by is EndedBy.GAP


def test_a_rhythm_seen_late_after_the_gap_still_takes_up_the_beat():
    joiner = EpisodeJoiner(DetectionSettings())
    joiner.add(make_timed(10.0, at_edge=True))
    joiner.cross_gap(11.48, 11.72)
    # Its beats go back to the gap; what was first seen of it does not.
    assert joiner.add(replace(make_timed(11.8), core_start_s=12.9)) == []
    [episode] = joiner.close()
    assert episode.beats == 16


@pytest.mark.parametrize(("late_s", "turned", "n_episodes"), [(0.0, False, 1), (0.1, True, 1), (0.0, True, 2)])
def test_a_rhythm_on_the_other_side_of_the_axis_goes_on_half_a_period_later(late_s, turned, n_episodes):
    joiner = EpisodeJoiner(DetectionSettings())
    joiner.add(make_timed(10.0, at_edge=True))
    joiner.cross_gap(11.48, 11.72)
    after = make_timed(11.8 + late_s)
    if turned:
        axis = replace(after.rhythm.axis, direction=-after.rhythm.axis.direction)
        after = replace(after, rhythm=replace(after.rhythm, axis=axis))
    assert len(joiner.add(after) + joiner.close()) == n_episodes


def test_slow_and_steady_parts_give_the_class_of_the_whole():
    [slow] = track(make_timed(10.0, frequency_hz=4.0))
    assert slow.episode_class is EpisodeClass.SLOW
    first = make_timed(10.0, beats=20)
    machine = replace(first, verdict=replace(first.verdict, episode_class=EpisodeClass.UNCERTAIN))
    [mostly_steady] = track(machine, make_timed(machine.times_s[-1] + 0.5, beats=5))
    assert mostly_steady.episode_class is EpisodeClass.UNCERTAIN


@pytest.mark.parametrize("shift_s", [0.05, 0.099, 0.12])
def test_a_rhythm_that_reaches_into_the_last_one_goes_on_with_it(shift_s):
    first = make_timed(10.0, beats=20)
    # The next piece of one long rhythm, its axis turned over: every beat stands between two of the first piece.
    period_s = 1.0 / 4.95
    second = make_timed(first.times_s[-1] + shift_s - 5 * period_s, beats=20, frequency_hz=4.95)
    episodes = track(first, second)
    for before, after in pairwise(episodes):
        assert before.offset_s <= after.onset_s
    assert len(episodes) == 1


IN_GAIT = {
    "concentration": 0.7,
    "tonality": 0.6,
    "off_axis_ratio": 0.1,
    "busier_flank_ratio": 0.2,
    "calmer_flank_ratio": 0.1,
    "of_movement_ratio": 0.8,
    "stride_likeness": 0.8,
    "stride_ratio": 0.9,
}
UNSURE = RhythmVerdict(None, 0.2, (), may_go_on=True)


def make_in_gait(first_beat_s, *, verdict=None, turned=0.0, **options):
    """A rhythm as it is left of a walk, its direction turned by an angle in radians; sure unless a verdict is given."""
    timed = make_timed(first_beat_s, **options)
    axis = timed.rhythm.axis
    aside = np.cross(axis.direction, np.roll(axis.direction, 1))
    direction = np.cos(turned) * axis.direction + np.sin(turned) * aside / np.linalg.norm(aside)
    shared = {field.name: getattr(timed.rhythm, field.name) for field in fields(Rhythm)}
    rhythm = LineRhythm(**shared | {"axis": replace(axis, direction=direction)}, **IN_GAIT)
    return replace(timed, rhythm=rhythm, verdict=verdict or timed.verdict)


def follow(*timed):
    """Track those rhythms that are taken."""
    joiner = EpisodeJoiner(DetectionSettings())
    return [e for one in timed if joiner.takes(one) for e in joiner.add(one)] + joiner.close(EndedBy.END)


def test_inside_a_walk_the_rest_of_a_bout_goes_on_with_it_and_alone_is_nothing():
    first = make_in_gait(10.0)
    rest = make_in_gait(first.times_s[-1] + 0.5, verdict=UNSURE)
    [episode] = follow(first, rest)
    assert episode.beats == 16
    assert episode.offset_s == pytest.approx(rest.offset_s)
    assert follow(rest) == []


def test_the_rest_of_the_rest_goes_on_too():
    first = make_in_gait(10.0)
    rest = make_in_gait(first.times_s[-1] + 0.5, verdict=UNSURE)
    [episode] = follow(first, rest, make_in_gait(rest.times_s[-1] + 0.5, verdict=UNSURE))
    assert episode.beats == 24


def test_what_was_sure_speaks_for_the_whole_bout():
    first = make_in_gait(10.0)
    longer = make_in_gait(first.times_s[-1] + 0.5, beats=12, verdict=UNSURE)
    [episode] = follow(first, longer)
    assert episode.evidence == first.verdict.evidence
    assert episode.confidence == first.verdict.confidence


@pytest.mark.parametrize(
    ("pause_s", "options", "n_beats"),
    [
        (0.5, {"frequency_hz": 5.4}, 16),
        (0.5, {"frequency_hz": 5.6}, 8),
        (0.5, {"turned": 0.6}, 16),
        (0.5, {"turned": 0.7}, 8),
        (0.5, {"turned": np.pi}, 16),  # the other side of the same direction
        (0.5, {"level_g": 0.16}, 16),
        (0.5, {"level_g": 0.14}, 8),
        (0.98, {}, 16),
        (1.02, {}, 8),
        (0.5, {"verdict": replace(UNSURE, may_go_on=False)}, 8),
    ],
)
def test_only_the_same_line_shortly_after_is_the_rest_of_a_bout(pause_s, options, n_beats):
    first = make_in_gait(10.0)
    rest = make_in_gait(first.times_s[-1] + pause_s, **{"verdict": UNSURE} | options)
    [episode] = follow(first, rest)
    assert episode.beats == n_beats


def test_outside_a_walk_and_after_a_gap_nothing_unsure_goes_on():
    plain = make_timed(10.0)
    [episode] = follow(plain, make_in_gait(plain.times_s[-1] + 0.5, verdict=UNSURE))
    assert episode.beats == 8
    joiner = EpisodeJoiner(DetectionSettings())
    joiner.add(make_in_gait(10.0, at_edge=True))
    joiner.cross_gap(11.48, 11.72)
    assert joiner.takes(make_in_gait(11.8))
    assert not joiner.takes(make_in_gait(11.8, verdict=UNSURE))


@pytest.mark.parametrize(("seen_after_s", "n_beats"), [(2.45, 28), (2.55, 8)])
def test_inside_a_walk_a_line_reaches_back_from_where_it_was_first_seen(seen_after_s, n_beats):
    first = make_in_gait(10.0)
    last_s = float(first.times_s[-1])
    rest = replace(make_in_gait(last_s + 0.9, beats=20, verdict=UNSURE), core_start_s=last_s + seen_after_s)
    [episode] = follow(first, rest)
    assert episode.beats == n_beats


def test_what_a_fork_takes_changes_nothing_in_the_tracker_that_it_came_from():
    first, rest = make_timed(10.0), make_timed(12.0)
    joiner, untouched = (EpisodeJoiner(DetectionSettings()) for _ in range(2))
    for one in (joiner, untouched):
        assert one.add(first) == []
    fork = joiner.fork()
    assert fork.add(rest) == []
    assert [episode.beats for episode in fork.close()] == [16]
    assert joiner.add(rest) == untouched.add(rest) == []
    assert joiner.close() == untouched.close()
