"""Many nights of a person, from the list of nights: numbers of each leg, changes of the measurement, and notes."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Any

from clonus_sense.errors import NightError
from clonus_sense.library import (
    Annotation,
    DetectorRun,
    Library,
    StoredRecording,
    Verdict,
    latest_run,
    list_annotations,
    list_recordings,
    standing,
)
from clonus_sense.review.night_list import read_night_list
from clonus_sense.review.person_night import ListedLeg, ListedNight
from clonus_sense.trends import Change, NightRow, find_changes, night_length_s

MOST_NIGHTS = 90
"""A quarter of a year, the usual time between two injections; more rows fit on no two sheets of paper."""


@dataclass(frozen=True, slots=True)
class NightNote:
    """A note of a person about a night.

    Parameters
    ----------
    night
        Name of the night.
    moment
        Start of the time that it is about, by the person's clock.
    side
        Leg of its recording.
    word
        The note.
    """

    night: str
    moment: datetime
    side: str
    word: Annotation


@dataclass(frozen=True, slots=True)
class LegTrend:
    """One leg over many nights.

    Parameters
    ----------
    side
        ``left`` or ``right``; empty if unknown.
    rows
        Its nights with a rest window, in order of time.
    changes
        Changes of ``site``, ``orthosis``, ``settings`` and ``version`` from night to night.
    """

    side: str
    rows: tuple[NightRow, ...]
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class SeveralNights:
    """Many nights of a person; one page shows them.

    Parameters
    ----------
    person
        The person's code.
    first, last
        Dates of the first and last evening that the numbers are about.
    nights
        Shown nights in order of time, at most `MOST_NIGHTS`.
    n_older
        Asked nights that are not shown, because they are older than the newest `MOST_NIGHTS`.
    legs
        One for each side with a night, sorted by side.
    notes
        In order of time.
    tags
        Content hashes of the recordings of the shown nights, sorted.
    """

    person: str
    first: date
    last: date
    nights: tuple[ListedNight, ...]
    n_older: int
    legs: tuple[LegTrend, ...]
    notes: tuple[NightNote, ...]
    tags: tuple[str, ...]

    @property
    def zone(self) -> tzinfo:
        """Time zone of the newest night."""
        return self.nights[-1].zone

    @property
    def n_without_rest(self) -> int:
        """Number of recorded times without a rest window in any leg; they are no nights."""
        return sum(all(leg.rest is None for leg in night.legs) for night in self.nights)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of all data on a page of these nights; a page with another one is outdated."""
        return hashlib.sha256(repr(self).encode()).hexdigest()


def read_several_nights(
    library: Library,
    person: str,
    *,
    since: date | None = None,
    until: date | None = None,
    last: int | None = None,
) -> SeveralNights:
    """Read many nights of a person from the kept list of nights; only changed recordings are read whole.

    Parameters
    ----------
    since, until
        Dates of evenings, both included; ``None`` for the first and the newest night.
    last
        Only the newest so many of them.

    Returns
    -------
    SeveralNights
        The newest `MOST_NIGHTS` if there are more.

    Raises
    ------
    NightError
        If there is no such night.
    LibraryError
        If the person does not exist.
    """
    chosen = [
        night
        for night in read_night_list(library, person=person, last=last if until is None else None)
        if (since is None or night.date >= since) and (until is None or night.date <= until)
    ]
    chosen = sorted(chosen, key=lambda night: night.span)[-last if last else 0 :]
    if not chosen:
        raise NightError(_none_words(person, since, until))
    shown = chosen[-MOST_NIGHTS:]
    is_whole = len(shown) == len(chosen) and last is None
    first = since if since is not None and is_whole else min(night.date for night in shown)
    newest = until if until is not None else max(night.date for night in shown)
    ids = {number for night in shown for leg in night.legs for number in leg.recording_ids}
    stored = {one.id: one for one in list_recordings(library, person=person) if one.id in ids}
    runs = {number: latest_run(library, number) for number in stored}
    return SeveralNights(
        person=person,
        first=first,
        last=newest,
        nights=tuple(shown),
        n_older=len(chosen) - len(shown),
        legs=tuple(_trend_of(side, shown, stored, runs) for side in _sides(shown)),
        notes=_list_notes(library, shown, stored),
        tags=tuple(sorted(one.content_hash for one in stored.values())),
    )


def _none_words(person: str, since: date | None, until: date | None) -> str:
    """Say that no night was found, and where to look."""
    times = [f" {word} {day}" for word, day in (("since", since), ("until", until)) if day is not None]
    return f"{person} has no night{''.join(times)}; `clonus-sense nights` lists those that there are."


def _sides(nights: Sequence[ListedNight]) -> list[str]:
    """List the sides that have a part of any night."""
    return sorted({leg.side for night in nights for leg in night.legs})


def _trend_of(
    side: str,
    nights: Sequence[ListedNight],
    stored: dict[int, StoredRecording],
    runs: dict[int, DetectorRun | None],
) -> LegTrend:
    """Collect the nights of one leg."""
    pairs = [(night, leg) for night in nights for leg in night.legs if leg.side == side and leg.rest is not None]
    measured = [(night.date, _values_of(leg, stored, runs)) for night, leg in pairs]
    return LegTrend(side, tuple(_row_of(night, leg) for night, leg in pairs), find_changes(measured))


def _row_of(night: ListedNight, leg: ListedLeg) -> NightRow:
    """Take one leg's night from the list."""
    assert leg.rest is not None, "only nights have rows"
    return NightRow(
        name=night.name,
        date=night.date,
        zone=night.zone,
        rest=leg.rest,
        figures=leg.headline,
        length_s=night_length_s(leg.headline.coverage, leg.coverage),
        movements=leg.movements,
        hours=leg.hours,
        n_shown=leg.n_shown,
        n_reviewed=leg.n_reviewed,
    )


def _values_of(
    leg: ListedLeg, stored: dict[int, StoredRecording], runs: dict[int, DetectorRun | None]
) -> dict[str, str]:
    """Say with what a leg's night was measured and searched: as its last recording has it."""
    values: dict[str, str] = {}
    for recording in (stored[number] for number in leg.recording_ids if number in stored):
        values["site"] = recording.info.site or ""
        values["orthosis"] = recording.info.orthosis
        if (run := runs[recording.id]) is not None:
            values["settings"] = run.settings_toml
            values["version"] = run.version
    return values


def changed_settings(change: Change) -> list[tuple[str, str, str]]:
    """List the settings that differ on both sides of a change of ``settings``: name, value before and after."""
    before, after = (tomllib.loads(text) for text in (change.before, change.after))
    names = sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
    return [(name, _setting_text(before.get(name)), _setting_text(after.get(name))) for name in names]


def _setting_text(value: Any) -> str:  # noqa: ANN401 - a value of TOML
    """Write the value of a setting; a dash where there is none."""
    return "–" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def _list_notes(
    library: Library, nights: Sequence[ListedNight], stored: dict[int, StoredRecording]
) -> tuple[NightNote, ...]:
    """List what people wrote about the time of these nights."""
    notes: dict[int, NightNote] = {}
    for night in nights:
        for leg in night.legs:
            for recording in (stored[number] for number in leg.recording_ids if number in stored):
                assert recording.info.start is not None, "a night has a date"
                for word in standing(list_annotations(library, recording.id)):
                    moment = recording.info.start + timedelta(seconds=word.span.start_s)
                    if (word.note or word.verdict is Verdict.NOTE) and leg.span.holds(moment):
                        notes[word.id] = NightNote(night.name, moment.astimezone(night.zone), leg.side, word)
    return tuple(sorted(notes.values(), key=lambda note: (note.moment, note.word.id)))
