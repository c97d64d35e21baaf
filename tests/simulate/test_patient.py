"""A simulated patient's bouts have the frequency that was asked for."""

import numpy as np
import pytest

from clonus_sense.simulate.patient import PEAK_G_BY_PLACEMENT, draw_bouts
from clonus_sense.simulate.truth import find_bouts
from clonus_sense.terms import Placement

TOES_UP_G = np.array([1.0, 0.0, 0.0])


@pytest.mark.parametrize("frequency_hz", [4.7, 5.5, 6.5])
def test_both_generators_beat_near_the_persons_frequency(frequency_hz):
    bouts = draw_bouts(10, (frequency_hz, frequency_hz), (12, 30), (0.2, 0.5), np.random.default_rng(0))
    assert [bout.generator for bout in bouts] == ["dde", "phen"] * 5
    for bout in bouts:
        found = find_bouts(bout.movement, Placement.FOOT, TOES_UP_G)
        assert len(found) == 1
        assert found[0].frequency_hz == pytest.approx(frequency_hz, rel=0.1)
        assert 0.2 <= bout.peak_g <= 0.5


@pytest.mark.parametrize("seed", range(3))
def test_one_persons_bouts_are_alike_in_frequency(seed):
    bouts = draw_bouts(12, (4.5, 7.5), (10, 20), (0.2, 0.5), np.random.default_rng(seed))
    found_hz = [find_bouts(bout.movement, Placement.FOOT, TOES_UP_G)[0].frequency_hz for bout in bouts]
    # 5 % to either side by plan; a bout's own course adds to it.
    assert max(found_hz) / min(found_hz) < 1.3


def test_beats_of_shaped_bouts_stay_in_their_range():
    bouts = draw_bouts(30, (5.5, 6.0), (5, 9), (0.2, 0.5), np.random.default_rng(1))
    for bout in bouts:
        (found,) = find_bouts(bout.movement, Placement.FOOT, TOES_UP_G)
        assert 4 <= found.beats <= (9 if bout.generator == "phen" else 12)


def test_every_placement_has_a_usual_strength():
    assert set(PEAK_G_BY_PLACEMENT) == set(Placement)
