"""Results of the clock."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from clonus_sense.model import FloatArray, Gap, SampleBatch


class LossReason(StrEnum):
    """Why samples are missing; the reason of a :class:`~clonus_sense.model.Gap`."""

    BEFORE_START = "before the first sample"
    LINK = "link lost"
    PACKETS = "packets lost"
    SENSOR = "lost inside the sensor"
    REBOOT = "sensor started anew"
    CLOCK_JUMP = "sensor's or host's clock jumped"


@dataclass(frozen=True, slots=True, eq=False)
class TimedBatch:
    """Samples of one stretch, rounded as a file stores them, with the time of each.

    Parameters
    ----------
    batch
        For the detector.
    times_s
        Seconds since the start of the recording, shape ``(n_samples,)``, for the file.
    """

    batch: SampleBatch
    times_s: FloatArray


@dataclass(frozen=True, slots=True)
class SensorGap:
    """A gap, with the loss that the sensor counted.

    Parameters
    ----------
    gap
        From one period after the last sample to the next one, as a reader of the file finds it.
    n_lost
        Exact number of lost samples; ``None`` if the sensor cannot tell.
    first_lost_index
        The device's index of the first lost sample, for a replay; ``None`` if it has none.
    boot_id
        The boot that this index belongs to; ``None`` if the sensor has none.
    """

    gap: Gap
    n_lost: int | None = None
    first_lost_index: int | None = None
    boot_id: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Backfill:
    """Samples that came late and lie within a gap, rounded as a file stores them.

    Parameters
    ----------
    times_s
        Seconds since the start of the recording, shape ``(n_samples,)``.
    accel_g
        Acceleration, in g, shape ``(n_samples, 3)``.
    """

    times_s: FloatArray
    accel_g: FloatArray


@dataclass(frozen=True, slots=True)
class Clocked:
    """Settled results; each sample and each gap comes out once, in the order of time.

    Parameters
    ----------
    batches
        Samples for the file and the detector.
    gaps
        Each lies right before the first batch of a stretch.
    backfill
        Late samples for the file of late samples.
    """

    batches: tuple[TimedBatch, ...] = ()
    gaps: tuple[SensorGap, ...] = ()
    backfill: tuple[Backfill, ...] = ()
