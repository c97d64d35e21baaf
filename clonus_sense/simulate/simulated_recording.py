"""A simulated recording: what a sensor would have written, beside what really happened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np

from clonus_sense.errors import SettingsError
from clonus_sense.model import FloatArray, Gap, RecordingInfo, SampleBatch, SensorIdentity, Stretch
from clonus_sense.simulate.sensor import SimulatedSensor
from clonus_sense.simulate.truth import TruthBout
from clonus_sense.terms import Placement

DEFAULT_TIMEZONE = "Asia/Tokyo"
DEFAULT_START = datetime(2026, 11, 5, 22, 30, tzinfo=ZoneInfo(DEFAULT_TIMEZONE))


class DisturbanceKind(StrEnum):
    """What else moves a leg or its sensor."""

    TURN = "turn"
    """The person turns in bed."""
    HELPER_TURN = "turn by a helper"
    """A helper turns the person: slower, in several pulls."""
    KICK = "kick"
    """A jerk with a damped ring, which looks like a few perfect beats in a narrow filter."""
    LIMB_MOVEMENT = "periodic limb movement"
    """One of a series; no oscillation inside."""
    TREMOR = "foot tremor"
    """Physiological, 6-10 Hz, 6-24 mg."""
    BATHROOM = "walk to the bathroom"
    """Out of bed, some steps, a pause, back."""
    HUM = "appliance hum"
    """A machine that stands on the same floor."""
    AIR_MATTRESS = "air mattress"
    """A pump and slow tilting."""
    STIMULATION = "electrical stimulation"
    """Metronomic twitches, a look-alike from care itself."""
    LEG_SHAKING = "leg shaking"
    """Intended, 2.5-6.5 Hz; no accelerometer can tell it from clonus for certain."""
    SCRATCHING = "scratching"
    """Strokes of a hand or of the other heel, this way and that; a look-alike."""
    PUT_DOWN = "sensor put down"
    """Taken off and put on a table, where it rocks to rest with a rising, fading tone."""
    TAKEN_OFF = "sensor taken off"
    """Hands open the strap, turn the free sensor this way and that and put it down."""
    STRAPPED_ON = "sensor strapped on"
    """Hands pick it up, turn it, lay it on the leg and close the strap."""
    THROWN = "sensor thrown into a drawer"
    """Taken off, a fall, and the drawer pushed shut."""
    KNOCK = "knock at the table"
    """The sensor lies there and is jolted, now and then shoved."""
    DRAWER = "drawer opened"
    """The sensor lies in it and slides along."""


@dataclass(frozen=True, slots=True)
class Disturbance:
    """Something other than clonus that was built in, ``[start_s, end_s)``."""

    kind: DisturbanceKind
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True, eq=False)
class SimulatedRecording:
    """A recording with its truth.

    Parameters
    ----------
    info
        Head of the recording; says that it is simulated.
    times_s
        True time of each sample, in seconds since the start, shape ``(n_samples,)``.
    accel_g
        What the sensor gave out, in g, on the sensor's axes, shape ``(n_samples, 3)``.
    truth
        Bouts of clonus, in their order.
    disturbances
        What else was built in, in its order.
    gaps
        Times without samples.
    off_leg_s
        Start and end of each time in which the sensor lay elsewhere, in seconds since the start; handling excluded.
    """

    info: RecordingInfo
    times_s: FloatArray
    accel_g: FloatArray
    truth: tuple[TruthBout, ...] = ()
    disturbances: tuple[Disturbance, ...] = ()
    gaps: tuple[Gap, ...] = ()
    off_leg_s: tuple[tuple[float, float], ...] = ()

    @property
    def duration_s(self) -> float:
        """Where the last sample ends, in seconds since the start."""
        return float(self.times_s[-1]) + 1.0 / self.info.fs_hz if len(self.times_s) else 0.0

    def batches(self, n_samples: int | None = None) -> list[SampleBatch]:
        """Cut into batches, as a reader or a sensor would deliver them.

        Parameters
        ----------
        n_samples
            Samples in a batch; by default each stretch is one batch.

        Returns
        -------
        list[SampleBatch]
            A new stretch begins after each gap.

        Raises
        ------
        SettingsError
            If a batch would be empty.
        """
        if n_samples is not None and n_samples < 1:
            raise SettingsError(f"A batch of {n_samples} samples is empty; ask for one sample or more.")
        edges = np.searchsorted(self.times_s, [0.0, *(gap.end_s for gap in self.gaps), np.inf])
        batches: list[SampleBatch] = []
        number = 0
        for start, end in pairwise(edges.tolist()):
            if end == start:  # Two gaps side by side leave no samples between.
                continue
            stretch = Stretch(number, self.info.fs_hz)
            accel_g = np.asfortranarray(self.accel_g[start:end])
            whole = SampleBatch(stretch, 0, accel_g, self.times_s[start : end : stretch.knot_every])
            batches += whole.cut(list(range(0, end - start, n_samples or end - start)))
            number += 1
        return batches


def describe_recording(
    sensor: SimulatedSensor, placement: Placement, start: datetime, timezone: str, n_gaps: int = 0
) -> RecordingInfo:
    """Write the head of a simulated recording."""
    if start.tzinfo is None:
        raise SettingsError(f"The start {start} has no time zone; give one, such as 2026-11-05T22:30:00+09:00.")
    faults = (
        f"noise {sensor.noise_g * 1000:.3g} mg; step {sensor.step_g * 1000:.3g} mg; "
        f"rate error {sensor.rate_error:+.2%}; gaps {n_gaps}"
    )
    return RecordingInfo(
        start=start,
        fs_hz=sensor.fs_hz,
        timezone=timezone,
        site=placement.site,
        sensor=SensorIdentity(family="simulated"),
        step_g=sensor.step_g or None,
        range_g=sensor.range_g,
        notes=(("source", "simulated"), ("faults", faults)),
    )
