from __future__ import annotations

import numpy as np

from clonus_sense.simulate.simulated_recording import DisturbanceKind
from tests.validation.constants import count_constants
from tests.validation.turn_nights import match_turn_night, simulate_turn_night

SEED, HOURS = 20000, 0.3


def test_every_bout_begins_in_a_turn_that_rubs_and_states_its_ratio_to_both():
    night = simulate_turn_night(SEED, hours=HOURS, n_bouts=4)
    turns = [d for d in night.disturbances if d.kind is DisturbanceKind.TURN]
    assert len(turns) == 8
    for bout in night.truth:
        assert any(turn.start_s < bout.onset_s < turn.end_s for turn in turns)
    ratios_db = [float(bout.kind.rpartition("snr")[2]) for bout in night.truth]
    assert len(ratios_db) >= 4
    assert all(-30 < ratio < 40 for ratio in ratios_db)
    rows = slice(*np.searchsorted(night.times_s, [turns[0].start_s, turns[0].end_s]))
    steps_g = np.diff(night.accel_g[rows], axis=0)
    assert steps_g.std() > 3 * np.diff(night.accel_g[: rows.start - 100], axis=0).std()


def test_a_night_is_matched_with_its_truth():
    matched = match_turn_night(SEED, simulate_turn_night(SEED, hours=HOURS, n_bouts=4), hours=HOURS)
    assert matched.n_reference >= 3
    assert sum(bout.is_found for bout in matched.bouts) >= 2


def test_numbers_of_constants_and_comparisons_are_counted_and_structure_is_not():
    source = """
LIMIT_HZ = 2.5
BAND_HZ: tuple[float, float] = (4.0, 8.0)
FITTED = Decision(weights=(1.0, 2.0))

def judge(rate_hz, beats):
    return rate_hz > LIMIT_HZ and 3.5 < rate_hz and len(beats) > 1
"""
    assert count_constants(source) == 4
