"""A virtual sensor with the open profile: it samples on while the link is lost, and replays samples in its memory."""

from __future__ import annotations

import asyncio
import random
import struct
from functools import partial

from clonus_sense.sensors import open_profile as profile
from clonus_sense.sensors.open_packet import RANGES_G
from clonus_sense.sensors.packet import NO_FLAGS, PacketFlag
from clonus_sense.sensors.virtual.firmware.memory import SampleMemory
from clonus_sense.sensors.virtual.firmware.replays import Replay, Replays
from clonus_sense.sensors.virtual.firmware.waiting_events import WaitingEvents
from clonus_sense.sensors.virtual.open_encoding import (
    encode_answer,
    encode_config,
    encode_data,
    encode_event,
    encode_info,
)
from clonus_sense.sensors.virtual.peripheral import (
    ATT_APPLICATION,
    ATT_LENGTH,
    ATT_NOT_SUBSCRIBED,
    ATT_UNLIKELY,
    AttRefusal,
    Characteristic,
    Label,
    Packet,
    Peripheral,
    Service,
    World,
)
from clonus_sense.sensors.virtual.sampling import PERFECT, Crystal, Movement, Sampler

_SERVICES = (
    Service(
        profile.SERVICE,
        (
            Characteristic(profile.INFO, ("read",)),
            Characteristic(profile.CONFIG, ("read", "write")),
            Characteristic(profile.CONTROL, ("write", "indicate")),
            Characteristic(profile.DATA, ("notify",)),
            Characteristic(profile.EVENT, ("notify",)),
        ),
    ),
)
# 128 KiB of memory of an nRF52840, where 26 samples take 176 bytes: six minutes at 52 Hz.
RING_SAMPLES = 19_376
# The live stream has priority: a replay sends a few packets at a time.
_REPLAY_PACKETS_AT_ONCE = 4
_REPLAY_EVERY_S = 0.05
# Time for the answer to leave.
_POWER_OFF_S = 0.1
_EVENT_BOOT, _EVENT_MARKER, _EVENT_CHARGER, _EVENT_STOPPED, _EVENT_REPLAYED = 1, 2, 5, 6, 7
_POWER_ON = 1
_STATUS_BAD_OP, _STATUS_BAD_LENGTH, _STATUS_BAD_PARAMETER = 1, 4, 5
_OPERATIONS = range(profile.OP_START, profile.OP_POWER_OFF + 1)
_IDLE, _RECORDS_ALONE = 0, 3
_LIVE_IN_MODE = {profile.MODE_LIVE: 1, profile.MODE_LIVE_AND_RECORD: 2}
_STATE_CHARGER = 0x10
_REPLAYED_BIT = 0x01
_LOW_POWER = 1
# Batch of the reference firmware; it fits the MTU of every virtual radio.
MOST_BATCH = 26


class OpenSensor(Peripheral):
    """A sensor with the open profile.

    Parameters
    ----------
    label
        Name, serial number and address.
    movement
        The acceleration that it measures.
    crystal
        Errors of its clocks.
    ring_samples
        Number of samples kept for a replay.
    most_batch
        Largest number of samples in a packet; packets are not split, so they must fit the MTU of the radio.
    has_checksum
        Whether it can end its packets with a checksum, as sensors of version 1.1 do.

    Attributes
    ----------
    on_charger
        Whether it is charging, and therefore not sampling.
    """

    def __init__(
        self,
        label: Label,
        movement: Movement,
        crystal: Crystal = PERFECT,
        ring_samples: int = RING_SAMPLES,
        *,
        most_batch: int = MOST_BATCH,
        has_checksum: bool = False,
    ) -> None:
        super().__init__(label, _SERVICES, (profile.SERVICE,))
        self._movement = movement
        self._crystal = crystal
        self._ring_samples = ring_samples
        self._most_batch = most_batch
        self._has_checksum = has_checksum
        self._boots = random.Random(label.serial)
        self._boot_id = 0
        self._boot_s = 0.0
        self._config = encode_config(rate_hz=52.0, range_g=8, batch=min(MOST_BATCH, most_batch), has_checksum=False)
        self._mode: int | None = None  # of the last START, while it samples
        self._is_live = False
        self._replays = Replays()
        self._replaying: asyncio.TimerHandle | None = None
        self._events = WaitingEvents(self)
        self.on_charger = False

    def enter(self, air: World) -> None:
        """Start in a world."""
        self.sampler = Sampler(air, self._movement, self._crystal)
        self._memory = SampleMemory(self.sampler, self._ring_samples)
        super().enter(air)

    def press_button(self) -> None:
        """Press its button, as a person does who felt something."""
        if self.sampler.is_on:
            self._memory.mark_press()
        self._tell(_EVENT_MARKER, 0, self._memory.next_index())

    def charge(self, *, on: bool) -> None:
        """Put it on its charger, which stops it, or take it off; the central must then send START."""
        if on == self.on_charger:
            return
        self.on_charger = on
        self._tell(_EVENT_CHARGER, int(on), self._memory.next_index())
        if on and self.sampler.is_on:
            self._memory.close_on_charger()
            was_live = self._is_live
            self._end()
            self._tell(_EVENT_STOPPED, profile.STATUS_CHARGER, self._memory.next_index())
            if was_live:
                self._send_rest()

    def booted(self) -> None:
        """Restart: another boot id, counter and clock at zero, memory empty."""
        self.sampler.end()
        self._boot_id = (self._boot_id + self._boots.randrange(1, 1 << 16)) % (1 << 16)  # always a new one
        self._boot_s = self.air.now_s()
        self._memory.restart()
        self._mode, self._is_live = None, False
        self._events.clear()
        self._tell(_EVENT_BOOT, _POWER_ON, 0)

    def subscribe(self, uuid: str, *, on: bool) -> None:
        """Send the waiting events; without DATA, end the streams."""
        super().subscribe(uuid, on=on)
        if uuid == profile.EVENT:
            self._events.send()
        elif uuid == profile.DATA and not on:
            self._end_streams()

    def disconnected(self) -> None:
        """Continue sampling for the replay, if the mode says so."""
        self._end_streams()

    def answer_read(self, uuid: str) -> bytes:
        """Answer INFO and CONFIG."""
        if uuid == profile.CONFIG:
            return self._config
        if uuid == profile.INFO:
            return encode_info(
                boot_id=self._boot_id,
                ring_capacity_samples=self._ring_samples,
                uptime_us=self._uptime_us(),
                has_checksum=self._has_checksum,
            )
        raise AttRefusal(ATT_UNLIKELY)

    def take_write(self, uuid: str, data: bytes) -> None:
        """Take CONFIG and CONTROL."""
        if uuid == profile.CONFIG:
            self._configure(data)
        elif uuid == profile.CONTROL:
            if not self.is_subscribed(profile.CONTROL):
                raise AttRefusal(ATT_NOT_SUBSCRIBED)
            if len(data) < 2:
                raise AttRefusal(ATT_LENGTH)
            was_live = self._is_live
            status, arguments = self._obey(data[0], data[2:])
            self.notify(Packet(profile.CONTROL, encode_answer(data, status, arguments)))
            if was_live and not self._is_live:  # samples from before the stop follow its answer
                self._send_rest()

    def _configure(self, data: bytes) -> None:
        """Set the nearest available settings; a new rate or range empties the ring."""
        if len(data) != profile.CONFIG_VALUE.size:
            raise AttRefusal(ATT_LENGTH)
        rate_x10, range_g, packet_format, batch, connection, _ = profile.CONFIG_VALUE.unpack(data)
        config = encode_config(
            rate_hz=min(profile.RATES_HZ, key=lambda rate_hz: (abs(rate_hz - rate_x10 / 10), -rate_hz)),
            range_g=next((own for own in RANGES_G if own >= range_g), RANGES_G[-1]),
            batch=min(max(batch, 1), self._most_batch),
            has_checksum=self._has_checksum and packet_format == profile.FORMAT_CHECKSUM,
            saves_power=connection == _LOW_POWER,
        )
        if self.sampler.is_on and config != self._config:
            raise AttRefusal(ATT_APPLICATION)
        if config[:3] != self._config[:3]:
            self._empty_ring()
        self._config = config

    def _obey(self, op: int, arguments: bytes) -> tuple[int, bytes]:
        """Execute a command; returns its status and the data after it."""
        answer = (_STATUS_BAD_LENGTH if op in _OPERATIONS else _STATUS_BAD_OP), b""
        match op, len(arguments):
            case profile.OP_START, 1:
                answer = self._start(arguments[0])
            case profile.OP_STOP, 0:
                answer = self._stop()
            case profile.OP_TIME_SYNC, 8:
                answer = profile.STATUS_OK, struct.pack("<Q", self._uptime_us())
            case profile.OP_REPLAY, 8:
                answer = self._begin_replay(*struct.unpack("<II", arguments))
            case profile.OP_STATUS, 0:
                answer = profile.STATUS_OK, self._state()
            case profile.OP_IDENTIFY, 0:  # nobody sees it blink
                answer = profile.STATUS_OK, b""
            case profile.OP_ERASE, 0:
                answer = self._erase()
            case profile.OP_POWER_OFF, 0:
                answer = self._power_off()
        return answer

    def _start(self, mode: int) -> tuple[int, bytes]:
        """Start sampling unless it runs, and send new samples."""
        if mode not in (profile.MODE_LIVE, profile.MODE_LIVE_AND_RECORD):
            return _STATUS_BAD_PARAMETER, b""
        if self._is_live:
            return profile.STATUS_ALREADY, b""
        if self.on_charger:
            return profile.STATUS_CHARGER, b""
        if not self.is_subscribed(profile.DATA):
            return profile.STATUS_STATE, b""
        rate_x10, _, _, batch, _, _ = profile.CONFIG_VALUE.unpack(self._config)
        first = self.sampler.n_taken()
        if self.sampler.is_on:
            first = self._memory.block_start(first)
        # The index jumps with the first sample, because this answer cannot know the length of the pause.
        first_live = self._memory.index_of(first)
        if not self.sampler.is_on:
            self._memory.begin(rate_x10 / 10, batch, self._boot_s)
        self.sampler.go_live(batch, self._send_live, first)
        self._mode, self._is_live = mode, True
        return profile.STATUS_OK, struct.pack("<BI", batch, first_live)

    def _stop(self) -> tuple[int, bytes]:
        """Stop sampling, and return the present index."""
        if not self.sampler.is_on:
            return profile.STATUS_ALREADY, b""
        self._end()
        return profile.STATUS_OK, struct.pack("<I", self._memory.next_index())

    def _erase(self) -> tuple[int, bytes]:
        """Empty the ring."""
        if self.sampler.is_on:
            return profile.STATUS_STATE, b""
        self._empty_ring()
        return profile.STATUS_OK, b""

    def _power_off(self) -> tuple[int, bytes]:
        """Switch off after the answer has left."""
        self._end()
        self.air.call_at(self.air.now_s() + _POWER_OFF_S, partial(self.air.switch_off, self))
        return profile.STATUS_OK, b""

    def _end(self) -> None:
        """Stop sampling."""
        self._memory.end()
        self._mode, self._is_live = None, False

    def _end_streams(self) -> None:
        """End live stream and replays; sampling continues if the mode says so."""
        self.sampler.pause()
        self._replays.clear()
        self._is_live = False
        if self._mode == profile.MODE_LIVE:
            self._end()

    def _empty_ring(self) -> None:
        """Empty the ring and cancel all replays."""
        self._memory.empty()
        self._replays.clear()

    def _state(self) -> bytes:
        """Build STATUS: state, battery, boot, and content of the ring."""
        does = _IDLE
        if self._mode is not None:
            does = _LIVE_IN_MODE[self._mode] if self._is_live else _RECORDS_ALONE
        if self.on_charger:
            does |= _STATE_CHARGER
        oldest = self._memory.index_of(self._memory.oldest_sample())
        return struct.pack(
            "<BBHIII",
            does,
            self.battery_percent,
            self._boot_id,
            oldest,
            self._memory.next_index(),
            self._replays.n_left,
        )

    def _send_live(self, first: int, n_samples: int) -> None:
        """Send new samples; samples that the radio refuses stay in the memory."""
        self._events.send()
        self.notify(self._packet(first, n_samples, NO_FLAGS))

    def _send_rest(self) -> None:
        """Send the samples from before the end of the live stream; a packet never spans two blocks."""
        first, end = self.sampler.next_live(), self.sampler.n_taken()
        while first < end:
            block_end = min(end, self._memory.block_end(first))
            self._send_live(first, block_end - first)
            first = block_end

    def _begin_replay(self, first_index: int, count: int) -> tuple[int, bytes]:
        """Replay the requested samples that the ring still holds and the live stream does not bring."""
        if not count:
            self._replays.clear()
        if not self.is_subscribed(profile.DATA) or (count and self._replays.is_full):
            return profile.STATUS_STATE, b""
        first = max(self._memory.oldest_sample(), self._memory.sample_at(first_index))
        end = max(first, min(self._closed_end(), self._memory.sample_at(first_index + count)))
        if first == end:
            return profile.STATUS_OK, struct.pack("<II", self._memory.index_of(self._memory.oldest_sample()), 0)
        self._replays.add(first, end)
        self._go_on_replaying()
        comes_from, comes_to = self._memory.index_of(first), self._memory.index_of(end - 1) + 1
        return profile.STATUS_OK, struct.pack("<II", comes_from, comes_to - comes_from)

    def _closed_end(self) -> int:
        """Return the end of the samples available for replay; the live stream brings the later ones."""
        if self._is_live:
            return self.sampler.next_live()
        taken = self.sampler.n_taken()
        return self._memory.block_start(taken) if self.sampler.is_on else taken

    def _go_on_replaying(self) -> None:
        """Schedule the next packets of the replay."""
        if self._replaying is None and self._replays.current is not None:
            self._replaying = self.air.call_at(self.air.now_s() + _REPLAY_EVERY_S, self._replay_some)

    def _replay_some(self) -> None:
        """Send a few packets of the replay; a packet that the radio refuses is tried again."""
        self._replaying = None
        self._events.send()
        for _ in range(_REPLAY_PACKETS_AT_ONCE - self._n_replayed_in_radio()):
            if self._replays.current is None or not self._replay_next(self._replays.current):
                break
        self._go_on_replaying()

    def _replay_next(self, replay: Replay) -> bool:
        """Send the next packet of a range, or report its end; returns whether the radio had room."""
        replay.skip_to(self._memory.oldest_sample())
        if not replay.is_done:
            n_samples = min(replay.end, self._memory.block_end(replay.first)) - replay.first
            flags = PacketFlag.REPLAYED | (PacketFlag.GAP_BEFORE if replay.gap_before else NO_FLAGS)
            if not self.notify(self._packet(replay.first, n_samples, flags)):
                return False
            replay.sent(n_samples)
        if replay.is_done:
            self._replays.drop_current()
            self._tell(_EVENT_REPLAYED, int(replay.was_overtaken), self._memory.index_of(replay.end - 1) + 1)
        return True

    def _n_replayed_in_radio(self) -> int:
        """Return the number of replayed packets that still wait in the radio."""
        waiting = self.air.waiting(self)
        return sum(packet.uuid == profile.DATA and bool(packet.data[1] & _REPLAYED_BIT) for packet in waiting)

    def _packet(self, first: int, n_samples: int, flags: PacketFlag) -> Packet:
        """Build a DATA packet from samples of one block."""
        _, range_g, packet_format, _, _, _ = profile.CONFIG_VALUE.unpack(self._config)
        data = encode_data(
            self.sampler.samples(first, n_samples),
            first_index=self._memory.index_of(first),
            stamp_us=round(self.sampler.stamp_s(first + n_samples - 1, self._boot_s) * 1e6),
            boot_id=self._boot_id,
            range_g=range_g,
            flags=flags | self._memory.flags_of(first, n_samples),
            version=2 if packet_format == profile.FORMAT_CHECKSUM else 1,
        )
        return Packet(profile.DATA, data, first, n_samples)

    def _tell(self, kind: int, argument: int, index: int) -> None:
        """Send an EVENT as soon as the central has subscribed."""
        self._events.add(encode_event(kind, argument, boot_id=self._boot_id, number=index, stamp_us=self._uptime_us()))

    def _uptime_us(self) -> int:
        """Microseconds since boot, by the clock that stamps its samples."""
        return round((self.air.now_s() - self._boot_s) * (1.0 + self._crystal.stamp_error) * 1e6)
