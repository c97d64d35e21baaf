"""The plan of a night: which sensors to record, and where to."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from clonus_sense.config import DetectionSettings
from clonus_sense.model import Site
from clonus_sense.sensors.family import StreamRequest
from clonus_sense.sensors.link import WantedSensor


@dataclass(frozen=True, slots=True)
class PlannedSensor:
    """One sensor and where it is worn.

    Parameters
    ----------
    wanted
        Which sensor.
    site, side, person, orthosis
        As in :class:`~clonus_sense.model.RecordingInfo`.
    request
        Wanted rate and range.
    settings
        The person's detection settings.
    """

    wanted: WantedSensor
    site: Site | None = None
    side: str = ""
    person: str = ""
    orthosis: str = ""
    request: StreamRequest = field(default_factory=StreamRequest)
    settings: DetectionSettings = field(default_factory=DetectionSettings)

    @property
    def label(self) -> str:
        """Name for people: the side if there is one, otherwise the sensor's name."""
        return self.side or self.wanted.name or self.wanted.family.name


@dataclass(frozen=True, slots=True)
class RecorderPlan:
    """One or two sensors, and the folder of their recordings.

    Parameters
    ----------
    sensors
        One for each leg.
    folder
        For the recordings.
    lock_folder
        For locks; the same for all recorders of this user.
    timezone
        IANA name of the zone in which the person sleeps, empty if unknown.
    clock_trusted
        Whether the host's clock is known to be right; ``None`` if unknown.
    until
        Aware date and time of the end; ``None`` records until :meth:`NightRecorder.stop`.
    notes
        Further lines of the head, such as ``("source", "simulated")``.
    reserved_bytes
        Disk space kept free for the morning, until the night ends.
    """

    sensors: tuple[PlannedSensor, ...]
    folder: Path
    lock_folder: Path
    timezone: str = ""
    clock_trusted: bool | None = None
    until: datetime | None = None
    notes: tuple[tuple[str, str], ...] = ()
    reserved_bytes: int = 0
