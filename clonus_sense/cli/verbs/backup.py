"""``backup``: a copy of the library in one file."""

from __future__ import annotations

from pathlib import Path

import click

from clonus_sense.cli.console.options import PATH, language_option, library_option, verbose_option
from clonus_sense.cli.console.printing import echo
from clonus_sense.i18n import translator


@click.command()
@click.argument("file", type=PATH)
@library_option
@language_option
@verbose_option
def backup(*, file: Path, library_path: Path | None, language: str) -> None:
    """Copy the library into one new file.

    The copy holds people, results and people's words.  Copy the recordings' own files as well.
    """
    from clonus_sense.library import Library, back_up

    _ = translator(language)
    with Library.open(library_path, must_exist=True) as library:
        back_up(library, file)
    echo(_("Backup of the library (copy the recordings' own files as well):"))
    echo(file)
