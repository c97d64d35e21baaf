"""What a sensor sends, decoded: the nouns between a driver and the clock."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, Flag, StrEnum, auto

from clonus_sense.model import FloatArray


class PacketFlag(Flag):
    """What a sensor, or its driver, says about the samples of one packet."""

    REPLAYED = auto()
    """They come from the sensor's own memory, later than they were measured."""
    GAP_BEFORE = auto()
    """Samples were lost inside the sensor right before these."""
    CLIPPED = auto()
    """At least one value stands at the end of the range."""
    ON_CHARGER = auto()
    LOW_BATTERY = auto()
    MARKER = auto()
    """The person pressed the sensor's button."""


NO_FLAGS = PacketFlag(0)


class StampedSample(Enum):
    """Which sample of a packet its stamp belongs to."""

    FIRST = "first"
    LAST = "last"


@dataclass(frozen=True, slots=True)
class StreamFormat:
    """How one sensor streams once it is set up: all that the clock must know of it.

    Parameters
    ----------
    fs_hz
        Nominal rate.  The sensor may be a few per cent off it.
    range_g
        Largest value that it can show.
    step_g
        Size of one step of its values; ``None`` where unknown.
    tick_s
        Length of one tick of its stamps, in seconds; ``None`` where packets carry no stamp.
    stamp_bits
        Stamps wrap after ``2 ** stamp_bits`` ticks.
    stamped_sample
        Which sample of a packet the stamp belongs to.
    index_bits
        Sample indices wrap after ``2 ** index_bits``; ``None`` where packets carry no index.
    counts_anew
        Whether each connection starts the count anew, so that it says nothing of what was missed between two.
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
    """Decoded samples with what the device said about them; ``None`` where it does not say.

    Parameters
    ----------
    accel_g
        Acceleration, in g, shape ``(n_samples, 3)``, at least one sample.
    arrival_s
        When it came in, in seconds of the host's clock that never steps.
    stamp_ticks
        The device's stamp, as sent; unit, wrap-around and which sample it belongs to stand in :class:`StreamFormat`.
    first_index
        The device's running index of the first sample, as sent.
    boot_id
        A number that changes each time the device starts anew.
    flags
        What the device said about these samples.
    """

    accel_g: FloatArray
    arrival_s: float
    stamp_ticks: int | None = None
    first_index: int | None = None
    boot_id: int | None = None
    flags: PacketFlag = NO_FLAGS


class SensorEventKind(StrEnum):
    """What a sensor tells besides samples."""

    STOPPED = "stopped by the sensor"
    """It ended the stream itself; start it again."""
    BATTERY = "battery"
    LOW_BATTERY = "low battery"
    ON_CHARGER = "on charger"
    OFF_CHARGER = "off charger"
    MARKER = "marker"
    """Its button was pressed."""
    PUT_ON = "put on"
    TAKEN_OFF = "taken off"
    REBOOTED = "rebooted"


@dataclass(frozen=True, slots=True)
class SensorEvent:
    """Something that a sensor told besides samples.

    Parameters
    ----------
    kind
        What it is.
    arrival_s
        When it came in, in seconds of the host's clock that never steps.
    battery_percent
        Charge, 0 to 100; ``None`` where the event does not tell it.
    stamp_ticks
        The device's stamp of the event; ``None`` where it has none.
    boot_id
        The boot that this stamp belongs to; ``None`` where the device has none.
    before_stream
        Whether it happened before the live stream of this connection began, and is told late.
    """

    kind: SensorEventKind
    arrival_s: float
    battery_percent: int | None = None
    stamp_ticks: int | None = None
    boot_id: int | None = None
    before_stream: bool = False
