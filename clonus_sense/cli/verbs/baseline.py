"""``baseline``: nights of a person with which later nights are shown."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from clonus_sense.cli.console.options import (
    language_option,
    library_option,
    no_page_option,
    person_option,
    verbose_option,
)
from clonus_sense.cli.console.pasting import command_line
from clonus_sense.cli.console.printing import echo
from clonus_sense.cli.console.redrawing import redrawing
from clonus_sense.i18n import Translator, translator

if TYPE_CHECKING:
    from collections.abc import Sequence

    from clonus_sense.review import PersonNight


@click.command()
@click.argument("night", required=False)
@click.option("--remove", is_flag=True, help="Remove the mark; the night stays.")
@person_option
@no_page_option
@library_option
@language_option
@verbose_option
def baseline(
    *,
    night: str | None,
    remove: bool,
    person: str | None,
    no_page: bool,
    library_path: Path | None,
    language: str,
) -> None:
    """Mark a night as a baseline, or list the baselines.

    NIGHT is the date of the evening, or `last`.  Pages of later nights, and `nights`, also show the baseline's
    counts, beats, seconds and measured time.  They draw no conclusion, because nights vary by chance.
    """
    from clonus_sense.library import Library, list_people
    from clonus_sense.review import find_night, list_baseline_nights, mark_as_baseline, unmark_as_baseline

    _ = translator(language)
    if night is None and remove:
        raise click.UsageError("Name the night.")
    with Library.open(library_path, must_exist=True) as library:
        if night is not None:
            found = find_night(library, night, person=person)
            numbers = [recording.stored.id for recording in found.recordings]
            with redrawing(library, numbers, no_page=no_page, translate=_):
                if remove:
                    unmark_as_baseline(library, found)
                else:
                    marked = list_baseline_nights(library, found.person) if found.person else ()
                    mark_as_baseline(library, found, marked)
                echo("\n".join(_lines(found.person, list_baseline_nights(library, found.person), _)))
            return
        codes = [known.code for known in list_people(library)] if person is None else [person]
        for code in codes:
            echo("\n".join(_lines(code, list_baseline_nights(library, code), _)))


def _lines(person: str, nights: Sequence[PersonNight], _: Translator) -> list[str]:
    """List the baseline nights of a person, and the command that uses them."""
    from clonus_sense.report.wording import side_word
    from clonus_sense.report.words.baseline_words import figures_words

    if not nights:
        return [_("{person}: no baseline night").format(person=person)]
    text = _("Baseline night {name}: {numbers}")
    lines = [f"{person}:"]
    for night in nights:
        for leg in night.legs:
            if leg.is_baseline:
                numbers = _(", ").join([side_word(leg.side, _), figures_words(leg.summary.headline, _)])
                lines.append("  " + text.format(name=night.name, numbers=numbers))
    command = command_line("settings", person, options=[("--from-baseline", None)])
    return [*lines, "  " + _("`{command}` shows what settings they suggest").format(command=command)]
