"""``report``: writes several nights of a person as PDF."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from clonus_sense.cli.console.options import (
    PATH,
    foreign_options,
    language_option,
    library_option,
    person_option,
    private_option,
    promise_notice,
    verbose_option,
)
from clonus_sense.cli.console.outputs import check_may_write, replace_option
from clonus_sense.cli.console.printing import echo
from clonus_sense.cli.console.several import choose_several, several_options

if TYPE_CHECKING:
    from clonus_sense.recording import ForeignFormat


@click.command()
@person_option
@several_options
@click.option("--output", "path", type=PATH, metavar="FILE", help="The PDF.  [default: beside the pages]")
@private_option
@replace_option
@library_option
@foreign_options
@language_option
@verbose_option
def report(
    *,
    person: str | None,
    since: datetime | None,
    until: datetime | None,
    last: int | None,
    path: Path | None,
    hide_personal: bool,
    may_replace: bool,
    library_path: Path | None,
    foreign: ForeignFormat | None,
    language: str,
) -> None:
    """Write several nights as a PDF of two pages.

    --since, --until and --last choose up to 90 nights; without them, the newest 90.  The path of the PDF is printed.
    """
    from clonus_sense.cli.console.progress import show_progress
    from clonus_sense.library import Library
    from clonus_sense.workflows import PageChoices, default_pages_folder, make_report, write_report

    promise_notice()
    with Library.open(library_path, must_exist=True) as library:
        choices = PageChoices(default_pages_folder(library), language, hide_personal, foreign)
        found = choose_several(library, person, since, until, last)
        if path is None:
            path = choices.path_of_several(found).with_suffix(".pdf")
        else:
            check_may_write([path], may_replace=may_replace)
        with show_progress(path.name) as on_progress:
            made_on = datetime.now().astimezone().date()
            made = make_report(library, found, choices, made_on=made_on, on_progress=on_progress)
        write_report(path, made)
    echo(path)
