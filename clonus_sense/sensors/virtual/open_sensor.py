"""A virtual sensor with the open profile: keeps sampling while the link is lost, and sends again what it still has."""

from __future__ import annotations

import random
import struct

import numpy as np

from clonus_sense.sensors import open_profile as profile
from clonus_sense.sensors.virtual.air import Air
from clonus_sense.sensors.virtual.peripheral import (
    ATT_APPLICATION,
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
# Bit 0 of the capabilities: memory for replay.
_CAPABILITIES = 0b1
_RATES = 0b1111
_RANGES = 0b1111
_FORMATS = 0b1
_REPLAYED = 0x01
_MARKER = 0x20
_EVENT_MARKER = 2
_STATUS_BAD_OP, _STATUS_BAD_LENGTH = 1, 4


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
    """

    def __init__(
        self, label: Label, movement: Movement, crystal: Crystal = Crystal(), ring_samples: int = RING_SAMPLES  # noqa: B008
    ) -> None:
        super().__init__(label, _SERVICES, (profile.SERVICE,))
        self._movement = movement
        self._crystal = crystal
        self._ring_samples = ring_samples
        self._boots = random.Random(label.serial)  # noqa: S311 - the same ids in every run
        self._boot_id = 0
        self._boot_s = 0.0
        self._boot_sample = 0
        self._config = (520, 8, 0, 26, 0, 0)
        self._replay_first = self._replay_end = 0
        self._marker_pressed = False

    def enter(self, air: Air) -> None:
        """Begin to exist."""
        self.sampler = Sampler(air, self._movement, self._crystal)
        super().enter(air)

    def press_button(self) -> None:
        """Press its button: the person felt something."""
        self._marker_pressed = True
        stamp_us = round((self.air.now_s() - self._boot_s) * 1e6)
        value = profile.EVENT_VALUE.pack(_EVENT_MARKER, 0, self._boot_id, 0, stamp_us)
        self.notify(Packet(profile.EVENT, value))

    def booted(self) -> None:
        """Start from nothing: another boot id, counter and clock at zero, memory empty."""
        self.sampler.end()
        self._boot_id = self._boots.randrange(1 << 16)
        self._boot_s = self.air.now_s()
        self._boot_sample = self.sampler.n_taken()

    def disconnected(self) -> None:
        """Keep sampling for the replay."""
        self.sampler.pause()
        self._replay_end = self._replay_first

    def answer_read(self, uuid: str) -> bytes:
        """Answer INFO and CONFIG."""
        if uuid == profile.CONFIG:
            return profile.CONFIG_VALUE.pack(*self._config)
        if uuid == profile.INFO:
            uptime_us = round((self.air.now_s() - self._boot_s) * 1e6)
            capacity = self._ring_samples
            return profile.INFO_VALUE.pack(
                1, 0, self._boot_id, _CAPABILITIES, _RATES, _RANGES, _FORMATS, capacity, uptime_us
            )
        raise AttRefusal(ATT_UNLIKELY)

    def take_write(self, uuid: str, data: bytes) -> None:
        """Take CONFIG and CONTROL."""
        if uuid == profile.CONFIG:
            config = profile.CONFIG_VALUE.unpack(data)
            if self.sampler.is_on and config != self._config:
                raise AttRefusal(ATT_APPLICATION)
            self._config = config
        elif uuid == profile.CONTROL and len(data) >= 2:
            answer = self._obey(data[0], data[2:])
            self.notify(Packet(profile.CONTROL, bytes([profile.ANSWER, data[0], data[1]]) + answer))

    def _obey(self, op: int, arguments: bytes) -> bytes:
        """Execute a command; gives status and what follows it."""
        match op:
            case profile.OP_START:
                was_on = self.sampler.is_on
                self.sampler.begin(self._config[0] / 10)
                self.sampler.go_live(self._config[3], self._send_live)
                return bytes([profile.STATUS_ALREADY if was_on else profile.STATUS_OK])
            case profile.OP_STOP:
                self.sampler.end()
                return bytes([profile.STATUS_OK])
            case profile.OP_STATUS:
                return bytes([profile.STATUS_OK, int(self.sampler.is_on), round(self.battery_percent)])
            case profile.OP_REPLAY if len(arguments) == 8:
                return self._begin_replay(*struct.unpack("<II", arguments))
            case profile.OP_REPLAY:
                return bytes([_STATUS_BAD_LENGTH])
        return bytes([_STATUS_BAD_OP])

    def _send_live(self, first: int, n_samples: int) -> None:
        """Send new samples; what the radio does not take stays in the memory."""
        self.notify(self._packet(first, n_samples, 0))

    def _begin_replay(self, first_index: int, count: int) -> bytes:
        """Send again what is still there of the samples asked for."""
        taken = self.sampler.n_taken()
        oldest = max(self._boot_sample, taken - self._ring_samples)
        first = max(oldest, self._boot_sample + first_index)
        end = max(first, min(taken, self._boot_sample + first_index + count))
        idle = self._replay_first >= self._replay_end
        self._replay_first, self._replay_end = first, end
        if idle and end > first:
            self.air.call_at(self.air.now_s() + _REPLAY_EVERY_S, self._replay_some)
        return bytes([profile.STATUS_OK]) + struct.pack("<II", first - self._boot_sample, end - first)

    def _replay_some(self) -> None:
        """Send a few packets of the memory; one that the radio does not take is tried again."""
        batch = self._config[3]
        for _ in range(_REPLAY_PACKETS_AT_ONCE):
            n_samples = min(batch, self._replay_end - self._replay_first)
            if n_samples <= 0:
                return
            if not self.notify(self._packet(self._replay_first, n_samples, _REPLAYED)):
                break
            self._replay_first += n_samples
        if self._replay_first < self._replay_end:
            self.air.call_at(self.air.now_s() + _REPLAY_EVERY_S, self._replay_some)

    def _packet(self, first: int, n_samples: int, flags: int) -> Packet:
        """Put samples into a DATA packet."""
        range_g = self._config[1]
        if self._marker_pressed:
            self._marker_pressed, flags = False, flags | _MARKER
        raw = np.rint(self.sampler.samples(first, n_samples) * (32768 / range_g))
        stamp_us = round(self.sampler.stamp_s(first + n_samples - 1, self._boot_s) * 1e6)
        index = (first - self._boot_sample) % (1 << 32)
        head = profile.DATA_HEAD.pack(
            profile.VERSION_AND_TYPE, flags, self._boot_id, index, stamp_us, n_samples, range_g
        )
        data = head + np.clip(raw, -32768, 32767).astype("<i2").tobytes()
        return Packet(profile.DATA, data, first, n_samples)
