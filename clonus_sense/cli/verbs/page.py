"""``page``: makes the page of a night."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from clonus_sense.cli.console.options import (
    foreign_options,
    language_option,
    library_option,
    pages_option,
    person_option,
    private_option,
    promise_notice,
    verbose_option,
)
from clonus_sense.cli.console.printing import echo
from clonus_sense.i18n import translator

if TYPE_CHECKING:
    from clonus_sense.recording import ForeignFormat


@click.command()
@click.argument("night")
@person_option
@pages_option
@private_option
@library_option
@foreign_options
@language_option
@verbose_option
@click.pass_context
def page(
    context: click.Context,
    *,
    night: str,
    person: str | None,
    pages_folder: Path | None,
    hide_personal: bool,
    library_path: Path | None,
    foreign: ForeignFormat | None,
    language: str,
) -> None:
    """Make the page of a night and print its path.

    NIGHT is the date of the evening, such as 2026-11-05, or `last`; `clonus-sense nights` lists all.
    """
    from clonus_sense.cli.console.redrawing import write_pages
    from clonus_sense.library import Library
    from clonus_sense.review import find_night
    from clonus_sense.workflows import PageChoices, default_pages_folder

    promise_notice()
    with Library.open(library_path, must_exist=True) as library:
        found = find_night(library, night, person=person)
        choices = PageChoices(pages_folder or default_pages_folder(library), language, hide_personal, foreign)
        pages = write_pages([(found, choices)], translator(language))
    for path in pages.paths:
        echo(path)
    if pages.refused:
        context.exit(1)
