"""Sensors whose truth is known: packets as they would arrive, and the true time of every sample."""

from dataclasses import dataclass, field, replace

import numpy as np

from clonus_sense.sensors.clock import SensorClock
from clonus_sense.sensors.packet import NO_FLAGS, SensorPacket, StampedSample, StreamFormat

# A sample carries its own number: two axes of ten thousand steps of 0.1 mg each.
BASE = 10_000


def numbered_accel(numbers):
    """Samples that say which they are."""
    return np.column_stack([numbers % BASE, numbers // BASE, 0 * numbers]) / BASE


def numbers_of(accel_g):
    """Which samples they are."""
    digits = np.rint(accel_g * BASE).astype(int)
    return digits[:, 0] + BASE * digits[:, 1]


@dataclass(frozen=True)
class Radio:
    """How late packets come: a little always, by up to ``jitter_s`` more, and in bursts by seconds."""

    base_s: float = 0.004
    jitter_s: float = 0.1
    bursts_per_hour: float = 12.0
    longest_burst_s: float = 4.0

    def arrivals_s(self, ready_s, rng):
        """Arrival of each packet; their order is kept."""
        late_s = self.base_s + rng.uniform(0.0, self.jitter_s, len(ready_s))
        arrivals_s = ready_s + late_s
        n_bursts = rng.poisson(self.bursts_per_hour * (ready_s[-1] - ready_s[0]) / 3600)
        # The first ten seconds are spared: nobody could tell their time.
        for start_s in rng.uniform(ready_s[0] + 10, max(ready_s[-1], ready_s[0] + 11), n_bursts):
            end_s = start_s + rng.uniform(0.2, self.longest_burst_s)
            held = (ready_s >= start_s) & (ready_s < end_s)
            arrivals_s[held] = end_s + 0.002 * np.arange(np.count_nonzero(held))
        return np.maximum.accumulate(arrivals_s)


@dataclass(frozen=True)
class Sensor:
    """A sensor that samples at a rate of its own and stamps by a clock of its own."""

    stream: StreamFormat
    packet_samples: int
    rate_error: float = 0.0
    clock_ppm: float = 0.0
    first_ticks: int = 0
    first_index: int = 0
    stamp_noise_s: float = 0.0
    boot_id: int | None = None
    radio: Radio = field(default_factory=Radio)

    @property
    def period_s(self):
        return 1 / (self.stream.fs_hz * (1 + self.rate_error))

    def sample_times_s(self, n_samples, start_s):
        """True time of each sample, in the host's time."""
        return start_s + self.period_s * np.arange(n_samples)

    def packets(self, duration_s, *, start_s=100.0, seed=0, first_number=0, lost=()):
        """All packets but the lost ones, in the order of arrival.

        ``lost`` holds numbers of packets.
        """
        rng = np.random.default_rng(seed)
        n_packets = int(duration_s / self.period_s) // self.packet_samples
        n = self.packet_samples
        times_s = self.sample_times_s(n_packets * n, start_s)
        arrivals_s = self.radio.arrivals_s(times_s[n - 1 :: n], rng)
        device_s = (times_s - start_s) * (1 + self.clock_ppm * 1e-6)
        stamped = device_s[::n] if self.stream.stamped_sample is StampedSample.FIRST else device_s[n - 1 :: n]
        stamped = stamped + rng.uniform(-1, 1, n_packets) * self.stamp_noise_s
        accel_g = numbered_accel(first_number + np.arange(n_packets * n)).reshape(n_packets, n, 3)
        lost = set(lost)
        return [self._packet(i, accel_g[i], arrivals_s[i], stamped[i]) for i in range(n_packets) if i not in lost]

    def _packet(self, i, accel_g, arrival_s, stamped_s):
        stream = self.stream
        ticks = index = None
        if stream.tick_s is not None:
            ticks = (self.first_ticks + round(stamped_s / stream.tick_s)) % (1 << stream.stamp_bits)
        if stream.index_bits is not None:
            index = (self.first_index + i * self.packet_samples) % (1 << stream.index_bits)
        return SensorPacket(accel_g, float(arrival_s), ticks, index, self.boot_id, NO_FLAGS)

    def but(self, **changes):
        return replace(self, **changes)


OPEN = Sensor(
    StreamFormat(fs_hz=52.0, range_g=8.0, tick_s=1e-6, stamp_bits=64, index_bits=32), packet_samples=26, boot_id=7
)
POLAR = Sensor(StreamFormat(fs_hz=52.0, range_g=8.0, tick_s=1e-9, stamp_bits=64), packet_samples=57)
MOVESENSE = Sensor(
    StreamFormat(fs_hz=104.0, range_g=8.0, tick_s=1e-3, stamp_bits=32, stamped_sample=StampedSample.FIRST),
    packet_samples=8,
    stamp_noise_s=1e-3,
)
META_TICK = Sensor(StreamFormat(fs_hz=50.0, range_g=8.0, tick_s=48 / 32768, stamp_bits=32), packet_samples=1)
META_COUNT = Sensor(StreamFormat(fs_hz=50.0, range_g=8.0, index_bits=32), packet_samples=1)
META_PACKED = Sensor(StreamFormat(fs_hz=50.0, range_g=8.0), packet_samples=3)
WITMOTION = Sensor(StreamFormat(fs_hz=50.0, range_g=16.0), packet_samples=1)

STAMPED = {"open": OPEN, "polar": POLAR, "movesense": MOVESENSE, "tick": META_TICK}
COUNTED = {"count": META_COUNT}
ARRIVALS_ONLY = {"packed": META_PACKED, "witmotion": WITMOTION}
ALL = STAMPED | COUNTED | ARRIVALS_ONLY


@dataclass
class Result:
    """All that a clock gave out."""

    batches: list = field(default_factory=list)
    gaps: list = field(default_factory=list)
    backfill: list = field(default_factory=list)

    def add(self, clocked):
        self.batches += clocked.batches
        self.gaps += clocked.gaps
        self.backfill += clocked.backfill

    @property
    def times_s(self):
        return np.concatenate([batch.times_s for batch in self.batches])

    @property
    def accel_g(self):
        return np.concatenate([batch.batch.accel_g for batch in self.batches])

    @property
    def numbers(self):
        return numbers_of(self.accel_g)

    @property
    def inner_gaps(self):
        """Gaps but the one before the first sample."""
        return [gap for gap in self.gaps if gap.gap.start_s > 0]


def run_clock(stream, packets, *, origin_s=100.0, step_g=None):
    """Push all packets and finish."""
    clock = SensorClock(stream, origin_s=origin_s, step_g=step_g)
    result = Result()
    for packet in packets:
        result.add(clock.push(packet))
    result.add(clock.finish())
    return result
