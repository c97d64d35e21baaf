from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clonus_sense.detection.conditioning import BLOCKS_AFTER, BLOCKS_BEFORE, Conditioner, QuietWatch
from clonus_sense.detection.filters import choose_working_rate
from clonus_sense.errors import SignalError
from tests.detection.builders import make_accel, make_bout, make_times

RATES_HZ = (18.0, 25.0, 52.0, 100.0, 104.0, 400.0)
FLOOR_G = 0.012


def condition(accel_g, fs_hz, cuts=()):
    conditioner = Conditioner(choose_working_rate(fs_hz), FLOOR_G)
    pieces = [piece for part in np.split(accel_g, list(cuts)) for piece in conditioner.push(part)]
    return pieces + conditioner.finish()


def join_segments(pieces):
    """First index, both signals and the kind of end of each segment."""
    joined = []
    closing = [number + 1 for number, piece in enumerate(pieces) if piece.closes]
    assert closing[-1:] == [len(pieces)][: len(closing)]
    for start, stop in pairwise([0, *closing]):
        own = pieces[start:stop]
        for before, after in pairwise(own):
            assert after.first_index == before.first_index + len(before.wide_g)
        joined.append(
            (
                own[0].first_index,
                np.concatenate([piece.low_g for piece in own]),
                np.concatenate([piece.wide_g for piece in own]),
                own[-1].samples_end,
            )
        )
    return joined


def make_stirs(seed, fs_hz, duration_s=40.0):
    rng = np.random.default_rng(seed)
    times_s = make_times(duration_s, fs_hz)
    accel_g = make_accel(times_s, noise_g=rng.uniform(0.0, 0.004), seed=seed)
    for _ in range(rng.integers(0, 5)):
        start_s = rng.uniform(-1.0, duration_s)
        moving = (times_s >= start_s) & (times_s < start_s + rng.exponential(1.0))
        accel_g[moving] += rng.uniform(0.005, 0.1) * rng.standard_normal((moving.sum(), 3))
    return accel_g


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000), fs_hz=st.sampled_from(RATES_HZ), lengths=st.lists(st.integers(1, 700), min_size=1))
def test_segments_are_the_same_however_the_samples_are_cut(seed, fs_hz, lengths):
    accel_g = make_stirs(seed, fs_hz)
    cuts = [cut for cut in np.cumsum(np.resize(lengths, 300)).tolist() if cut < len(accel_g)]
    whole, parts = join_segments(condition(accel_g, fs_hz)), join_segments(condition(accel_g, fs_hz, cuts))
    assert [segment[::3] for segment in parts] == [segment[::3] for segment in whole]
    for got, expected in zip(parts, whole, strict=True):
        assert np.array_equal(got[1], expected[1])
        assert np.array_equal(got[2], expected[2])


@pytest.mark.parametrize("fs_hz", RATES_HZ)
def test_still_leg_opens_no_segment(fs_hz):
    assert condition(make_accel(make_times(60.0, fs_hz), noise_g=0.001), fs_hz) == []


@pytest.mark.parametrize("frequency_hz", [3.5, 6.0, 8.4])
@pytest.mark.parametrize("fs_hz", [rate for rate in RATES_HZ if rate >= 25.0])
def test_beats_as_small_as_the_floor_open_the_gate(fs_hz, frequency_hz):
    times_s = make_times(20.0, fs_hz)
    for seed in range(6):
        bout = make_bout(10.0 + 0.083 * seed, frequency_hz=frequency_hz, beats=6, waver_ratio=0.0, edge_level=1.0)
        level = type(bout)(bout.beat_times_s, (FLOOR_G,) * 6, (0.0, 0.0, 1.0), 0.0)
        [(first_index, _, wide_g, _)] = join_segments(condition(make_accel(times_s, [level], noise_g=0.0), fs_hz))
        start_s = first_index / choose_working_rate(fs_hz).working_hz
        assert start_s <= bout.onset_s - 0.9
        assert start_s + len(wide_g) / choose_working_rate(fs_hz).working_hz >= bout.offset_s + 2.1


@pytest.mark.parametrize("fs_hz", RATES_HZ)
def test_segment_reaches_from_three_blocks_before_the_movement_to_six_after(fs_hz):
    rate = choose_working_rate(fs_hz)
    size = rate.block_samples
    accel_g = np.tile([0.0, 0.0, 1.0], (40 * size, 1))
    accel_g[20 * size + size // 2] += 0.5
    [(first_index, _, wide_g, samples_end)] = join_segments(condition(accel_g, fs_hz))
    assert first_index == (20 - BLOCKS_BEFORE) * size * rate.up // rate.down
    owed_s = 0.16 + 0.36 + 0.05
    length_s = (BLOCKS_BEFORE + 1 + BLOCKS_AFTER) * size / fs_hz
    assert length_s - owed_s <= len(wide_g) / rate.working_hz <= length_s
    assert not samples_end


@pytest.mark.parametrize(("blocks_between", "n_segments"), [(BLOCKS_BEFORE + BLOCKS_AFTER, 1), (40, 2)])
def test_neighbouring_movements_share_a_segment(blocks_between, n_segments):
    size = choose_working_rate(100.0).block_samples
    accel_g = np.tile([0.0, 0.0, 1.0], (100 * size, 1))
    accel_g[[20 * size + 10, (21 + blocks_between) * size + 10]] += 0.5
    assert len(join_segments(condition(accel_g, 100.0))) == n_segments


@pytest.mark.parametrize("fs_hz", RATES_HZ)
def test_working_signals_stand_at_their_own_time(fs_hz):
    times_s = make_times(30.0, fs_hz)
    bout = make_bout(12.0, beats=9, second_harmonic=0.0)
    working_hz = choose_working_rate(fs_hz).working_hz
    [(first_index, low_g, wide_g, _)] = join_segments(condition(make_accel(times_s, [bout], noise_g=0.0), fs_hz))
    working_s = (first_index + np.arange(len(wide_g))) / working_hz
    wanted = bout.accel_g(working_s) @ bout.direction
    level = 0.85 if fs_hz < 25.0 else 1.0
    assert np.abs(wide_g @ bout.direction - level * wanted).max() < 0.2 * np.abs(wanted).max()
    assert np.argmax(np.correlate(wide_g @ bout.direction, wanted, "full")) == len(wanted) - 1
    assert np.allclose(low_g[:5], [0.0, 0.0, 1.0], atol=0.005)


def test_samples_that_end_while_the_leg_moves_end_the_segment_with_them():
    accel_g = make_accel(make_times(20.0), [make_bout(18.0, beats=30)])
    [(first_index, low_g, wide_g, samples_end)] = join_segments(condition(accel_g, 100.0))
    assert samples_end
    assert first_index + len(wide_g) == 20 * 50
    assert len(low_g) == len(wide_g)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_values_that_are_no_numbers_are_refused(value):
    for at in (10, 1999):
        accel_g = make_accel(make_times(20.0))
        accel_g[at, 1] = value
        with pytest.raises(SignalError, match="not a number"):
            condition(accel_g, 100.0)


def test_an_idle_conditioner_holds_a_few_blocks_only():
    conditioner = Conditioner(choose_working_rate(100.0), FLOOR_G)
    still = make_accel(make_times(60.0), noise_g=0.001)
    for part in np.split(still, 60):
        assert conditioner.push(part) == []
        assert conditioner.is_idle
    size = choose_working_rate(100.0).block_samples
    assert conditioner.undecided_since == (120 - BLOCKS_BEFORE) * size // 2


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    fs_hz=st.sampled_from(RATES_HZ),
    level_g=st.floats(0.0, 0.03),
    n_before=st.integers(0, 300),
    lengths=st.lists(st.integers(1, 200), min_size=1, max_size=20),
)
def test_watch_never_says_still_where_a_block_would_move(seed, fs_hz, level_g, n_before, lengths):
    rng = np.random.default_rng(seed)
    # Slow and quick movement of about the gate's size, so that both answers occur.
    n_samples = n_before + sum(lengths)
    sway = np.sin(np.arange(n_samples) * rng.uniform(0.01, 1.0))[:, None] * rng.uniform(-1.0, 1.0, 3)
    accel_g = level_g * (0.5 * sway + 0.2 * rng.standard_normal((n_samples, 3)))
    conditioner = Conditioner(choose_working_rate(fs_hz), FLOOR_G)
    conditioner.push(accel_g[:n_before])
    if not conditioner.is_idle:
        return
    watch = conditioner.start_watch(n_before)
    edges = np.cumsum([n_before, *lengths]).tolist()
    answers = [watch.look(accel_g[a:b], a) for a, b in pairwise(edges)]
    is_still = answers[-1]
    conditioner.push(accel_g[n_before:])
    assert conditioner.is_idle or not is_still
    # What has moved once stays moved.
    assert answers == sorted(answers, reverse=True)


@pytest.mark.parametrize("step", [1, 2, 8])
def test_watch_sees_movement_and_passes_over_stillness(step):
    watch = QuietWatch(step, gate_g=0.02)
    assert watch.look(np.full((100, 3), 0.5), 0)
    assert watch.look(np.full((100, 3), 0.515), 100)
    assert not watch.look(np.full((100, 3), 0.525), 200)
    assert not QuietWatch(step, gate_g=0.02).look(np.full((64, 3), np.nan), 0)


@pytest.mark.parametrize("fs_hz", RATES_HZ)
def test_watch_knows_the_samples_of_the_block_that_has_begun(fs_hz):
    rate = choose_working_rate(fs_hz)
    n_before = 4 * rate.block_samples + rate.block_samples // 2
    accel_g = np.zeros((6 * rate.block_samples, 3))
    accel_g[n_before:] = 2.0 * FLOOR_G
    conditioner = Conditioner(rate, FLOOR_G)
    conditioner.push(accel_g[:n_before])
    assert not conditioner.start_watch(n_before).look(accel_g[n_before:], n_before)
    conditioner.push(accel_g[n_before:])
    assert not conditioner.is_idle
