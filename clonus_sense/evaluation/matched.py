"""Reference bouts and false detections after matching: what every figure is counted from."""

from __future__ import annotations

from dataclasses import dataclass

from clonus_sense.evaluation.matching import match_bouts
from clonus_sense.evaluation.scored_bouts import Case, DetectedBout, ReferenceBout


@dataclass(frozen=True, slots=True)
class MatchedBout:
    """One reference bout and its partner.

    Parameters
    ----------
    case
        The recording that it belongs to.
    bout
        What should be found.
    detection
        Its partner; ``None`` where it was missed.
    is_merged
        Whether it has no partner only because the detection that overlaps it belongs to another bout.
    """

    case: Case
    bout: ReferenceBout
    detection: DetectedBout | None
    is_merged: bool = False

    @property
    def is_found(self) -> bool:
        """Whether it has a partner."""
        return self.detection is not None


@dataclass(frozen=True, slots=True)
class MatchedCase:
    """A recording after matching.

    Parameters
    ----------
    case
        The recording with its reference.
    bouts
        Each of its reference bouts with its partner.
    false
        Detections that overlap no reference bout.
    n_splits
        Detections that overlap only bouts which have a partner already.
    n_merges
        Detections that have a partner and overlap further bouts.
    """

    case: Case
    bouts: tuple[MatchedBout, ...]
    false: tuple[DetectedBout, ...]
    n_splits: int
    n_merges: int

    @property
    def n_reference(self) -> int:
        """Bouts of five beats or more, or of a number that nobody counted."""
        return sum(matched.bout.is_headline for matched in self.bouts)

    @property
    def n_found(self) -> int:
        """How many of these have a partner."""
        return sum(matched.bout.is_headline and matched.is_found for matched in self.bouts)

    @property
    def hours(self) -> float | None:
        """Hours measured; ``None`` where unknown."""
        return None if self.case.recorded_s is None else self.case.recorded_s / 3600

    @property
    def false_s(self) -> float:
        """Seconds that the false detections last together."""
        return sum(detection.offset_s - detection.onset_s for detection in self.false)


def match_case(case: Case, detections: tuple[DetectedBout, ...]) -> MatchedCase:
    """Match what was reported for a recording with its reference.

    Parameters
    ----------
    case
        The recording with its reference.
    detections
        What was reported for it.

    Returns
    -------
    MatchedCase
        Each reference bout with its partner, and what is left over.
    """
    matching = match_bouts(case.bouts, detections)
    bouts = [
        MatchedBout(case, bout, None if j is None else detections[j], is_merged=touched and j is None)
        for bout, j, touched in zip(case.bouts, matching.partners, matching.touched, strict=True)
    ]
    return MatchedCase(
        case=case,
        bouts=tuple(bouts),
        false=tuple(detections[j] for j in matching.false),
        n_splits=len(matching.splits),
        n_merges=len(matching.merges),
    )
