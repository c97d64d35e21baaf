"""The true rate of a sensor, measured over a few seconds of arrivals, against its set rate."""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from itertools import pairwise

import numpy as np

from clonus_sense.sensors.clock.host_map import MOST_RATE_ERROR_RATIO, slope_of_arrivals
from clonus_sense.sensors.clock.numbering import signed_difference
from clonus_sense.sensors.packet import SensorPacket, StampedSample, StreamFormat

MOST_HELD_S = 5.0
"""Longest time that the packets of a new connection are held back until their rate is known."""
# Stamps give the exact rate; this long shows whether they advance as fast as the arrivals.
_STAMPS_TELL_S = 1.0
_ARRIVAL_SCATTER_S = 0.3
# Both halves of the arrivals must give one rate: a burst at the start of a connection looks like a fast sensor.
_HALVES_AGREE_RATIO = 0.04
_FEWEST_POINTS = 8
# A measured rate this close to a whole multiple of the set rate is that multiple.
_MULTIPLE_RATIO = 0.03
# Doubled packets: twice as many as expected, and nearly half of them equal to the one before.
_DOUBLED_RATIO = 1.5
_REPEATED_RATIO = 0.4
_DOUBLED_WINDOW_S = 2.0


class RateHold:
    """Holds the first packets of a connection back until the rate of the sensor is known.

    Parameters
    ----------
    stream
        The format as set.
    known_hz
        Rate of the connection before; a similar rate counts as the same.

    Attributes
    ----------
    packets
        The held packets, in the order of arrival.
        What is held back, in the order of arrival.

    Examples
    --------
    >>> hold = RateHold(StreamFormat(fs_hz=50.0, range_g=16.0), known_hz=None)
    >>> for number in range(501):
    ...     hold.add(SensorPacket(np.full((1, 3), 0.001 * number), arrival_s=7.0 + number / 100))
    >>> hold.is_known, hold.judge().fs_hz
    (True, 100.0)
    """

    def __init__(self, stream: StreamFormat, known_hz: float | None) -> None:
        self._stream = stream
        self._known_hz = known_hz
        self._half_stamp = 1 << (stream.stamp_bits - 1)
        self._half_index = 1 << ((stream.index_bits or 64) - 1)
        self.packets: list[SensorPacket] = []

    def add(self, packet: SensorPacket) -> None:
        """Take a packet."""
        self.packets.append(packet)

    def is_over(self, now_s: float) -> bool:
        """Whether the first packet has waited long enough."""
        return bool(self.packets) and now_s - self.packets[0].arrival_s >= MOST_HELD_S

    @property
    def is_known(self) -> bool:
        """Whether the packets determine the rate."""
        span_s = self.packets[-1].arrival_s - self.packets[0].arrival_s if self.packets else 0.0
        if span_s >= MOST_HELD_S:
            return True
        if self._stream.tick_s is None or span_s < _STAMPS_TELL_S:
            return False
        return self._is_near(self._rate_by_stamps_hz(), self._expected_hz) and self._stamps_fit(span_s)

    @property
    def comes_twice(self) -> bool:
        """Whether the sensor, without stamps and count, sends each packet twice."""
        if self._stream.tick_s is not None or self._stream.index_bits is not None or len(self.packets) < _FEWEST_POINTS:
            return False
        equal = [np.array_equal(before.accel_g, packet.accel_g) for before, packet in pairwise(self.packets)]
        ratio = self._rate_by_arrivals_hz() / self._stream.fs_hz
        return ratio >= _DOUBLED_RATIO and sum(equal) >= _REPEATED_RATIO * len(equal)

    def judge(self) -> StreamFormat:
        """Determine the stream's format.

        Returns
        -------
        StreamFormat
            As set, or with the true rate.
        """
        if self.comes_twice:
            return self._stream
        stamped = self._stream.tick_s is not None and self._stamps_fit(0.0)
        rate_hz = self._rate_by_stamps_hz() if stamped else self._rate_by_arrivals_hz()
        for known_hz in (self._stream.fs_hz, self._known_hz or self._stream.fs_hz):
            if self._is_near(rate_hz, known_hz):
                return replace(self._stream, fs_hz=known_hz)
        multiple = max(1, round(rate_hz / self._stream.fs_hz)) * self._stream.fs_hz
        rate_hz = multiple if abs(rate_hz / multiple - 1) <= _MULTIPLE_RATIO else round(rate_hz, 1)
        return replace(self._stream, fs_hz=rate_hz)

    @property
    def _expected_hz(self) -> float:
        """The rate of the connection before, otherwise the set rate."""
        return self._known_hz or self._stream.fs_hz

    @staticmethod
    def _is_near(rate_hz: float, other_hz: float) -> bool:
        """Whether two rates are equal within the error of an oscillator."""
        return abs(rate_hz / other_hz - 1) <= MOST_RATE_ERROR_RATIO

    def _stamps_fit(self, least_s: float) -> bool:
        """Whether the stamps of the first and last packet span the same time as their arrivals."""
        first, last = self.packets[0], self.packets[-1]
        if first.stamp_ticks is None or last.stamp_ticks is None:
            return False
        span_s = last.arrival_s - first.arrival_s
        stamped_s = self._stamp_step_s(first, last)
        off_s = abs(stamped_s - span_s)
        return span_s >= least_s and off_s <= _ARRIVAL_SCATTER_S + MOST_RATE_ERROR_RATIO * span_s

    def _stamp_step_s(self, before: SensorPacket, packet: SensorPacket) -> float:
        """Time between two packets by their stamps."""
        ticks = signed_difference((packet.stamp_ticks or 0) - (before.stamp_ticks or 0), self._half_stamp)
        return ticks * (self._stream.tick_s or 0.0)

    def _rate_by_stamps_hz(self) -> float:
        """Median rate between consecutive packets; losses and damage are outliers."""
        stamps_first = self._stream.stamped_sample is StampedSample.FIRST
        rates_hz = []
        for before, packet in pairwise(self.packets):
            step_s = self._stamp_step_s(before, packet)
            n_samples = len(before.accel_g if stamps_first else packet.accel_g)
            if step_s > 0 and packet.boot_id == before.boot_id:
                rates_hz.append(n_samples / step_s)
        return float(np.median(rates_hz)) if rates_hz else self._stream.fs_hz

    def _rate_by_arrivals_hz(self) -> float:
        """Rate of the earliest arrivals; the set rate if the arrivals contradict each other."""
        points = self._counted()
        half = len(points) // 2
        if half < _FEWEST_POINTS:
            return self._stream.fs_hz
        slope, first, second = (slope_of_arrivals(part) for part in (points, points[:half], points[half:]))
        if slope <= 0 or abs(first - second) > 2 * _HALVES_AGREE_RATIO * slope:
            return self._stream.fs_hz
        return self._stream.fs_hz / slope

    def _counted(self) -> list[tuple[float, float]]:
        """For each packet, return the time of its last sample at the nominal rate, and the packet's arrival time."""
        points, position = [], 0
        start = self.packets[0].first_index if self.packets else None
        for packet in self.packets:
            if packet.first_index is not None and start is not None:
                position = signed_difference(packet.first_index - start, self._half_index)
            position += len(packet.accel_g)
            points.append((position / self._stream.fs_hz, packet.arrival_s))
        return points


class RepeatedPackets:
    """Drops repeated packets while packets come at a multiple of the sensor's rate.

    It serves sensors without stamp or count; for the others, the numbers identify repeats.  A sensor that hangs sends
    equal samples at its own rate: those are data.

    Parameters
    ----------
    stream
        The format of the stream.
    comes_twice
        Whether the packets of this connection are known to come twice.

    Attributes
    ----------
    n_left_out
        Packets dropped so far.
    """

    def __init__(self, stream: StreamFormat, *, comes_twice: bool) -> None:
        self._is_blind = stream.tick_s is None and stream.index_bits is None
        self._fs_hz = stream.fs_hz
        self._comes_twice = comes_twice
        self._began_s: float | None = None
        self._recent: deque[tuple[float, int, bool]] = deque()
        self._before: SensorPacket | None = None
        self._n_skipped = 0
        self.n_left_out = 0

    def is_repeat(self, packet: SensorPacket) -> bool:
        """Tell whether to drop a packet as a repeat."""
        if not self._is_blind:
            return False
        before, self._before = self._before, packet
        is_equal = before is not None and np.array_equal(before.accel_g, packet.accel_g)
        multiple = self._multiple(packet, is_equal=is_equal)
        if is_equal and self._n_skipped < multiple - 1:
            self._n_skipped += 1
            self.n_left_out += 1
            return True
        self._n_skipped = 0
        return False

    def _multiple(self, packet: SensorPacket, *, is_equal: bool) -> int:
        """How often each packet comes, by the last two seconds."""
        if self._began_s is None:
            self._began_s = packet.arrival_s
        recent = self._recent
        recent.append((packet.arrival_s, len(packet.accel_g), is_equal))
        while packet.arrival_s - recent[0][0] > _DOUBLED_WINDOW_S:
            recent.popleft()
        if packet.arrival_s - self._began_s < _DOUBLED_WINDOW_S:
            return 2 if self._comes_twice else 1
        ratio = sum(n_samples for _, n_samples, _ in recent) / (_DOUBLED_WINDOW_S * self._fs_hz)
        n_equal = sum(equal for _, _, equal in recent)
        if ratio < _DOUBLED_RATIO or n_equal < _REPEATED_RATIO * len(recent):
            return 1
        return round(ratio)
