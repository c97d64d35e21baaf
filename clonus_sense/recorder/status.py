"""The status of recordings in progress, for display."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from clonus_sense.model import SensorIdentity
from clonus_sense.sensors.link import LinkState


@dataclass(frozen=True, slots=True)
class SensorStatus:
    """The status of the recording of one sensor.

    Parameters
    ----------
    label
        Side or name.
    path
        Of the recording; ``None`` until the sensor first streams.
    state
        State of the link.
    sensor
        The sensor's identity; empty until it is found.
    elapsed_s
        Seconds since the start.
    measured_s
        Measured time in seconds, late samples included.
    silent_s
        Seconds since the last samples came; ``None`` before the first.
    battery_percent
        Charge; ``None`` if unknown.
    magnitude_g
        Length of the last acceleration, in g: near 1 at rest; ``None`` before the first sample.
    n_episodes
        Episodes of class clonus so far.
    n_bad
        Notifications so far that could not be decoded or were dropped.
    trouble
        Why it does not stream, in a translatable sentence; empty while it does.
    is_disk_full
        Whether samples wait for disk space.
    """

    label: str
    path: Path | None
    state: LinkState
    sensor: SensorIdentity
    elapsed_s: float
    measured_s: float
    silent_s: float | None
    battery_percent: int | None
    magnitude_g: float | None
    n_episodes: int
    n_bad: int
    trouble: str
    is_disk_full: bool = False

    @property
    def measured_ratio(self) -> float:
        """Measured share of the time, 0 to 1."""
        return min(1.0, self.measured_s / self.elapsed_s) if self.elapsed_s > 0 else 0.0


@dataclass(frozen=True, slots=True)
class RecorderStatus:
    """The status of all recordings of the night.

    Parameters
    ----------
    elapsed_s
        Seconds since the start.
    sensors
        In the order of the plan.
    """

    elapsed_s: float
    sensors: tuple[SensorStatus, ...]
