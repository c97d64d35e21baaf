"""Finds pages that no longer match the library after a change, in the library's folder of pages.

A page holds the fingerprint of its data. Pages in other folders are copies and are not tracked.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from clonus_sense.library import Library, list_people
from clonus_sense.review import PersonNight, list_nights, nights_of_recordings
from clonus_sense.review.nights import LOOK_AHEAD, LOOK_BACK
from clonus_sense.workflows.page_files import (
    PAGE_NAME,
    PageChoices,
    anonymous_tags,
    delete_pages,
    fingerprint_in,
    person_folder_name,
)


@dataclass(frozen=True, slots=True)
class _PersonsTime:
    """A time of a person in which a change may affect nights."""

    person: str
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Concerned:
    """The nights affected by a change of recordings, before or after the change.

    Parameters
    ----------
    places
        Their people and times.
    tags
        Tags in the names of their anonymous pages.
    choices
        Choices of the existing pages, for each recording on them.
    has_baseline
        Whether one of them is a baseline, which all later nights show.
    """

    places: frozenset[_PersonsTime] = field(default_factory=frozenset)
    tags: frozenset[str] = field(default_factory=frozenset)
    choices: frozenset[tuple[int, PageChoices]] = field(default_factory=frozenset)
    has_baseline: bool = False

    def __or__(self, other: Concerned) -> Concerned:
        """Join the affected nights before and after a change."""
        return Concerned(
            self.places | other.places,
            self.tags | other.tags,
            self.choices | other.choices,
            self.has_baseline or other.has_baseline,
        )


@dataclass(frozen=True, slots=True)
class OutdatedPages:
    """Work to do so that no page contradicts the library.

    Parameters
    ----------
    to_draw
        Nights to draw with their choices; requested ones come last.
    stale
        Pages that show an older state of their night.
    gone
        Pages of nights that no longer exist.
    """

    to_draw: tuple[tuple[PersonNight, PageChoices], ...]
    stale: tuple[Path, ...]
    gone: tuple[Path, ...]


def concerned_nights(library: Library, recording_ids: Collection[int], choices: PageChoices) -> Concerned:
    """Find the nights and existing pages of recordings; call it before a change.

    Parameters
    ----------
    recording_ids
        Recordings that will change.
    choices
        The library's folder of pages, and the format of foreign recordings.

    Returns
    -------
    Concerned
        Empty if no page exists.
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
    """Find the pages that a change has outdated.

    A change of one night affects later nights too: they show the median of earlier nights, and baseline nights.

    Parameters
    ----------
    recording_ids
        Changed recordings.
    choices
        The library's folder of pages, and the format of foreign recordings.
    before
        From :func:`concerned_nights` before the change; ``None`` for new recordings.
    wanted
        Choices with which pages of these recordings' nights are also made, existing or not.

    Returns
    -------
    OutdatedPages
        New nights get the choices of the earlier pages of the same recordings.
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
    """Delete outdated pages before drawing others: after an interruption a page is missing instead of wrong.

    Parameters
    ----------
    outdated
        From :func:`find_outdated`.
    folder
        The library's folder of pages.
    """
    delete_pages((*outdated.stale, *outdated.gone), folder)


def _nights_near(library: Library, concerned: Concerned) -> list[PersonNight]:
    """List the affected nights and the later nights that show data of them."""
    codes = {"", *(known.code for known in list_people(library))}
    found: list[PersonNight] = []
    for person in sorted({place.person for place in concerned.places} & codes):
        reaches = [(place.start, place.end) for place in concerned.places if place.person == person]
        for start, end in _joined(reaches):
            first, last = start - LOOK_AHEAD, None if concerned.has_baseline else end + LOOK_BACK
            nights = list_nights(
                library, person=person, since=first - LOOK_BACK, until=None if last is None else last + LOOK_AHEAD
            )
            # Nights further out were read without all of their recordings.
            found += [
                night for night in nights if night.span.end >= first and (last is None or night.span.start <= last)
            ]
    return found


def _joined(reaches: Iterable[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    """Join overlapping times, which are read together."""
    joined: list[tuple[datetime, datetime]] = []
    for start, end in sorted(reaches):
        if joined and start - joined[-1][1] < LOOK_BACK + 2 * LOOK_AHEAD:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def _holding(nights: Sequence[PersonNight], recording_ids: Collection[int]) -> list[PersonNight]:
    """Select the nights that overlap the given recordings."""
    return [night for night in nights if any(one.stored.id in recording_ids for one in night.recordings)]


def _gone(concerned: Concerned, folder: Path) -> set[Path]:
    """Find the pages of the affected nights, whether these still exist or not."""
    pages = {page for tag in concerned.tags for page in folder.glob(f"night_*_{tag}*.html")}
    for place in concerned.places:
        # In any time zone.
        first, last = (place.start - LOOK_AHEAD).date(), (place.end + LOOK_AHEAD).date()
        for page in (folder / person_folder_name(place.person)).glob("*.html"):
            name = PAGE_NAME.fullmatch(page.name)
            if name and first <= _date(name[1], otherwise=date.min) <= last:
                pages.add(page)
    return pages


def _date(text: str, *, otherwise: date) -> date:
    """Read the date of a page's name; ``otherwise`` for an invalid date, because the file is then no page of ours."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return otherwise
