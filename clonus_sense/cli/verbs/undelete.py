"""``undelete``: brings a deleted night back from the bin, or lists the bin."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from clonus_sense.cli.console.options import (
    language_option,
    library_option,
    no_page_option,
    pages_option,
    person_option,
    side_option,
    verbose_option,
)
from clonus_sense.cli.console.printing import echo
from clonus_sense.cli.console.recording_choice import recording_number
from clonus_sense.cli.console.redrawing import renew_pages
from clonus_sense.errors import NightError
from clonus_sense.i18n import translator

if TYPE_CHECKING:
    from clonus_sense.library import BinnedRecording, Library


@click.command()
@click.argument("night", required=False)
@person_option
@side_option
@no_page_option
@pages_option
@library_option
@language_option
@verbose_option
@click.pass_context
def undelete(
    context: click.Context,
    *,
    night: str | None,
    person: str | None,
    side: str | None,
    no_page: bool,
    pages_folder: Path | None,
    library_path: Path | None,
    language: str,
) -> None:
    """Bring a deleted night back, or list the bin.

    NIGHT is the date of the evening, or `recording:N` for one recording by its number.  All that was found and said
    comes back with it; the last lines are the paths of the pages.  Without NIGHT the bin is listed: what was deleted
    stays in it for 30 days.
    """
    from clonus_sense.cli.console.deletion_lines import binned_line, deletion_lines
    from clonus_sense.library import Library, list_binned, take_out_of_bin
    from clonus_sense.workflows import PageChoices, default_pages_folder

    _ = translator(language)
    with Library.open(library_path, must_exist=True) as library:
        if night is None:
            listed = [one for one in list_binned(library) if _is_meant(one, person, side)]
            for one in listed:
                echo(binned_line(one, _))
            if not listed:
                echo(_("The bin is empty."))
            return
        chosen = _choose(library, night, person, side)
        numbers = {one.recording.id for one in chosen}
        take_out_of_bin(library, numbers)
        echo(_("Back in the library: {n} recordings.").format(n=len(chosen)))
        echo("\n".join(deletion_lines(library, [one.recording for one in chosen], _)))
        own = PageChoices(default_pages_folder(library))
        wanted = PageChoices(pages_folder or own.folder, language)
        pages = renew_pages(library, numbers, own, wanted=wanted, no_page=no_page, translate=_)
        for line in (*pages.removed, *pages.paths):
            echo(line)
    if pages.refused:
        context.exit(1)


def _choose(library: Library, night: str, person: str | None, side: str | None) -> tuple[BinnedRecording, ...]:
    """Find the named recordings in the bin."""
    from clonus_sense.library import list_binned

    number = recording_number(night)
    found = tuple(
        one
        for one in list_binned(library)
        if (one.recording.id == number if number is not None else one.night == night) and _is_meant(one, person, side)
    )
    if not found:
        raise NightError(f"There is no {night} in the bin; `clonus-sense undelete` lists what is in it.")
    people = sorted({one.recording.info.person for one in found})
    if len(people) > 1:
        codes = ", ".join(code or "(nobody's yet)" for code in people)
        raise NightError(f"Several people have a night {night} in the bin ({codes}); say whose with --person.")
    return found


def _is_meant(binned: BinnedRecording, person: str | None, side: str | None) -> bool:
    """Whether a recording is of the person and leg that were named."""
    info = binned.recording.info
    return (person is None or info.person == person) and (side is None or info.side == side)
