"""What was sampled is what arrives: packets, MTU, counting, flags."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clonus_sense.sensors.open_packet import decode_data
from clonus_sense.sensors.packet import PacketFlag
from tests.firmware.decoding import CHARGER, CLIPPED, GAP_BEFORE, LOW_BATTERY, MARKER, REPLAYED
from tests.firmware.reference_sensor import STOP, ReferenceSensor, data_of, events_of

PERIOD_US = 19231  # 52 Hz

RAW = st.integers(-(2**15), 2**15 - 1)
SAMPLES = st.lists(st.tuples(RAW, RAW, RAW), min_size=1, max_size=80)

# The fixture only names a file; nothing of one example is left for the next.
COMPILED_ONCE = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def time_of(k: int) -> int:
    return 1_000_000 + k * PERIOD_US


def feed(sensor: ReferenceSensor, samples, first: int = 0) -> None:
    for k, xyz in enumerate(samples, first):
        sensor.sample(xyz, time_of(k))


def ramp(n: int, first: int = 0) -> list[tuple[int, int, int]]:
    """Samples of which no two are alike."""
    return [(k % 30000, -(k % 30000), 4096 - k % 100) for k in range(first, first + n)]


def received(packets: list[dict]) -> list[tuple[int, ...]]:
    return [tuple(xyz) for packet in data_of(packets) for xyz in packet["raw"]]


@pytest.fixture
def streaming(sensor):
    """A sensor that streams from index 0 on, 52 Hz, 26 samples a packet."""
    sensor.boot()
    sensor.connect()
    assert sensor.start().status == 0
    sensor.send()
    return sensor


@COMPILED_ONCE
@given(
    samples=SAMPLES,
    batch_n=st.integers(1, 26),
    mtu=st.integers(27, 517),
    first_index=st.one_of(st.just(0), st.integers(2**32 - 80, 2**32 - 1)),
    range_g=st.sampled_from([2, 4, 8, 16]),
)
def test_any_stream_arrives_as_it_was_sampled(program, samples, batch_n, mtu, first_index, range_g):
    with ReferenceSensor(program) as sensor:
        sensor.boot(first_index=first_index)
        sensor.connect(mtu)
        assert sensor.configure(batch_n=batch_n, range_g=range_g) == []
        n, live_index = unpack_start(sensor.start())
        feed(sensor, samples)
        assert sensor.control(STOP).numbers == ((first_index + len(samples)) % 2**32,)
        packets = data_of(sensor.send())

    assert received(packets) == samples
    assert live_index == first_index
    index, k = first_index, 0
    for packet in packets:
        assert packet["first_index"] == index
        assert packet["range_g"] == range_g
        assert packet["length"] <= mtu - 3
        assert len(packet["raw"]) <= n
        assert bool(packet["flags"] & CLIPPED) == any(abs(v + 0.5) > 32767 for xyz in packet["raw"] for v in xyz)
        assert packet["flags"] & ~CLIPPED == 0
        k += len(packet["raw"])
        index = (index + len(packet["raw"])) % 2**32
        # Exact at the end of a batch, a rounded share of it where the link cuts one.
        assert 0 <= time_of(k - 1) - packet["t_us"] <= (0 if k % batch_n == 0 else 1)
    check_with_the_package(packets, samples, range_g)


def unpack_start(answer):
    assert answer.status == 0
    return answer.arguments[0], int.from_bytes(answer.arguments[1:5], "little")


def check_with_the_package(packets, samples, range_g):
    """The package's own decoder must read the same as the test's."""
    decoded = [decode_data(packet["bytes"], 0.0) for packet in packets]
    accel_g = np.concatenate([packet.accel_g for packet in decoded])
    assert np.array_equal(accel_g, np.array(samples) * (range_g / 32768))
    for packet, own in zip(packets, decoded, strict=True):
        assert (own.first_index, own.stamp_ticks, own.boot_id) == (
            packet["first_index"],
            packet["t_us"],
            packet["boot_id"],
        )
        assert (PacketFlag.CLIPPED in own.flags) == bool(packet["flags"] & CLIPPED)


def test_a_batch_that_fits_leaves_as_one_packet(streaming):
    feed(streaming, ramp(52))
    packets = data_of(streaming.send())
    assert [len(packet["raw"]) for packet in packets] == [26, 26]
    assert [packet["t_us"] for packet in packets] == [time_of(25), time_of(51)]


@pytest.mark.parametrize(
    ("mtu", "shares"),
    [(27, [1] * 26), (33, [2] * 13), (81, [9, 9, 8]), (139, [13, 13]), (176, [13, 13]), (177, [26]), (517, [26])],
)
def test_a_batch_is_cut_into_few_equal_packets(sensor, mtu, shares):
    sensor.boot()
    sensor.connect(mtu)
    assert unpack_start(sensor.start())[0] == max(shares)
    feed(sensor, ramp(26))
    assert [len(packet["raw"]) for packet in data_of(sensor.send())] == shares


@pytest.mark.parametrize("mtu", [0, 20, 21, 23, 26])
def test_a_link_that_carries_no_sample_is_refused(sensor, mtu):
    sensor.boot()
    sensor.connect(mtu)
    assert sensor.start().status == 10
    assert sensor.replay(0, 1).status == 10
    assert sensor.status().state == 0


def test_start_succeeds_once_the_mtu_was_negotiated(sensor):
    sensor.boot()
    sensor.connect(23)
    assert sensor.start().status == 10
    sensor.tell("link mtu 247")
    assert unpack_start(sensor.start()) == (26, 0)


def test_a_packet_that_the_radio_had_no_room_for_is_offered_again(streaming):
    feed(streaming, ramp(26))
    first = streaming.ask("offer")
    assert streaming.ask("offer") == first
    streaming.tell("confirm")
    assert streaming.ask("offer", "send all") == []


def test_samples_lost_in_the_sensor_are_counted_and_flagged(streaming):
    feed(streaming, ramp(30))
    streaming.tell("lost 7", "lost 3")
    feed(streaming, ramp(30, 30), 40)
    packets = data_of(streaming.send())
    # The batch that the loss broke off ends before it, so that no packet spans it.
    assert [(packet["first_index"], len(packet["raw"])) for packet in packets] == [(0, 26), (26, 4), (40, 26)]
    assert [packet["flags"] & GAP_BEFORE for packet in packets] == [0, 0, GAP_BEFORE]


def test_only_the_first_part_of_a_cut_batch_bears_the_gap(sensor):
    sensor.boot()
    sensor.connect(139)
    sensor.start()
    sensor.send()
    feed(sensor, ramp(1))
    sensor.tell("lost 9")
    feed(sensor, ramp(26, 1), 10)
    assert [packet["flags"] for packet in data_of(sensor.send())] == [0, GAP_BEFORE, 0]


def test_a_stuck_link_overruns_the_ring_and_the_counter_shows_it(sensor):
    sensor.boot(n_blocks=5)
    sensor.connect()
    sensor.start()
    sensor.send()
    feed(sensor, ramp(26 * 10))
    packets = data_of(sensor.send())
    # Four closed blocks are held; the first six of ten are gone.
    assert [packet["first_index"] for packet in packets] == [156, 182, 208, 234]
    assert [packet["flags"] for packet in packets] == [GAP_BEFORE, 0, 0, 0]
    feed(sensor, ramp(26, 260), 260)
    assert [(packet["first_index"], packet["flags"]) for packet in data_of(sensor.send())] == [(260, 0)]


def test_the_ring_may_overtake_a_block_that_left_in_part(sensor):
    sensor.boot(n_blocks=3)
    sensor.connect(139)
    sensor.start()
    sensor.send()
    feed(sensor, ramp(26))
    [first] = data_of(sensor.send(1))
    assert (first["first_index"], len(first["raw"])) == (0, 13)
    feed(sensor, ramp(26 * 3, 26), 26)
    packets = data_of(sensor.send())
    assert [(packet["first_index"], packet["flags"]) for packet in packets] == [(52, 2), (65, 0), (78, 0), (91, 0)]


def test_a_live_packet_confirmed_after_the_ring_moved_on_takes_no_other_with_it(sensor):
    sensor.boot(n_blocks=3)
    sensor.connect()
    sensor.start()
    sensor.send()
    feed(sensor, ramp(26))
    assert len(sensor.ask("offer")) == 1
    feed(sensor, ramp(78, 26), 26)
    sensor.tell("confirm")
    assert [packet["first_index"] for packet in data_of(sensor.send())] == [52, 78]


def test_an_event_confirmed_after_it_was_dropped_takes_no_other_with_it(sensor):
    sensor.boot()
    sensor.connect()
    assert len(sensor.ask("offer")) == 1
    sensor.tell(*(f"marker {k}" for k in range(16)), "confirm")
    assert [event["t_us"] for event in events_of(sensor.send())] == list(range(16))


def test_the_index_wraps_within_a_packet(sensor):
    sensor.boot(first_index=2**32 - 5)
    sensor.connect()
    sensor.start()
    feed(sensor, ramp(52))
    packets = data_of(sensor.send())
    assert [packet["first_index"] for packet in packets] == [2**32 - 5, 21]
    assert [packet["flags"] for packet in packets] == [0, 0]
    assert sensor.status().next_index == 47


def test_a_marker_is_an_event_at_once_and_a_flag_on_its_sample(sensor):
    sensor.boot()
    sensor.connect(139)
    sensor.start()
    sensor.send()
    feed(sensor, ramp(15))
    sensor.tell("marker 1300000")
    feed(sensor, ramp(11, 15), 15)
    packets = sensor.send()
    [event] = events_of(packets)
    assert (event["event"], event["index"], event["t_us"]) == (2, 15, 1_300_000)
    # 26 samples go as 13 and 13: sample 15 is in the second.
    assert [packet["flags"] & MARKER for packet in data_of(packets)] == [0, MARKER]


def test_of_two_presses_in_a_batch_the_first_bears_the_flag_and_both_are_events(sensor):
    sensor.boot()
    sensor.connect(139)
    sensor.start()
    sensor.send()
    for k in range(26):
        if k in (3, 20):
            sensor.tell(f"marker {1000 + k}")
        feed(sensor, ramp(1, k), k)
    packets = sensor.send()
    assert [event["index"] for event in events_of(packets)] == [3, 20]
    assert [packet["flags"] for packet in data_of(packets)] == [MARKER, 0]


def test_a_marker_between_two_batches_belongs_to_the_sample_that_follows(streaming):
    feed(streaming, ramp(26))
    streaming.tell("marker 1500000")
    feed(streaming, ramp(26, 26), 26)
    assert [packet["flags"] for packet in data_of(streaming.send())] == [0, MARKER]


@pytest.mark.parametrize("is_before_the_stop", [True, False])
def test_a_press_that_no_sample_followed_flags_none_of_a_later_stream(streaming, is_before_the_stop):
    feed(streaming, ramp(26))
    if is_before_the_stop:
        streaming.tell("marker 9")
    streaming.control(STOP)
    if not is_before_the_stop:
        streaming.tell("marker 9")
    streaming.send()
    streaming.start()
    feed(streaming, ramp(26, 26), 100)
    assert [packet["flags"] for packet in data_of(streaming.send())] == [GAP_BEFORE]


def test_battery_and_charger_stand_on_every_packet_and_once_in_an_event(streaming):
    streaming.tell("power 12 1 0 5")
    feed(streaming, ramp(26))
    streaming.tell("power 12 1 1 6")
    feed(streaming, ramp(26, 26), 26)
    streaming.tell("power 80 0 1 7", "power 90 0 0 8")
    packets = streaming.send()
    assert [(event["event"], event["argument"], event["t_us"]) for event in events_of(packets)] == [
        (4, 12, 5),
        (5, 1, 6),
        (5, 0, 8),
    ]
    assert [packet["flags"] for packet in data_of(packets)] == [LOW_BATTERY, LOW_BATTERY | CHARGER]
    assert streaming.status().battery_percent == 90


def test_full_scale_is_flagged_on_its_packet_alone(streaming):
    samples = ramp(78)
    samples[30] = (0, 32767, 0)
    samples[60] = (-32768, 0, 0)
    samples[5] = (32766, -32767, 0)
    feed(streaming, samples)
    assert [packet["flags"] for packet in data_of(streaming.send())] == [0, CLIPPED, CLIPPED]


def test_stop_sends_what_was_sampled_and_nothing_after(streaming):
    feed(streaming, ramp(30))
    assert streaming.control(STOP).numbers == (30,)
    feed(streaming, ramp(30, 30), 30)
    assert received(streaming.send()) == ramp(30)
    assert streaming.status().next_index == 30
    assert "sensor-off" in streaming.actions()


@pytest.mark.parametrize("n_missed", [0, 1, 2, 5000, 52 * 3600 * 10])
def test_a_pause_looks_like_a_loss_of_as_many_samples(streaming, n_missed):
    feed(streaming, ramp(26))
    streaming.control(STOP)
    streaming.send()
    streaming.start()
    feed(streaming, ramp(26, 26), 26 + n_missed)
    [packet] = data_of(streaming.send())
    # By one at least, so that nobody joins the two sides of a short pause.
    n_nominal = round((n_missed + 1) * PERIOD_US * 52.0 / 1e6) - 1
    assert (packet["first_index"], packet["flags"]) == (26 + max(n_nominal, 1), GAP_BEFORE)
    assert packet["t_us"] == time_of(51 + n_missed)


def test_a_pause_is_counted_at_the_rate_that_follows_it(streaming):
    feed(streaming, ramp(26))
    streaming.control(STOP)
    streaming.send()
    streaming.configure(rate_hz=104.0)
    streaming.start()
    streaming.sample((0, 0, 0), time_of(25) + 10_000_000)
    streaming.control(STOP)
    [packet] = data_of(streaming.send())
    assert packet["first_index"] == 26 + 1039


def test_without_recording_sampling_ends_with_the_link(sensor):
    sensor.boot()
    sensor.connect()
    sensor.start(mode=0)
    feed(sensor, ramp(26))
    sensor.send()
    assert sensor.actions() == {"sensor-on"}
    sensor.tell("link down")
    assert sensor.actions() == {"sensor-off"}
    feed(sensor, ramp(26, 26), 26)
    sensor.connect()
    assert sensor.status()[3:5] == (0, 26)


def test_nothing_is_sent_that_was_not_asked_for_on_this_link(streaming):
    feed(streaming, ramp(260))
    streaming.tell("link down")
    streaming.connect()
    assert streaming.send() == []
    assert streaming.status().state == 3


def test_a_new_link_begins_without_subscriptions(streaming):
    feed(streaming, ramp(260))
    streaming.tell("marker 9", "link down")
    streaming.connect(subscriptions=())
    assert streaming.send() == []
    assert streaming.ask("control 1 05 01") == ["ATT FD"]


def test_without_data_subscribed_no_packet_leaves(streaming):
    streaming.tell("unsubscribe data")
    feed(streaming, ramp(52))
    assert streaming.send() == []
    assert streaming.start().status == 12


def test_reboot_shows_as_another_boot_with_its_reason(streaming):
    feed(streaming, ramp(26))
    before = data_of(streaming.send())
    streaming.boot(boot_id=0x77AA, reset_reason=3)
    streaming.connect()
    streaming.start()
    feed(streaming, ramp(26))
    packets = streaming.send()
    assert {packet["boot_id"] for packet in before} == {0x1234}
    assert {packet["boot_id"] for packet in packets} == {0x77AA}
    assert [(event["event"], event["argument"]) for event in events_of(packets)] == [(1, 3)]
    assert data_of(packets)[0]["first_index"] == 0


def test_live_packets_are_never_marked_as_replayed(streaming):
    feed(streaming, ramp(130))
    assert not any(packet["flags"] & REPLAYED for packet in data_of(streaming.send()))


def test_no_packet_is_larger_than_start_announced(sensor):
    # 4 samples fit, a batch of 5 goes as 3 and 2; a batch of 4 that STOP ended early keeps to it.
    sensor.boot()
    sensor.connect(45)
    sensor.configure(batch_n=5)
    assert unpack_start(sensor.start())[0] == 3
    feed(sensor, ramp(9))
    sensor.control(STOP)
    assert [len(packet["raw"]) for packet in data_of(sensor.send())] == [3, 2, 3, 1]


@pytest.mark.parametrize(("mtu", "n_packets"), [(28, 0), (29, 26), (139, 2), (247, 1)])
def test_a_checksum_ends_each_packet_that_asks_for_it(sensor, mtu, n_packets):
    sensor.boot()
    sensor.connect(mtu=mtu)
    sensor.ask("config 08 02 08 01 1a 00 00 00")
    started = sensor.start()
    assert (started.status == 0) == (n_packets > 0)
    if not n_packets:
        return
    sensor.send()
    feed(sensor, ramp(26))
    packets = data_of(sensor.send())
    assert len(packets) == n_packets
    assert [tuple(xyz) for packet in packets for xyz in packet["raw"]] == ramp(26)
