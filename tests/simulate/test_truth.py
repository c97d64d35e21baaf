"""Truth is measured on the movement by the written definition."""

import numpy as np
import pytest

from clonus_sense.simulate.movement import STEP_S, differentiate_angle
from clonus_sense.simulate.truth import TruthBout, find_bouts, signal_to_background_db, write_truth
from clonus_sense.terms import Placement

FLAT_G = np.array([0.0, 0.0, 1.0])
FREQUENCY_HZ = 5.0


def movement_with(levels):
    """Beats of the given sizes in degrees, one after the other, each a squared raised cosine, smooth at both ends."""
    n_steps = round(1 / FREQUENCY_HZ / STEP_S)
    beat = ((1 - np.cos(2 * np.pi * np.arange(n_steps) / n_steps)) / 2) ** 2
    return differentiate_angle(np.radians(np.concatenate([level * beat for level in levels])))


def test_beats_onset_offset_and_frequency_of_equal_beats():
    (bout,) = find_bouts(movement_with([0, 4, 4, 4, 4, 0]), Placement.FOOT, FLAT_G, start_s=100.0, kind="test")
    # A beat is the middle of its own time: the first begins after 0.2 s.
    np.testing.assert_allclose(bout.beat_times_s, 100.0 + np.array([0.3, 0.5, 0.7, 0.9]), atol=1e-3)
    assert (bout.onset_s, bout.offset_s) == pytest.approx((100.2, 101.0), abs=1e-3)
    assert bout.frequency_hz == pytest.approx(FREQUENCY_HZ, abs=0.01)
    assert bout.kind == "test"


def test_peak_is_the_largest_half_peak_to_peak():
    (bout,) = find_bouts(movement_with([0, 2, 4, 3, 0]), Placement.FOOT, FLAT_G)
    # The second derivative of the squared raised cosine runs from -1 to 0.5625 times the squared angular frequency.
    expected_g = np.radians(4) * 0.78125 * (2 * np.pi * FREQUENCY_HZ) ** 2 * 0.10 / 9.80665
    assert bout.peak_g == pytest.approx(expected_g, rel=0.12)


def test_beats_below_a_fifth_of_the_large_ones_are_not_counted():
    (bout,) = find_bouts(movement_with([0, 4, 4, 4, 4, 4, 0.6, 0.6, 0]), Placement.FOOT, FLAT_G)
    assert bout.beats == 5
    (bout,) = find_bouts(movement_with([0, 4, 4, 4, 4, 4, 1.2, 1.2, 0]), Placement.FOOT, FLAT_G)
    assert bout.beats == 7


def test_beats_below_ten_milli_g_are_none():
    assert find_bouts(movement_with([0, *[0.04] * 8, 0]), Placement.FOOT, FLAT_G) == ()
    assert len(find_bouts(movement_with([0, *[0.2] * 8, 0]), Placement.FOOT, FLAT_G)) == 1


def test_a_pause_of_more_than_a_second_makes_two_bouts():
    pause = [0] * 6
    bouts = find_bouts(movement_with([0, 4, 4, 4, 4, *pause, 4, 4, 4, 0]), Placement.FOOT, FLAT_G)
    assert [bout.beats for bout in bouts] == [4, 3]
    bouts = find_bouts(movement_with([0, 4, 4, 4, 4, 0, 0, 0, 4, 4, 4, 0]), Placement.FOOT, FLAT_G)
    assert [bout.beats for bout in bouts] == [7]


def test_two_beats_are_no_bout():
    assert find_bouts(movement_with([0, 4, 4, 0]), Placement.FOOT, FLAT_G) == ()


def test_signal_to_background_counts_movement_and_noise():
    bout_g = np.column_stack([0.1 * np.sign(np.sin(np.arange(100) + 0.5)), np.zeros(100), np.zeros(100)])
    bout_g -= bout_g.mean(axis=0)
    rms_g = np.sqrt((bout_g**2).sum(axis=1).mean())
    assert signal_to_background_db(bout_g, np.ones((100, 3)), rms_g / 10 / 3**0.5) == pytest.approx(20.0)
    assert signal_to_background_db(bout_g, bout_g, 0.0) == pytest.approx(0.0)


def test_truth_is_written_with_the_columns_of_the_evaluation(tmp_path):
    bout = TruthBout(1.23456, 2.5, 5.61234, 0.123456, (1.3, 1.5, 1.7, 1.9, 2.1, 2.3, 2.4), "phen|foot|night|snr+20")
    write_truth(tmp_path / "a.truth.csv", (bout,))
    assert (tmp_path / "a.truth.csv").read_text().splitlines() == [
        "onset_s,offset_s,frequency_hz,beats,peak_g,kind",
        "1.235,2.500,5.612,7,0.1235,phen|foot|night|snr+20",
    ]
    write_truth(tmp_path / "b.truth.csv", ())
    assert (tmp_path / "b.truth.csv").read_text() == "onset_s,offset_s,frequency_hz,beats,peak_g,kind\n"
