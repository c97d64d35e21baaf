"""Blocks find places that do not touch, and impossible plans are refused."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clonus_sense.errors import SettingsError
from clonus_sense.simulate import NightPlan
from clonus_sense.simulate.programme import REST_BETWEEN_S, Block, place_blocks, plan_blocks


@settings(max_examples=50, deadline=None)
@given(durations_s=st.lists(st.floats(0.1, 50.0), max_size=20), seed=st.integers(0, 1000))
def test_blocks_never_touch_and_stay_inside(durations_s, seed):
    worn_s = sum(durations_s) + REST_BETWEEN_S * (len(durations_s) + 1) + 20.0
    placed = place_blocks([Block(duration_s) for duration_s in durations_s], worn_s, np.random.default_rng(seed))
    assert sorted(block.duration_s for _, block in placed) == sorted(durations_s)
    ends_s = [0.0]
    for start_s, block in placed:
        assert start_s >= ends_s[-1] + REST_BETWEEN_S - 1e-9
        ends_s.append(start_s + block.duration_s)
    assert ends_s[-1] <= worn_s


def test_a_plan_becomes_one_block_for_everything_in_it():
    plan = NightPlan(n_bouts=3, n_bouts_after_turns=2, n_turns=4, n_kicks=5, n_limb_movement_series=1, n_gaps=6)
    blocks = plan_blocks(plan, [2.0] * 5, np.random.default_rng(0))
    kinds = [disturbance.kind.value for block in blocks for disturbance in block.disturbances]
    assert sum(block.bout is not None for block in blocks) == 5
    assert sum(block.gap for block in blocks) == 6
    assert (kinds.count("turn"), kinds.count("kick")) == (4 + 2, 5)
    assert kinds.count("periodic limb movement") >= 4


def test_a_night_too_short_for_its_plan_is_refused_with_both_times():
    with pytest.raises(SettingsError, match=r"take 6\d s and do not fit into 30 s"):
        place_blocks([Block(57.0)], 30.0, np.random.default_rng(0))


@pytest.mark.parametrize(
    ("changed", "named"), [({"n_kicks": -1}, "n_kicks"), ({"beats": (9, 5)}, "beats"), ({"hours": 0.0}, "hours")]
)
def test_impossible_plans_are_refused(changed, named):
    with pytest.raises(SettingsError, match=named):
        NightPlan(**changed)
