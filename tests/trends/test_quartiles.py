"""Quartiles are those of numpy, whatever the values."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clonus_sense.trends import Quartiles, find_quartiles


@given(st.lists(st.floats(0, 1000), min_size=1, max_size=90))
def test_quartiles_are_those_of_numpy_and_say_on_how_many_values_they_stand(values):
    found = find_quartiles(values)
    wanted = np.quantile(values, [0.25, 0.5, 0.75])
    assert [found.lower, found.median, found.upper] == pytest.approx(wanted, abs=1e-9)
    assert found.n == len(values)
    assert min(values) <= found.lower <= found.median <= found.upper <= max(values)


def test_no_values_have_no_quartiles_and_one_is_its_own():
    assert find_quartiles([]) is None
    assert find_quartiles([7]) == Quartiles(7.0, 7.0, 7.0, 1)
