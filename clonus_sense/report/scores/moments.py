"""Moments that a person should look at: bouts that were missed, detections where nothing was marked, and a choice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import chain, zip_longest

from clonus_sense.evaluation import Evaluation, LoneBout, MatchedCase, RatedRecording, ReferenceBout
from clonus_sense.report.scores.logged import Said

Span = tuple[float, float]

MARGIN_S = 3.0
"""Shown before and after a moment: enough to see what it rose from and what ended it."""

LONGEST_S = 14.0
"""Of a moment itself so much is shown; beats of a longer one could not be told apart."""


@dataclass(frozen=True, slots=True)
class Moment:
    """Something in a recording on which two sides differ."""

    recording: str
    bout: ReferenceBout
    marked: tuple[Span, ...]
    said: tuple[Said, ...] = field(default=())
    marked_by_other: tuple[Span, ...] = ()

    @property
    def window_s(self) -> Span:
        """Time that its picture shows."""
        onset_s, offset_s = self.bout.onset_s, self.bout.offset_s
        return max(0.0, onset_s - MARGIN_S), min(offset_s, onset_s + LONGEST_S) + MARGIN_S

    @property
    def strength(self) -> float:
        """What is drawn first where not all are: the strongest, or the longest where nobody knows how strong."""
        return self.bout.offset_s - self.bout.onset_s if self.bout.peak_g is None else self.bout.peak_g


SaidOf = Callable[[str], tuple[Said, ...]]
"""Gives what the detector said about a recording of this name."""


def find_missed(evaluation: Evaluation, said_of: SaidOf) -> list[Moment]:
    """Collect the bouts of five beats or more that were not found, in the order of the recordings."""
    return [
        _moment(case, matched.bout, said_of)
        for case in evaluation.cases
        for matched in case.bouts
        if matched.bout.is_headline and not matched.is_found
    ]


def find_false(evaluation: Evaluation, said_of: SaidOf) -> list[Moment]:
    """Collect the detections that touch no bout; as :func:`find_missed`."""
    return [
        _moment(case, ReferenceBout(found.onset_s, found.offset_s, found.beats, found.frequency_hz), said_of)
        for case in evaluation.cases
        for found in case.false
    ]


def find_lone(lone: Sequence[LoneBout], recordings: Sequence[RatedRecording]) -> list[Moment]:
    """Collect the bouts that one of two raters alone marked, with all that both marked around them."""
    by_name = {recording.name: recording for recording in recordings}
    return [
        Moment(
            one.recording,
            one.bout,
            _spans(by_name[one.recording].first),
            marked_by_other=_spans(by_name[one.recording].second),
        )
        for one in lone
    ]


def choose_moments(moments: Sequence[Moment], at_most: int) -> list[int]:
    """Choose what to draw when there are too many: from every recording in turn, the strongest first."""
    of_recording: dict[str, list[int]] = defaultdict(list)
    for number, moment in enumerate(moments):
        of_recording[moment.recording].append(number)
    in_order = [sorted(numbers, key=lambda i: -moments[i].strength) for numbers in of_recording.values()]
    in_turn = chain.from_iterable(zip_longest(*in_order))
    return sorted([number for number in in_turn if number is not None][:at_most])


def _moment(case: MatchedCase, bout: ReferenceBout, said_of: SaidOf) -> Moment:
    """Build a moment of a case with what lies around it."""
    marked = _spans([matched.bout for matched in case.bouts])
    start_s, end_s = Moment(case.case.name, bout, marked).window_s
    said = tuple(one for one in said_of(case.case.name) if one.offset_s > start_s and one.onset_s < end_s)
    return Moment(case.case.name, bout, marked, said)


def _spans(bouts: Sequence[ReferenceBout]) -> tuple[Span, ...]:
    """Onset and offset of each bout."""
    return tuple((bout.onset_s, bout.offset_s) for bout in bouts)
