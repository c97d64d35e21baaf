"""Pages of nights as files: names, folders and deletion, without drawing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from clonus_sense.i18n import LANGUAGES
from clonus_sense.library import Library, StoredRecording
from clonus_sense.report.pages.kit import FINGERPRINT_NAME
from clonus_sense.review import ListedNight, PersonNight, SeveralNights, nights_of_recordings

if TYPE_CHECKING:
    from clonus_sense.recording import ForeignFormat

PAGE_NAME = re.compile(r"(\d{4}-\d\d-\d\d)(-\d+)?(\.full)?(\.[a-z]{2})?\.html")
"""Name of a page, such as 2026-11-05.html, 2026-11-05-2.ja.html or 2026-11-05.full.html."""

# Folder for pages of recordings that belong to nobody yet.
NOBODY = "_nobody"

# Among a hundred nights of one date, two share a tag in one of 3000 libraries.
_TAG_LENGTH = 6

# The fingerprint is in the first lines of a page.
_HEAD_BYTES = 1024
_FINGERPRINT = re.compile(rb'name="%s" content="([0-9a-f]+)"' % FINGERPRINT_NAME.encode())


@dataclass(frozen=True, slots=True)
class PageChoices:
    """Choices for making pages.

    Parameters
    ----------
    folder
        Folder of the pages, with one folder for each person.
    language
        Language of all texts.
    hide_personal
        Whether codes, names, notes, file names and serial numbers are left out, on the page and in its name.
    foreign
        Format of recordings that are foreign CSV files.
    whole
        Whether the page carries all samples of the night; such a page stands beside the usual one.
    """

    folder: Path
    language: str = "en"
    hide_personal: bool = False
    foreign: ForeignFormat | None = None
    whole: bool = False

    @property
    def _suffix(self) -> str:
        """End of a page's name: whether it holds all samples, and its language unless that is English."""
        return (".full" if self.whole else "") + ("" if self.language == "en" else f".{self.language}")

    def path_of(self, night: PersonNight) -> Path:
        """Return the path of a night's page."""
        if self.hide_personal:
            # Two people may have a night with the same date; the hash only tells them apart.
            return self.folder / f"night_{night.name}_{anonymous_tags(night)[0]}{self._suffix}.html"
        return self.path_of_person(night)

    def path_of_person(self, night: PersonNight | ListedNight) -> Path:
        """Return the path of a night's page with personal data."""
        return self.folder / person_folder_name(night.person) / f"{night.name}{self._suffix}.html"

    def path_of_several(self, found: SeveralNights) -> Path:
        """Return the path of the page of several nights of one person."""
        dates = f"{found.nights[0].name}_{found.nights[-1].name}"
        if self.hide_personal:
            return self.folder / f"nights_{dates}_{found.tags[0][:_TAG_LENGTH]}{self._suffix}.html"
        return self.folder / person_folder_name(found.person) / f"nights_{dates}{self._suffix}.html"

    def variants(self) -> tuple[PageChoices, ...]:
        """List all choices for this folder: each language, with and without personal data and all samples."""
        return tuple(
            replace(self, language=language, hide_personal=hide, whole=whole)
            for language, hide, whole in product(LANGUAGES, (False, True), (False, True))
        )


def fingerprint_in(page: Path) -> str:
    """Read the fingerprint of a page; empty if the page has none."""
    with page.open("rb") as file:
        found = _FINGERPRINT.search(file.read(_HEAD_BYTES))
    return found[1].decode("ascii") if found else ""


def anonymous_tags(night: PersonNight) -> tuple[str, ...]:
    """List anonymous tags that tell nights of one date apart; the first is in the name of the page.

    The others were in its name before a recording was added or removed.
    """
    return tuple(sorted(recording.stored.content_hash[:_TAG_LENGTH] for recording in night.recordings))


def default_pages_folder(library: Library) -> Path:
    """Return the default folder of pages, beside the library in the user's data folder."""
    return library.path.parent / "pages"


def person_folder_name(person: str) -> str:
    """Return the folder name of a person's pages; any code gives a valid, unique name (``a/b`` becomes ``a%2Fb``)."""
    name = quote(person, safe=" ").replace(".", "%2E").replace("_", "%5F")
    return name or NOBODY


def find_pages(library: Library, recordings: Sequence[StoredRecording], folder: Path) -> tuple[Path, ...]:
    """Find the pages of recordings, under any earlier person too.

    Parameters
    ----------
    recordings
        Which ones.
    folder
        Folder with the pages of all people.

    Returns
    -------
    tuple of Path
        Pages in every language, with and without personal data.
    """
    pages: set[Path] = set()
    for night in nights_of_recordings(library, {one.id for one in recordings}):
        pages |= set(folder.glob(f"night_{night.name}_{anonymous_tags(night)[0]}*.html"))
        for tag in anonymous_tags(night):
            pages |= set(folder.glob(f"nights_*_{tag}*.html"))
        people = {night.person} | {move.before.person for one in night.recordings for move in one.moves}
        for person in people:
            own = folder / person_folder_name(person)
            pages |= {page for page in own.glob(f"{night.name}.*html") if PAGE_NAME.fullmatch(page.name)}
            pages |= set(own.glob("nights_*.html"))
    return tuple(sorted(pages))


def delete_pages(pages: Sequence[Path], folder: Path) -> tuple[Path, ...]:
    """Delete pages, and folders that become empty.

    Parameters
    ----------
    pages
        From :func:`find_pages`.
    folder
        Folder with the pages of all people; it is never deleted.
    """
    for page in pages:
        page.unlink(missing_ok=True)
    for own in {page.parent for page in pages} - {folder}:
        if own.is_dir() and not any(own.iterdir()):
            own.rmdir()
    return tuple(pages)
