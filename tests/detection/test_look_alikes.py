"""What is rhythmic gets its class; what is not, is no episode."""

from __future__ import annotations

import numpy as np
import pytest

from clonus_sense.config import DetectionSettings
from clonus_sense.model import EpisodeClass, Site
from clonus_sense.simulate import Placement, SimulatedSensor, simulate_walk
from clonus_sense.simulate.disturbances import Scene, simulate_helper_turn, simulate_turn
from clonus_sense.simulate.leg_posture import draw_lying_posture
from tests.detection.builders import (
    DEFAULTS,
    detect,
    detect_bouts,
    make_accel,
    make_batches,
    make_bout,
    make_kick,
    make_times,
    run_detector,
)


@pytest.mark.parametrize("beats", [3, 4])
def test_three_or_four_beats_are_brief(beats):
    [episode] = detect_bouts([make_bout(beats=beats)])
    assert episode.episode_class is EpisodeClass.BRIEF
    assert episode.beats == beats


@pytest.mark.parametrize("beats", [5, 20, 60])
@pytest.mark.parametrize("frequency_hz", [4.7, 6.0, 8.0])
def test_five_beats_or_more_in_the_band_are_clonus(beats, frequency_hz):
    [episode] = detect_bouts([make_bout(beats=beats, frequency_hz=frequency_hz)], duration_s=20.0)
    assert episode.episode_class is EpisodeClass.CLONUS
    assert episode.beats == beats


def test_rhythm_below_the_band_is_slow():
    [episode] = detect_bouts([make_bout(beats=12, frequency_hz=3.5)])
    assert episode.episode_class is EpisodeClass.SLOW
    assert episode.frequency_hz == pytest.approx(3.5, abs=0.1)


def test_rhythm_above_the_band_is_no_episode():
    assert detect_bouts([make_bout(beats=12, frequency_hz=9.5)]) == []


def test_rhythm_as_steady_as_a_machine_is_uncertain():
    times_s = make_times(50.0)
    stimulation = np.where((times_s > 5.0) & (times_s < 45.0), 0.2 * np.sin(2 * np.pi * 6.0 * times_s), 0.0)
    [episode] = detect(times_s, make_accel(times_s) + np.outer(stimulation, (0.0, 1.0, 0.0)))
    assert episode.episode_class is EpisodeClass.UNCERTAIN


@pytest.mark.parametrize("frequency_hz", [4.2, 4.6])
def test_band_of_the_person_decides_what_is_slow(frequency_hz):
    bout = make_bout(beats=12, frequency_hz=frequency_hz)
    [wide] = detect_bouts([bout], DetectionSettings(band_low_hz=4.0))
    [narrow] = detect_bouts([bout], DetectionSettings(band_low_hz=5.0))
    assert wide.episode_class is EpisodeClass.CLONUS
    assert narrow.episode_class is EpisodeClass.SLOW


def test_upper_edge_of_the_band_is_a_setting():
    bout = make_bout(beats=12, frequency_hz=8.9)
    assert detect_bouts([bout]) == []
    [episode] = detect_bouts([bout], DetectionSettings(band_high_hz=10.0))
    assert episode.episode_class is EpisodeClass.CLONUS


def test_beats_below_the_floor_do_not_count():
    bout = make_bout(beats=20, peak_g=0.03)
    assert len(detect_bouts([bout], DetectionSettings(floor_g=0.01))) == 1
    assert detect_bouts([bout], DetectionSettings(floor_g=0.05)) == []


def test_placement_sets_the_floor():
    bout = make_bout(beats=30, peak_g=0.009, edge_level=0.95)
    level = type(bout)(bout.beat_times_s, (0.009,) * 30)
    accel_g = make_accel(make_times(14.0), [level], noise_g=0.0)
    batches = make_batches(make_times(14.0), accel_g)

    def count_beats(site, settings=DEFAULTS):
        got = run_detector(batches, settings, site=site, explain=True)
        return sum(found.beats for found in (*got.episodes, *got.rejections))

    assert count_beats(Site.FOOT) == 0  # 10 mg
    assert count_beats(Site.THIGH) >= 28  # 8 mg
    assert count_beats(Site.THIGH, DetectionSettings(placement=Site.FOOT)) == 0


@pytest.mark.parametrize("noise_g", [0.003, 0.008])
def test_an_hour_of_sensor_noise_holds_no_episode(noise_g):
    times_s = make_times(3600.0, 50.0)
    assert detect(times_s, make_accel(times_s, noise_g=noise_g, seed=3), fs_hz=50.0) == []


@pytest.mark.parametrize("fs_hz", [52.0, 100.0, 400.0])
def test_single_kicks_are_no_episodes(fs_hz):
    times_s = make_times(120.0, fs_hz)
    rng = np.random.default_rng(4)
    accel_g = make_accel(times_s, noise_g=0.002)
    for at_s in np.arange(5.0, 115.0, 4.7):
        towards = rng.standard_normal(3)
        accel_g += make_kick(times_s, at_s + rng.random(), direction=towards / np.linalg.norm(towards))
    assert detect(times_s, accel_g, fs_hz=fs_hz) == []


def test_walking_is_not_clonus():
    walk = simulate_walk(0.2, SimulatedSensor(fs_hz=52.0), seed=1)
    episodes = run_detector(walk.batches(), site=Site.SHANK).episodes
    assert not [e for e in episodes if e.episode_class in (EpisodeClass.CLONUS, EpisodeClass.BRIEF)]


@pytest.mark.parametrize("simulate", [simulate_turn, simulate_helper_turn])
def test_turns_in_bed_are_no_episodes(simulate):
    times_s = make_times(12.0, 50.0)
    for seed in range(12):
        rng = np.random.default_rng(seed)
        before_g, after_g = (draw_lying_posture(Placement.FOOT, rng) for _ in range(2))
        accel_g = np.where(times_s[:, None] < 3.0, before_g, after_g)
        turning = (times_s >= 3.0) & (times_s < 7.0)
        accel_g[turning] = simulate(Scene(times_s[turning] - 3.0, 4.0, before_g, after_g, Placement.FOOT), rng)
        accel_g += 0.002 * rng.standard_normal(accel_g.shape)
        assert detect(times_s, accel_g, fs_hz=50.0) == []


def test_bouts_are_found_while_something_else_hums():
    times_s = make_times(60.0)
    bouts = [
        make_bout(30.0, beats=12, direction=(0.0, 0.0, 1.0)),
        make_bout(38.0, peak_g=0.4, direction=(0.0, 0.0, 1.0)),
    ]
    hum_g = np.outer(0.015 * np.sin(2 * np.pi * 7.0 * times_s), (1.0, 0.0, 0.0))
    episodes = [e for e in detect(times_s, make_accel(times_s, bouts) + hum_g) if e.peak_g > 0.2]
    assert [round(e.onset_s) for e in episodes] == [30, 38]
    assert all(abs(episode.beats - len(bout.beat_times_s)) <= 2 for episode, bout in zip(episodes, bouts, strict=True))
