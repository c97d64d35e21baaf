"""``import-review``: the verdicts that people gave on a page, taken into the library."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from clonus_sense.cli.console.options import (
    PATH,
    language_option,
    library_option,
    no_page_option,
    verbose_option,
)
from clonus_sense.cli.console.printing import echo
from clonus_sense.errors import ReviewFileError
from clonus_sense.i18n import Translator, translator

if TYPE_CHECKING:
    from clonus_sense.library import Library, Rater
    from clonus_sense.review import ReviewFile


@click.command(name="import-review")
@click.argument("file", type=PATH)
@click.option("--yes", is_flag=True, help="Take the words without asking.")
@click.option(
    "--same-person/--other-person",
    "is_same_person",
    default=None,
    help="Whether a reviewer with a name that the library knows already is that person.  [default: asks]",
)
@no_page_option
@library_option
@language_option
@verbose_option
def import_review(
    *,
    file: Path,
    yes: bool,
    is_same_person: bool | None,
    no_page: bool,
    library_path: Path | None,
    language: str,
) -> None:
    """Take the verdicts of a review file into the library.

    FILE is what a page saved, or `-` for its text on standard input.  First it is shown who says what.  A later word
    takes the place of the same reviewer's earlier one only; a file that is taken twice counts once.
    """
    from clonus_sense.cli.console.redrawing import redrawing
    from clonus_sense.cli.console.review_lines import plan_lines
    from clonus_sense.library import Library
    from clonus_sense.review import plan_import, take_import

    _ = translator(language)
    review = _read(file)
    with Library.open(library_path, must_exist=True) as library:
        others = _other_people(library, review, is_same_person, _)
        plan = plan_import(library, review, others=others)
        echo("\n".join(plan_lines(plan, _)))
        if not plan.n_taken:
            echo(_("There is nothing to take."))
            return
        if not yes:
            _ask(
                _("Take {n} words?").format(n=plan.n_taken),
                _("Nobody can be asked here; say --yes to take these words."),
            )
        touched = {step.recording.id for step in plan.steps if step.outcome.is_taken}
        with redrawing(library, touched, no_page=no_page, translate=_):
            words = take_import(library, review, plan, others=others)
            echo(_("Taken: {n} words.").format(n=len(words)))


def _read(file: Path) -> ReviewFile:
    """Read the file that was named, or standard input."""
    from clonus_sense.review import read_review

    with click.open_file(str(file), "rb") as stream:
        return read_review(stream, file.name)


def _other_people(
    library: Library, review: ReviewFile, is_same_person: bool | None, _: Translator
) -> tuple[Rater, ...]:
    """Find out which reviewers share a name with somebody in the library and are another person."""
    from clonus_sense.report.wording import profession_word
    from clonus_sense.review import find_namesakes

    others = []
    for rater in find_namesakes(library, review):
        is_same = is_same_person
        if is_same is None:
            who = f"{rater.name} ({profession_word(rater.profession, _)})"
            _check_can_ask(
                _("{who} has words in this library already; say --same-person or --other-person.").format(who=who)
            )
            question = _("{who} has words in this library already. Is this the same person?").format(who=who)
            is_same = click.confirm(question, default=None, err=True)
        if not is_same:
            others.append(rater)
    return tuple(others)


def _ask(question: str, refusal: str) -> None:
    """Go on after a yes only."""
    _check_can_ask(refusal)
    click.confirm(question, abort=True, err=True)


def _check_can_ask(refusal: str) -> None:
    """Refuse where nobody can answer."""
    if not sys.stdin.isatty():
        raise ReviewFileError(refusal)
