"""``restore``: replaces the library with a backup."""

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
def restore(*, file: Path, library_path: Path | None, language: str) -> None:
    """Replace the library with a backup.

    The present library is copied first; the path of that copy is printed.
    """
    from clonus_sense.errors import DamagedLibraryError
    from clonus_sense.library import Library, default_path, replace_damaged
    from clonus_sense.library import restore as bring_back

    _ = translator(language)
    path = library_path or default_path()
    try:
        with Library.open(path) as library:
            before = bring_back(library, file)
    except DamagedLibraryError:
        if path.suffix != default_path().suffix:
            # Another file, named by mistake, is not a damaged library.
            raise
        # Damage may show only during the copy; a damaged backup is refused here too.
        before = replace_damaged(path, file)
    echo(_("The backup is restored. The library before it is kept here:"))
    echo(before)
