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
@click.option("--swap-sides", "is_swap", is_flag=True, help="Make left right, and right left.")
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
    is_swap: bool,
    moved_by: str,
    reason: str,
    library_path: Path | None,
    language: str,
) -> None:
    """File a night under another person or leg.

    NIGHT is the date of the evening, or `recording:N` for one recording by its number.  What people said and what was
    found go with it; a trace stays.
    """
    from clonus_sense.cli.delete import chosen_recordings
    from clonus_sense.library import Filing, Library, Person, add_person, list_people, move_recordings, swap_sides
    from clonus_sense.session import default_pages_folder, remove_pages

    _ = translator(language)
    if (to_person is None and to_side is None) != is_swap:
        raise click.UsageError("Say --to-person or --to-side, or both; or --swap-sides alone.")
    with Library.open(library_path, must_exist=True) as library, library.writing():
        stored = chosen_recordings(library, night, person, side)
        remove_pages(library, stored, default_pages_folder(library))
        if is_swap:
            n_moved = len(swap_sides(library, [one.id for one in stored], moved_by=moved_by, reason=reason))
        else:
            target = stored[0].info.person if to_person is None else " ".join(to_person.split())
            if target and target not in [known.code for known in list_people(library)]:
                add_person(library, Person(target))
            n_moved = 0
            for one in stored:
                filing = Filing(target, to_side or one.info.side)
                n_moved += len(move_recordings(library, [one.id], filing, moved_by=moved_by, reason=reason))
    click.echo(_("Recordings filed anew: {n}.").format(n=n_moved))
