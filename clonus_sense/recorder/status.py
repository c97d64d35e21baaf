"""How a recording stands, for a line on a screen."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from clonus_sense.model import SensorIdentity
from clonus_sense.sensors.link import LinkState


@dataclass(frozen=True, slots=True)
class SensorStatus:
    """How the recording of one sensor stands.

    Parameters
    ----------
    label
        Side or name.
    path
        Of the recording; ``None`` until the sensor streams for the first time.
    state
        Where the link stands.
    sensor
        Which sensor it is; empty until it was found.
    elapsed_s
        Seconds since the start.
    measured_s
        Seconds that were measured, late samples included.
    silent_s
        Seconds since the last samples came; ``None`` before the first.
    battery_percent
        Charge; ``None`` where unknown.
    magnitude_g
        Length of the last acceleration, in g: near 1 at rest; ``None`` before the first sample.
    n_episodes
        Episodes of class clonus so far.
    n_bad
        Notifications that made no sense or found no room, so far.
    trouble
        Why it does not stream, in a sentence that can be translated; empty while it does.
    is_disk_full
        Whether samples wait for room on the disk.
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
        """Share of the time that was measured, 0 to 1."""
        return min(1.0, self.measured_s / self.elapsed_s) if self.elapsed_s > 0 else 0.0


@dataclass(frozen=True, slots=True)
class RecorderStatus:
    """How all recordings of the night stand.

    Parameters
    ----------
    elapsed_s
        Seconds since the start.
    sensors
        In the order of the plan.
    """

    elapsed_s: float
    sensors: tuple[SensorStatus, ...]
