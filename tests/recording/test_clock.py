import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clonus_sense.errors import RecordingError
from clonus_sense.model import Gap
from clonus_sense.recording.clock import StampClock
from clonus_sense.recording.rows import RowBlock


def run(times_s, accel_g=None, cuts=(), fs_hz=10.0):
    """Batches and clock of rows that come in the given cuts."""
    times_s = np.asarray(times_s, dtype=float)
    accel_g = np.arange(3.0 * len(times_s)).reshape(-1, 3) if accel_g is None else accel_g
    clock = StampClock(fs_hz)
    batches = []
    for part_s, part_g in zip(np.split(times_s, cuts), np.split(accel_g, cuts), strict=True):
        batches += clock.push(RowBlock(part_s, np.asfortranarray(part_g)))
    batches += clock.finish()
    return batches, clock


def stretches(batches):
    """Samples, knots and first indices by stretch."""
    joined = {}
    for batch in batches:
        joined.setdefault(batch.stretch.number, []).append(batch)
    for parts in joined.values():
        assert [p.first_index for p in parts] == np.cumsum([0, *[len(p.accel_g) for p in parts[:-1]]]).tolist()
    return {
        number: (
            np.concatenate([p.accel_g for p in parts]).tolist(),
            np.concatenate([p.knot_times_s for p in parts]).tolist(),
        )
        for number, parts in joined.items()
    }


def test_steps_up_to_one_and_a_half_periods_are_no_gap():
    batches, clock = run([0.0, 0.1, 0.249, 0.3])
    assert clock.gaps == []
    assert [(b.stretch.number, b.end_index) for b in batches][-1] == (0, 4)
    assert clock.duration_s == pytest.approx(0.4)


def test_a_longer_step_is_a_gap_and_begins_a_stretch():
    batches, clock = run([0.0, 0.1, 0.26, 0.36])
    assert [(b.stretch.number, b.first_index, len(b.accel_g)) for b in batches] == [(0, 0, 2), (1, 0, 2)]
    assert clock.gaps == [Gap(pytest.approx(0.2), 0.26, "no samples")]


def test_knots_are_the_stamps_of_every_fifth_sample_at_ten_hertz():
    batches, _ = run(np.arange(13) / 10)
    assert batches[0].knot_times_s.tolist() == [0.0, 0.5, 1.0]


def test_a_late_first_sample_is_a_gap_from_the_start():
    _, clock = run([3.0, 3.1])
    assert clock.gaps == [Gap(pytest.approx(0.0), 3.0, "no samples")]


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("axis", [0, 1, 2])
def test_one_bad_number_is_left_out_as_a_gap(bad, axis):
    accel_g = np.zeros((10, 3))
    accel_g[4, axis] = bad
    batches, clock = run(np.arange(10) / 10, accel_g)
    assert [len(b.accel_g) for b in batches] == [4, 5]
    assert clock.gaps == [Gap(pytest.approx(0.4), 0.5, "not a number")]
    assert [(f.kind, f.text[-3:]) for f in clock.findings] == [("not-a-number", " 1.")]


def test_bad_numbers_at_both_ends_are_gaps():
    accel_g = np.zeros((10, 3))
    accel_g[[0, 1, 8, 9], 0] = np.nan
    _, clock = run(np.arange(10) / 10, accel_g)
    assert clock.gaps == [
        Gap(pytest.approx(0.0), 0.2, "not a number"),
        Gap(pytest.approx(0.8), pytest.approx(1.0), "not a number"),
    ]
    assert clock.duration_s == pytest.approx(1.0)


def test_a_damaged_stamp_at_the_end_does_not_lengthen_the_night():
    accel_g = np.zeros((10, 3))
    accel_g[9] = np.nan
    times_s = np.arange(10) / 10
    times_s[9] = 9e8
    _, clock = run(times_s, accel_g)
    assert clock.duration_s < 1.5


def test_unreadable_lines_give_their_own_reason():
    times_s = np.arange(10) / 10
    times_s[3:5] = np.nan
    _, clock = run(times_s)
    assert clock.gaps == [Gap(pytest.approx(0.3), 0.5, "unreadable lines")]


def test_recordings_glued_together_go_on_behind_each_other():
    batches, clock = run([0.0, 0.1, 0.2, 0.0, 0.1, 0.2])
    assert [(b.stretch.number, len(b.accel_g)) for b in batches] == [(0, 3), (1, 3)]
    assert batches[1].knot_times_s.tolist() == [pytest.approx(0.3)]
    assert clock.duration_s == pytest.approx(0.6)
    assert clock.gaps == []
    assert "0.30 s more" in clock.findings[0].text


@pytest.mark.parametrize("odd", [9000.0, 0.01])
def test_a_single_odd_stamp_costs_its_row_only(odd):
    times_s = np.arange(20) / 10
    times_s[7] = odd
    batches, clock = run(times_s)
    assert sum(len(b.accel_g) for b in batches) == 19
    assert clock.duration_s == pytest.approx(2.0)
    assert sum(gap.duration_s for gap in clock.gaps) == pytest.approx(0.1)
    assert [f.kind for f in clock.findings] == ["odd-stamps"]


def test_a_column_that_steps_back_all_the_time_is_no_time():
    with pytest.raises(RecordingError, match=r"cannot be the time.*--columns"):
        run(np.tile([0.0, 0.1, 0.2, 0.3], 400))


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_cut_gives_the_same_samples_knots_and_gaps(data):
    seed = data.draw(st.integers(0, 10**6))
    rng = np.random.default_rng(seed)
    steps_s = np.where(rng.random(80) < 0.1, rng.uniform(0.15, 5.0, 80), 0.1)
    times_s = np.round(np.cumsum(steps_s) - steps_s[0], 6)
    accel_g = rng.normal(size=(80, 3))
    accel_g[rng.random(80) < 0.05] = np.nan
    cuts = data.draw(st.lists(st.integers(0, 80), max_size=8).map(sorted))
    whole, clock = run(times_s, accel_g)
    parts, cut_clock = run(times_s, accel_g, cuts)
    assert stretches(parts) == stretches(whole)
    assert cut_clock.gaps == clock.gaps
    assert cut_clock.duration_s == clock.duration_s
