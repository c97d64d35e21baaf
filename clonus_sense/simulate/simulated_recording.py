"""A simulated recording: samples of a sensor together with the truth."""

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
    """Movements of a leg or its sensor other than clonus."""

    TURN = "turn"
    """The person turns in bed."""
    HELPER_TURN = "turn by a helper"
    """A helper turns the person: slower, in several pulls."""
    KICK = "kick"
    """A jerk with a damped ring, which resembles a few perfect beats after a narrow filter."""
    LIMB_MOVEMENT = "periodic limb movement"
    """One of a series; without oscillation."""
    TREMOR = "foot tremor"
    """Physiological tremor, 6-10 Hz, 6-24 mg."""
    BATHROOM = "walk to the bathroom"
    """Out of bed, steps, a pause, and back."""
    HUM = "appliance hum"
    """A machine on the same floor."""
    AIR_MATTRESS = "air mattress"
    """A pump and slow tilt."""
    STIMULATION = "electrical stimulation"
    """Metronomic twitches from a therapy; a look-alike."""
    LEG_SHAKING = "leg shaking"
    """Intended shaking, 2.5-6.5 Hz; no accelerometer can tell it from clonus with certainty."""
    SCRATCHING = "scratching"
    """Strokes of a hand or of the other heel, to and fro; a look-alike."""
    PUT_DOWN = "sensor put down"
    """The sensor is taken off and put on a table, where it rocks to rest."""
    TAKEN_OFF = "sensor taken off"
    """Hands open the strap, turn the free sensor to and fro and put it down."""
    STRAPPED_ON = "sensor strapped on"
    """Hands pick it up, turn it, lay it on the leg and close the strap."""
    THROWN = "sensor thrown into a drawer"
    """The sensor is taken off and falls, and the drawer is pushed shut."""
    KNOCK = "knock at the table"
    """The sensor on the table is jolted and sometimes pushed."""
    DRAWER = "drawer opened"
    """The sensor lies in the drawer and slides."""


@dataclass(frozen=True, slots=True)
class Disturbance:
    """A simulated event other than clonus, ``[start_s, end_s)`` in seconds since the start."""

    kind: DisturbanceKind
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True, eq=False)
class SimulatedRecording:
    """A recording with its truth.

    Parameters
    ----------
    info
        Facts about the recording; they state that it is simulated.
    times_s
        True time of each sample, in seconds since the start, shape ``(n_samples,)``.
    accel_g
        Output of the sensor, in g, on sensor axes, shape ``(n_samples, 3)``.
    truth
        Bouts of clonus, in order of time.
    disturbances
        Other simulated events, in order of time.
    gaps
        Times without samples.
    off_leg_s
        Start and end of each time off the leg, without handling, in seconds since the start.
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
        """End of the last sample, in seconds since the start."""
        return float(self.times_s[-1]) + 1.0 / self.info.fs_hz if len(self.times_s) else 0.0

    def batches(self, n_samples: int | None = None) -> list[SampleBatch]:
        """Cut into batches, as a reader or a sensor delivers them.

        Parameters
        ----------
        n_samples
            Samples in a batch; by default each gap-free stretch is one batch.

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
            raise SettingsError(f"A batch of {n_samples} samples is empty; choose one sample or more.")
        edges = np.searchsorted(self.times_s, [0.0, *(gap.end_s for gap in self.gaps), np.inf])
        batches: list[SampleBatch] = []
        number = 0
        for start, end in pairwise(edges.tolist()):
            if end == start:  # No samples between adjacent gaps.
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
    """Build the facts of a simulated recording, with the note ``source: simulated``."""
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
