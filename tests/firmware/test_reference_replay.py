"""After a lost link nothing is missing that the ring could hold."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.firmware.decoding import GAP_BEFORE, MARKER, REPLAYED
from tests.firmware.reference_sensor import STOP, Central, ReferenceSensor, data_of, events_of
from tests.firmware.test_reference_stream import feed, ramp, received, time_of, unpack_start

# 128 KiB of blocks, what open_profile.md says an nRF52840 can spare.
BLOCKS_OF_128_KIB = 128 * 1024 // 176
BOOT = 0x1234


def begin(sensor: ReferenceSensor, **setup) -> None:
    sensor.boot(**setup)
    sensor.connect()
    sensor.start()
    sensor.send()


def reconnect(sensor: ReferenceSensor, mtu: int = 247) -> int:
    """Lose the link and find it again; returns the index of the first live sample."""
    sensor.tell("link down")
    sensor.connect(mtu)
    return unpack_start(sensor.start())[1]


def test_after_five_minutes_without_a_link_nothing_is_missing(sensor):
    begin(sensor, n_blocks=BLOCKS_OF_128_KIB)
    central = Central()
    truth = ramp(52 * 400)
    lost_from, found_at = 52 * 30, 52 * 330

    for first in range(0, lost_from, 26):
        feed(sensor, truth[first : first + 26], first)
        central.take(sensor.send(4))
    sensor.tell("link down")
    feed(sensor, truth[lost_from:found_at], lost_from)
    sensor.connect()
    live_from = unpack_start(sensor.start())[1]
    assert sensor.replay(lost_from, live_from - lost_from).numbers == (lost_from, live_from - lost_from)
    n_replayed = 0
    for first in range(found_at, len(truth), 26):
        feed(sensor, truth[first : first + 26], first)
        packets = sensor.send(10)
        # Live goes first, however much is to be replayed.
        flags = [packet["flags"] & REPLAYED for packet in data_of(packets)]
        assert flags == sorted(flags)
        assert flags[0] == 0
        n_replayed += sum(flags)
        central.take(packets)

    assert n_replayed == 600
    assert central.samples == {(BOOT, k): xyz for k, xyz in enumerate(truth)}


def test_a_replayed_packet_is_the_live_packet_but_for_its_flag(sensor):
    begin(sensor)
    feed(sensor, ramp(40))
    sensor.tell("lost 5", "marker 9", "power 9 1 0 9")
    feed(sensor, ramp(60, 45), 45)
    live = data_of(sensor.send())
    assert [packet["flags"] & (GAP_BEFORE | MARKER) for packet in live[2:3]] == [GAP_BEFORE | MARKER]
    assert sensor.replay(0, live[-1]["first_index"] + 26).status == 0
    replayed = data_of(sensor.send())
    # The flags are the second byte.
    assert [packet["bytes"][2:] for packet in replayed] == [packet["bytes"][2:] for packet in live]
    assert [packet["flags"] for packet in replayed] == [packet["flags"] | REPLAYED for packet in live]
    assert [packet["bytes"][0] for packet in replayed] == [packet["bytes"][0] for packet in live]


def test_the_answer_says_what_will_come(sensor):
    begin(sensor, n_blocks=5)
    feed(sensor, ramp(26 * 6 + 10))
    sensor.send()
    # Four closed blocks are held, 52 to 155; ten samples more stand in the open one and will come live.
    assert sensor.replay(0, 1000).numbers == (52, 104)
    assert sensor.replay(60, 7).numbers == (60, 7)
    assert sensor.replay(0, 52).numbers == (52, 0)
    assert sensor.replay(0, 53).numbers == (52, 1)
    assert sensor.replay(156, 5).numbers == (52, 0)
    assert sensor.replay(155, 2**32 - 1).numbers == (155, 1)
    assert sensor.replay(2**31, 5).numbers == (52, 0)
    assert sensor.replay(156, 2**32 - 1).numbers == (52, 0)
    assert sensor.status().n_left == 104 + 7 + 1 + 1


def test_what_the_live_stream_still_holds_back_is_not_replayed(sensor):
    begin(sensor)
    feed(sensor, ramp(104))
    assert sensor.replay(0, 104).numbers == (0, 0)
    packets = data_of(sensor.send())
    assert [packet["flags"] for packet in packets] == [0] * 4


def test_part_of_a_batch_is_replayed_to_the_sample(sensor):
    begin(sensor)
    feed(sensor, ramp(104))
    sensor.send()
    assert sensor.replay(30, 40).numbers == (30, 40)
    packets = sensor.send()
    assert received(packets) == ramp(40, 30)
    assert [(packet["first_index"], len(packet["raw"])) for packet in data_of(packets)] == [(30, 22), (52, 18)]
    # The first packet ends with its batch; the second is cut inside one.
    assert data_of(packets)[0]["t_us"] == time_of(51)
    assert abs(data_of(packets)[1]["t_us"] - time_of(69)) <= 1
    assert [(event["event"], event["argument"], event["index"]) for event in events_of(packets)] == [(7, 0, 70)]


def test_a_smaller_mtu_than_before_cuts_what_was_kept(sensor):
    begin(sensor)
    feed(sensor, ramp(78))
    assert reconnect(sensor, mtu=81) == 78
    sensor.replay(0, 78)
    packets = data_of(sensor.send())
    assert received(packets) == ramp(78)
    assert max(packet["length"] for packet in packets) <= 78
    assert [len(packet["raw"]) for packet in packets[:3]] == [9, 9, 8]


def test_replay_steps_over_samples_that_the_sensor_lost(sensor):
    begin(sensor)
    feed(sensor, ramp(26))
    sensor.tell("lost 1000")
    feed(sensor, ramp(26, 1026), 1026)
    live_from = reconnect(sensor)
    assert sensor.replay(0, live_from).numbers == (0, 1052)
    packets = data_of(sensor.send())
    assert [(packet["first_index"], packet["flags"]) for packet in packets] == [(0, 1), (1026, 3)]
    # Nothing was ever there: the central is told at once, and asks no more.
    assert sensor.replay(100, 500).numbers == (0, 0)
    assert events_of(sensor.send()) == []
    assert sensor.replay(20, 500).numbers == (20, 6)
    assert sensor.replay(500, 530).numbers == (1026, 4)
    packets = data_of(sensor.send())
    assert [(packet["first_index"], len(packet["raw"])) for packet in packets] == [(20, 6), (1026, 4)]


def test_a_pause_is_not_replayed_and_what_lies_around_it_is(sensor):
    begin(sensor)
    feed(sensor, ramp(30))
    sensor.control(STOP)
    sensor.send()
    sensor.start()
    feed(sensor, ramp(26, 30), 30 + 500)
    sensor.send()
    assert sensor.replay(30, 500).numbers == (0, 0)
    assert sensor.replay(0, 1000).numbers == (0, 556)
    assert received(sensor.send()) == ramp(56)


def test_replay_crosses_the_wrap_of_the_index(sensor):
    first = 2**32 - 30
    begin(sensor, first_index=first)
    feed(sensor, ramp(104))
    assert reconnect(sensor) == 74
    assert sensor.replay(first, 104).numbers == (first, 104)
    packets = data_of(sensor.send())
    assert received(packets) == ramp(104)
    assert [packet["first_index"] for packet in packets] == [first, 2**32 - 4, 22, 48]
    # From the middle of the very batch in which the index wraps.
    assert sensor.replay(2**32 - 2, 10).numbers == (2**32 - 2, 10)
    assert received(sensor.send()) == ramp(10, 28)


def test_a_range_from_before_the_wrap_is_cut_to_what_is_held_after_it(sensor):
    first = 2**32 - 30
    begin(sensor, first_index=first, n_blocks=3)
    feed(sensor, ramp(104))
    reconnect(sensor)
    assert sensor.replay(first, 104).numbers == (22, 52)


def test_ring_that_overtakes_a_replay_shows_what_is_gone(sensor):
    begin(sensor, n_blocks=5)
    feed(sensor, ramp(104))
    reconnect(sensor)
    assert sensor.replay(0, 104).numbers == (0, 104)
    assert [packet["first_index"] for packet in data_of(sensor.send(1))] == [0]
    # Three more blocks push out block 26..51 and 52..77, which were still to come.
    feed(sensor, ramp(78, 104), 104)
    packets = sensor.send()
    replayed = [packet for packet in data_of(packets) if packet["flags"] & REPLAYED]
    assert [(packet["first_index"], packet["flags"]) for packet in replayed] == [(78, REPLAYED | GAP_BEFORE)]
    assert [(event["event"], event["argument"]) for event in events_of(packets)] == [(7, 1)]


def test_a_replayed_packet_confirmed_after_the_ring_moved_on_takes_no_other_with_it(sensor):
    begin(sensor, n_blocks=5)
    feed(sensor, ramp(104))
    reconnect(sensor)
    sensor.replay(0, 104)
    [offered] = sensor.ask("offer")
    assert offered.startswith("DATA 10 01")
    feed(sensor, ramp(52, 104), 104)
    sensor.tell("confirm")
    replayed = [packet for packet in data_of(sensor.send()) if packet["flags"] & REPLAYED]
    assert [packet["first_index"] for packet in replayed] == [52, 78]


def test_a_range_that_was_overwritten_while_it_waited_is_reported(sensor):
    begin(sensor, n_blocks=5)
    feed(sensor, ramp(104))
    reconnect(sensor)
    sensor.replay(0, 26)
    feed(sensor, ramp(104, 104), 104)
    packets = sensor.send()
    assert all(not packet["flags"] & REPLAYED for packet in data_of(packets))
    assert [(event["event"], event["argument"], event["index"]) for event in events_of(packets)] == [(7, 1, 26)]


def test_a_range_that_lost_its_beginning_while_it_waited_says_so(sensor):
    begin(sensor, n_blocks=5)
    feed(sensor, ramp(104))
    reconnect(sensor)
    sensor.replay(52, 26)
    sensor.replay(0, 52)
    feed(sensor, ramp(26, 104), 104)
    packets = sensor.send()
    replayed = [packet for packet in data_of(packets) if packet["flags"] & REPLAYED]
    assert [(packet["first_index"], packet["flags"]) for packet in replayed] == [(52, 1), (26, REPLAYED | GAP_BEFORE)]
    assert [(event["index"], event["argument"]) for event in events_of(packets)] == [(78, 0), (52, 1)]


def test_eight_ranges_wait_in_order_and_a_ninth_is_refused(sensor):
    begin(sensor)
    feed(sensor, ramp(260))
    sensor.send()
    firsts = [208, 104, 0, 26, 52, 78, 130, 156]
    assert [sensor.replay(first, 5).status for first in firsts] == [0] * 8
    assert sensor.replay(140, 5).status == 12
    packets = sensor.send()
    assert [packet["first_index"] for packet in data_of(packets)] == firsts
    assert [event["index"] for event in events_of(packets)] == [first + 5 for first in firsts]
    assert sensor.replay(140, 5).status == 0


def test_count_0_drops_all_replays(sensor):
    begin(sensor)
    feed(sensor, ramp(260))
    sensor.send()
    for first in range(0, 80, 10):
        sensor.replay(first, 10)
    assert sensor.replay(0, 0).status == 0
    assert sensor.status().n_left == 0
    assert sensor.send() == []


def test_after_stop_the_rest_can_be_fetched_without_a_live_stream(sensor):
    begin(sensor)
    feed(sensor, ramp(60))
    sensor.tell("link down")
    sensor.connect()
    assert sensor.control(STOP).numbers == (60,)
    assert sensor.replay(0, 60).numbers == (0, 60)
    assert received(sensor.send()) == ramp(60)


def test_a_lost_link_drops_the_replays_that_it_had(sensor):
    begin(sensor)
    feed(sensor, ramp(260))
    sensor.send()
    sensor.replay(0, 260)
    sensor.send(2)
    reconnect(sensor)
    assert sensor.status().n_left == 0
    assert data_of(sensor.send()) == []


def test_presses_during_a_lost_link_arrive_later_the_oldest_of_seventeen_dropped(sensor):
    begin(sensor)
    sensor.tell("link down")
    for k in range(17):
        feed(sensor, ramp(3, 3 * k), 3 * k)
        sensor.tell(f"marker {1000 + k}")
    reconnect(sensor)
    events = events_of(sensor.send())
    assert [event["t_us"] for event in events] == [1000 + k for k in range(1, 17)]
    assert [event["index"] for event in events] == [3 * (k + 1) for k in range(1, 17)]


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("sample"), st.integers(1, 40)),
        st.tuples(st.just("lost"), st.integers(1, 300)),
        st.tuples(st.just("send"), st.integers(1, 6)),
        st.tuples(st.just("cut"), st.sampled_from([27, 60, 139, 185, 247, 517])),
        st.tuples(st.just("replay"), st.tuples(st.integers(0, 200), st.integers(0, 200))),
    ),
    min_size=1,
    max_size=30,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=STEPS,
    n_blocks=st.sampled_from([3, 4, 7, 200]),
    batch_n=st.sampled_from([1, 2, 13, 26]),
    first_index=st.sampled_from([0, 2**32 - 100]),
)
def test_whatever_happens_all_that_the_ring_holds_can_be_had_and_all_else_is_counted(
    program, steps, n_blocks, batch_n, first_index
):
    with ReferenceSensor(program) as sensor:
        sensor.boot(n_blocks=n_blocks, first_index=first_index)
        sensor.connect()
        sensor.configure(batch_n=batch_n)
        sensor.start()
        night = Night(sensor, first_index)
        for name, argument in steps:
            getattr(night, name)(argument)
        status, answered = night.fetch_all()
    n_held = (status.next_index - status.oldest_index) % 2**32
    assert status.next_index == (first_index + night.n) % 2**32
    # Samples that the sensor lost at the very end are counted, but no packet tells of them.
    assert answered == (status.oldest_index, n_held - night.n_lost_at_end if n_held else 0)
    had, truth = night.central.samples, night.truth
    assert had.items() <= truth.items()
    held = {key for key in truth if (key[1] - status.oldest_index) % 2**32 < n_held}
    assert held <= had.keys()
    if n_blocks == 200 and batch_n >= 13:
        assert had == truth


class Night:
    """Plays steps, knows the truth, and checks each live stream as it comes."""

    def __init__(self, sensor: ReferenceSensor, first_index: int) -> None:
        self.sensor = sensor
        self.central = Central()
        self.first_index = first_index
        self.n = 0
        self.n_lost_at_end = 0
        self.truth: dict[tuple[int, int], tuple[int, int, int]] = {}
        self.live_next: int | None = None

    def sample(self, n: int) -> None:
        for _ in range(n):
            [xyz] = ramp(1, self.n)
            self.truth[BOOT, (self.first_index + self.n) % 2**32] = xyz
            feed(self.sensor, [xyz], self.n)
            self.n += 1
        self.n_lost_at_end = 0

    def lost(self, n: int) -> None:
        self.sensor.tell(f"lost {n}")
        self.n += n
        self.n_lost_at_end += n

    def send(self, most: int | str) -> None:
        packets = self.sensor.send(most)
        self.central.take(packets)
        for packet in data_of(packets):
            if not packet["flags"] & REPLAYED:
                is_jump = self.live_next is not None and packet["first_index"] != self.live_next
                # A jump is flagged; without one nothing is, but for the first packet of a link.
                assert not is_jump or packet["flags"] & GAP_BEFORE
                assert is_jump or self.live_next is None or not packet["flags"] & GAP_BEFORE
                self.live_next = (packet["first_index"] + len(packet["raw"])) % 2**32

    def cut(self, mtu: int) -> None:
        self.live_next = None
        reconnect(self.sensor, mtu)

    def replay(self, where: tuple[int, int]) -> None:
        first, count = where
        assert self.sensor.replay(self.first_index + first, count).status in (0, 12)

    def fetch_all(self):
        """Stop and fetch all that is held; gives the status after the stop and what the sensor said it would send."""
        self.sensor.control(STOP)
        self.send("all")
        status = self.sensor.status()
        n_held = (status.next_index - status.oldest_index) % 2**32
        answered = self.sensor.replay(status.oldest_index, n_held).numbers
        self.send("all")
        return status, tuple(answered)


@pytest.mark.parametrize("n_blocks", [0, 1, 2])
def test_a_ring_too_small_to_work_is_refused(sensor, n_blocks):
    sensor.boot(n_blocks=n_blocks)
    assert sensor.ask() == ["REFUSED"]
