"""``plot``: draws a recording and its episodes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING

import click

from clonus_sense.cli.console.options import (
    PATH,
    foreign_options,
    language_option,
    promise_notice,
    read_settings_option,
    settings_option,
    verbose_option,
)
from clonus_sense.cli.console.outputs import check_may_write, replace_option
from clonus_sense.cli.console.printing import echo
from clonus_sense.cli.console.progress import show_progress
from clonus_sense.errors import RecordingError
from clonus_sense.files import recording_stem

if TYPE_CHECKING:
    from clonus_sense.recording import ForeignFormat


CLOCK_TIME = click.DateTime(["%H:%M:%S", "%H:%M"])


@click.command()
@click.argument("file", type=PATH)
@click.option("--output", required=True, type=PATH, metavar="DIR", help="Folder for the pictures; made if missing.")
@click.option("--detections", type=PATH, metavar="CSV", help="Draw the episodes of this log.  [default: detect them]")
@click.option("--from", "from_time", type=CLOCK_TIME, metavar="HH:MM:SS", help="Leave out episodes that end before.")
@click.option("--to", "to_time", type=CLOCK_TIME, metavar="HH:MM:SS", help="Leave out episodes that begin after.")
@click.option(
    "--blind", "is_blind", is_flag=True, help="Make a page of the waveform alone, on which a person marks movements."
)
@replace_option
@settings_option
@foreign_options
@language_option
@verbose_option
def plot(
    *,
    file: Path,
    output: Path,
    detections: Path | None,
    is_blind: bool,
    from_time: datetime | None,
    to_time: datetime | None,
    may_replace: bool,
    settings_path: Path | None,
    foreign: ForeignFormat | None,
    language: str,
) -> None:
    """Draw a recording and each of its episodes on one page.

    Times are local clock times, as on the page.  For a recording without a start time they count from its first sample.
    The path of the page is printed.

    With --blind the page shows the whole waveform, half a minute on a line, without detections.  A therapist marks
    rhythmic movement on it, with mouse or keys, and saves the marks as a table.  `clonus-sense evaluate` compares such
    tables with detections, and with one another.
    """
    times = (from_time.time() if from_time else None, to_time.time() if to_time else None)
    if is_blind:
        if detections or settings_path:
            raise click.UsageError("--blind shows no detections; leave out --detections and --settings.")
        plot_blind(file, output, times, foreign, language)
        return
    from clonus_sense.report.clock_labels import clock_of
    from clonus_sense.report.log import pictures_folder, read_log
    from clonus_sense.report.picture_folder import write_pictures
    from clonus_sense.workflows import analyse_recording, window_of

    promise_notice()
    check_may_write([pictures_folder(output, recording_stem(file))], may_replace=may_replace)
    settings = read_settings_option(settings_path)
    logged = read_log(detections) if detections else None
    with show_progress(file.name) as on_progress:
        analysis = analyse_recording(file, settings, foreign=foreign, on_progress=on_progress).analysis
    start = clock_of(analysis.info).start
    from_s, to_s = part_of_recording(times, start)
    episodes = analysis.episodes if logged is None else logged
    chosen = tuple(episode for episode in episodes if episode.offset_s > from_s and episode.onset_s < to_s)
    with show_progress(file.name) as on_progress:
        page = write_pictures(
            replace(analysis, episodes=chosen),
            window_of(file, foreign=foreign),
            output,
            recording_stem(file),
            language=language,
            on_progress=on_progress,
        )
    echo(page)


def plot_blind(
    file: Path, output: Path, times: tuple[time | None, time | None], foreign: ForeignFormat | None, language: str
) -> None:
    """Write the page without detections, and print its path."""
    from clonus_sense.report.blind import BlindRecording, write_blind_page
    from clonus_sense.report.clock_labels import clock_of
    from clonus_sense.report.window import Window
    from clonus_sense.workflows import read_checked_recording

    promise_notice()
    recording = read_checked_recording(file, foreign=foreign)
    from_s, to_s = part_of_recording(times, clock_of(recording.info).start)
    if from_s >= recording.duration_s:
        raise RecordingError(f"{file}: ends before the time of --from; give an earlier time.")
    shown = BlindRecording(
        recording_stem(file),
        recording.info,
        from_s,
        min(to_s, recording.duration_s),
        lambda start_s, end_s: Window(start_s, end_s, tuple(recording.window(start_s, end_s))),
    )
    echo(write_blind_page(shown, output, language=language))


def part_of_recording(times: tuple[time | None, time | None], start: datetime | None) -> tuple[float, float]:
    """Convert the clock times of --from and --to into seconds since the start of the recording."""
    from_time, to_time = times
    from_s = seconds_until(from_time, start) if from_time else 0.0
    return from_s, seconds_until(to_time, start, not_before_s=from_s) if to_time else inf


def seconds_until(clock_time: time, start: datetime | None, *, not_before_s: float = 0.0) -> float:
    """Compute the seconds from the start to the first moment at which the clock shows a time."""
    if start is None:
        return float(timedelta(hours=clock_time.hour, minutes=clock_time.minute, seconds=clock_time.second).seconds)
    day = datetime.combine(start.date(), clock_time, tzinfo=start.tzinfo)
    while True:
        # In UTC, so that a night in which the clocks change keeps its true length.
        passed_s = (day.astimezone(UTC) - start.astimezone(UTC)).total_seconds()
        if passed_s >= not_before_s:
            return passed_s
        day += timedelta(days=1)
