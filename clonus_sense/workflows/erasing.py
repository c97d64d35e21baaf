"""Erases a person from all files of this program: a list of steps, written to a journal first.

Each step may be repeated, so that a second call finishes an interrupted erasure.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from clonus_sense.errors import ClonusSenseError, DamagedLibraryError, LibraryError
from clonus_sense.files import remove_leftovers
from clonus_sense.library import (
    ErasurePlan,
    Library,
    automatic_copies,
    damaged_copies,
    default_path,
    delete_person,
    erase_in_copy,
    find_person,
    holds_person,
    list_backups,
    list_binned,
    list_filed_before,
    list_files,
    list_recordings,
    read_plans,
    strike_plan,
    sweep_library,
    write_plan,
)
from clonus_sense.review import PersonNight, nights_of_recordings
from clonus_sense.workflows.page_files import PageChoices, find_pages, person_folder_name

logger = logging.getLogger(__name__)

# File of remembered sensors in the recorder's folder.
SENSORS_NAME = "sensors.json"


@dataclass(frozen=True, slots=True)
class ErasedPerson:
    """Result of an erasure: erased data, and files that this program does not clean.

    Parameters
    ----------
    n_recordings
        Number of recordings deleted from the library.
    pages
        Deleted pages.
    redrawn
        Redrawn pages of others that named the person.
    files
        Remaining files of the recordings.
    copies
        Backups that still hold the person, and unreadable damaged copies.
    """

    n_recordings: int
    pages: tuple[Path, ...]
    redrawn: tuple[Path, ...]
    files: tuple[Path, ...]
    copies: tuple[Path, ...]


def erase_everywhere(library: Library, code: str, page_folders: tuple[Path, ...]) -> ErasedPerson:
    """Erase a person from the library, its bin, its automatic copies, pages, remembered sensors and unfinished files.

    Parameters
    ----------
    page_folders
        Folders with the pages of all people.

    Raises
    ------
    LibraryError
        If the person does not exist, or a step failed. The other steps are done; a second call finishes the rest.
    """
    plan = make_plan(library, code, page_folders)
    write_plan(library.path, plan)
    failures = []
    for step in STEPS:
        try:
            step(library, plan)
        except (ClonusSenseError, OSError) as error:
            # A failed step must not prevent the others.
            failures.append(error)
    if failures:
        raise LibraryError(f"{failures[0]} Erase {code} again to finish.") from failures[0]
    strike_plan(library.path, code)
    others = _pages_of_others(library, plan)
    return ErasedPerson(
        len(plan.files),
        tuple(Path(page) for page in plan.pages if Path(page) not in others),
        tuple(page for page in sorted(others) if page.exists()),
        tuple(path for path in map(Path, plan.files) if path.exists()),
        _copies_left(library, code),
    )


def check_is_known(library: Library, code: str) -> None:
    """Refuse a person who is unknown to the library, its automatic copies and unfinished erasures.

    Raises
    ------
    LibraryError
        If the person does not exist.
    """
    if any(plan.person == code for plan in read_plans(library.path)):
        return
    if not any(holds_person(copy, code) for copy in automatic_copies(library.path)):
        find_person(library, code)


def make_plan(library: Library, code: str, page_folders: tuple[Path, ...]) -> ErasurePlan:
    """Make the erasure plan of a person, joined with the plan of an unfinished erasure."""
    check_is_known(library, code)
    begun = next((plan for plan in read_plans(library.path) if plan.person == code), None)
    own = [one for one in list_recordings(library) if one.info.person == code]
    own += [one.recording for one in list_binned(library) if one.recording.info.person == code]
    filed_before = list_filed_before(library, code)
    others = [one for one in list_recordings(library) if one.id in filed_before]
    pages: set[Path] = set()
    for folder in page_folders:
        pages |= set(find_pages(library, [*own, *others], folder))
        pages |= set((folder / person_folder_name(code)).glob("*.html"))
    return ErasurePlan(
        code,
        tuple(map(str, list_files(library, code))),
        tuple(str(folder.absolute()) for folder in page_folders),
        tuple(sorted(str(page.absolute()) for page in pages)),
        filed_before,
    ).joined(begun)


def _delete_rows(library: Library, plan: ErasurePlan) -> None:
    """Delete the person from the library."""
    delete_person(library, plan.person)


def _clean_pages(library: Library, plan: ErasurePlan) -> None:
    """Delete the person's pages, and redraw pages of others that named the person."""
    others = _pages_of_others(library, plan)
    for page in map(Path, plan.pages):
        if page not in others:
            page.unlink(missing_ok=True)
    for folder in map(Path, plan.page_folders):
        own = folder / person_folder_name(plan.person)
        remove_leftovers(folder, ending=".html")
        for page in (*own.glob("*.html"), *own.glob(".*.html.*.part")):
            page.unlink(missing_ok=True)
        for place in folder.iterdir() if folder.is_dir() else ():
            if place.is_dir():
                remove_leftovers(place, ending=".html")
                if not any(place.iterdir()):
                    place.rmdir()
    for page, draw in others.items():
        try:
            draw()
        except (ClonusSenseError, OSError) as error:
            # No page is better than one that names the person.
            logger.warning("%s: removed, because it could not be drawn again (%s).", page, error)
            page.unlink(missing_ok=True)


def _pages_of_others(library: Library, plan: ErasurePlan) -> dict[Path, Callable[[], object]]:
    """Find the pages of others that named the person, each with a function that redraws it."""
    pages = {Path(page) for page in plan.pages}
    found: dict[Path, Callable[[], object]] = {}
    for night in nights_of_recordings(library, plan.filed_before):
        for choices in (one for folder in plan.page_folders for one in PageChoices(Path(folder)).variants()):
            page = choices.path_of(night)
            if page in pages:
                found[page] = partial(_draw, night, choices)
    return found


def _draw(night: PersonNight, choices: PageChoices) -> None:
    """Redraw a page."""
    # Few erasures need the plotting libraries.
    from clonus_sense.workflows.night_pages import write_night_page  # noqa: PLC0415

    write_night_page(night, choices)


def _forget_sensors(library: Library, plan: ErasurePlan) -> None:
    """Remove the person's remembered sensors; otherwise the next night would add the person again."""
    folders = {Path(file).parent for file in plan.files}
    folders |= {path.parent / "recordings" for path in (library.path, default_path())}
    for path in sorted(folder / SENSORS_NAME for folder in folders):
        path.with_name(f".{SENSORS_NAME}.part").unlink(missing_ok=True)
        remove_leftovers(path.parent, SENSORS_NAME)
        if not path.exists():
            continue
        # The recorder brings the radio's libraries along, which nobody else needs.
        from clonus_sense.recorder import read_remembered, remember  # noqa: PLC0415

        remembered = read_remembered(path)
        kept = [one for one in remembered if one.person != plan.person]
        if len(kept) < len(remembered):
            remember(path, kept)
        elif not remembered and plan.person in path.read_text(encoding="utf-8", errors="replace"):
            # The file is unreadable and may name the person.
            path.unlink()


def _clean_copies(library: Library, plan: ErasurePlan) -> None:
    """Delete the person from the automatic copies; damaged copies are reported in the result."""
    for copy in automatic_copies(library.path):
        try:
            erase_in_copy(copy, plan.person)
        except DamagedLibraryError as error:
            logger.info("%s", error)


def _remove_unfinished(library: Library, plan: ErasurePlan) -> None:
    """Remove leftovers of killed backups and restores; other leftovers go with their finished files."""
    remove_leftovers(library.path.parent, library.path.stem)
    for backup in list_backups(library):
        remove_leftovers(backup.parent, backup.name)


def _sweep(library: Library, _plan: ErasurePlan) -> None:
    """Overwrite the traces of deleted rows."""
    sweep_library(library)


STEPS: tuple[Callable[[Library, ErasurePlan], None], ...] = (
    _delete_rows,
    _clean_pages,
    _forget_sensors,
    _clean_copies,
    _remove_unfinished,
    _sweep,
)
"""Steps in order; the library comes first, because a deleted page could not be redrawn."""


def _copies_left(library: Library, code: str) -> tuple[Path, ...]:
    """List the copies that hold the person, and unreadable ones."""
    copies = [path for path in (*automatic_copies(library.path), *list_backups(library)) if path.exists()]
    left = [path for path in copies if holds_person(path, code) is not False]
    return tuple(sorted({*left, *damaged_copies(library.path)}))
