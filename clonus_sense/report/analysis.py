"""One analysed recording, as the report shows it."""

from __future__ import annotations

from dataclasses import dataclass

from clonus_sense.config import DetectionSettings
from clonus_sense.model import Episode, Finding, Gap, RecordingInfo
from clonus_sense.report.overview import Overview


@dataclass(frozen=True, slots=True, eq=False)
class Analysis:
    """All that a report says about one recording."""

    info: RecordingInfo
    episodes: tuple[Episode, ...]
    gaps: tuple[Gap, ...]
    findings: tuple[Finding, ...]
    overview: Overview
    settings: DetectionSettings
    version: str
    duration_s: float
    measured_s: float
