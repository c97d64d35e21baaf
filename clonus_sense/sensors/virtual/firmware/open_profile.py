"""A virtual sensor with the open profile: keeps sampling while the link is lost, and sends again what it still has."""

from __future__ import annotations

import random
import struct

from clonus_sense.sensors import open_profile as profile
from clonus_sense.sensors.open_packet import RANGES_G
from clonus_sense.sensors.packet import NO_FLAGS, PacketFlag
from clonus_sense.sensors.virtual.air import Air
from clonus_sense.sensors.virtual.encoding.open_profile import (
    encode_answer,
    encode_config,
    encode_data,
    encode_event,
    encode_info,
)
from clonus_sense.sensors.virtual.firmware.plain import PERFECT
from clonus_sense.sensors.virtual.firmware.replays import Replays
from clonus_sense.sensors.virtual.firmware.running_index import RunningIndex
from clonus_sense.sensors.virtual.peripheral import (
    ATT_APPLICATION,
    ATT_LENGTH,
    ATT_UNLIKELY,
    AttRefusal,
    Characteristic,
    Label,
    Packet,
    Peripheral,
    Service,
)
from clonus_sense.sensors.virtual.sampling import Crystal, Movement, Sampler

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
# 128 kB of memory of an nRF52840: seven minutes at 52 Hz.
RING_SAMPLES = 21_800
# The live stream goes first: what is sent again takes its turn a few packets at a time.
_REPLAY_PACKETS_AT_ONCE = 4
_REPLAY_EVERY_S = 0.05
_EVENT_MARKER, _EVENT_CHARGER, _EVENT_STOPPED, _EVENT_REPLAYED = 2, 5, 6, 7
_STATUS_BAD_OP, _STATUS_BAD_LENGTH, _STATUS_BAD_PARAMETER = 1, 4, 5
_OPERATIONS = (profile.OP_START, profile.OP_STOP, profile.OP_TIME_SYNC, profile.OP_REPLAY, profile.OP_STATUS)
_IDLE, _RECORDS_ALONE = 0, 3
_LIVE_IN_MODE = {profile.MODE_LIVE: 1, profile.MODE_LIVE_AND_RECORD: 2}
# What a block of the reference firmware holds; it fits the MTU of 247 of every virtual radio uncut.
_MOST_BATCH = 26


class OpenSensor(Peripheral):
    """A sensor with the open profile.

    Parameters
    ----------
    label
        What is printed on it.
    movement
        What it feels.
    crystal
        How wrong its clocks are.
    ring_samples
        How many samples it keeps for a replay.

    Attributes
    ----------
    on_charger
        Whether it charges, and therefore does not sample.
    """

    def __init__(
        self,
        label: Label,
        movement: Movement,
        crystal: Crystal = PERFECT,
        ring_samples: int = RING_SAMPLES,
    ) -> None:
        super().__init__(label, _SERVICES, (profile.SERVICE,))
        self._movement = movement
        self._crystal = crystal
        self._ring_samples = ring_samples
        self._boots = random.Random(label.serial)
        self._boot_id = 0
        self._boot_s = 0.0
        self._index = RunningIndex()
        self._config = encode_config(rate_hz=52.0, range_g=8, batch=_MOST_BATCH)
        self._kept_from = 0  # the ring holds nothing from before this sample
        self._mode: int | None = None  # of the last START, while it samples
        self._is_live = False
        self._replays = Replays()
        self._marker_pressed = False
        self.on_charger = False

    def enter(self, air: Air) -> None:
        """Begin to exist."""
        self.sampler = Sampler(air, self._movement, self._crystal)
        super().enter(air)

    def press_button(self) -> None:
        """Press its button: the person felt something."""
        self._marker_pressed = True
        self._send_event(_EVENT_MARKER, 0, self._next_index())

    def charge(self, *, on: bool) -> None:
        """Put it on its charger, where it stops by itself, or take it off; START is for the central."""
        self.on_charger = on
        self._send_event(_EVENT_CHARGER, int(on), self._next_index())
        if on and self.sampler.is_on:
            rest = self.sampler.rest()
            self._end()
            self._send_event(_EVENT_STOPPED, profile.STATUS_CHARGER, self._next_index())
            self._send_live(*rest)

    def booted(self) -> None:
        """Start from nothing: another boot id, counter and clock at zero, memory empty."""
        self.sampler.end()
        self._boot_id = self._boots.randrange(1 << 16)
        self._boot_s = self.air.now_s()
        self._kept_from = self.sampler.n_taken()
        self._index.restart(self._kept_from)
        self._mode, self._is_live = None, False

    def disconnected(self) -> None:
        """Keep sampling for the replay, where that was asked for."""
        self.sampler.pause()
        self._replays.clear()
        self._is_live = False
        if self._mode == profile.MODE_LIVE:
            self._end()

    def answer_read(self, uuid: str) -> bytes:
        """Answer INFO and CONFIG."""
        if uuid == profile.CONFIG:
            return self._config
        if uuid == profile.INFO:
            return encode_info(
                boot_id=self._boot_id, ring_capacity_samples=self._ring_samples, uptime_us=self._uptime_us()
            )
        raise AttRefusal(ATT_UNLIKELY)

    def take_write(self, uuid: str, data: bytes) -> None:
        """Take CONFIG and CONTROL."""
        if uuid == profile.CONFIG:
            self._configure(data)
        elif uuid == profile.CONTROL:
            if len(data) < 2:
                raise AttRefusal(ATT_LENGTH)
            rest = self.sampler.rest()
            was_live = self._is_live
            status, arguments = self._obey(data[0], data[2:])
            self.notify(Packet(profile.CONTROL, encode_answer(data, status, arguments)))
            if was_live and not self._is_live:  # what was sampled before the stop follows its answer
                self._send_live(*rest)

    def _configure(self, data: bytes) -> None:
        """Take the nearest of what is wanted; a new rate or range empties the ring."""
        if len(data) != profile.CONFIG_VALUE.size:
            raise AttRefusal(ATT_LENGTH)
        rate_x10, range_g, _, batch, _, _ = profile.CONFIG_VALUE.unpack(data)
        config = encode_config(
            rate_hz=min(profile.RATES_HZ, key=lambda rate_hz: (abs(rate_hz - rate_x10 / 10), -rate_hz)),
            range_g=next((own for own in RANGES_G if own >= range_g), RANGES_G[-1]),
            batch=min(max(batch, 1), _MOST_BATCH),
        )
        if self.sampler.is_on and config != self._config:
            raise AttRefusal(ATT_APPLICATION)
        if config[:3] != self._config[:3]:
            self._kept_from = self.sampler.n_taken()
            self._replays.clear()
        self._config = config

    def _obey(self, op: int, arguments: bytes) -> tuple[int, bytes]:
        """Execute a command; gives status and what follows it."""
        match op, len(arguments):
            case profile.OP_START, 1:
                return self._start(arguments[0])
            case profile.OP_STOP, 0:
                return self._stop()
            case profile.OP_TIME_SYNC, 8:
                return profile.STATUS_OK, struct.pack("<Q", self._uptime_us())
            case profile.OP_STATUS, 0:
                return profile.STATUS_OK, self._state()
            case profile.OP_REPLAY, 8:
                return self._begin_replay(*struct.unpack("<II", arguments))
        return (_STATUS_BAD_LENGTH if op in _OPERATIONS else _STATUS_BAD_OP), b""

    def _start(self, mode: int) -> tuple[int, bytes]:
        """Sample, where it does not yet, and send what is new."""
        if mode not in (profile.MODE_LIVE, profile.MODE_LIVE_AND_RECORD):
            return _STATUS_BAD_PARAMETER, b""
        if self._is_live:
            return profile.STATUS_ALREADY, b""
        if self.on_charger:
            return profile.STATUS_CHARGER, b""
        if profile.DATA not in self._subscribed:
            return profile.STATUS_STATE, b""
        rate_x10, _, _, batch, _, _ = profile.CONFIG_VALUE.unpack(self._config)
        # The index jumps with the first sample: this answer cannot know yet how long the pause was.
        first_live = self._next_index()
        if not self.sampler.is_on:
            self._resume(rate_x10 / 10)
        self.sampler.go_live(batch, self._send_live)
        self._mode, self._is_live = mode, True
        return profile.STATUS_OK, struct.pack("<BI", _MOST_BATCH, first_live)

    def _resume(self, rate_hz: float) -> None:
        """Begin to sample; behind a pause the index goes on as the reference's does, by one at least."""
        first = self.sampler.n_taken()
        self.sampler.begin(rate_hz)
        if self._index.of(first):
            pause_s = self.sampler.stamp_s(first, self._boot_s) - self.sampler.stamp_s(first - 1, self._boot_s)
            self._index.resume(first, max(1, round(pause_s * rate_hz) - 1))

    def _stop(self) -> tuple[int, bytes]:
        """Sample no more, and say where the count stands."""
        if not self.sampler.is_on:
            return profile.STATUS_ALREADY, b""
        self._end()
        return profile.STATUS_OK, struct.pack("<I", self._next_index())

    def _end(self) -> None:
        """Sample no more."""
        self.sampler.end()
        self._mode, self._is_live = None, False

    def _state(self) -> bytes:
        """Put into STATUS what is so: what it does, its battery, its boot, and what the ring holds."""
        does = _IDLE
        if self._mode is not None:
            does = _LIVE_IN_MODE[self._mode] if self._is_live else _RECORDS_ALONE
        oldest = self._index.of(self._oldest_sample())
        return struct.pack(
            "<BBHIII", does, self.battery_percent, self._boot_id, oldest, self._next_index(), self._replays.n_left
        )

    def _next_index(self) -> int:
        """Give the running index of the sample that it takes next."""
        return self._index.of(self.sampler.n_taken())

    def _oldest_sample(self) -> int:
        """Give the number of the oldest sample that the ring still holds."""
        return max(self._kept_from, self.sampler.n_taken() - self._ring_samples)

    def _send_live(self, first: int, n_samples: int) -> None:
        """Send new samples; what the radio does not take stays in the memory."""
        if n_samples:
            self.notify(self._packet(first, n_samples, NO_FLAGS))

    def _begin_replay(self, first_index: int, count: int) -> tuple[int, bytes]:
        """Send again what is still there of the samples asked for."""
        if profile.DATA not in self._subscribed:
            return profile.STATUS_STATE, b""
        if not count:
            self._replays.clear()
        first = max(self._oldest_sample(), self._index.sample_at(first_index))
        end = max(first, min(self.sampler.n_taken(), self._index.sample_at(first_index + count)))
        if first == end:
            return profile.STATUS_OK, struct.pack("<II", self._index.of(self._oldest_sample()), 0)
        if self._replays.is_full:
            return profile.STATUS_STATE, b""
        if self._replays.current is None:
            self.air.call_at(self.air.now_s() + _REPLAY_EVERY_S, self._replay_some)
        self._replays.add(first, end)
        comes_from, comes_to = self._index.of(first), self._index.of(end - 1) + 1
        return profile.STATUS_OK, struct.pack("<II", comes_from, comes_to - comes_from)

    def _replay_some(self) -> None:
        """Send a few packets of the memory; one that the radio does not take is tried again."""
        batch = profile.CONFIG_VALUE.unpack(self._config)[3]
        for _ in range(_REPLAY_PACKETS_AT_ONCE):
            if self._replays.current is None:
                return
            first, end = self._replays.current
            n_samples = min(batch, end - first, (self._index.run_end(first) or end) - first)
            if not self.notify(self._packet(first, n_samples, PacketFlag.REPLAYED)):
                break
            if self._replays.sent(n_samples):
                self._send_event(_EVENT_REPLAYED, 0, self._index.of(end - 1) + 1)
        if self._replays.current is not None:
            self.air.call_at(self.air.now_s() + _REPLAY_EVERY_S, self._replay_some)

    def _packet(self, first: int, n_samples: int, flags: PacketFlag) -> Packet:
        """Put samples into a DATA packet."""
        if self._marker_pressed:
            self._marker_pressed, flags = False, flags | PacketFlag.MARKER
        if self._index.follows_pause(first):
            flags |= PacketFlag.GAP_BEFORE
        data = encode_data(
            self.sampler.samples(first, n_samples),
            first_index=self._index.of(first),
            stamp_us=round(self.sampler.stamp_s(first + n_samples - 1, self._boot_s) * 1e6),
            boot_id=self._boot_id,
            range_g=profile.CONFIG_VALUE.unpack(self._config)[1],
            flags=flags,
        )
        return Packet(profile.DATA, data, first, n_samples)

    def _send_event(self, kind: int, argument: int, index: int) -> None:
        """Send an EVENT."""
        data = encode_event(kind, argument, boot_id=self._boot_id, number=index, stamp_us=self._uptime_us())
        self.notify(Packet(profile.EVENT, data))

    def _uptime_us(self) -> int:
        """Microseconds since it booted."""
        return round((self.air.now_s() - self._boot_s) * 1e6)
