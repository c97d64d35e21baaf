"""Segments: one is searched as it is and with its strides taken away, and what is found comes in order of time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from clonus_sense.detection.candidates import Candidate, CandidateFinder
from clonus_sense.detection.conditioning import WorkingPiece
from clonus_sense.detection.episodes import TimedRhythm
from clonus_sense.detection.gait.search import GaitCandidate
from clonus_sense.detection.gait.walks import WalkSearch


class SegmentSearch:
    """Searches one segment, fed piece by piece.

    Each candidate is judged as soon as it is complete; its rhythms wait until nothing that begins before them can come.

    Parameters
    ----------
    working_hz
        Rate of the working signals.
    floor_g
        Smallest half peak-to-peak of a beat, in g.
    first_index
        Working index of the first sample of the segment.
    """

    def __init__(self, working_hz: float, floor_g: float, first_index: int) -> None:
        self._finder = CandidateFinder(working_hz, floor_g, first_index)
        self._walks = WalkSearch(working_hz, first_index)
        self._waiting: list[_Judged] = []

    @property
    def undecided_since(self) -> int:
        """No rhythm that is still to be given out was first seen before this working index."""
        starts = [judged.start for judged in self._waiting]
        return min([self._finder.undecided_since, self._walks.undecided_since, *starts])

    @property
    def next_decision(self) -> int:
        """Nothing is decided before the working signals reach this index, unless the segment closes."""
        return 0 if self._waiting else min(self._finder.next_decision, self._walks.next_decision)

    def push(
        self, piece: WorkingPiece, judge: Callable[[Candidate | GaitCandidate], list[TimedRhythm]]
    ) -> list[TimedRhythm]:
        """Take a further piece and return the judged rhythms before which no other one can come."""
        found: list[Candidate | GaitCandidate] = [*self._finder.push(piece), *self._walks.push(piece)]
        self._waiting += [
            _Judged(find_start(candidate), isinstance(candidate, GaitCandidate), judge(candidate))
            for candidate in found
        ]
        if not self._waiting:
            return []
        # At the same start the candidate of the movement as it is comes first.
        self._waiting.sort(key=lambda judged: (judged.start, judged.is_in_gait))
        undecided = min(self._finder.undecided_since, self._walks.undecided_since)
        n_ready = sum(piece.closes or judged.start < undecided for judged in self._waiting)
        ready, self._waiting = self._waiting[:n_ready], self._waiting[n_ready:]
        return [timed for judged in ready for timed in judged.rhythms]


@dataclass(frozen=True, slots=True)
class _Judged:
    """The rhythms of one candidate, and the working index at which it was first seen."""

    start: int
    is_in_gait: bool
    rhythms: list[TimedRhythm]


def find_start(candidate: Candidate | GaitCandidate) -> int:
    """Find the working index at which a candidate's rhythm was first seen."""
    return candidate.first_index + candidate.core_start
