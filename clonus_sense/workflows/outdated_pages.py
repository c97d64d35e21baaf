"""Pages that no longer say what the library holds: found after any change, in the library's own folder of pages.

A page keeps the fingerprint of what it was made from.  Pages in other folders are copies, and nobody knows of them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from clonus_sense.library import Library, list_people
from clonus_sense.review import PersonNight, list_nights, nights_of_recordings
from clonus_sense.review.nights import LOOK_AHEAD, LOOK_BACK
from clonus_sense.workflows.page_files import (
    PageChoices,
    anonymous_tags,
    delete_pages,
    fingerprint_in,
    person_folder_name,
)

# A page such as 2026-11-05.html, 2026-11-05-2.ja.html.
_PAGE_NAME = re.compile(r"(\d{4}-\d\d-\d\d)(-\d+)?(\.[a-z]{2})?\.html")


@dataclass(frozen=True, slots=True)
class _PersonsTime:
    """A time of a person whose nights a change may concern."""

    person: str
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Concerned:
    """The nights of some recordings, as they were before or are after a change.

    Parameters
    ----------
    places
        Whose they are, and when.
    tags
        How their pages without personal data are told apart.
    choices
        How the pages that exist were made, for each recording in them.
    has_baseline
        Whether one of them stands beside all later nights.
    """

    places: frozenset[_PersonsTime] = field(default_factory=frozenset)
    tags: frozenset[str] = field(default_factory=frozenset)
    choices: frozenset[tuple[int, PageChoices]] = field(default_factory=frozenset)
    has_baseline: bool = False

    def __or__(self, other: Concerned) -> Concerned:
        """Put the nights before a change and after it together."""
        return Concerned(
            self.places | other.places,
            self.tags | other.tags,
            self.choices | other.choices,
            self.has_baseline or other.has_baseline,
        )


@dataclass(frozen=True, slots=True)
class OutdatedPages:
    """What is to be done so that no page contradicts the library.

    Parameters
    ----------
    to_draw
        Nights whose pages are to be made, and how; those that were asked for come last.
    stale
        Pages that show their night as it was before.
    gone
        Pages of nights that are no more.
    """

    to_draw: tuple[tuple[PersonNight, PageChoices], ...]
    stale: tuple[Path, ...]
    gone: tuple[Path, ...]


def concerned_nights(library: Library, recording_ids: Collection[int], choices: PageChoices) -> Concerned:
    """Note whose nights some recordings belong to, and which pages there are of them; to be asked before a change.

    Parameters
    ----------
    library
        Open library.
    recording_ids
        What is going to change.
    choices
        Folder in which the library keeps its pages, and how to read foreign recordings.

    Returns
    -------
    Concerned
        Empty where nothing was ever drawn: then nothing can be out of date.
    """
    if not any(choices.folder.rglob("*.html")):
        return Concerned()
    nights = nights_of_recordings(library, recording_ids)
    return Concerned(
        frozenset(_PersonsTime(night.person, night.span.start, night.span.end) for night in nights),
        frozenset(tag for night in nights for tag in anonymous_tags(night)),
        frozenset(
            (recording.stored.id, one)
            for night in nights
            for one in choices.variants()
            if one.path_of(night).exists()
            for recording in night.recordings
        ),
        any(night.is_baseline for night in nights),
    )


def find_outdated(
    library: Library,
    recording_ids: Collection[int],
    choices: PageChoices,
    *,
    before: Concerned | None = None,
    wanted: PageChoices | None = None,
) -> OutdatedPages:
    """Find the pages that a change has made untrue.

    A change of one night reaches further: later nights show the median of those before them, and baseline nights.

    Parameters
    ----------
    library
        Open library, after the change.
    recording_ids
        What has changed.
    choices
        Folder in which the library keeps its pages, and how to read foreign recordings.
    before
        From :func:`concerned_nights`, before the change; ``None`` where the recordings are new.
    wanted
        Also make the pages of these recordings' nights like this, whether there were any or not.

    Returns
    -------
    OutdatedPages
        A night that is new is drawn as the pages of the same recordings were.
    """
    concerned = (before or Concerned()) | concerned_nights(library, recording_ids, choices)
    near = _nights_near(library, concerned)
    pages = {one.path_of(night): (night, one) for night in near for one in choices.variants()}
    stale = {path for path, (night, _) in pages.items() if path.exists() and fingerprint_in(path) != night.fingerprint}
    own = nights_of_recordings(library, recording_ids) if wanted is not None else _holding(near, recording_ids)
    asked = {one.path_of(night): (night, one) for night in own for one in ([wanted] if wanted else [])}
    new = {
        path: (night, one)
        for night in own
        for number, one in concerned.choices
        if number in recording_ids and any(recording.stored.id == number for recording in night.recordings)
        if not (path := one.path_of(night)).exists() and path not in asked
    }
    others = {path: pages[path] for path in sorted(stale) if path not in asked}
    return OutdatedPages(
        to_draw=(*others.values(), *new.values(), *asked.values()),
        stale=tuple(sorted(stale)),
        gone=tuple(sorted(_gone(concerned, choices.folder) - pages.keys() - asked.keys())),
    )


def take_away(outdated: OutdatedPages, folder: Path) -> None:
    """Delete pages that are untrue, before others are drawn: who stops the program then misses a page and reads no lie.

    Parameters
    ----------
    outdated
        From :func:`find_outdated`.
    folder
        In which the library keeps its pages.
    """
    delete_pages((*outdated.stale, *outdated.gone), folder)


def _nights_near(library: Library, concerned: Concerned) -> list[PersonNight]:
    """List the nights that show something of the concerned ones: themselves, and later ones that look back on them."""
    codes = {"", *(known.code for known in list_people(library))}
    found: list[PersonNight] = []
    for person in sorted({place.person for place in concerned.places} & codes):
        reaches = [(place.start, place.end) for place in concerned.places if place.person == person]
        for start, end in _joined(reaches):
            first, last = start - LOOK_AHEAD, None if concerned.has_baseline else end + LOOK_BACK
            nights = list_nights(
                library, person=person, since=first - LOOK_BACK, until=None if last is None else last + LOOK_AHEAD
            )
            # Those further out were read without all that belongs to them.
            found += [
                night for night in nights if night.span.end >= first and (last is None or night.span.start <= last)
            ]
    return found


def _joined(reaches: Iterable[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    """Make one of times that are read together anyway."""
    joined: list[tuple[datetime, datetime]] = []
    for start, end in sorted(reaches):
        if joined and start - joined[-1][1] < LOOK_BACK + 2 * LOOK_AHEAD:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def _holding(nights: Sequence[PersonNight], recording_ids: Collection[int]) -> list[PersonNight]:
    """Choose the nights into which some recordings reach."""
    return [night for night in nights if any(one.stored.id in recording_ids for one in night.recordings)]


def _gone(concerned: Concerned, folder: Path) -> set[Path]:
    """Name the pages that were made of the concerned nights, whatever became of these."""
    pages = {page for tag in concerned.tags for page in folder.glob(f"night_*_{tag}*.html")}
    for place in concerned.places:
        # By any clock of the world.
        first, last = (place.start - LOOK_AHEAD).date(), (place.end + LOOK_AHEAD).date()
        for page in (folder / person_folder_name(place.person)).glob("*.html"):
            name = _PAGE_NAME.fullmatch(page.name)
            if name and first <= _date(name[1], otherwise=date.min) <= last:
                pages.add(page)
    return pages


def _date(text: str, *, otherwise: date) -> date:
    """Read the date in a page's name; a name that only looks like one is somebody else's file."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return otherwise
