"""One bit of one packet is wrong: it may cost the samples of that packet, and nothing else."""

import copy
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

import numpy as np

from clonus_sense.sensors import StreamRequest, metamotion, movesense, open_profile, polar, witmotion
from clonus_sense.sensors.clock import Clocked, SensorClock
from clonus_sense.sensors.family import SensorDriver
from clonus_sense.sensors.metamotion import MetaMotionDriver, MetaMotionMode
from clonus_sense.sensors.packet import SensorPacket, StampedSample, StreamFormat
from clonus_sense.sensors.virtual import open_encoding as open_bytes
from tests.validation.trials.trial import Outcome, Trial
from tests.virtual.encoding import metamotion as metamotion_bytes
from tests.virtual.encoding import movesense as movesense_bytes
from tests.virtual.encoding import polar as polar_bytes
from tests.virtual.encoding import witmotion as witmotion_bytes

# The packet that is damaged comes when rate and offset are known, and enough comes behind it to show what it did.
SECONDS, DAMAGED_AT_S = 70.0, 60.0
FIRST_ARRIVAL_S = 100.0
# Times of a sensor without stamps are known to a tenth of a second, those of the others better.
TOLERANCE_S = {True: 0.03, False: 0.12}
BASE = 1000


@dataclass(frozen=True)
class Line:
    """How one kind of sensor sends.

    ``encode`` makes the notifications of samples from the number of the first one and its time in seconds.
    """

    stream: StreamFormat
    n_in_packet: int
    step_g: float
    characteristic: str
    make_driver: Callable[[], SensorDriver]
    encode: Callable[[np.ndarray, int, float], list[bytes]]


def encode_open(accel_g: np.ndarray, first: int, last_s: float, *, version: int = 1) -> list[bytes]:
    """Write a DATA packet of the open profile."""
    stamp_us = round(last_s * 1e6)
    return [open_bytes.encode_data(accel_g, first_index=first, stamp_us=stamp_us, boot_id=4711, version=version)]


def encode_movesense(accel_g: np.ndarray, _first: int, last_s: float, *, fs_hz: float) -> list[bytes]:
    """Write a payload of Movesense, in one notification or two."""
    return movesense_bytes.encode_data(accel_g, stamp_ms=round(1000 * (last_s - (len(accel_g) - 1) / fs_hz)))


def encode_polar(accel_g: np.ndarray, _first: int, last_s: float, *, kind: int) -> list[bytes]:
    """Write a frame of a Polar sensor."""
    return [polar_bytes.encode_frame(accel_g, stamp_ns=600_000_000_000 + round(last_s * 1e9), kind=kind)]


def encode_accounted(accel_g: np.ndarray, first: int, last_s: float, *, tick_s: float | None) -> list[bytes]:
    """One sample of a MetaMotion, with its count or its tick."""
    number = first if tick_s is None else round(last_s / tick_s)
    return [metamotion_bytes.encode_accounted(accel_g, number=number, range_g=8)]


def _line_open(version: int) -> Line:
    stream = StreamFormat(fs_hz=52.0, range_g=8.0, step_g=8 / 32768, tick_s=1e-6, stamp_bits=64, index_bits=32)
    driver = partial(open_profile.OpenProfileDriver, StreamRequest())
    return Line(stream, 26, 8 / 32768, open_profile.DATA, driver, partial(encode_open, version=version))


def _line_polar(kind: int, n_in_packet: int) -> Line:
    stream = StreamFormat(fs_hz=52.0, range_g=8.0, tick_s=1e-9, stamp_bits=64)
    driver = partial(polar.PolarDriver, StreamRequest())
    return Line(stream, n_in_packet, 1e-3, polar.DATA, driver, partial(encode_polar, kind=kind))


def _line_movesense(fs_hz: float, n_in_packet: int) -> Line:
    stream = StreamFormat(fs_hz, range_g=8.0, tick_s=1e-3, stamp_bits=32, stamped_sample=StampedSample.FIRST)
    driver = partial(movesense.MovesenseDriver, StreamRequest(rate_hz=fs_hz))
    return Line(stream, n_in_packet, 1e-3, movesense.NOTIFY, driver, partial(encode_movesense, fs_hz=fs_hz))


def _line_metamotion(mode: MetaMotionMode) -> Line:
    tick_s = metamotion.TICK_S if mode is MetaMotionMode.TICK else None
    index_bits = 32 if mode is MetaMotionMode.COUNT else None
    stream = StreamFormat(
        fs_hz=50.0, range_g=8.0, step_g=8 / 32768, tick_s=tick_s, stamp_bits=32, index_bits=index_bits
    )
    driver = partial(MetaMotionDriver, StreamRequest(), mode=mode)
    if mode is MetaMotionMode.PACKED:
        return Line(stream, 3, 8 / 32768, metamotion.NOTIFY, driver, encode_packed)
    encode = partial(encode_accounted, tick_s=tick_s)
    return Line(stream, 1, 8 / 32768, metamotion.NOTIFY, driver, encode)


def encode_packed(accel_g: np.ndarray, _first: int, _last_s: float) -> list[bytes]:
    """Three samples of a MetaMotion."""
    return [metamotion_bytes.encode_packed(accel_g, range_g=8)]


def encode_motion(accel_g: np.ndarray, _first: int, _last_s: float) -> list[bytes]:
    """One sample of a WitMotion."""
    return [witmotion_bytes.encode_motion(accel_g)]


LINES = {
    "open-1": _line_open(1),
    "open-2": _line_open(2),
    "polar-compressed": _line_polar(0x81, 57),
    "polar-raw": _line_polar(0x01, 36),
    "movesense": _line_movesense(52.0, 8),
    "movesense-two-parts": _line_movesense(104.0, 16),
    "metamotion-count": _line_metamotion(MetaMotionMode.COUNT),
    "metamotion-tick": _line_metamotion(MetaMotionMode.TICK),
    "metamotion-packed": _line_metamotion(MetaMotionMode.PACKED),
    "witmotion": Line(
        StreamFormat(fs_hz=50.0, range_g=16.0, step_g=16 / 32768),
        1,
        16 / 32768,
        witmotion.NOTIFY,
        partial(witmotion.WitMotionDriver, StreamRequest()),
        encode_motion,
    ),
}


def proof(numbers: np.ndarray) -> np.ndarray:
    """Give another value for each number: a damaged sample does not pass for its neighbour."""
    return 31 * numbers % 997


@cache
def notifications(key: str) -> list[tuple[float, int, bytes]]:
    """Notifications of 70 s: arrival, number of the packet, bytes.  Each sample says its number, and proves it."""
    line = LINES[key]
    rng = np.random.default_rng(5)
    made = []
    n, fs_hz = line.n_in_packet, line.stream.fs_hz
    for packet in range(int(SECONDS * fs_hz / n)):
        numbers = packet * n + np.arange(n)
        counts = np.column_stack([numbers % BASE, numbers // BASE, proof(numbers)])
        last_s = float(numbers[-1]) / fs_hz
        arrival_s = FIRST_ARRIVAL_S + last_s + 0.004 + rng.uniform(0.0, 0.05)
        made += [(arrival_s, packet, data) for data in line.encode(counts * line.step_g, int(numbers[0]), last_s)]
    return made


def damaged_notifications(key: str) -> list[int]:
    """Places of the notifications of the packet that is damaged."""
    at = int(DAMAGED_AT_S * LINES[key].stream.fs_hz / LINES[key].n_in_packet)
    return [place for place, (_, packet, _) in enumerate(notifications(key)) if packet == at]


def count_bits(key: str) -> int:
    """Bits of the packet that is damaged."""
    return sum(8 * len(notifications(key)[place][2]) for place in damaged_notifications(key))


@cache
def begin(key: str) -> tuple[SensorDriver, SensorClock, list[Clocked]]:
    """Driver and clock right before the damaged packet, and what they gave out so far."""
    line = LINES[key]
    driver, clock = line.make_driver(), SensorClock(line.stream, origin_s=FIRST_ARRIVAL_S, step_g=line.stream.step_g)
    return driver, clock, push(line, driver, clock, notifications(key)[: damaged_notifications(key)[0]])


def push(line: Line, driver: SensorDriver, clock: SensorClock, sent: list[tuple[float, int, bytes]]) -> list[Clocked]:
    """Bytes through driver and clock; gives what is settled."""
    settled = []
    for arrival_s, _, data in sent:
        for item in driver.receive(line.characteristic, data, arrival_s):
            if isinstance(item, SensorPacket):
                settled.append(clock.push(item))
    return settled


def flip_bit(key: str, number: int, _folder: Path | None = None) -> Outcome:
    """Turn one bit of one packet over, and count what it costs."""
    line, sent, places = LINES[key], notifications(key), damaged_notifications(key)
    rest, bit = list(sent[places[0] :]), number
    for place in range(len(places)):
        arrival_s, packet, data = rest[place]
        if 0 <= bit < 8 * len(data):
            damaged = bytearray(data)
            damaged[bit // 8] ^= 1 << bit % 8
            rest[place] = arrival_s, packet, bytes(damaged)
        bit -= 8 * len(data)
    driver, clock, before = begin(key)
    driver, clock = copy.deepcopy((driver, clock))
    settled = [*before, *push(line, driver, clock, rest), clock.finish()]
    batches = [batch for one in settled for batch in one.batches]
    counts = np.rint(np.concatenate([batch.batch.accel_g for batch in batches]) / line.step_g).astype(int)
    numbers = counts[:, 0] + BASE * counts[:, 1]
    numbers[counts[:, 2] != proof(numbers)] = -1
    first = sent[places[0]][1] * line.n_in_packet
    n_sent = (sent[-1][1] + 1) * line.n_in_packet
    own = np.arange(first, first + line.n_in_packet)
    return judge(line, n_sent, own, np.concatenate([batch.times_s for batch in batches]), numbers)


def judge(line: Line, n_sent: int, own: np.ndarray, times_s: np.ndarray, numbers: np.ndarray) -> Outcome:
    """Hold what came out against what was sent."""
    others = np.isin(numbers, np.setdiff1d(np.arange(n_sent), own))
    n_lost_of_others = n_sent - len(own) - len(np.unique(numbers[others]))
    later = others & (numbers > own[-1])
    off_s = np.abs(times_s[later] - numbers[later] / line.stream.fs_hz).max()
    detail = f"{n_sent - len(numbers)} lost, {n_lost_of_others} of other packets, {off_s:.3f} s off"
    if not np.all(np.diff(times_s) > 0):
        return Outcome("times step back", holds=False, detail=detail)
    if n_lost_of_others:
        return Outcome("samples of other packets are lost", holds=False, detail=detail)
    if off_s > TOLERANCE_S[line.stream.tick_s is not None]:
        return Outcome("later times are wrong", holds=False, detail=detail)
    if not np.isin(own, numbers).all():
        return Outcome("samples of this packet are lost or wrong", holds=True, detail=detail)
    return Outcome("no sample is lost", holds=True, detail=detail)


TRIALS = tuple(
    Trial(f"bits-{key}", f"each bit of one packet turned over, {key}", count_bits(key), partial(flip_bit, key))
    for key in LINES
)
