"""``restore``: a copy of the library brought back."""

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
    """Bring a backup of the library back.

    It takes the place of what the library holds now, which is copied first; the path of that copy is printed.
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
            # A picture or a letter, named by a slip of the keys, is no damaged library.
            raise
        # Damage may show only when what is left is copied; a damaged backup is refused here as well.
        before = replace_damaged(path, file)
    echo(_("The backup is in place. What the library held before lies here:"))
    echo(before)
