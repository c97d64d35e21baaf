"""``detect``: finds episodes in recordings and writes logs."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from clonus_sense.cli.console.inputs import Input, sort_inputs
from clonus_sense.cli.console.options import (
    PATH,
    PROGRAM_NAME,
    foreign_options,
    json_option,
    language_option,
    promise_notice,
    read_settings_option,
    refuse_one_start_for_several,
    settings_option,
    verbose_option,
)
from clonus_sense.cli.console.outputs import check_may_write, replace_option
from clonus_sense.cli.console.printing import echo
from clonus_sense.cli.console.progress import show_progress
from clonus_sense.cli.console.refusals import refusal
from clonus_sense.errors import ClonusSenseError
from clonus_sense.i18n import Translator, translator

if TYPE_CHECKING:
    from clonus_sense.config import DetectionSettings
    from clonus_sense.recording import ForeignFormat
    from clonus_sense.workflows import AnalysedRecording


@dataclass(frozen=True, slots=True)
class Choices:
    """The options that hold for every recording of one call."""

    output: Path
    settings: DetectionSettings
    foreign: ForeignFormat | None
    with_pictures: bool
    with_reasons: bool
    may_replace: bool
    language: str


@dataclass(frozen=True, slots=True)
class Written:
    """The results of one recording and their files; ``not_drawn`` says why there are no pictures."""

    analysed: AnalysedRecording
    log: Path
    rejections: Path | None
    page: Path | None
    not_drawn: str = ""

    @property
    def paths(self) -> list[Path]:
        """Every file that a person may want to open, the log first."""
        return [path for path in (self.log, self.rejections, self.page) if path]


@click.command()
@click.argument("files", nargs=-1, required=True, type=PATH)
@click.option("--output", required=True, type=PATH, metavar="DIR", help="Folder for the logs; made if missing.")
@click.option("--plots", "with_pictures", is_flag=True, help="Draw the recording and each episode, on one page.")
@click.option("--explain", "with_reasons", is_flag=True, help="Say why each candidate was taken or rejected.")
@replace_option
@settings_option
@foreign_options
@language_option
@json_option
@verbose_option
@click.pass_context
def detect(
    context: click.Context,
    *,
    files: tuple[Path, ...],
    output: Path,
    with_pictures: bool,
    with_reasons: bool,
    may_replace: bool,
    settings_path: Path | None,
    foreign: ForeignFormat | None,
    language: str,
    as_json: bool,
) -> None:
    """Find rhythmic movement in recordings, and write logs.

    FILES are recordings (.csv, .csv.gz, .parquet) or CSV files of phones and loggers.  For each, DIR gets NAME.csv with
    the episodes and NAME.run.json with settings and versions.  A refused file does not stop the others.
    """
    inputs = sort_inputs(files)
    refuse_one_start_for_several(foreign, [one.path for one in inputs.recordings])
    choices = Choices(
        output, read_settings_option(settings_path), foreign, with_pictures, with_reasons, may_replace, language
    )
    _ = translator(language)
    promise_notice()
    for companion in inputs.companions:
        text = _("{file}: skipped; it belongs to a recording and is not one itself.")
        echo(text.format(file=companion), err=True)
    paths: list[Path] = []
    refused: list[str] = []
    for recording in inputs.recordings:
        try:
            written = _detect_one(recording, choices)
        except (ClonusSenseError, OSError) as error:
            refused.append(str(recording.path))
            echo(f"{PROGRAM_NAME}: {refusal(error, _)}", err=True)
            if as_json:
                echo(json.dumps({"input": recording.path.name, "refused": refusal(error, _)}, ensure_ascii=False))
            continue
        paths += written.paths
        _print_result(recording, written, with_reasons=with_reasons, as_json=as_json, _=_)
        if written.not_drawn:
            refused.append(str(recording.path))
            echo(f"{PROGRAM_NAME}: {written.not_drawn}", err=True)
    if not as_json:
        for path in paths:
            echo(path)
    if refused:
        if len(inputs.recordings) > 1:
            echo(_("Refused: {files}").format(files=", ".join(refused)), err=True)
        context.exit(1)


def _detect_one(recording: Input, choices: Choices) -> Written:
    """Analyse one recording and write its log, reasons and pictures."""
    from clonus_sense.report.log import log_path, result_paths, write_log, write_rejections
    from clonus_sense.workflows import analyse_recording

    # Refuse before the work if the log cannot be written.
    log_path(choices.output, recording.stem)
    check_may_write(result_paths(choices.output, recording.stem), may_replace=choices.may_replace)
    with show_progress(recording.path.name) as on_progress:
        analysed = analyse_recording(
            recording.path,
            choices.settings,
            foreign=choices.foreign,
            explain=choices.with_reasons,
            on_progress=on_progress,
        )
    rejections = write_rejections(analysed.rejections, choices.output, recording.stem) if choices.with_reasons else None
    log = write_log(analysed.analysis, choices.output, recording.stem, recording.path.name)
    try:
        page = _draw(recording, analysed, choices) if choices.with_pictures else None
    except (ClonusSenseError, OSError) as error:
        # The log is written and is reported; only the pictures are missing.
        return Written(analysed, log, rejections, None, refusal(error, translator(choices.language)))
    return Written(analysed, log, rejections, page)


def _draw(recording: Input, analysed: AnalysedRecording, choices: Choices) -> Path:
    """Draw the pictures of one recording."""
    from clonus_sense.report.picture_folder import write_pictures
    from clonus_sense.workflows import window_of

    with show_progress(recording.path.name) as on_progress:
        return write_pictures(
            analysed.analysis,
            window_of(recording.path, foreign=choices.foreign),
            choices.output,
            recording.stem,
            language=choices.language,
            on_progress=on_progress,
        )


def _print_result(recording: Input, written: Written, *, with_reasons: bool, as_json: bool, _: Translator) -> None:
    """Print what was found in one recording."""
    from clonus_sense.cli.console.recording_lines import explanation_lines, summary_lines
    from clonus_sense.report.log import run_as_json

    analysis = written.analysed.analysis
    if as_json:
        paths = {"log": written.log, "rejected": written.rejections, "pictures": written.page}
        files = {name: str(path) for name, path in paths.items() if path}
        run = json.loads(run_as_json(analysis, recording.path.name))
        missing = {"refused": written.not_drawn} if written.not_drawn else {}
        echo(json.dumps(files | missing | run, ensure_ascii=False))
        return
    lines = summary_lines(analysis, recording.path.name, _)
    if with_reasons:
        lines += explanation_lines(analysis.episodes, written.analysed.rejections, _)
    echo("\n".join(lines))
