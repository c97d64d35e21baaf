"""Wear periods: recordings of one person and leg that belong together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from clonus_sense.night.recorded import RecordedSpan, WindowCorrection
from clonus_sense.night.utc_span import UtcSpan, join

# A battery is charged, a strap is changed or a laptop restarts within this time; who leaves the sensor off for longer
# has ended something.
SAME_PERIOD_WITHIN = timedelta(hours=3)


@dataclass(frozen=True, slots=True)
class WearPeriod:
    """A run of recordings of one person and leg less than 3 h apart.

    Parameters
    ----------
    person, side
        Whose leg; left and right are never in one period.
    span
        From the first moment to the last; a corrected night may reach beyond the recordings.
    recordings
        In order of their start, at least one.
    corrections
        What was said about nights in this time, in the order in which it was said.
    """

    person: str
    side: str
    span: UtcSpan
    recordings: tuple[RecordedSpan, ...]
    corrections: tuple[WindowCorrection, ...] = ()

    def zone_at(self, moment: datetime) -> tzinfo:
        """Return the zone of the recording that runs at a moment or ran last before it."""
        begun = [recorded for recorded in self.recordings if recorded.span.start <= moment]
        return (begun[-1] if begun else self.recordings[0]).zone


def find_wear_periods(
    recordings: Sequence[RecordedSpan], corrections: Sequence[WindowCorrection] = ()
) -> tuple[WearPeriod, ...]:
    """Sort recordings into wear periods.

    Parameters
    ----------
    recordings
        Of any people and legs, in any order; those without any length are passed over.
    corrections
        In the order in which they were said.  One that reaches over several periods makes them one; one that
        reaches over none changes nothing.

    Returns
    -------
    tuple of WearPeriod
        By person, side and time; no two of one leg overlap.

    Examples
    --------
    >>> from datetime import UTC
    >>> first = RecordedSpan(datetime(2026, 11, 5, 22, tzinfo=UTC), 3600.0)
    >>> second = RecordedSpan(datetime(2026, 11, 6, 1, 59, tzinfo=UTC), 3600.0)
    >>> third = RecordedSpan(datetime(2026, 11, 6, 5, 59, tzinfo=UTC), 3600.0)
    >>> [len(period.recordings) for period in find_wear_periods([third, second, first])]
    [2, 1]
    """
    legs = sorted({(recorded.person, recorded.side) for recorded in recordings})
    return tuple(
        period
        for person, side in legs
        for period in _periods_of_leg(
            person,
            side,
            [recorded for recorded in recordings if (recorded.person, recorded.side) == (person, side)],
            _standing([said for said in corrections if (said.person, said.side) == (person, side)]),
        )
    )


def _standing(corrections: Sequence[WindowCorrection]) -> list[WindowCorrection]:
    """Leave out what a later word about the same time replaces."""
    return [
        said
        for number, said in enumerate(corrections)
        if not any(said.span.overlaps(later.span) for later in corrections[number + 1 :])
    ]


def _periods_of_leg(
    person: str, side: str, recordings: Sequence[RecordedSpan], corrections: Sequence[WindowCorrection]
) -> list[WearPeriod]:
    """Sort the recordings of one leg."""
    # Each span is placed once: a year of recordings has many times as many pairs of period and recording.
    placed = sorted(
        ((recorded.span, recorded) for recorded in recordings), key=lambda pair: (pair[0], pair[1].start.isoformat())
    )
    worn = join([span for span, _ in placed], within=SAME_PERIOD_WITHIN)
    reaching = [said for said in corrections if any(said.span.overlaps(span) for span in worn)]
    hulls = join([*worn, *(said.span for said in reaching)])
    return [
        WearPeriod(
            person,
            side,
            hull,
            tuple(recorded for span, recorded in placed if span.overlaps(hull)),
            tuple(said for said in reaching if said.span.overlaps(hull)),
        )
        for hull in hulls
    ]
