"""Pages of nights as files: what they are called, where they lie, and how they go; nothing here draws."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from clonus_sense.i18n import LANGUAGES
from clonus_sense.library import Library, StoredRecording
from clonus_sense.report.html import FINGERPRINT_NAME
from clonus_sense.review import PersonNight, nights_of_recordings

if TYPE_CHECKING:
    from clonus_sense.recording import ForeignFormat

# Where pages of recordings lie that are nobody's yet.
NOBODY = "_nobody"

# Of a hundred nights of one date two share a tag in one of 3000 libraries.
_TAG_LENGTH = 6

# The fingerprint stands in the first lines of a page.
_HEAD_BYTES = 1024
_FINGERPRINT = re.compile(rb'name="%s" content="([0-9a-f]+)"' % FINGERPRINT_NAME.encode())


@dataclass(frozen=True, slots=True)
class PageChoices:
    """How pages are made.

    Parameters
    ----------
    folder
        Where they go, in one folder for each person.
    language
        Language of every text.
    hide_personal
        Whether codes, names, notes, file names and serial numbers are left out, in the page and in its name.
    foreign
        How to read recordings that are foreign CSV files.
    """

    folder: Path
    language: str = "en"
    hide_personal: bool = False
    foreign: ForeignFormat | None = None

    def path_of(self, night: PersonNight) -> Path:
        """Name the file of a night's page."""
        suffix = "" if self.language == "en" else f".{self.language}"
        if self.hide_personal:
            # Two people may have a night of one date; the hash tells nothing but that they are two.
            return self.folder / f"night_{night.name}_{anonymous_tags(night)[0]}{suffix}.html"
        return self.folder / person_folder_name(night.person) / f"{night.name}{suffix}.html"

    def variants(self) -> tuple[PageChoices, ...]:
        """List every way in which a page can be made in this folder: each language, with and without personal data."""
        return tuple(
            replace(self, language=language, hide_personal=hide) for language in LANGUAGES for hide in (False, True)
        )


def fingerprint_in(page: Path) -> str:
    """Read from what a page was made; empty for a page that does not say."""
    with page.open("rb") as file:
        found = _FINGERPRINT.search(file.read(_HEAD_BYTES))
    return found[1].decode("ascii") if found else ""


def anonymous_tags(night: PersonNight) -> tuple[str, ...]:
    """List what tells nights of one date apart without saying whose they are; the first names the page.

    The others named it before a recording came or went.
    """
    return tuple(sorted(recording.stored.content_hash[:_TAG_LENGTH] for recording in night.recordings))


def default_pages_folder(library: Library) -> Path:
    """Name the usual place of pages: beside the library, in the user's own data folder."""
    return library.path.parent / "pages"


def person_folder_name(person: str) -> str:
    """Name the folder of a person's pages; any code gives a name that every file system takes, and no two the same."""
    name = quote(person, safe=" ").replace(".", "%2E").replace("_", "%5F")
    return name or NOBODY


def find_pages(library: Library, recordings: Sequence[StoredRecording], folder: Path) -> tuple[Path, ...]:
    """Find the pages that were made of some recordings, whoever they were filed under then.

    Parameters
    ----------
    library
        Open library.
    recordings
        Which ones.
    folder
        Where the pages of all people lie.

    Returns
    -------
    tuple of Path
        In every language, with and without personal data.
    """
    pages: set[Path] = set()
    for night in nights_of_recordings(library, {one.id for one in recordings}):
        pages |= set(folder.glob(f"night_{night.name}_{anonymous_tags(night)[0]}*.html"))
        people = {night.person} | {move.before.person for one in night.recordings for move in one.moves}
        for person in people:
            pages |= set((folder / person_folder_name(person)).glob(f"{night.name}.html"))
            pages |= set((folder / person_folder_name(person)).glob(f"{night.name}.??.html"))
    return tuple(sorted(pages))


def delete_pages(pages: Sequence[Path], folder: Path) -> tuple[Path, ...]:
    """Delete pages, and the folders that are empty then.

    Parameters
    ----------
    pages
        From :func:`find_pages`.
    folder
        Where the pages of all people lie; stays.

    Returns
    -------
    tuple of Path
        What was deleted.
    """
    for page in pages:
        page.unlink(missing_ok=True)
    for own in {page.parent for page in pages} - {folder}:
        if own.is_dir() and not any(own.iterdir()):
            own.rmdir()
    return tuple(pages)
