"""What the clock promises, for each kind of sensor, against simulated truth."""

import sys

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from clonus_sense.sensors.clock import LossReason, SensorClock
from clonus_sense.sensors.packet import PacketFlag
from tests.sensors.clock.simulated import (
    ALL,
    ARRIVALS_ONLY,
    COUNTED,
    META_COUNT,
    OPEN,
    POLAR,
    STAMPED,
    WITMOTION,
    Radio,
    Result,
    numbers_of,
    replace,
    run_clock,
)

# 20 ms where the sensor stamps, 100 ms where only arrivals tell.
WITHIN_S = dict.fromkeys(STAMPED, 0.02) | dict.fromkeys(COUNTED | ARRIVALS_ONLY, 0.1)
# Until the earliest arrivals were seen, a packet's delay passes for its time.
SETTLED_S = 120.0


def error_s(sensor, result, first_number=0, start_s=0.0):
    """Reconstructed time less true time of every sample."""
    return result.times_s - (start_s + sensor.period_s * (result.numbers - first_number))


def run_parts(sensor, *parts):
    """Packets of several connections, and the link lost in between."""
    clock = SensorClock(sensor.stream, origin_s=100.0, step_g=None)
    result = Result()
    for number, packets in enumerate(parts):
        if number:
            result.add(clock.restart_link())
        for packet in packets:
            result.add(clock.push(packet))
    result.add(clock.finish())
    return result


@pytest.mark.parametrize("rate_error", [0.0, 0.05, -0.05], ids=["nominal", "fast", "slow"])
@pytest.mark.parametrize("name", ALL)
def test_every_sample_comes_out_once_in_one_stretch_at_its_time(name, rate_error):
    sensor = ALL[name].but(rate_error=rate_error, clock_ppm=20.0)
    packets = sensor.packets(200.0, seed=3)
    result = run_clock(sensor.stream, packets)
    assert np.array_equal(result.numbers, np.arange(len(packets) * sensor.packet_samples))
    assert {batch.batch.stretch.number for batch in result.batches} == {0}
    assert result.inner_gaps == []
    late_s = error_s(sensor, result)[result.times_s > SETTLED_S]
    assert np.abs(late_s).max() < WITHIN_S[name]


@pytest.mark.night
# The other sensors are tried with the long tests.
@pytest.mark.parametrize(
    ("name", "rate_error"),
    [
        *(pytest.param(name, 0.05, marks=() if name in {"open", "witmotion"} else pytest.mark.night) for name in ALL),
        ("open", 0.0),
        ("polar", -0.05),
    ],
)
def test_time_after_ten_hours(name, rate_error, capsys):
    sensor = ALL[name].but(rate_error=rate_error, clock_ppm=20.0)
    result = run_clock(sensor.stream, sensor.packets(36_000.0, seed=4))
    errors_s = error_s(sensor, result)
    with capsys.disabled():
        largest_ms = 1000 * np.abs(errors_s[result.times_s > SETTLED_S]).max()
        sys.stdout.write(
            f"\n{name}, {rate_error:+.0%}: {1000 * errors_s[-1]:+.1f} ms after 10 h, {largest_ms:.1f} ms at most\n"
        )
    assert abs(errors_s[-1]) < WITHIN_S[name]


@pytest.mark.parametrize("name", STAMPED | COUNTED)
@pytest.mark.parametrize("rate_error", [0.0, 0.03], ids=["nominal", "fast"])
def test_lost_packets_are_gaps_to_the_sample(name, rate_error):
    sensor = ALL[name].but(rate_error=rate_error)
    per_second = max(1, round(50 / sensor.packet_samples))
    # Without stamps the rate must be known first.
    at = 0 if name in STAMPED else 200 * per_second
    lost = [at + 100, at + 150, at + 151, *range(at + 200, at + 200 + 8 * per_second)]
    result = run_clock(sensor.stream, sensor.packets(400.0, lost=lost, seed=5))
    n = sensor.packet_samples
    missing = [n, 2 * n, 8 * per_second * n]
    assert [gap.n_lost for gap in result.inner_gaps] == missing
    for gap, n_lost in zip(result.inner_gaps, missing, strict=True):
        assert gap.gap.duration_s == pytest.approx(n_lost * sensor.period_s, abs=0.6 * sensor.period_s)
        assert gap.gap.reason == LossReason.PACKETS
    assert len({batch.batch.stretch.number for batch in result.batches}) == 4
    kept = np.arange(int(400.0 / sensor.period_s) // n * n).reshape(-1, n)
    assert np.array_equal(result.numbers, np.delete(kept, lost, axis=0).ravel())


@pytest.mark.parametrize("name", ARRIVALS_ONLY)
@pytest.mark.parametrize("seed", range(3))
def test_without_stamps_a_gap_is_found_within_a_tenth_of_a_second(name, seed):
    sensor = ALL[name].but(rate_error=0.02)
    rate = 50 / sensor.packet_samples
    starts = np.array([200, 260, 330, 400])
    lengths_s = np.array([0.5, 1.0, 5.0, 30.0])
    spans = zip(starts * rate, (starts + lengths_s) * rate, strict=True)
    lost = np.concatenate([np.arange(int(start), int(end)) for start, end in spans])
    radio = Radio(bursts_per_hour=0.0)
    result = run_clock(sensor.stream, sensor.but(radio=radio).packets(600.0, lost=lost, seed=seed))
    found_s = [gap.gap.duration_s for gap in result.inner_gaps]
    assert len(found_s) == 4
    assert np.abs(found_s - lengths_s / 1.02).max() < 0.1
    assert np.abs(error_s(sensor, result)[result.times_s > SETTLED_S]).max() < 0.1


@pytest.mark.parametrize("name", ARRIVALS_ONLY)
def test_without_stamps_a_stall_that_is_caught_up_with_is_no_gap(name):
    radio = Radio(bursts_per_hour=120.0, longest_burst_s=3.0)
    sensor = ALL[name].but(radio=radio)
    result = run_clock(sensor.stream, sensor.packets(600.0, seed=8))
    assert result.inner_gaps == []


@pytest.mark.parametrize(
    ("name", "away_s"),
    [*((name, away_s) for name in ALL for away_s in (1.0, 1800.0)), ("open", 10.0), ("polar", 300.0)],
)
def test_link_lost_for_a_while(name, away_s):
    sensor = ALL[name].but(rate_error=0.01)
    n = sensor.packet_samples
    at, back = round(250.0 / sensor.period_s / n), round((250.0 + away_s) / sensor.period_s / n)
    packets = sensor.packets(350.0 + away_s, seed=9, lost=range(at, back))
    result = run_parts(sensor, packets[:at], packets[at:])
    [gap] = result.inner_gaps
    assert gap.gap.reason == LossReason.LINK
    lost_s = (back - at) * n * sensor.period_s
    if name in ARRIVALS_ONLY:
        assert gap.n_lost is None
        assert gap.gap.duration_s == pytest.approx(lost_s, abs=0.1)
    else:
        # A stamp in milliseconds counts no million of samples to the last.
        assert gap.n_lost == pytest.approx((back - at) * n, abs=0 if sensor.stream.index_bits else lost_s / 300)
        assert gap.gap.duration_s == pytest.approx(lost_s, abs=max(sensor.period_s, lost_s * 1e-4))
    errors_s = np.abs(error_s(sensor, result))
    assert errors_s[result.times_s > SETTLED_S].max() < 0.1
    # Right behind half an hour of nothing the map must be found again.
    assert errors_s[result.times_s > 310.0 + away_s].max() < WITHIN_S[name]


def test_losses_inside_the_sensor_say_so():
    packets = OPEN.packets(60.0, lost=[40])
    packets[40] = replace(packets[40], flags=PacketFlag.GAP_BEFORE)
    [gap] = run_clock(OPEN.stream, packets).inner_gaps
    assert (gap.gap.reason, gap.n_lost, gap.first_lost_index, gap.boot_id) == (LossReason.SENSOR, 26, 40 * 26, 7)


@pytest.mark.parametrize("name", STAMPED | COUNTED)
def test_packets_that_change_places_or_come_twice_lose_nothing(name):
    sensor = ALL[name].but(radio=Radio(bursts_per_hour=0.0))
    packets = sensor.packets(200.0, seed=11)
    rng = np.random.default_rng(12)
    # Packets overtake one another by up to 0.8 s; every tenth comes twice.
    late = [replace(packet, arrival_s=packet.arrival_s + rng.uniform(0.0, 0.8)) for packet in packets[60:]]
    mixed = sorted([*packets[:60], *late, *late[::10]], key=lambda packet: packet.arrival_s)
    result = run_clock(sensor.stream, mixed)
    assert np.array_equal(result.numbers, np.arange(len(packets) * sensor.packet_samples))
    assert result.inner_gaps == []
    assert result.backfill == []


@pytest.mark.parametrize("name", STAMPED | COUNTED)
def test_numbers_that_wrap_are_no_gap(name):
    sensor = ALL[name]
    bits, tick_s = sensor.stream.stamp_bits, sensor.stream.tick_s
    first_ticks = 0 if tick_s is None else (1 << bits) - round(30.0 / tick_s)
    sensor = sensor.but(first_ticks=first_ticks, first_index=(1 << 32) - 1000)
    packets = sensor.packets(100.0)
    result = run_clock(sensor.stream, packets)
    assert result.inner_gaps == []
    assert len(result.numbers) == len(packets) * sensor.packet_samples


@pytest.mark.parametrize("name", STAMPED | COUNTED)
def test_a_sensor_that_starts_anew_is_followed(name):
    sensor = ALL[name].but(first_ticks=9 * 10**9, first_index=123_456)
    before = sensor.packets(100.0, seed=13)
    n_before = len(before) * sensor.packet_samples
    anew = sensor.but(first_ticks=0, first_index=0, boot_id=None if sensor.boot_id is None else 8)
    after = anew.packets(60.0, start_s=210.0, seed=14, first_number=n_before)
    for result in (run_clock(sensor.stream, [*before, *after]), run_parts(sensor, before, after)):
        assert np.array_equal(result.numbers, np.arange(n_before + len(after) * sensor.packet_samples))
        [gap] = result.inner_gaps
        assert gap.gap.reason == LossReason.REBOOT
        assert gap.n_lost is None
        true_s = 110.0 - n_before * sensor.period_s
        assert gap.gap.duration_s == pytest.approx(true_s, abs=0.1)


def test_a_count_that_begins_anew_with_the_connection_is_no_late_packet():
    before = META_COUNT.packets(1.0)
    after = META_COUNT.packets(60.0, start_s=105.0, first_number=50)
    result = run_parts(META_COUNT, before, after)
    assert np.array_equal(result.numbers, np.arange(50 + 3000))
    assert [gap.gap.duration_s for gap in result.inner_gaps] == [pytest.approx(4.0, abs=0.1)]


def test_two_counts_of_two_connections_are_not_taken_for_one():
    # The second one lost its first ten packets: its count goes on where the first one might have been by then.
    sensor = META_COUNT.but(stream=replace(META_COUNT.stream, counts_anew=True))
    before = sensor.packets(60.0)
    after = sensor.packets(60.0, start_s=162.66, first_number=60 * 50 + 10)
    result = run_parts(sensor, before, after)
    [gap] = result.inner_gaps
    assert gap.gap.duration_s == pytest.approx(2.66, abs=0.1)
    assert (gap.gap.reason, gap.n_lost) == (LossReason.LINK, None)


@pytest.mark.parametrize("sensor", [OPEN, POLAR, META_COUNT], ids=["open", "polar", "count"])
def test_a_host_that_slept_makes_a_gap_and_no_time_before_it(sensor):
    # A clock that stands while the host sleeps: the sensor is an hour ahead all of a sudden.
    rate = 1 / sensor.period_s / sensor.packet_samples
    at, back = int(300 * rate), int(3900 * rate)
    packets = sensor.packets(4000.0, seed=15, lost=range(at, back))
    slept = [*packets[:at], *(replace(packet, arrival_s=packet.arrival_s - 3600.0) for packet in packets[at:])]
    result = run_parts(sensor, slept[:at], slept[at:])
    assert np.all(np.diff(result.times_s) > 0)
    assert len(result.numbers) == len(slept) * sensor.packet_samples
    assert [gap.gap.reason for gap in result.inner_gaps] == [LossReason.CLOCK_JUMP]


def test_replayed_samples_fill_the_gap_and_nothing_else():
    packets = OPEN.packets(400.0, seed=16)
    clock = SensorClock(OPEN.stream, origin_s=100.0, step_g=None)
    result = Result()
    for packet in packets[:300]:
        result.add(clock.push(packet))
    result.add(clock.restart_link())
    for packet in packets[420:460]:
        result.add(clock.push(packet))
    [gap] = result.inner_gaps
    assert (gap.first_lost_index, gap.n_lost) == (300 * 26, 120 * 26)
    # The sensor sends a little more on both sides, and one packet twice, between live ones.
    for live, old in zip(packets[460:], [*packets[295:424], packets[350]], strict=False):
        result.add(clock.push(replace(old, flags=PacketFlag.REPLAYED, arrival_s=live.arrival_s)))
        result.add(clock.push(live))
    result.add(clock.finish())
    filled = np.concatenate([numbers_of(part.accel_g) for part in result.backfill])
    assert np.array_equal(filled, np.arange(300 * 26, 420 * 26))
    times_s = np.concatenate([part.times_s for part in result.backfill])
    merged = np.sort(np.concatenate([result.times_s, times_s]))
    assert np.abs(np.diff(merged)[1000:-1000] / OPEN.period_s - 1).max() < 0.02
    live = [*packets[:300], *packets[420:]]
    n_live = len(numbers_of(np.concatenate([packet.accel_g for packet in live])))
    assert len(result.numbers) <= n_live


def test_a_packet_that_comes_after_it_was_given_up_is_backfill():
    packets = OPEN.packets(60.0, seed=17)
    late = replace(packets[30], arrival_s=packets[40].arrival_s)
    result = run_clock(OPEN.stream, [*packets[:30], *packets[31:40], late, *packets[40:]])
    [gap] = result.inner_gaps
    assert gap.n_lost == 26
    [part] = result.backfill
    assert np.array_equal(numbers_of(part.accel_g), np.arange(30 * 26, 31 * 26))
    assert gap.gap.start_s == pytest.approx(part.times_s[0], abs=1e-3)


def test_replay_of_another_boot_is_passed_over():
    packets = OPEN.packets(60.0, lost=[30])
    old = replace(packets[10], flags=PacketFlag.REPLAYED, boot_id=99)
    assert run_clock(OPEN.stream, [*packets, old]).backfill == []


def test_a_sensor_that_counts_anew_within_a_boot_is_followed():
    before = OPEN.but(first_index=5000).packets(60.0)
    after = OPEN.but(first_ticks=80_000_000).packets(60.0, start_s=180.0, first_number=len(before) * 26)
    result = run_parts(OPEN, before, after)
    assert np.array_equal(result.numbers, np.arange(26 * len(before + after)))


@pytest.mark.parametrize("name", ALL)
@settings(max_examples=5, deadline=None)
@given(seed=st.integers(0, 2**31), rate_error=st.floats(-0.05, 0.05))
@example(seed=788028527, rate_error=0.0)  # once ended a night: a packet of a new epoch lay before its first
def test_every_sample_that_is_pushed_comes_out_once_or_is_accounted_for(name, seed, rate_error):
    rng = np.random.default_rng(seed)
    sensor = ALL[name].but(rate_error=rate_error)
    packets = sensor.packets(25.0, seed=rng)
    chosen = np.flatnonzero(rng.random(len(packets)) < 0.9)
    chosen = np.sort(np.concatenate([chosen, rng.choice(chosen, 5)]))
    chosen = chosen[np.argsort(np.arange(len(chosen)) + rng.uniform(0.0, rng.choice([0.0, 3.0, 300.0]), len(chosen)))]
    now_s = 0.0
    clock = SensorClock(sensor.stream, origin_s=100.0, step_g=None)
    result = Result()
    n_pushed = 0
    for number in chosen.tolist():
        now_s = max(now_s, packets[number].arrival_s)
        flags = PacketFlag(int(rng.choice([0, 0, 0, PacketFlag.GAP_BEFORE.value, PacketFlag.REPLAYED.value])))
        boot_id = sensor.boot_id if rng.random() < 0.98 else rng.integers(3)
        result.add(clock.push(replace(packets[number], arrival_s=now_s, flags=flags, boot_id=boot_id)))
        n_pushed += sensor.packet_samples
        if rng.random() < 0.02:
            result.add(clock.restart_link())
    result.add(clock.finish())
    n_filled = sum(len(part.times_s) for part in result.backfill)
    assert len(result.numbers) + n_filled + clock.n_passed_over == n_pushed
    assert np.all(np.diff(result.times_s) > 0)


@pytest.mark.parametrize("name", ALL)
def test_samples_come_out_within_two_seconds(name):
    sensor = ALL[name].but(radio=Radio(bursts_per_hour=60.0))
    clock = SensorClock(sensor.stream, origin_s=100.0, step_g=None)
    arrived: list[float] = []
    n_out = 0
    for packet in sensor.packets(120.0, lost=[20, 40, 41], seed=18):
        n_out += sum(len(batch.times_s) for batch in clock.push(packet).batches)
        arrived += [packet.arrival_s] * len(packet.accel_g)
        waiting_since_s = arrived[n_out] if n_out < len(arrived) else packet.arrival_s
        # Two seconds, and what one more packet or burst takes to come.
        assert packet.arrival_s - waiting_since_s <= 2.0 + 4.0


def test_waiting_ends_without_a_further_packet():
    clock = SensorClock(OPEN.stream, origin_s=100.0, step_g=None)
    packets = OPEN.packets(10.0, lost=[18])
    for packet in packets[:-1]:
        clock.push(packet)
    assert clock.push(packets[-1]).batches == ()
    result = Result()
    result.add(clock.advance(packets[-1].arrival_s + 1.5))
    assert len(result.numbers) == 26
    assert [gap.n_lost for gap in result.gaps] == [26]


def test_memory_stays_flat_over_a_bad_night():
    sensor = WITMOTION.but(radio=Radio(bursts_per_hour=30.0))
    clock = SensorClock(sensor.stream, origin_s=100.0, step_g=None)
    sizes = []
    for packet in sensor.packets(600.0, seed=19):
        clock.push(packet)
        sizes.append(len(clock._map._points))
    assert max(sizes) <= 65


@pytest.mark.parametrize("rate_error", [0.0, 0.04, -0.04])
@pytest.mark.parametrize("n_counted", [0, 1, "nominal"])
def test_a_pause_that_the_sensor_flags_is_a_gap_however_it_counts_it(n_counted, rate_error):
    sensor = OPEN.but(rate_error=rate_error, radio=Radio(bursts_per_hour=0.0))
    pause_s, n_before = 90.0, 26 * 240
    packets = sensor.packets(240.0, start_s=100.0, seed=1)
    jump = round(pause_s * 52) if n_counted == "nominal" else n_counted
    result = run_clock(
        sensor.stream,
        [
            packet
            if packet.first_index < n_before
            else replace(
                packet,
                first_index=packet.first_index + jump,
                stamp_ticks=packet.stamp_ticks + round(pause_s * 1e6),
                arrival_s=packet.arrival_s + pause_s,
                flags=PacketFlag.GAP_BEFORE if packet.first_index == n_before else packet.flags,
            )
            for packet in packets
        ],
    )
    (gap,) = result.inner_gaps
    assert (gap.gap.reason, gap.n_lost) == (LossReason.SENSOR, jump or None)
    assert gap.gap.duration_s == pytest.approx(pause_s, abs=0.005)
    assert [len(batch.times_s) for batch in result.batches if batch.batch.first_index == 0][1:] == [26]
    # The pause bends neither the times before it nor those behind it.
    truth_s = sensor.period_s * result.numbers + pause_s * (result.numbers >= n_before)
    late_s = (result.times_s - truth_s)[result.times_s > SETTLED_S]
    assert np.abs(late_s).max() < WITHIN_S["open"]
    assert np.diff(result.times_s)[n_before:] == pytest.approx(sensor.period_s, rel=0.006)


def test_a_stamp_is_dated_as_the_samples_around_it_once_they_are():
    sensor = OPEN.but(rate_error=0.02, clock_ppm=20.0)
    packets = sensor.packets(60.0, seed=3)
    boot_id = packets[0].boot_id
    clock = SensorClock(sensor.stream, origin_s=100.0, step_g=None)
    result = Result()
    result.add(clock.push(packets[0]))
    assert clock.time_of(packets[0].stamp_ticks, boot_id) is None  # its samples still wait
    for packet in packets[1:]:
        result.add(clock.push(packet))
    assert clock.time_of(packets[0].stamp_ticks, (boot_id or 0) + 1) is None
    result.add(clock.finish())
    for packet in (packets[20], packets[-1]):
        last = packet.first_index + len(packet.accel_g) - 1
        assert clock.time_of(packet.stamp_ticks, boot_id) == pytest.approx(last * sensor.period_s, abs=0.02)
    before_the_first_us = packets[0].stamp_ticks - 3_000_000
    at_s = (len(packets[0].accel_g) - 1) * sensor.period_s - 3.0
    assert clock.time_of(before_the_first_us % (1 << 64), boot_id) == pytest.approx(at_s, abs=0.02)
