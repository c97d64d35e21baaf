"""Rows out of the order of time are sorted, repeated ones left out, a clock that was set is left to the clock."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clonus_sense.errors import RecordingError
from clonus_sense.recording import read_recording
from clonus_sense.recording.row_order import RowOrder
from clonus_sense.recording.rows import RowBlock


def rows_at(times_s, seed=0):
    times_s = np.asarray(times_s, dtype=float)
    return RowBlock(times_s, np.asfortranarray(np.random.default_rng(seed).normal(size=(len(times_s), 3))))


def take(block, rows):
    return RowBlock(block.times[rows], np.asfortranarray(block.accel[rows]))


def sort(block, cuts=(), period_s=0.02, **options):
    """Times, values and the account of rows that come in the given cuts."""
    order = RowOrder(period_s, **options)
    parts = [take(block, rows) for rows in np.split(np.arange(len(block.times)), cuts)]
    out = list(order.sort(parts))
    return np.concatenate([b.times for b in out]), np.concatenate([b.accel for b in out]), order


def assert_same(got, block):
    assert np.array_equal(got[0], block.times)
    assert np.array_equal(got[1], block.accel)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_packets_late_by_up_to_seconds_are_sorted_in_any_cut(data):
    rng = np.random.default_rng(data.draw(st.integers(0, 10**6)))
    block = rows_at(np.arange(3000) * 0.02 + rng.uniform(0, 0.004, 3000))
    n_packet = int(rng.integers(1, 50))
    n_packets = 3000 // n_packet
    # Where a third of all packets come late, rows are sparse before they are dense, as after a clock that was set back.
    late = rng.permutation(n_packets)[: min(20, max(1, n_packets // 10))] * n_packet
    key = np.arange(3000.0)
    for first in late:
        key[first : first + n_packet] += rng.integers(1, 400)
    mixed = take(block, np.argsort(key, kind="stable"))
    cuts = data.draw(st.lists(st.integers(0, 3000), max_size=8).map(sorted))
    assert_same(sort(mixed, cuts), block)


def test_rows_in_any_order_within_seconds_are_sorted():
    block = rows_at(np.arange(3000) * 0.02)
    rows = np.argsort(np.arange(3000) + np.random.default_rng(1).uniform(0, 100, 3000))
    times_s, accel, order = sort(take(block, rows), [700, 701, 2000])
    assert_same((times_s, accel), block)
    assert [finding.kind for finding in order.findings] == ["rows-out-of-order"]


@pytest.mark.parametrize("n_packet", [1, 10, 25])
@pytest.mark.parametrize("n_from", [0, 1500])
def test_packets_that_came_twice_are_taken_once(n_packet, n_from):
    block = rows_at(np.arange(3000) * 0.02)
    later = [np.tile(np.arange(first, first + n_packet), 2) for first in range(n_from, 3000, n_packet)]
    times_s, accel, order = sort(take(block, np.concatenate([np.arange(n_from), *later])), [777, 1600])
    assert_same((times_s, accel), block)
    assert order.n_repeated == 3000 - n_from
    assert [finding.kind for finding in order.findings][-1] == "repeated-rows"


def test_packets_under_one_stamp_that_came_twice_are_taken_once():
    block = rows_at(np.repeat(np.arange(100) * 0.2, 10))
    twice = np.concatenate([np.tile(np.arange(first, first + 10), 2) for first in range(0, 1000, 10)])
    assert_same(sort(take(block, twice)), block)


def test_equal_samples_of_a_still_sensor_are_data():
    still = RowBlock(np.repeat(np.arange(100) * 0.2, 10), np.ones((1000, 3), order="F"))
    assert_same(sort(still), still)


def test_a_clock_set_back_by_seconds_is_left_to_the_clock():
    times_s = np.arange(3000) * 0.02
    times_s[1500:] -= 4.99
    block = rows_at(times_s)
    times_out_s, accel, order = sort(block, [1400, 1600])
    assert_same((times_out_s, accel), block)
    assert order.findings == ()


@pytest.mark.parametrize("odd_s", [9000.0, 14.9999, 0.007, -500.0])
def test_a_single_damaged_stamp_stays_where_it_is(odd_s):
    times_s = np.arange(1000) * 0.02
    times_s[500] = odd_s
    block = rows_at(times_s)
    assert_same(sort(block, [250, 499, 500, 501]), block)


def test_rows_far_too_late_are_refused_with_advice():
    block = rows_at(np.arange(6000) * 0.02)
    rows = np.concatenate([np.arange(1000), np.arange(3000, 6000), np.arange(1000, 3000)])
    with pytest.raises(RecordingError, match=r"rows from 20\.00 s to 59\.98 s stand behind later ones.*sort the file"):
        sort(take(block, rows))


@pytest.mark.parametrize("set_by_s", [-3600.0, -1e8, 1e8])
def test_a_clock_that_was_set_far_is_not_refused(set_by_s):
    times_s = np.arange(6000) * 0.02 + 5000.0
    times_s[3000:] += set_by_s
    block = rows_at(times_s)
    assert_same(sort(block, [2500, 3001]), block)


def test_lines_that_could_not_be_read_keep_their_place():
    times_s = np.arange(1000) * 0.02
    times_s[[100, 500, 501]] = np.nan
    block = rows_at(times_s)
    got = sort(block, [100, 300])
    assert np.array_equal(got[0], times_s, equal_nan=True)
    assert np.array_equal(got[1], block.accel)


def test_a_file_that_begins_with_a_late_packet_begins_at_its_earliest_row(tmp_path):
    rows = np.concatenate([np.arange(25, 50), np.arange(25), np.arange(50, 3000)])
    lines = [f"{row / 50:.3f},0.01,{row % 7 / 1000:.4f},0.99" for row in rows]
    (tmp_path / "a.csv").write_text("\n".join(["time,ax,ay,az", *lines, ""]), encoding="utf-8")
    recording = read_recording(tmp_path / "a.csv")
    assert recording.stretches[0].start_s == 0.0
    assert recording.duration_s == pytest.approx(60.0)
    assert recording.n_samples == 3000
