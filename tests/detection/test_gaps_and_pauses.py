"""What a gap, a pause and the end of the samples do to an episode."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from clonus_sense.config import DetectionSettings
from clonus_sense.model import EndedBy
from tests.detection.builders import Bout, detect, detect_bouts, make_accel, make_bout, make_kick, make_times

LONG_BOUT = make_bout(4.0, beats=24, frequency_hz=6.0)


def count_beats_outside(bout, start_s, end_s, *, margin_s=0.0):
    return sum(not start_s - margin_s <= beat_s < end_s + margin_s for beat_s in bout.beat_times_s)


def shift_after(bout, at_s, shift_s):
    """The same bout whose later beats come later."""
    return replace(bout, beat_times_s=tuple(t if t < at_s else t + shift_s for t in bout.beat_times_s))


@pytest.mark.parametrize("gap_s", [0.05, 0.1, 0.2, 0.3])
def test_chain_goes_on_over_a_gap_shorter_than_two_periods(gap_s):
    start_s, end_s = 5.58, 5.58 + gap_s
    [episode] = detect_bouts([LONG_BOUT], gaps_s=[(start_s, end_s)])
    assert episode.missing_s == pytest.approx(gap_s, abs=0.011)
    assert episode.ended_by is EndedBy.QUIET
    assert episode.onset_s == pytest.approx(LONG_BOUT.onset_s, abs=0.02)
    assert episode.offset_s == pytest.approx(LONG_BOUT.offset_s, abs=0.02)
    assert episode.frequency_hz == pytest.approx(LONG_BOUT.frequency_hz, abs=0.1)
    # Only seen beats count; one whose peak lies at the very edge of the gap cannot be located.
    least, most = (count_beats_outside(LONG_BOUT, start_s, end_s, margin_s=m) for m in (0.05, 0.0))
    assert least <= episode.beats <= most
    assert not any(start_s <= beat_s < end_s for beat_s in episode.beat_times_s)


@pytest.mark.parametrize("gap_s", [0.36, 0.5, 1.0])
def test_longer_gap_ends_the_episode(gap_s):
    first, second = detect_bouts([LONG_BOUT], gaps_s=[(5.6, 5.6 + gap_s)])
    assert first.ended_by is EndedBy.GAP
    assert first.missing_s == second.missing_s == 0.0
    assert first.offset_s <= 5.6 + 0.1
    assert second.onset_s >= 5.6 + gap_s - 0.1
    assert second.ended_by is EndedBy.QUIET


@pytest.mark.parametrize("gap_s", [0.1, 0.2, 0.3])
def test_chain_does_not_go_on_where_the_phase_does_not_fit(gap_s):
    late = shift_after(make_bout(4.0, beats=24, edge_level=0.8), 5.6, 0.5 / 6.0)
    times_s = make_times(12.0)
    before, after = make_accel(times_s, [LONG_BOUT]), make_accel(times_s, [late])
    accel_g = np.where(times_s[:, None] < 5.6, before, after)
    first, second = detect(times_s, accel_g, gaps_s=[(5.58, 5.58 + gap_s)])
    assert first.ended_by is EndedBy.GAP
    assert first.missing_s == second.missing_s == 0.0


def test_chain_does_not_go_on_when_the_next_stretch_begins_still():
    first = make_bout(4.0, beats=10, edge_level=1.0)
    second = make_bout(first.beat_times_s[-1] + 5 / 6.0, beats=10, edge_level=1.0)
    gap = (first.beat_times_s[-1] + 0.05, first.beat_times_s[-1] + 0.15)
    episodes = detect_bouts([first, second], gaps_s=[gap])
    assert [episode.missing_s for episode in episodes] == [0.0, 0.0]


@pytest.mark.parametrize("late_periods", [0.0, 0.25, 0.5, 0.75])
def test_a_still_stretch_between_two_short_gaps_ends_the_episode(late_periods):
    cut_s = LONG_BOUT.beat_times_s[9] + 0.08
    again = make_bout(cut_s + 0.6 + late_periods / 6.0, beats=20, edge_level=0.8)
    times_s = make_times(14.0)
    accel_g = np.select(
        [times_s[:, None] < cut_s, times_s[:, None] < cut_s + 0.9],
        [make_accel(times_s, [LONG_BOUT]), make_accel(times_s)],
        make_accel(times_s, [again]),
    )
    episodes = detect(times_s, accel_g, gaps_s=[(cut_s, cut_s + 0.2), (cut_s + 0.8, cut_s + 1.0)])
    assert len(episodes) == 2
    assert [episode.missing_s for episode in episodes] == [0.0, 0.0]


def test_nothing_is_found_in_a_gap():
    # Ten seconds of beating that nobody measured.
    assert detect_bouts([make_bout(6.0, beats=60)], duration_s=30.0, gaps_s=[(5.0, 17.0)]) == []


def test_a_gap_next_to_a_resting_leg_changes_nothing():
    [undisturbed] = detect_bouts([make_bout(8.0)])
    [episode] = detect_bouts([make_bout(8.0)], gaps_s=[(2.0, 3.0)])
    assert episode.beats == undisturbed.beats
    assert episode.onset_s == pytest.approx(undisturbed.onset_s, abs=0.002)
    assert episode.ended_by is EndedBy.QUIET


def test_end_of_the_recording_ends_the_episode():
    [episode] = detect_bouts([LONG_BOUT], duration_s=7.0)
    assert episode.ended_by is EndedBy.END
    assert abs(episode.beats - sum(t < 7.0 for t in LONG_BOUT.beat_times_s)) <= 1


def test_movement_right_after_ends_the_episode_by_movement():
    times_s = make_times(14.0)
    bout = make_bout(4.0, beats=12)
    stir = np.where((times_s > bout.offset_s + 0.2) & (times_s < bout.offset_s + 2.2), 1.0, 0.0)
    stir *= 0.5 * np.sin(2 * np.pi * 1.1 * (times_s - bout.offset_s - 0.2))
    [episode] = detect(times_s, make_accel(times_s, [bout]) + np.outer(stir, (1.0, 0.0, 0.0)))
    assert episode.ended_by is EndedBy.MOVEMENT
    assert abs(episode.beats - 12) <= 1


@pytest.mark.parametrize("pause_s", [0.4, 0.7, 0.95])
def test_runs_of_beats_less_than_a_second_apart_are_one_episode(pause_s):
    first = make_bout(4.0, beats=10)
    second = make_bout(first.beat_times_s[-1] + pause_s, beats=8, seed=1)
    [episode] = detect_bouts([first, second])
    assert episode.beats == 18
    assert episode.onset_s == pytest.approx(first.onset_s, abs=0.02)
    assert episode.offset_s == pytest.approx(second.offset_s, abs=0.02)
    assert episode.frequency_hz == pytest.approx(6.0, abs=0.15)  # of the beating, not of the pause


@pytest.mark.parametrize("pause_s", [1.05, 1.5])
def test_runs_of_beats_more_than_a_second_apart_are_two_episodes(pause_s):
    first = make_bout(4.0, beats=10)
    second = make_bout(first.beat_times_s[-1] + pause_s, beats=8, seed=1)
    assert [episode.beats for episode in detect_bouts([first, second])] == [10, 8]


@pytest.mark.parametrize(("setting_s", "beats"), [(0.0, [10, 8]), (0.5, [10, 8]), (0.9, [18])])
def test_joining_pause_is_a_setting(setting_s, beats):
    first = make_bout(4.0, beats=10)
    second = make_bout(first.beat_times_s[-1] + 0.7, beats=8, seed=1)
    episodes = detect_bouts([first, second], DetectionSettings(joining_pause_s=setting_s))
    assert [episode.beats for episode in episodes] == beats


def test_other_movement_between_keeps_two_runs_apart():
    first = make_bout(4.0, beats=10)
    second = make_bout(first.beat_times_s[-1] + 0.95, beats=10, seed=1)
    times_s = make_times(12.0)
    kick_g = make_kick(times_s, first.beat_times_s[-1] + 0.45, size_g=2.0, direction=first.direction)
    assert [episode.beats for episode in detect(times_s, make_accel(times_s, [first, second]) + kick_g)] == [10, 10]


def test_a_push_between_two_runs_costs_neither_of_them():
    first = make_bout(4.0, beats=10)
    second = make_bout(first.beat_times_s[-1] + 0.95, beats=10, seed=1)
    times_s = make_times(12.0)
    from_middle = np.clip((times_s - first.beat_times_s[-1] - 0.45) / 0.25, -1.0, 1.0)
    push = 0.5 + 0.5 * np.cos(np.pi * from_middle)
    episodes = detect(times_s, make_accel(times_s, [first, second]) + np.outer(0.1 * push, (0.8, -0.6, 0.0)))
    assert sum(episode.beats for episode in episodes) >= 19


def test_episodes_never_overlap():
    times_s = make_times(200.0, 50.0)
    hum = np.outer(0.02 * np.sin(2 * np.pi * 7.0 * times_s), (0.86, 0.51, 0.0))
    for seed in range(4):
        accel_g = make_accel(times_s, [make_bout(60.0, seed=seed)], seed=seed) + hum
        episodes = detect(times_s, accel_g, fs_hz=50.0)
        edges_s = [edge for episode in episodes for edge in (episode.onset_s, episode.offset_s)]
        assert edges_s == sorted(edges_s)


def test_frequency_leaves_out_the_time_lost_in_a_gap():
    beats_s = tuple((4.0 + np.arange(24) / 5.0).tolist())
    bout = Bout(beats_s, (0.3,) * 24)
    [episode] = detect_bouts([bout], gaps_s=[(6.08, 6.3)])
    assert episode.missing_s > 0.0
    assert episode.frequency_hz == pytest.approx(5.0, abs=0.1)
