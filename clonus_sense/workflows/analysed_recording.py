"""Analyses one recording, from its file to the data of a report."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from clonus_sense.config import DetectionSettings
from clonus_sense.detection import Detector, check_unit, detect_batches, shown_to
from clonus_sense.model import Episode, Rejection
from clonus_sense.recording import ForeignFormat, Recording, read_recording, stream_recording
from clonus_sense.report.analysis import Analysis
from clonus_sense.report.overview import OverviewBuilder
from clonus_sense.report.window import Window, WindowOf
from clonus_sense.rounding import TIME_DECIMALS
from clonus_sense.version import __version__


@dataclass(frozen=True, slots=True, eq=False)
class AnalysedRecording:
    """Result of the analysis of a recording.

    Parameters
    ----------
    rejections
        Rejected candidates; empty unless requested.
    """

    analysis: Analysis
    rejections: tuple[Rejection, ...]


def analyse_recording(
    path: Path,
    settings: DetectionSettings,
    *,
    foreign: ForeignFormat | None = None,
    explain: bool = False,
    on_progress: Callable[[float], None] | None = None,
) -> AnalysedRecording:
    """Find the episodes of a recording in one pass over its file.

    Parameters
    ----------
    path
        A recording of this program, or the CSV file of a phone or logger.
    foreign
        Stated format of a foreign CSV file.
    explain
        Whether to keep rejected candidates.
    on_progress
        Called with the fraction of the file read so far, 0 to 1.

    Returns
    -------
    AnalysedRecording
        Episodes, gaps, findings and overview.

    Raises
    ------
    RecordingError
        If the file cannot be read.
    SignalError
        If the samples cannot be analysed or are not in g.
    """
    overview = OverviewBuilder()
    with stream_recording(path, foreign=foreign, on_progress=on_progress) as stream:
        detector = Detector(settings, site=stream.info.site, explain=explain)
        found = list(detect_batches(shown_to(stream.batches(), overview.add), detector, source=path))
    episodes = tuple(_with_filled(episode, stream.filled_s) for episode in found)
    analysis = Analysis(
        info=stream.info,
        episodes=episodes,
        gaps=stream.gaps,
        findings=(*stream.findings, *detector.findings()),
        overview=overview.build(),
        settings=settings,
        version=__version__,
        duration_s=stream.duration_s,
        measured_s=stream.measured_s,
    )
    return AnalysedRecording(analysis, tuple(detector.take_rejections()))


def _with_filled(episode: Episode, filled_s: Sequence[tuple[float, float]]) -> Episode:
    """Count samples filled in by the reader as missing; ``filled_s`` holds their times and periods, in order."""
    start = bisect_left(filled_s, (episode.onset_s,))
    end = bisect_left(filled_s, (episode.offset_s,))
    missing_s = sum(period_s for _, period_s in filled_s[start:end])
    return replace(episode, missing_s=round(episode.missing_s + missing_s, TIME_DECIMALS)) if missing_s else episode


def read_checked_recording(path: Path, *, foreign: ForeignFormat | None = None) -> Recording:
    """Read a whole recording for drawing, with the detector's check of the unit.

    Parameters
    ----------
    path
        A recording of this program, or the CSV file of a phone or logger.
    foreign
        Stated format of a foreign CSV file.

    Returns
    -------
    Recording
        Samples, gaps and findings.

    Raises
    ------
    RecordingError
        If the file cannot be read.
    SignalError
        If the samples are not in g.
    """
    recording = read_recording(path, foreign=foreign)
    check_unit(recording.batches(), source=path)
    return recording


def window_of(path: Path, *, foreign: ForeignFormat | None = None) -> WindowOf:
    """Give access to the samples of a recording by time; the first request reads the file.

    Parameters
    ----------
    foreign
        Stated format of a foreign CSV file.

    Returns
    -------
    WindowOf
        Function that returns the window from a start to an end, in seconds.
    """

    @cache
    def read() -> Recording:
        return read_checked_recording(path, foreign=foreign)

    def cut(start_s: float, end_s: float) -> Window:
        return Window(start_s, end_s, tuple(read().window(start_s, end_s)))

    return cut
