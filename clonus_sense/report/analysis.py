"""One analysed recording, as the report shows it."""

from __future__ import annotations

from dataclasses import dataclass

from clonus_sense.config import DetectionSettings
from clonus_sense.model import Episode, Finding, Gap, RecordingInfo
from clonus_sense.report.overview import Overview


@dataclass(frozen=True, slots=True, eq=False)
class Analysis:
    """All that a report says about one recording.

    Parameters
    ----------
    info
        What is known about the recording.
    episodes
        What was found, in order of onset.
    gaps
        Where nothing was measured, in order.
    findings
        What a person must know before trusting the result.
    overview
        Smallest and largest acceleration over time.
    settings
        The settings that found the episodes.
    version
        Version of the software that found them.
    duration_s
        From the first sample to the end of the last, in seconds.
    measured_s
        The same without the gaps.
    """

    info: RecordingInfo
    episodes: tuple[Episode, ...]
    gaps: tuple[Gap, ...]
    findings: tuple[Finding, ...]
    overview: Overview
    settings: DetectionSettings
    version: str
    duration_s: float
    measured_s: float
