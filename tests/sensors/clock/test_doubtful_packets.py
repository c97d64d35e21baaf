"""Packets that are damaged, and sensors whose clock or count jumps: only the latter are followed."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clonus_sense.sensors.clock import LossReason, SensorClock
from clonus_sense.sensors.packet import PacketFlag
from tests.sensors.clock.simulated import ALL, OPEN, POLAR, STAMPED, Radio, Result, replace, run_clock

CALM = Radio(bursts_per_hour=0.0)


def set_stamps(sensor, packets, at_s, by_s):
    """Packets of a sensor whose clock is set in mid-stream."""
    by_ticks = round(by_s / sensor.stream.tick_s)
    most = 1 << sensor.stream.stamp_bits
    return [
        packet
        if packet.arrival_s < 100.0 + at_s
        else replace(packet, stamp_ticks=(packet.stamp_ticks + by_ticks) % most)
        for packet in packets
    ]


@pytest.mark.parametrize("by_s", [-86_400.0, -10.0, -0.7, 3.0, 7 * 365.25 * 86_400])
@pytest.mark.parametrize("name", STAMPED)
def test_a_sensors_clock_that_is_set_costs_no_sample_and_times_go_on_by_arrival(name, by_s):
    sensor = ALL[name].but(first_ticks=10**6, radio=CALM)
    packets = set_stamps(sensor, sensor.packets(240.0, seed=1), 150.0, by_s)
    result = run_clock(sensor.stream, packets)
    assert np.array_equal(result.numbers, np.arange(len(packets) * sensor.packet_samples))
    error_s = np.abs(result.times_s - sensor.period_s * result.numbers)
    assert error_s[result.times_s > 60.0].max() < 0.12
    assert [gap.gap.reason for gap in result.inner_gaps] == [LossReason.CLOCK_JUMP]
    assert result.inner_gaps[0].gap.duration_s < 0.15


@pytest.mark.parametrize("boot_id", [3, 4711])
def test_a_boot_that_one_packet_tells_alone_is_damage(boot_id):
    packets = OPEN.packets(60.0, seed=2)
    packets[50] = replace(packets[50], boot_id=boot_id)
    result = run_clock(OPEN.stream, packets)
    [gap] = result.inner_gaps
    assert (gap.gap.reason, gap.n_lost, gap.first_lost_index) == (LossReason.PACKETS, 26, 50 * 26)


@pytest.mark.parametrize("name", STAMPED)
def test_a_damaged_stamp_moves_no_later_time(name):
    sensor = ALL[name].but(radio=CALM)
    packets = sensor.packets(120.0, seed=3)
    at = len(packets) // 2
    packets[at] = replace(packets[at], stamp_ticks=packets[at].stamp_ticks + round(0.2 / sensor.stream.tick_s))
    result = run_clock(sensor.stream, packets)
    later = result.times_s > result.times_s[-1] / 2 + 5.0
    assert np.abs(result.times_s - sensor.period_s * result.numbers)[later].max() < 0.02


@pytest.mark.parametrize("name", ["open", "polar", "movesense"])
def test_packets_that_come_late_are_backfill_and_no_other_time(name):
    sensor = ALL[name].but(radio=CALM)
    packets = sensor.packets(600.0, seed=4)
    rng = np.random.default_rng(5)
    late = rng.random(len(packets)) < 0.1
    late[: round(60.0 / sensor.period_s / sensor.packet_samples)] = False
    delayed = [replace(one, arrival_s=one.arrival_s + 20.0 * late[at]) for at, one in enumerate(packets)]
    lost = {round(300.0 / sensor.period_s / sensor.packet_samples)}
    arriving = sorted((one for at, one in enumerate(delayed) if at not in lost), key=lambda packet: packet.arrival_s)
    result = run_clock(sensor.stream, arriving)
    n = sensor.packet_samples
    n_late = sum(len(part.times_s) for part in result.backfill)
    assert len(result.numbers) + n_late == (len(packets) - 1) * n
    missing = sum(gap.n_lost or 0 for gap in result.inner_gaps) - n_late
    assert missing == n
    assert {gap.gap.reason for gap in result.inner_gaps} == {LossReason.PACKETS}
    error_s = np.abs(result.times_s - sensor.period_s * result.numbers)
    assert error_s[result.times_s > 60.0].max() < 0.02
    for part in result.backfill:
        numbers = np.rint(part.accel_g * 10_000).astype(int) @ [1, 10_000, 0]
        assert np.abs(part.times_s - sensor.period_s * numbers).max() < 0.03


def test_a_second_boot_that_goes_on_is_followed_within_two_seconds():
    before = OPEN.packets(60.0, seed=6)
    after = OPEN.but(boot_id=8).packets(60.0, start_s=170.0, seed=7, first_number=len(before) * 26)
    clock = SensorClock(OPEN.stream, origin_s=100.0, step_g=None)
    result = Result()
    for packet in [*before, *after[:5]]:
        result.add(clock.push(packet))
    assert len(result.numbers) > len(before) * 26


@settings(max_examples=20, deadline=None)
@given(data=st.data())
@pytest.mark.parametrize("name", STAMPED | {"count": ALL["count"]})
def test_however_many_packets_are_wrong_nothing_breaks_and_times_go_forward(name, data):
    rng = np.random.default_rng(data.draw(st.integers(0, 2**31), label="seed"))
    share = data.draw(st.sampled_from([0.02, 0.3, 0.9]), label="share")
    sensor = ALL[name]
    packets = sensor.packets(25.0, seed=rng)
    bits = sensor.stream.stamp_bits if sensor.stream.tick_s else 0
    clock = SensorClock(sensor.stream, origin_s=100.0, step_g=None)
    result, n_pushed = Result(), 0
    for packet in packets:
        one = packet
        if rng.random() < share:
            stamp = None if not bits else int(rng.integers(0, 2**63)) * 2 % (1 << bits)
            index = None if packet.first_index is None else int(rng.integers(0, 2**32))
            boot_id = None if packet.boot_id is None else int(rng.integers(0, 9))
            one = replace(packet, stamp_ticks=stamp, first_index=index, boot_id=boot_id)
            one = replace(one, flags=PacketFlag(int(rng.integers(0, 4))))
        result.add(clock.push(one))
        n_pushed += len(one.accel_g)
        if rng.random() < 0.02:
            result.add(clock.restart_link())
    result.add(clock.finish())
    n_filled = sum(len(part.times_s) for part in result.backfill)
    assert len(result.numbers) + n_filled + clock.n_passed_over == n_pushed
    assert np.all(np.diff(result.times_s) > 0)
    # No packet is believed that claims another hour.
    assert result.times_s[-1] < 60.0


@pytest.mark.parametrize(("share", "is_lost"), [(0.45, False), (0.55, True)])
def test_a_first_step_counts_as_loss_when_it_is_half_a_packet_too_long(share, is_lost):
    sensor = POLAR.but(radio=CALM)
    packets = sensor.packets(30.0, seed=9)
    by_ns = round(share * 57 / 52 * 1e9)
    packets = [
        one if at == 0 else replace(one, stamp_ticks=one.stamp_ticks + by_ns, arrival_s=one.arrival_s + by_ns * 1e-9)
        for at, one in enumerate(packets)
    ]
    gaps = run_clock(sensor.stream, packets[:3]).inner_gaps
    assert bool(gaps) is is_lost


@pytest.mark.parametrize(("share", "is_lost"), [(0.55, False), (0.65, True)])
def test_a_step_that_is_known_counts_as_loss_when_it_is_0_6_periods_too_long(share, is_lost):
    sensor = POLAR.but(radio=CALM)
    packets = sensor.packets(60.0, seed=10)
    by_ns = round(share / 52 * 1e9)
    packets = [one if at < 30 else replace(one, stamp_ticks=one.stamp_ticks + by_ns) for at, one in enumerate(packets)]
    assert bool(run_clock(sensor.stream, packets).inner_gaps) is is_lost


@pytest.mark.parametrize(("name", "most_lost"), [("open", 0), ("polar", 285), ("movesense", 52)])
def test_a_sensor_that_samples_twice_as_fast_from_now_on_is_followed(name, most_lost):
    sensor = ALL[name].but(radio=CALM)
    before = sensor.packets(60.0, seed=1)
    n_before = len(before) * sensor.packet_samples
    changed_s = n_before * sensor.period_s
    fast = sensor.but(rate_error=1.0, first_ticks=round(changed_s / sensor.stream.tick_s), first_index=n_before)
    after = fast.packets(120.0, start_s=100.0 + changed_s, first_number=n_before, seed=2)
    result = run_clock(sensor.stream, [*before, *after])
    assert n_before + len(after) * sensor.packet_samples - len(result.numbers) <= most_lost
    late = result.numbers - n_before
    true_s = changed_s + late * np.where(late < 0, sensor.period_s, fast.period_s)
    assert np.abs(result.times_s - true_s)[result.times_s > changed_s + 40.0].max() < 0.05
    assert np.all(np.diff(result.times_s) > 0)
