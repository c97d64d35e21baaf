"""The list of nights with one or two lines for each, read from entries stored in the library.

An entry covers recordings that were worn one after the other; it is made again when any of them changes. A list of a
thousand nights reads a thousand short texts.
"""

from __future__ import annotations

import json
import logging
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import astuple, replace
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from clonus_sense.errors import DamagedLibraryError, LibraryError
from clonus_sense.library import (
    Library,
    RecordingState,
    StoredRecording,
    keep_night_entries,
    list_baselines,
    list_people,
    list_recording_states,
    list_recordings,
    read_night_entries,
)
from clonus_sense.night import (
    ClassFigures,
    Coverage,
    Figures,
    MovementTime,
    UtcSpan,
    WornHour,
    movement_times,
    place_episodes,
    worn_hours,
)
from clonus_sense.night.utc_span import clip, join, subtract
from clonus_sense.night.wear_period import SAME_PERIOD_WITHIN
from clonus_sense.review.baseline_nights import beside_baselines, marked_moments
from clonus_sense.review.leg_recording import read_leg_recording
from clonus_sense.review.nights import nights_of_person
from clonus_sense.review.person_night import LegNight, ListedLeg, ListedNight, PersonNight

logger = logging.getLogger(__name__)

# Consecutive recordings of one person.
_Run: TypeAlias = list[RecordingState]

# Nights with the same date begin within this time of one another.
SAME_DATE_WITHIN = timedelta(hours=48)
# The first list of a large library takes minutes; entries are stored in between in case it is interrupted.
KEPT_AT_ONCE = 50
# Rows without a date come first.
_NEVER = (datetime.min.replace(tzinfo=UTC),) * 2

# Identifies the code that makes entries; a test ties it to the sources of activity, night and review.
RULE = "e46b6206eebc"


def read_night_list(
    library: Library,
    *,
    person: str | None = None,
    last: int | None = None,
    on_progress: Callable[[float], None] = lambda _share_done: None,
) -> tuple[ListedNight, ...]:
    """List the nights of one person or of all; only recordings changed since the last list are read.

    Parameters
    ----------
    person
        Only this person's; an empty code selects nights that belong to nobody yet, ``None`` all nights.
    last
        Number of newest nights per person, at least 1; ``None`` takes all.
    on_progress
        Called with the share of finished entries, 0 to 1; not called if no entry is missing.

    Returns
    -------
    tuple of ListedNight
        By person and time, the same nights as :func:`list_nights`.

    Raises
    ------
    LibraryError
        If the person does not exist.
    """
    codes = ["", *(known.code for known in list_people(library))] if person is None else [person]
    runs_of: dict[str, list[_Run]] = {code: [] for code in codes}
    marks_of = {code: list_baselines(library, code) if code else () for code in codes}
    states = [state for state in list_recording_states(library) if state.person in runs_of]
    for code in codes:
        runs = _split_by_wear(state for state in states if state.person == code)
        runs_of[code] = _newest(runs, last, {mark.recording_id for mark in marks_of[code]})
    texts = _read_entries(library, runs_of, on_progress)
    listed: list[ListedNight] = []
    for code, runs in runs_of.items():
        nights = _numbered([night for run in runs for night in _decode(texts[run[0].id], code)])
        moments = marked_moments(marks_of[code], {state.id: state.start for run in runs for state in run})
        listed += beside_baselines(nights, nights, moments)[-last if last else 0 :]
    return tuple(listed)


def list_entry(night: PersonNight) -> ListedNight:
    """Build the list entry of a night."""
    return ListedNight(night.person, night.date, night.number, night.zone, tuple(map(_listed_leg, night.legs)))


def find_doubts(leg: LegNight) -> tuple[UtcSpan, ...]:
    """Find the times of a leg in which no recording confirms wear."""
    worn = join(span for recording in leg.recordings for span in recording.span.worn())
    doubtful = subtract((span for recording in leg.recordings for span in recording.span.unconfirmed()), worn)
    return clip(doubtful, leg.span)


def _listed_leg(leg: LegNight) -> ListedLeg:
    """Build the list entry of a leg's part of a night."""
    summary = leg.summary.night
    night = summary.night if summary else None
    placed = [one for one in place_episodes([one.span for one in leg.recordings]) if leg.span.holds(one.onset)]
    reviewed = [one for one in placed if leg.recordings[one.recording_at].words_about(one.episode)]
    return ListedLeg(
        side=leg.side,
        span=leg.span,
        rest=night.span if night else None,
        is_rest_stated=night is not None and night.corrected,
        coverage=leg.summary.coverage,
        headline=leg.headline,
        waking=leg.summary.waking,
        doubts=find_doubts(leg),
        recording_ids=leg.recording_ids,
        movements=movement_times(summary, placed) if summary else (),
        hours=worn_hours(summary) if summary else (),
        n_shown=len(placed),
        n_reviewed=len(reviewed),
        is_baseline=leg.is_baseline,
        baselines=leg.baselines,
    )


def _split_by_wear(states: Iterable[RecordingState]) -> list[_Run]:
    """Split a person's recordings between wear periods of all legs; rows without a date stay single."""
    runs: list[_Run] = []
    latest: datetime | None = None
    for state in sorted(states, key=lambda state: (state.reach or _NEVER, state.id)):
        if latest is None or state.reach is None or state.reach[0] - latest >= SAME_PERIOD_WITHIN:
            runs.append([])
        runs[-1].append(state)
        if state.reach is not None:
            latest = state.reach[1] if latest is None else max(latest, state.reach[1])
    return runs


def _newest(runs: list[_Run], last: int | None, marked: Collection[int]) -> list[_Run]:
    """Keep the runs with the newest nights, with earlier nights of the same dates, and with baseline nights."""
    if last is None or last >= len(runs):
        return runs
    first = runs[-last][0].reach or _NEVER
    return [
        run
        for run in runs
        if run[0].reach is None
        or run[0].reach[0] > first[0] - SAME_DATE_WITHIN
        or any(state.id in marked for state in run)
    ]


def _read_entries(
    library: Library, runs_of: dict[str, list[_Run]], on_progress: Callable[[float], None]
) -> dict[int, str]:
    """Read the entries of runs; make and store missing or outdated ones."""
    kept = read_night_entries(library)
    texts = {}
    missing: list[tuple[str, _Run]] = []
    for code, runs in runs_of.items():
        for run in runs:
            made_of, text = kept.get(run[0].id, ("", ""))
            texts[run[0].id] = text
            if made_of != _made_of(run):
                missing.append((code, run))
    stored: dict[int, StoredRecording] = {}
    fresh: list[tuple[int, str, str]] = []
    for number, (code, run) in enumerate(missing):
        if number == 0 or missing[number - 1][0] != code:
            stored = {one.id: one for one in list_recordings(library, person=code)}
        found = [stored[state.id] for state in run if state.id in stored]
        recordings = [read_leg_recording(library, one) for one in found]
        texts[run[0].id] = _encode(map(list_entry, nights_of_person(code, recordings)))
        # An unreadable recording is reported each time, so its run is never stored.
        if len(found) == len(run) and all(state.reach for state in run):
            fresh.append((run[0].id, _made_of(run), texts[run[0].id]))
        if len(fresh) == KEPT_AT_ONCE or number + 1 == len(missing):
            _keep(library, fresh)
            fresh = []
        on_progress((number + 1) / len(missing))
    return texts


def _keep(library: Library, entries: list[tuple[int, str, str]]) -> None:
    """Store entries; a read-only library is listed all the same."""
    try:
        keep_night_entries(library, entries)
    except DamagedLibraryError:
        raise
    except LibraryError as error:
        logger.info("%s", error)


def _made_of(run: _Run) -> str:
    """Return the fingerprint of a run: the state of its recordings and the rule that makes nights of them."""
    return " ".join([RULE, *(f"{state.id}:{state.n_changes}" for state in run)])


def _numbered(nights: Iterable[ListedNight]) -> list[ListedNight]:
    """Assign numbers to nights of one person with the same date, in order of time."""
    n_of: Counter[date] = Counter()
    numbered = []
    for night in nights:
        n_of[night.date] += 1
        numbered.append(night if night.number == n_of[night.date] else replace(night, number=n_of[night.date]))
    return numbered


def _encode(nights: Iterable[ListedNight]) -> str:
    """Write nights as JSON in the order of their fields; numbers and people are added on reading."""
    return json.dumps([[str(night.date), _zone_text(night.zone), *map(_leg_values, night.legs)] for night in nights])


def _leg_values(leg: ListedLeg) -> list[object]:
    """Return the values of a leg's part of a night; baselines are looked up on reading."""
    return [
        leg.side,
        _span_text(leg.span),
        _span_text(leg.rest) if leg.rest else None,
        leg.is_rest_stated,
        astuple(leg.coverage),
        astuple(leg.headline),
        astuple(leg.waking) if leg.waking else None,
        [_span_text(span) for span in leg.doubts],
        leg.recording_ids,
        [(one.onset.isoformat(), one.duration_s) for one in leg.movements],
        [(one.start.isoformat(), one.worn_s, one.n_movements) for one in leg.hours],
        leg.n_shown,
        leg.n_reviewed,
    ]


def _decode(text: str, person: str) -> list[ListedNight]:
    """Read the nights of one person from JSON."""
    return [
        ListedNight(person, date.fromisoformat(day), 1, _zone_of(zone), tuple(map(_leg_of, legs)))
        for day, zone, *legs in json.loads(text)
    ]


def _leg_of(values: list[Any]) -> ListedLeg:
    """Read a leg's part of a night from its values."""
    side, span, rest, is_stated, coverage, headline, waking, doubts, ids, movements, hours, n_shown, n_reviewed = values
    return ListedLeg(
        side,
        _span_of(span),
        _span_of(rest) if rest else None,
        is_stated,
        Coverage(*coverage),
        _figures_of(headline),
        _figures_of(waking) if waking else None,
        tuple(map(_span_of, doubts)),
        tuple(ids),
        tuple(MovementTime(datetime.fromisoformat(onset), duration_s) for onset, duration_s in movements),
        tuple(WornHour(datetime.fromisoformat(start), worn_s, n) for start, worn_s, n in hours),
        n_shown,
        n_reviewed,
    )


def _figures_of(values: list[Any]) -> Figures:
    """Read figures from values; a nested list holds the figures of a class."""
    coverage, clonus, brief, slow, uncertain, n_not_confirmed, with_doubt, n_left_out = values
    clonus, brief, slow, uncertain, with_doubt = (
        ClassFigures(*one) if one else None for one in (clonus, brief, slow, uncertain, with_doubt)
    )
    return Figures(Coverage(*coverage), clonus, brief, slow, uncertain, n_not_confirmed, with_doubt, n_left_out)


def _span_text(span: UtcSpan) -> str:
    """Write a span as two ISO 8601 times."""
    return f"{span.start.isoformat()} {span.end.isoformat()}"


def _span_of(text: str) -> UtcSpan:
    """Read a span from two ISO 8601 times."""
    start, end = text.split()
    return UtcSpan(datetime.fromisoformat(start), datetime.fromisoformat(end))


def _zone_text(zone: tzinfo) -> str | float:
    """Write a time zone as its name or its seconds east of UTC."""
    offset = zone.utcoffset(None)
    return str(zone) if offset is None else offset.total_seconds()


def _zone_of(zone: str | float) -> tzinfo:
    """Read a time zone from its name or its seconds east of UTC."""
    return ZoneInfo(zone) if isinstance(zone, str) else timezone(timedelta(seconds=zone))
