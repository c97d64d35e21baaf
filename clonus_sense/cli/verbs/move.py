"""``move``: files a night under another person or leg, and records the move."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from clonus_sense.cli.console.options import (
    language_option,
    library_option,
    no_page_option,
    person_option,
    side_option,
    verbose_option,
)
from clonus_sense.cli.console.printing import echo
from clonus_sense.cli.console.recording_choice import chosen_recordings
from clonus_sense.i18n import translator
from clonus_sense.terms import SIDES

if TYPE_CHECKING:
    from clonus_sense.library import Library, Move, StoredRecording


@click.command()
@click.argument("night")
@person_option
@side_option
@click.option("--to-person", metavar="CODE", help="Its person; added if new.")
@click.option("--to-side", type=click.Choice(SIDES), help="Its leg.")
@click.option("--swap-sides", "is_swap", is_flag=True, help="Make left right, and right left.")
@click.option("--by", "moved_by", metavar="NAME", required=True, help="Who moves it.")
@click.option("--reason", metavar="TEXT", required=True, help="Why; kept with the night.")
@no_page_option
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
    no_page: bool,
    library_path: Path | None,
    language: str,
) -> None:
    """File a night under another person or leg.

    NIGHT is the date of the evening, or `recording:N` for one recording by its number.  Results and people's
    words move with it, and the move is recorded.  The pages of both nights are drawn again.
    """
    from clonus_sense.cli.console.night_lines import recording_words
    from clonus_sense.cli.console.redrawing import redrawing
    from clonus_sense.library import Library, swap_sides

    _ = translator(language)
    if (to_person is None and to_side is None) != is_swap:
        raise click.UsageError("Give --to-person, --to-side or both; or --swap-sides alone.")
    with Library.open(library_path, must_exist=True) as library:
        stored = chosen_recordings(library, night, person, side)
        numbers = [one.id for one in stored]
        with redrawing(library, numbers, no_page=no_page, translate=_):
            with library.writing():
                if is_swap:
                    moved = swap_sides(library, numbers, moved_by=moved_by, reason=reason)
                else:
                    moved = _file_anew(library, stored, to_person, to_side, moved_by, reason)
            ids = [move.recording_id for move in moved]
            echo(_("Moved: {recordings}.").format(recordings=recording_words(ids, _)))


def _file_anew(
    library: Library,
    stored: Sequence[StoredRecording],
    to_person: str | None,
    to_side: str | None,
    moved_by: str,
    reason: str,
) -> tuple[Move, ...]:
    """File recordings under another leg or person; a new person is added."""
    from clonus_sense.library import Filing, Person, add_person, list_people, move_recordings

    target = stored[0].info.person if to_person is None else " ".join(to_person.split())
    if target and target not in [known.code for known in list_people(library)]:
        add_person(library, Person(target))
    return tuple(
        move
        for one in stored
        for move in move_recordings(
            library, [one.id], Filing(target, to_side or one.info.side), moved_by=moved_by, reason=reason
        )
    )
