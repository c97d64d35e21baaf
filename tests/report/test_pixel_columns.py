import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from clonus_sense.report.pixel_columns import compute_columns


def brute_force(starts, ends, low, high, edges):
    n_columns = len(edges) - 1
    lowest, highest = np.full((n_columns, low.shape[1]), np.nan), np.full((n_columns, low.shape[1]), np.nan)
    for column in range(n_columns):
        touched = (starts < edges[column + 1]) & (ends > edges[column])
        if touched.any():
            lowest[column], highest[column] = low[touched].min(axis=0), high[touched].max(axis=0)
    return lowest, highest


@settings(max_examples=60, deadline=None)
@given(
    steps=st.lists(st.tuples(st.integers(0, 5), st.integers(1, 4)), max_size=40),
    n_columns=st.integers(1, 30),
    width=st.integers(1, 7),
    seed=st.integers(0, 99),
)
def test_columns_equal_brute_force(steps, n_columns, width, seed):
    holes, lengths = np.array(steps, dtype=float).reshape(-1, 2).T
    ends = np.cumsum(holes + lengths)
    low = np.random.default_rng(seed).normal(size=(len(ends), 2))
    edges = np.arange(n_columns + 1) * float(width)
    columns = compute_columns(ends - lengths, ends, low, low + 1, edges)
    lowest, highest = brute_force(ends - lengths, ends, low, low + 1, edges)
    np.testing.assert_array_equal(columns.low, lowest)
    np.testing.assert_array_equal(columns.high, highest)


def test_centres_lie_between_the_edges():
    values = np.zeros((1, 1))
    columns = compute_columns(np.array([0.0]), np.array([1.0]), values, values, np.array([0.0, 2.0, 4.0]))
    assert columns.centres.tolist() == [1.0, 3.0]
