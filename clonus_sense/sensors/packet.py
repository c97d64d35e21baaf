"""Decoded packets and events: the types between a driver and the clock."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, Flag, StrEnum, auto

from clonus_sense.model import FloatArray


class PacketFlag(Flag):
    """Properties of the samples of one packet, as the sensor or its driver reports them."""

    REPLAYED = auto()
    """They come from the sensor's memory, later than they were measured."""
    GAP_BEFORE = auto()
    """The sensor lost samples right before these."""
    CLIPPED = auto()
    """At least one value is at the end of the range."""
    ON_CHARGER = auto()
    LOW_BATTERY = auto()
    MARKER = auto()
    """The person pressed the sensor's button."""


NO_FLAGS = PacketFlag(0)


class StampedSample(Enum):
    """The sample of a packet that its stamp belongs to."""

    FIRST = "first"
    LAST = "last"


@dataclass(frozen=True, slots=True)
class StreamFormat:
    """The format of a sensor's stream once it is set up; the clock needs nothing else about the sensor.

    Parameters
    ----------
    fs_hz
        Nominal rate.  The sensor may be a few per cent off it.
    range_g
        Largest value that it can show.
    step_g
        Size of one step of its values; ``None`` if unknown.
    tick_s
        Length of one tick of its stamps, in seconds; ``None`` if packets carry no stamp.
    stamp_bits
        Stamps wrap after ``2 ** stamp_bits`` ticks.
    stamped_sample
        The sample of a packet that the stamp belongs to.
    index_bits
        Sample indices wrap after ``2 ** index_bits``; ``None`` if packets carry no index.
    counts_anew
        Whether each connection restarts the count, so that it cannot show losses between two connections.
    """

    fs_hz: float
    range_g: float
    step_g: float | None = None
    tick_s: float | None = None
    stamp_bits: int = 64
    stamped_sample: StampedSample = StampedSample.LAST
    index_bits: int | None = None
    counts_anew: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class SensorPacket:
    """Decoded samples with their stamp, index and boot; each is ``None`` if the device sends none.

    Parameters
    ----------
    accel_g
        Acceleration, in g, shape ``(n_samples, 3)``, at least one sample.
    arrival_s
        Time of arrival in seconds of the host's monotonic clock.
    stamp_ticks
        The device's stamp, as sent; :class:`StreamFormat` gives its unit, its wrap-around and its sample.
    first_index
        The device's running index of the first sample, as sent.
    boot_id
        A number that changes each time the device boots.
    flags
        Properties of these samples.
    """

    accel_g: FloatArray
    arrival_s: float
    stamp_ticks: int | None = None
    first_index: int | None = None
    boot_id: int | None = None
    flags: PacketFlag = NO_FLAGS


class SensorEventKind(StrEnum):
    """Kinds of events that a sensor reports."""

    STOPPED = "stopped by the sensor"
    """The sensor ended the stream; start it again."""
    BATTERY = "battery"
    LOW_BATTERY = "low battery"
    ON_CHARGER = "on charger"
    OFF_CHARGER = "off charger"
    MARKER = "marker"
    """The person pressed its button."""
    PUT_ON = "put on"
    TAKEN_OFF = "taken off"
    REBOOTED = "rebooted"


@dataclass(frozen=True, slots=True)
class SensorEvent:
    """An event that a sensor reported.

    Parameters
    ----------
    kind
        Its kind.
    arrival_s
        Time of arrival in seconds of the host's monotonic clock.
    battery_percent
        Charge, 0 to 100; ``None`` if the event does not give it.
    stamp_ticks
        The device's stamp of the event; ``None`` if it has none.
    boot_id
        The boot that this stamp belongs to; ``None`` if the device has none.
    before_stream
        Whether it happened before the live stream of this connection began and was reported late.
    """

    kind: SensorEventKind
    arrival_s: float
    battery_percent: int | None = None
    stamp_ticks: int | None = None
    boot_id: int | None = None
    before_stream: bool = False
