"""``add``: keeps recordings in the library and makes the pages of their nights."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from clonus_sense.cli.console.inputs import sort_inputs
from clonus_sense.cli.console.options import (
    PATH,
    PROGRAM_NAME,
    SITES,
    foreign_options,
    json_option,
    language_option,
    library_option,
    no_page_option,
    pages_option,
    person_option,
    private_option,
    promise_notice,
    read_settings_option,
    refuse_one_start_for_several,
    settings_option,
    side_option,
    verbose_option,
)
from clonus_sense.cli.console.pasting import command_line
from clonus_sense.cli.console.printing import echo
from clonus_sense.cli.console.progress import show_progress
from clonus_sense.cli.console.redrawing import WrittenPages, renew_pages
from clonus_sense.cli.console.refusals import refusal
from clonus_sense.errors import ClonusSenseError
from clonus_sense.i18n import Translator, translator

if TYPE_CHECKING:
    from clonus_sense.config import DetectionSettings
    from clonus_sense.library import Library
    from clonus_sense.recording import ForeignFormat
    from clonus_sense.review import PersonNight
    from clonus_sense.workflows import Kept, Particulars


@dataclass(frozen=True, slots=True)
class Outcome:
    """The recordings that were kept, and one sentence for each refused file."""

    kept: tuple[Kept, ...]
    refused: tuple[str, ...]


@click.command()
@click.argument("files", nargs=-1, required=True, type=PATH)
@person_option
@side_option
@click.option("--site", type=click.Choice(SITES), help="Where the sensor sat, if the file does not say.")
@no_page_option
@pages_option
@private_option
@library_option
@settings_option
@foreign_options
@language_option
@json_option
@verbose_option
@click.pass_context
def add(
    context: click.Context,
    *,
    files: tuple[Path, ...],
    person: str | None,
    side: str | None,
    site: str | None,
    no_page: bool,
    pages_folder: Path | None,
    hide_personal: bool,
    library_path: Path | None,
    settings_path: Path | None,
    foreign: ForeignFormat | None,
    language: str,
    as_json: bool,
) -> None:
    """Keep recordings and make the pages of their nights.

    FILES are recordings (.csv, .csv.gz, .parquet) or CSV files of phones and loggers.  The files stay where they are;
    the results go into the library.  A recording that is added twice is kept once.  The last lines are the paths of
    the pages.
    """
    from clonus_sense.library import Library
    from clonus_sense.review import nights_of_recordings
    from clonus_sense.workflows import PageChoices, default_pages_folder

    _ = translator(language)
    particulars = _particulars(person, side, site)
    inputs = sort_inputs(files)
    refuse_one_start_for_several(foreign, [one.path for one in inputs.recordings])
    settings = read_settings_option(settings_path) if settings_path else None
    promise_notice()
    for companion in inputs.companions:
        text = _("{file}: skipped; it belongs to a recording and is not one itself.")
        echo(text.format(file=companion), err=True)
    with Library.open(library_path) as library:
        outcome = _keep(library, [one.path for one in inputs.recordings], particulars, settings, foreign, _)
        numbers = {kept.recording.id for kept in outcome.kept}
        own = PageChoices(default_pages_folder(library))
        wanted = PageChoices(pages_folder or own.folder, language, hide_personal)
        if outcome.kept and not as_json:
            _print(outcome, nights_of_recordings(library, numbers), library, _)
        pages = renew_pages(library, numbers, own, wanted=wanted, no_page=no_page, translate=_)
        if as_json:
            echo(_as_json(outcome, pages, library))
        else:
            for line in (*pages.removed, *pages.paths):
                echo(line)
    if outcome.refused or pages.refused:
        context.exit(1)


def _particulars(person: str | None, side: str | None, site: str | None) -> Particulars:
    """Collect the options that describe the files."""
    from clonus_sense.model import Site
    from clonus_sense.workflows import Particulars

    return Particulars(
        person=" ".join((person or "").split()),
        side=side or "",
        site=Site(site) if site else None,
    )


def _keep(
    library: Library,
    paths: Sequence[Path],
    particulars: Particulars,
    settings: DetectionSettings | None,
    foreign: ForeignFormat | None,
    _: Translator,
) -> Outcome:
    """Keep each file; a refused file does not stop the rest."""
    from clonus_sense.workflows import keep_recording

    kept, refused = [], []
    for path in paths:
        try:
            with show_progress(path.name) as on_progress:
                kept.append(
                    keep_recording(
                        library,
                        path,
                        particulars,
                        settings=settings,
                        foreign=foreign,
                        on_progress=on_progress,
                    )
                )
        except (ClonusSenseError, OSError) as error:
            refused.append(refusal(error, _))
            echo(f"{PROGRAM_NAME}: {refused[-1]}", err=True)
    return Outcome(tuple(kept), tuple(refused))


def _print(outcome: Outcome, nights: Sequence[PersonNight], library: Library, _: Translator) -> None:
    """Print the kept recordings, the command that removes each, and their nights."""
    from clonus_sense.cli.console.night_lines import library_line, night_lines
    from clonus_sense.cli.console.recording_lines import kept_lines
    from clonus_sense.review import list_entry

    for kept in outcome.kept:
        echo("\n".join(kept_lines(kept, _)))
        if not kept.was_known or kept.was_binned:
            command = command_line("delete", f"recording:{kept.recording.id}")
            echo("  " + _("to remove it again: {command}").format(command=command))
    for night in nights:
        echo("\n".join(night_lines(list_entry(night), _)))
    echo(library_line(library, _))


def _as_json(outcome: Outcome, pages: WrittenPages, library: Library) -> str:
    """Write the outcome for programs."""
    from clonus_sense.recording import UNFINISHED

    return json.dumps(
        {
            "recordings": [
                {
                    "id": kept.recording.id,
                    "file": str(kept.recording.path),
                    "was_known": kept.was_known,
                    "was_binned": kept.was_binned,
                    "is_unfinished": UNFINISHED in kept.run.findings,
                    "person": kept.recording.info.person,
                    "side": kept.recording.info.side,
                    "n_episodes": len(kept.episodes),
                    "n_came": len(kept.comparison.came) if kept.comparison else 0,
                    "n_went": len(kept.comparison.went) if kept.comparison else 0,
                    "n_reclassified": len(kept.comparison.reclassified) if kept.comparison else 0,
                }
                for kept in outcome.kept
            ],
            "refused": [*outcome.refused, *pages.refused],
            "library": str(library.path),
            "library_bytes": library.size_bytes,
            "pages": [str(page) for page in pages.paths],
        },
        ensure_ascii=False,
    )
