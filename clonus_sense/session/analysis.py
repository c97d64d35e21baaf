"""One recording from its file to what a report shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from clonus_sense import __version__
from clonus_sense.config import DetectionSettings
from clonus_sense.detection import Detector
from clonus_sense.errors import SignalError
from clonus_sense.model import Episode, Rejection
from clonus_sense.recording import ForeignFormat, Recording, read_recording, stream_recording
from clonus_sense.report.analysis import Analysis
from clonus_sense.report.overview import OverviewBuilder
from clonus_sense.report.window import Window, WindowOf

# Gravity in m/s², with the few per cent that a cheap sensor's scale may be off.
REST_IN_METRES = (9.3, 10.3)
# Motion sensors end at 16 g, and none rests there.
BEYOND_ANY_SENSOR_G = 19.0


@dataclass(frozen=True, slots=True, eq=False)
class AnalysedRecording:
    """What was found in a recording.

    Parameters
    ----------
    analysis
        What a report shows.
    rejections
        Candidates that are no episodes, where they were asked for.
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
        A recording of ours, or the CSV of a phone or logger.
    settings
        The person's settings.
    foreign
        What the person said about a foreign CSV.
    explain
        Whether to keep the rejected candidates.
    on_progress
        Is told the fraction of the file that has been read, 0 to 1.

    Returns
    -------
    AnalysedRecording
        Episodes, gaps, findings and the overview.

    Raises
    ------
    RecordingError
        If the file cannot be read.
    SignalError
        If its samples cannot be analysed, or are not in g.
    """
    overview = OverviewBuilder()
    episodes: list[Episode] = []
    rejections: list[Rejection] = []
    try:
        with stream_recording(path, foreign=foreign, on_progress=on_progress) as stream:
            detector = Detector(settings, site=stream.info.site, explain=explain)
            for batch in stream.batches():
                episodes += detector.push(batch)
                rejections += detector.take_rejections()
                overview.add(batch)
            episodes += detector.flush()
            rejections += detector.take_rejections()
            check_unit(detector.rest_g)
    except SignalError as error:
        raise SignalError(f"{path}: {error}") from error
    analysis = Analysis(
        info=stream.info,
        episodes=tuple(episodes),
        gaps=stream.gaps,
        findings=(*stream.findings, *detector.findings()),
        overview=overview.build(),
        settings=settings,
        version=__version__,
        duration_s=stream.duration_s,
        measured_s=stream.measured_s,
    )
    return AnalysedRecording(analysis, tuple(rejections))


def check_unit(rest_g: float | None) -> None:
    """Refuse values that can only be of another unit; what is merely odd stays a finding.

    Parameters
    ----------
    rest_g
        What the sensor shows at rest; ``None`` where it never rested.

    Raises
    ------
    SignalError
        If a sensor at rest cannot show this in g.
    """
    if rest_g is None:
        return
    if REST_IN_METRES[0] <= rest_g <= REST_IN_METRES[1]:
        raise SignalError(
            f"at rest the values show {rest_g:.3g}, where a sensor feels 1 g: they are in m/s² and not in g; say "
            "--unit m/s2, and --start where a date is needed."
        )
    if rest_g >= BEYOND_ANY_SENSOR_G:
        raise SignalError(
            f"at rest the values show {BEYOND_ANY_SENSOR_G:g} or more, where a sensor feels 1 g: they are raw counts "
            "or mg and not g; say --unit mg or --unit raw:<counts per g>."
        )


def window_of(path: Path, *, foreign: ForeignFormat | None = None) -> WindowOf:
    """Give access to the samples of a recording by time; the file is read when the first window is asked for.

    Parameters
    ----------
    path
        The recording.
    foreign
        What the person said about a foreign CSV.

    Returns
    -------
    WindowOf
        Gives the window from a start to an end, in seconds.
    """

    @cache
    def read() -> Recording:
        return read_recording(path, foreign=foreign)

    def cut(start_s: float, end_s: float) -> Window:
        return Window(start_s, end_s, tuple(read().window(start_s, end_s)))

    return cut
