"""``delete``: a night taken out of the library for good."""

from __future__ import annotations

from pathlib import Path

import click

from clonus_sense.cli.options import language_option, library_option, person_option, side_option, verbose_option
from clonus_sense.i18n import translator


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
    from clonus_sense.library import Library, delete_recording, find_recording
    from clonus_sense.review import choose_leg, find_night

    _ = translator(language)
    with Library.open(library_path) as library:
        prefix, _colon, number = night.partition(":")
        if prefix == "recording" and number.isdecimal():
            stored = [find_recording(library, int(number))]
        else:
            found = find_night(library, night, person=person)
            legs = found.legs if side is None else (choose_leg(found, side),)
            stored = [recording.stored for leg in legs for recording in leg.recordings]
        question = _("Delete {n} recordings from the library, with all that people said about them?")
        if not yes:
            click.confirm(question.format(n=len(stored)), abort=True, err=True)
        paths = [path for one in stored for path in delete_recording(library, one.id).paths]
    click.echo(_("Deleted from the library: {n} recordings. Their files are still here:").format(n=len(stored)))
    for path in paths:
        click.echo(path)
