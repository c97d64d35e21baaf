"""Segments: one is searched as it is and without its strides, and its rhythms come in order of time."""

from __future__ import annotations

from dataclasses import dataclass

from clonus_sense.detection.candidates import CandidateFinder
from clonus_sense.detection.conditioning import WorkingPiece
from clonus_sense.detection.gait.line_rhythm import LineRhythm, measure_line_rhythm
from clonus_sense.detection.gait.walks import WalkSearch
from clonus_sense.detection.plain_rhythm import PlainRhythm, measure_rhythms


class SegmentSearch:
    """Searches one segment, fed piece by piece.

    Each candidate is measured as soon as it is complete; its rhythms wait until none can come that begins before them.
    """

    def __init__(self, working_hz: float, floor_g: float, first_index: int) -> None:
        self._hz, self._floor_g = working_hz, floor_g
        self._finder = CandidateFinder(working_hz, floor_g, first_index)
        self._walks = WalkSearch(working_hz, first_index)
        self._waiting: list[_Measured] = []

    @property
    def undecided_since(self) -> int:
        """Working index before which no further rhythm was first seen."""
        starts = [measured.start for measured in self._waiting]
        return min([self._finder.undecided_since, self._walks.undecided_since, *starts])

    @property
    def next_decision(self) -> int:
        """Working index that the signals must reach before the next decision, unless the segment closes."""
        return 0 if self._waiting else min(self._finder.next_decision, self._walks.next_decision)

    def push(self, piece: WorkingPiece) -> list[PlainRhythm | LineRhythm]:
        """Take a further piece and return the rhythms before which no other can come."""
        for candidate in self._finder.push(piece):
            self._waiting.append(_Measured(candidate.start, measure_rhythms(candidate, self._hz, self._floor_g)))
        for place in self._walks.push(piece):
            rhythm = measure_line_rhythm(place, self._hz)
            self._waiting.append(_Measured(place.start, [] if rhythm is None else [rhythm], is_in_gait=True))
        if not self._waiting:
            return []
        # At the same start the candidate of the plain search comes first.
        self._waiting.sort(key=lambda measured: (measured.start, measured.is_in_gait))
        undecided = min(self._finder.undecided_since, self._walks.undecided_since)
        n_ready = sum(piece.closes or measured.start < undecided for measured in self._waiting)
        ready, self._waiting = self._waiting[:n_ready], self._waiting[n_ready:]
        return [rhythm for measured in ready for rhythm in measured.rhythms]


@dataclass(frozen=True, slots=True)
class _Measured:
    """The rhythms of one candidate, and the working index at which it was first seen."""

    start: int
    rhythms: list[PlainRhythm] | list[LineRhythm]
    is_in_gait: bool = False
