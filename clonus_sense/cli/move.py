"""``move``: a night filed under another person or leg, with a trace."""

from __future__ import annotations

from pathlib import Path

import click

from clonus_sense.cli.options import language_option, library_option, person_option, side_option, verbose_option
from clonus_sense.i18n import translator


@click.command()
@click.argument("night")
@person_option
@side_option
@click.option("--to-person", metavar="CODE", help="Whose it is; added if new.")
@click.option("--to-side", type=click.Choice(["left", "right"]), help="Which leg it is.")
@click.option("--by", "moved_by", metavar="NAME", required=True, help="Who moves it.")
@click.option("--reason", metavar="TEXT", required=True, help="Why; stays with the night.")
@library_option
@language_option
@verbose_option
def move(
    *,
    night: str,
    person: str | None,
    side: str | None,
    to_person: str | None,
    to_side: str | None,
    moved_by: str,
    reason: str,
    library_path: Path | None,
    language: str,
) -> None:
    """File a night under another person or leg.

    NIGHT is the date of the evening.  What people said and what was found go with it; a trace stays.
    """
    from clonus_sense.library import Filing, Library, Person, add_person, list_people, move_recordings
    from clonus_sense.review import choose_leg, find_night

    _ = translator(language)
    if to_person is None and to_side is None:
        raise click.UsageError("Say --to-person or --to-side, or both.")
    with Library.open(library_path) as library, library.writing():
        found = find_night(library, night, person=person)
        legs = found.legs if side is None and to_side is None else (choose_leg(found, side),)
        target = found.person if to_person is None else " ".join(to_person.split())
        if target and target not in [known.code for known in list_people(library)]:
            add_person(library, Person(target))
        n_moved = 0
        for leg in legs:
            numbers = [recording.stored.id for recording in leg.recordings]
            filing = Filing(target, to_side or leg.side)
            n_moved += len(move_recordings(library, numbers, filing, moved_by=moved_by, reason=reason))
    click.echo(_("Recordings filed anew: {n}.").format(n=n_moved))
