"""``page``: makes the page of a night."""

from __future__ import annotations

from datetime import datetime
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
from clonus_sense.cli.console.several import choose_several, several_options
from clonus_sense.i18n import translator

if TYPE_CHECKING:
    from clonus_sense.recording import ForeignFormat


@click.command()
@click.argument("night", required=False)
@person_option
@several_options
@click.option("--full", "whole", is_flag=True, help="Put all samples of the night in: any second of it can be seen.")
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
    night: str | None,
    person: str | None,
    since: datetime | None,
    until: datetime | None,
    last: int | None,
    whole: bool,
    pages_folder: Path | None,
    hide_personal: bool,
    library_path: Path | None,
    foreign: ForeignFormat | None,
    language: str,
) -> None:
    """Make the page of a night, or of several nights.

    The path of the page is printed.

    NIGHT is the date of the evening, such as 2026-11-05, or `last`; `clonus-sense nights` lists all.  Without NIGHT,
    --since, --until and --last choose up to 90 nights for one page.
    """
    from clonus_sense.cli.console.redrawing import write_pages
    from clonus_sense.library import Library
    from clonus_sense.review import find_night
    from clonus_sense.workflows import PageChoices, default_pages_folder, write_nights_page

    wants_several = not (since is None and until is None and last is None)
    if (night is None) != wants_several:
        raise click.UsageError("Name one night, or choose several with --since, --until or --last.")
    if whole and wants_several:
        raise click.UsageError("--full makes the page of one night; name it.")
    promise_notice()
    with Library.open(library_path, must_exist=True) as library:
        choices = PageChoices(pages_folder or default_pages_folder(library), language, hide_personal, foreign, whole)
        if night is None:
            several = choose_several(library, person, since, until, last)
            echo(write_nights_page(several, choices, made_at=datetime.now().astimezone()))
            return
        found = find_night(library, night, person=person)
        pages = write_pages([(found, choices)], translator(language))
    for path in pages.paths:
        echo(path)
    if pages.refused:
        context.exit(1)
