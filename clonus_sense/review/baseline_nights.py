"""Baseline nights: marks, and later nights with the baseline nights before them.

Pages show two numbers and no change, because counts vary from night to night by chance.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar

from clonus_sense.errors import NightError
from clonus_sense.library import (
    BaselineMark,
    Library,
    list_baselines,
    mark_baseline,
    unmark_baseline,
)
from clonus_sense.night.utc_span import clip
from clonus_sense.review.person_night import BaselineNight, LegNight, ListedLeg, ListedNight, PersonNight

AnyNight = TypeVar("AnyNight", PersonNight, ListedNight)
AnyLeg = TypeVar("AnyLeg", LegNight, ListedLeg)

# A week has each weekday once; nobody reads more lines.
MOST_BASELINE_NIGHTS = 7


def mark_as_baseline(library: Library, night: PersonNight, marked: Sequence[PersonNight] = ()) -> None:
    """Mark each leg of a night as baseline of its person.

    Parameters
    ----------
    night
        Night to mark; a marked night stays marked.
    marked
        The person's baseline nights so far.

    Raises
    ------
    NightError
        If the person already has as many as a page can show.
    LibraryError
        If its recordings belong to nobody yet.
    """
    others = [one for one in marked if one.span != night.span]
    if len(others) >= MOST_BASELINE_NIGHTS:
        raise NightError(
            f"{night.person} has {len(others)} baseline nights already, as many as a page can show; remove one with "
            f"`clonus-sense baseline {others[0].name} --remove --person {shlex.quote(night.person)}`."
        )
    mark_baseline(library, [_middle_of(leg) for leg in night.legs if not leg.is_baseline])


def unmark_as_baseline(library: Library, night: PersonNight) -> None:
    """Remove a night from its person's baseline; its data stay unchanged."""
    if not night.person:
        return
    here = {one.stored.id: one for one in night.recordings}
    marks = [mark for mark in list_baselines(library, night.person) if mark.recording_id in here]
    unmark_baseline(
        library,
        [
            mark
            for mark in marks
            if any(_holds(leg, mark, here[mark.recording_id].moment(mark.at_s)) for leg in night.legs)
        ],
    )


def marked_moments(
    marks: Iterable[BaselineMark], start_of: Mapping[int, datetime | None]
) -> dict[BaselineMark, datetime]:
    """Return the UTC time of each mark; marks in recordings without a date are left out."""
    return {
        mark: start + timedelta(seconds=mark.at_s)
        for mark in marks
        if (start := start_of.get(mark.recording_id)) is not None
    }


def beside_baselines(
    nights: Iterable[AnyNight], marked: Iterable[AnyNight], moments: Mapping[BaselineMark, datetime]
) -> list[AnyNight]:
    """Add to each leg of the nights whether it is a baseline, and the earlier baseline nights of its side."""
    if not moments:
        return list(nights)
    baselines = sorted(
        (
            BaselineNight(night.name, leg.side, leg.span, leg.headline)
            for night in marked
            for leg in night.legs
            if _is_marked(leg, moments)
        ),
        key=lambda baseline: baseline.span,
    )
    return [replace(night, legs=tuple(_beside(leg, baselines, moments) for leg in night.legs)) for night in nights]


def _beside(leg: AnyLeg, baselines: Iterable[BaselineNight], moments: Mapping[BaselineMark, datetime]) -> AnyLeg:
    """Add the earlier baseline nights of its side to a leg's part of a night."""
    earlier = (one for one in baselines if one.side == leg.side and one.span.end <= leg.span.start)
    return replace(leg, is_baseline=_is_marked(leg, moments), baselines=tuple(earlier))


def _is_marked(leg: LegNight | ListedLeg, moments: Mapping[BaselineMark, datetime]) -> bool:
    """Return whether a leg's part of a night holds a mark."""
    return any(_holds(leg, mark, moment) for mark, moment in moments.items())


def _holds(leg: LegNight | ListedLeg, mark: BaselineMark, moment: datetime) -> bool:
    """Return whether a mark is in a recording of this leg in this night."""
    return mark.recording_id in leg.recording_ids and leg.span.holds(moment)


def _middle_of(leg: LegNight) -> BaselineMark:
    """Choose the middle of a night as its mark, so that its edges may move."""
    part = leg.summary.part.span
    # A rest window that a person stated may lie outside all recordings.
    rest = leg.summary.night.night.span if leg.summary.night else part
    recorded = [(span, one) for one in leg.recordings for span in clip([one.span.span], part)]
    resting = [(span, one) for whole, one in recorded for span in clip([whole], rest)]
    span, recording = max(resting or recorded, key=lambda pair: pair[0].length)
    return BaselineMark(recording.stored.id, (span.middle - recording.span.span.start).total_seconds())
