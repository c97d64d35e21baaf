"""``erase``: removes a person from the library and from the files beside it."""

from __future__ import annotations

from pathlib import Path

import click

from clonus_sense.cli.console.options import language_option, library_option, pages_option, verbose_option
from clonus_sense.cli.console.printing import echo, show_controls
from clonus_sense.i18n import translator


@click.command()
@click.argument("person")
@click.option("--yes", is_flag=True, help="Erase without asking.")
@pages_option
@library_option
@language_option
@verbose_option
def erase(*, person: str, yes: bool, pages_folder: Path | None, library_path: Path | None, language: str) -> None:
    """Erase a person from the library.

    Removes the person's nights, words and pages, from the bin, from the copies that `restore` made and from the list of
    sensors too.  Deleted data is overwritten.  The recordings' own files, backups, exports and pages in other places
    stay; the paths of files and backups are printed.  If the command is interrupted, run it again to finish.
    """
    from clonus_sense.library import Library
    from clonus_sense.workflows import check_is_known, default_pages_folder, erase_everywhere

    _ = translator(language)
    with Library.open(library_path, must_exist=True) as library:
        check_is_known(library, person)
        question = _("Erase {person} with all nights and all words about them? This cannot be undone.")
        if not yes:
            click.confirm(show_controls(question.format(person=person)), abort=True, err=True)
        folders = (default_pages_folder(library), *([pages_folder] if pages_folder else []))
        erased = erase_everywhere(library, person, folders)
    if erased.redrawn:
        echo(
            _("These pages of other people named {person}; they were drawn again without the name:").format(
                person=person
            )
        )
        for path in erased.redrawn:
            echo(path)
    if erased.copies:
        text = _("These copies hold {person} or cannot be read; delete those that you no longer need:")
        echo(text.format(person=person))
        for path in erased.copies:
            echo(path)
    text = _("Erased: {n} recordings, {pages} pages. These files are still here:")
    echo(text.format(n=erased.n_recordings, pages=len(erased.pages)))
    for path in erased.files:
        echo(path)
