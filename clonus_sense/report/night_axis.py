"""The one time axis of a night: seconds since its first moment, whatever recordings and legs it holds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from clonus_sense.night import Interval, UtcSpan
from clonus_sense.night.utc_span import clip, join, subtract
from clonus_sense.report.clock_labels import Clock
from clonus_sense.review import LegNight, PersonNight


@dataclass(frozen=True, slots=True)
class NightAxis:
    """Turns moments into seconds on the axis of a night, and these into labels."""

    span: UtcSpan
    clock: Clock

    @property
    def length_s(self) -> float:
        """True length of the axis."""
        return self.span.length_s

    def at_s(self, moment: datetime) -> float:
        """Seconds from the start of the axis to a moment."""
        return (moment - self.span.start).total_seconds()

    def label(self, moment: datetime) -> str:
        """Label a moment by the person's clock."""
        return self.clock.label(self.at_s(moment))

    def intervals(self, spans: Iterable[UtcSpan]) -> tuple[Interval, ...]:
        """Place spans on the axis, cut to it."""
        return tuple(Interval(self.at_s(span.start), self.at_s(span.end)) for span in clip(join(spans), self.span))


@dataclass(frozen=True, slots=True)
class LegCoverage:
    """Where one leg was measured in which of the three states, on the axis of its night."""

    worn: tuple[Interval, ...]
    not_confirmed: tuple[Interval, ...]
    not_measured: tuple[Interval, ...]


def axis_of(night: PersonNight) -> NightAxis:
    """Lay the time axis of a night."""
    zone = night.zone
    name = zone.key if isinstance(zone, ZoneInfo) else ""
    return NightAxis(night.span, Clock(night.span.start.astimezone(zone), name))


def cover_leg(leg: LegNight, axis: NightAxis) -> LegCoverage:
    """Divide the whole axis into the three states of one leg."""
    worn = join(span for recording in leg.recordings for span in recording.span.worn())
    unconfirmed = subtract((span for recording in leg.recordings for span in recording.span.unconfirmed()), worn)
    unmeasured = subtract([axis.span], [*worn, *unconfirmed])
    return LegCoverage(axis.intervals(worn), axis.intervals(unconfirmed), axis.intervals(unmeasured))
