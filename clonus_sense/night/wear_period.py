"""Wear periods: consecutive recordings of one person and leg."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from clonus_sense.night.recorded import RecordedSpan, WindowCorrection
from clonus_sense.night.utc_span import UtcSpan, join

# Long enough to charge a battery, change a strap or restart a laptop; a longer break ends the period.
SAME_PERIOD_WITHIN = timedelta(hours=3)


@dataclass(frozen=True, slots=True)
class WearPeriod:
    """A run of recordings of one person and leg less than 3 h apart.

    Parameters
    ----------
    person, side
        The person and leg; left and right are never in one period.
    span
        From the first moment to the last; a corrected night may reach beyond the recordings.
    recordings
        In order of their start, at least one.
    corrections
        Corrections of nights in this time, in the order in which they were made.
    """

    person: str
    side: str
    span: UtcSpan
    recordings: tuple[RecordedSpan, ...]
    corrections: tuple[WindowCorrection, ...] = ()

    def zone_at(self, moment: datetime) -> tzinfo:
        """Return the zone of the recording that runs at a moment, or ran last before it."""
        begun = [recorded for recorded in self.recordings if recorded.span.start <= moment]
        return (begun[-1] if begun else self.recordings[0]).zone


def find_wear_periods(
    recordings: Sequence[RecordedSpan], corrections: Sequence[WindowCorrection] = ()
) -> tuple[WearPeriod, ...]:
    """Group recordings into wear periods.

    Parameters
    ----------
    recordings
        Of any people and legs, in any order; recordings of length 0 are ignored.
    corrections
        In the order in which they were made.  One that touches several periods joins them; one that touches none has no
        effect.

    Returns
    -------
    tuple of WearPeriod
        By person, side and time; periods of one leg do not overlap.

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
    """Leave out corrections that a later one of the same time replaces."""
    return [
        said
        for number, said in enumerate(corrections)
        if not any(said.span.overlaps(later.span) for later in corrections[number + 1 :])
    ]


def _periods_of_leg(
    person: str, side: str, recordings: Sequence[RecordedSpan], corrections: Sequence[WindowCorrection]
) -> list[WearPeriod]:
    """Group the recordings of one leg."""
    # Place each span once: a year of recordings has far more pairs of period and recording.
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
