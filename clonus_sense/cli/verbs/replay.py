"""``replay``: plays a recording as if a sensor sent it now."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from clonus_sense.cli.console.options import (
    PATH,
    foreign_options,
    json_option,
    language_option,
    promise_notice,
    read_settings_option,
    settings_option,
    verbose_option,
)
from clonus_sense.cli.console.printing import echo
from clonus_sense.i18n import translator

if TYPE_CHECKING:
    from clonus_sense.model import SampleBatch
    from clonus_sense.recording import ForeignFormat

SPEEDS = {"1": 1.0, "60": 60.0, "max": None}
"""Seconds of recording per second of waiting; ``None`` does not wait."""


@click.command()
@click.argument("file", type=PATH)
@click.option("--speed", type=click.Choice(tuple(SPEEDS)), default="max", show_default=True, help="1 is real time.")
@settings_option
@foreign_options
@language_option
@json_option
@verbose_option
def replay(
    *,
    file: Path,
    speed: str,
    settings_path: Path | None,
    foreign: ForeignFormat | None,
    language: str,
    as_json: bool,
) -> None:
    """Play a recording as if a sensor sent it now.

    The detector receives the samples at the chosen speed; each episode is printed as soon as it is decided.
    """
    from clonus_sense.cli.console.recording_lines import episode_line, finding_line
    from clonus_sense.detection import Detector, detect_batches
    from clonus_sense.recording import stream_recording
    from clonus_sense.report.log import episode_as_json

    _ = translator(language)
    settings = read_settings_option(settings_path)
    promise_notice()
    with stream_recording(file, foreign=foreign) as stream:
        detector = Detector(settings, site=stream.info.site)
        batches = cut_to_seconds(stream.batches())
        pace = SPEEDS[speed]
        if pace is not None:
            batches = pace_batches(batches, pace)
        n_episodes = 0
        for episode in detect_batches(batches, detector, source=file):
            echo(episode_as_json(episode) if as_json else episode_line(episode, _))
            n_episodes += 1
        if not n_episodes:
            echo(_("No rhythmic movement was recorded in the measured time."), err=True)
        for finding in (*stream.findings, *detector.findings()):
            echo(finding_line(finding, _), err=True)


def cut_to_seconds(batches: Iterable[SampleBatch]) -> Iterator[SampleBatch]:
    """Cut batches at whole seconds of their stretch, as a sensor would deliver them."""
    for batch in batches:
        # Two knots of the time map make a second, so each full piece carries its time.
        n_samples = 2 * batch.stretch.knot_every
        yield from batch.cut(list(range(-(-batch.first_index // n_samples) * n_samples, batch.end_index, n_samples)))


def pace_batches(
    batches: Iterable[SampleBatch],
    speed: float,
    *,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[SampleBatch]:
    """Delay each batch until a sensor would have sent its last sample."""
    started_s = clock()
    end_s = 0.0
    for batch in batches:
        fs_hz, every = batch.stretch.fs_hz, batch.stretch.knot_every
        if len(batch.knot_times_s):
            n_after_knot = batch.end_index - (batch.end_index - 1) // every * every
            end_s = float(batch.knot_times_s[-1]) + n_after_knot / fs_hz
        else:
            end_s += len(batch.accel_g) / fs_hz
        early_s = end_s / speed - (clock() - started_s)
        if early_s > 0:
            sleep(early_s)
        yield batch
