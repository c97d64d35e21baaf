"""Reference bouts and false detections after matching, from which all figures are counted."""

from __future__ import annotations

from dataclasses import dataclass

from clonus_sense.evaluation.matching import match_bouts
from clonus_sense.evaluation.scored_bouts import Case, DetectedBout, ReferenceBout


@dataclass(frozen=True, slots=True)
class MatchedBout:
    """One reference bout and its partner.

    Parameters
    ----------
    detection
        The partner; ``None`` if the bout was missed.
    is_merged
        Whether the bout has no partner only because the overlapping detection is the partner of another bout.
    """

    case: Case
    bout: ReferenceBout
    detection: DetectedBout | None
    is_merged: bool = False

    @property
    def is_found(self) -> bool:
        """Whether the bout has a partner."""
        return self.detection is not None


@dataclass(frozen=True, slots=True)
class MatchedCase:
    """A recording after matching.

    Parameters
    ----------
    bouts
        Each reference bout with its partner.
    false
        Detections that overlap no reference bout.
    n_splits
        Detections that overlap only bouts that have another partner.
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
        """Number of bouts of five beats or more, or with uncounted beats."""
        return sum(matched.bout.is_headline for matched in self.bouts)

    @property
    def n_found(self) -> int:
        """Number of these bouts that have a partner."""
        return sum(matched.bout.is_headline and matched.is_found for matched in self.bouts)

    @property
    def hours(self) -> float | None:
        """Measured hours; ``None`` if unknown."""
        return None if self.case.recorded_s is None else self.case.recorded_s / 3600

    @property
    def false_s(self) -> float:
        """Total duration of the false detections, in seconds."""
        return sum(detection.offset_s - detection.onset_s for detection in self.false)


def match_case(case: Case, detections: tuple[DetectedBout, ...]) -> MatchedCase:
    """Match the detections of a recording with its reference.

    Returns
    -------
    MatchedCase
        Each reference bout with its partner, and the unmatched detections.
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
