"""``erase``: a person taken out of the library so that nothing of them stays in it."""

from __future__ import annotations

from pathlib import Path

import click

from clonus_sense.cli.options import language_option, library_option, pages_option, verbose_option
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

    All nights, all that was said about them and their pages go.  What is deleted is overwritten.  The recordings' own
    files, backups and pages in other places are not touched; the paths of the files are printed.
    """
    from clonus_sense.library import Library, erase_person, find_person, list_recordings
    from clonus_sense.session import default_pages_folder, delete_pages, find_pages, remove_pages_of

    _ = translator(language)
    with Library.open(library_path, must_exist=True) as library:
        find_person(library, person)
        question = _("Erase {person} with all nights and all that was said about them? This cannot be undone.")
        if not yes:
            click.confirm(question.format(person=person), abort=True, err=True)
        folder = pages_folder or default_pages_folder(library)
        pages = find_pages(library, list_recordings(library, person=person), folder)
        erasure = erase_person(library, person)
        # Only now: a library that is busy must not cost the pages.
        pages = (*delete_pages(pages, folder), *remove_pages_of(person, folder))
    text = _("Erased: {n} recordings, {pages} pages. Backups are not touched. These files are still here:")
    click.echo(text.format(n=erasure.n_recordings, pages=len(pages)))
    for path in erasure.paths:
        click.echo(path)
