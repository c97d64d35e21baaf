"""``export``: writes nights of the library as files for other programs."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from clonus_sense.cli.console.options import (
    PATH,
    PROGRAM_NAME,
    json_option,
    language_option,
    library_option,
    promise_notice,
    verbose_option,
)
from clonus_sense.cli.console.printing import echo
from clonus_sense.cli.console.progress import show_progress
from clonus_sense.cli.console.refusals import refusal
from clonus_sense.i18n import Translator, translator
from clonus_sense.terms import ExportFormat

if TYPE_CHECKING:
    from clonus_sense.export import ExportOutcome

_DATE = click.DateTime(["%Y-%m-%d"])


@click.command()
@click.option("--output", required=True, type=PATH, metavar="DIR", help="Folder for the files; new or empty.")
@click.option(
    "--format",
    "format_name",
    type=click.Choice([one.value for one in ExportFormat]),
    default="csv",
    show_default=True,
    help="csv: tables; edf: recordings as EDF+D; parquet: tables and recordings.",
)
@click.option("--person", metavar="CODE", help="Only this person's nights.")
@click.option("--night", metavar="NAME", help="Only this night, such as 2026-11-05 or last.")
@click.option("--since", type=_DATE, metavar="DATE", help="Only nights from this date on.")
@click.option("--until", type=_DATE, metavar="DATE", help="Only nights up to this date.")
@click.option(
    "--no-personal-data",
    "without_personal_data",
    is_flag=True,
    help="Replace people's codes by P1, P2; leave out names, notes, paths and serial numbers.",
)
@library_option
@language_option
@json_option
@verbose_option
@click.pass_context
def export(
    context: click.Context,
    *,
    output: Path,
    format_name: str,
    person: str | None,
    night: str | None,
    since: datetime | None,
    until: datetime | None,
    without_personal_data: bool,
    library_path: Path | None,
    language: str,
    as_json: bool,
) -> None:
    """Write nights of the library as files for other programs.

    DIR gets tables with a dictionary of their columns (csv, parquet), and recordings with their gaps (edf, parquet).
    Without a choice of nights, all are exported.  No file is overwritten.
    """
    from clonus_sense.export import Selection, read_content, write_export
    from clonus_sense.library import Library

    if night is not None and (since is not None or until is not None):
        raise click.UsageError("--night names one night; leave out --since and --until.")
    _ = translator(language)
    promise_notice()
    selection = Selection(person, night, since.date() if since else None, until.date() if until else None)
    with Library.open(library_path, must_exist=True) as library:
        content = read_content(library, selection, with_personal_data=not without_personal_data)
    refused: list[str] = []
    with show_progress(output.name) as on_progress:
        for outcome in write_export(content, output, ExportFormat(format_name), on_progress):
            if outcome.refused is not None:
                refused.append(str(outcome.source or outcome.path))
            _tell(outcome, as_json=as_json, _=_)
    if not as_json:
        echo(output)
    if refused:
        echo(_("Refused: {files}").format(files=", ".join(refused)), err=True)
        context.exit(1)


def _tell(outcome: ExportOutcome, *, as_json: bool, _: Translator) -> None:
    """Print the path of one file, or why it was refused."""
    refused = refusal(outcome.refused, _) if outcome.refused is not None else None
    if refused is not None:
        echo(f"{PROGRAM_NAME}: {refused}", err=True)
    if as_json:
        record = {"file": str(outcome.path)} | ({"refused": refused} if refused is not None else {})
        echo(json.dumps(record, ensure_ascii=False))
    elif refused is None:
        echo(outcome.path)
