"""``delete``: a night taken out of the library for good."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from clonus_sense.cli.options import language_option, library_option, person_option, side_option, verbose_option
from clonus_sense.i18n import translator

if TYPE_CHECKING:
    from clonus_sense.library import Library, StoredRecording


@click.command()
@click.argument("night")
@click.option("--yes", is_flag=True, help="Delete without asking.")
@person_option
@side_option
@library_option
@language_option
@verbose_option
def delete(
    *, night: str, yes: bool, person: str | None, side: str | None, library_path: Path | None, language: str
) -> None:
    """Delete a night from the library.

    All that was found and said goes with its recordings.  NIGHT is the date of the evening, or `recording:N` for one
    recording by its number.  The recordings' own files stay where they are; their paths are printed.
    """
    from clonus_sense.library import Library, delete_recording
    from clonus_sense.session import default_pages_folder, remove_pages

    _ = translator(language)
    with Library.open(library_path, must_exist=True) as library:
        stored = chosen_recordings(library, night, person, side)
        question = _("Delete {n} recordings from the library, with all that people said about them?")
        if not yes:
            click.confirm(question.format(n=len(stored)), abort=True, err=True)
        pages = remove_pages(library, stored, default_pages_folder(library))
        paths = [path for one in stored for path in delete_recording(library, one.id).paths]
    text = _("Deleted: {n} recordings, {pages} pages. These files are still here:")
    click.echo(text.format(n=len(stored), pages=len(pages)))
    for path in paths:
        click.echo(path)


def chosen_recordings(
    library: Library, night: str, person: str | None, side: str | None
) -> tuple[StoredRecording, ...]:
    """Find the recordings that a person means.

    Parameters
    ----------
    library
        Open library.
    night
        Name of a night, or ``recording:N``.
    person, side
        Whose, and of which leg; ``None`` where not said.

    Returns
    -------
    tuple of StoredRecording
        At least one.
    """
    from clonus_sense.library import find_recording
    from clonus_sense.review import choose_leg, find_night

    prefix, _colon, number = night.partition(":")
    if prefix == "recording" and number.isdecimal():
        return (find_recording(library, int(number)),)
    found = find_night(library, night, person=person)
    legs = found.legs if side is None else (choose_leg(found, side),)
    return tuple(recording.stored for leg in legs for recording in leg.recordings)
