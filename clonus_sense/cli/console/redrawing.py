"""Pages drawn again by commands that change what a page shows."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import click

from clonus_sense.cli.console.options import PROGRAM_NAME
from clonus_sense.cli.console.printing import echo
from clonus_sense.cli.console.progress import show_progress
from clonus_sense.cli.console.refusals import refusal
from clonus_sense.errors import ClonusSenseError
from clonus_sense.i18n import Translator

if TYPE_CHECKING:
    from pathlib import Path

    from clonus_sense.library import Library
    from clonus_sense.recording import ForeignFormat
    from clonus_sense.review import PersonNight
    from clonus_sense.workflows import Concerned, PageChoices


@dataclass(frozen=True, slots=True)
class WrittenPages:
    """The written pages, and one sentence for each failed and each removed page."""

    paths: tuple[Path, ...]
    refused: tuple[str, ...]
    removed: tuple[str, ...] = ()


def write_pages(wanted: Iterable[tuple[PersonNight, PageChoices]], _: Translator) -> WrittenPages:
    """Write the pages of nights; a failed page does not stop the rest."""
    paths, refused = [], []
    for night, choices in wanted:
        # Imported late: this loads the plotting libraries.
        from clonus_sense.workflows import write_night_page

        try:
            with show_progress(night.name) as on_progress:
                paths.append(write_night_page(night, choices, on_progress=on_progress))
        except (ClonusSenseError, OSError) as error:
            refused.append(refusal(error, _))
            echo(f"{PROGRAM_NAME}: {refused[-1]}", err=True)
    return WrittenPages(tuple(paths), tuple(refused))


@contextmanager
def redrawing(
    library: Library,
    recording_ids: Collection[int],
    *,
    no_page: bool,
    foreign: ForeignFormat | None = None,
    translate: Translator,
) -> Iterator[None]:
    """Redraw the pages that a change inside the block outdates, and print their paths.

    The library's own pages are redrawn, each in its language and with or without personal data as before.
    """
    from clonus_sense.workflows import PageChoices, concerned_nights, default_pages_folder

    own = PageChoices(default_pages_folder(library), foreign=foreign)
    before = concerned_nights(library, recording_ids, own)
    try:
        yield
    except KeyboardInterrupt:
        # Part of the change may be made; a missing page is better than a wrong one.
        renew_pages(library, recording_ids, own, before=before, no_page=True, translate=translate)
        raise
    pages = renew_pages(library, recording_ids, own, before=before, no_page=no_page, translate=translate)
    for line in (*pages.removed, *pages.paths):
        echo(line)
    if pages.refused:
        raise click.exceptions.Exit(1)


def renew_pages(
    library: Library,
    recording_ids: Collection[int],
    own: PageChoices,
    *,
    before: Concerned | None = None,
    wanted: PageChoices | None = None,
    no_page: bool,
    translate: Translator,
) -> WrittenPages:
    """Remove outdated pages and draw the nights' pages."""
    from clonus_sense.workflows import find_outdated, take_away

    _ = translate
    outdated = find_outdated(library, recording_ids, own, before=before, wanted=None if no_page else wanted)
    take_away(outdated, own.folder)
    removed = [_("Removed, because its night no longer exists: {path}").format(path=path) for path in outdated.gone]
    if no_page:
        text = _("Removed, because it is outdated: {path}")
        removed += [text.format(path=path) for path in outdated.stale]
    pages = write_pages(() if no_page else outdated.to_draw, _)
    return replace(pages, removed=tuple(removed))
