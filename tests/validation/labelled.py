"""Candidates of the detector with their labels, for fitting the weights of the verdicts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from clonus_sense.config import DetectionSettings
from clonus_sense.detection import Detector, detect_batches
from clonus_sense.detection.detector import DECISIONS
from clonus_sense.detection.filters import LOWEST_RATE_HZ
from clonus_sense.detection.gait.line_verdict import LINE_MEASURES, RULES_IN_GAIT
from clonus_sense.detection.logistic_decision import Decisions, Measure
from clonus_sense.detection.verdict import MEASURES
from clonus_sense.errors import EvaluationError
from clonus_sense.evaluation.cases import read_cases
from clonus_sense.evaluation.scored_bouts import Case, ReferenceBout
from clonus_sense.evaluation.scores import APART_CLASSES
from clonus_sense.files import RECORDING_SUFFIXES
from clonus_sense.model import Episode, FloatArray, Rejection, SampleBatch, Site
from clonus_sense.recording import stream_recording
from tests.validation.injected import inject_bouts
from tests.validation.simulated_nights import simulate_any_night

# Below 4.2 and above 9.2 Hz the band decides, not the weights.
FITTED_BAND_HZ = (4.2, 9.2)
# A candidate belongs to a true bout when they share this part of the shorter one.
LEAST_SHARED_RATIO = 0.3
# Simulated nights hold disturbances that few cases hold, but only foreseen ones: their candidates count a third.
SIMULATED_WEIGHT = 0.3
# Bouts of one generator added to the walks of the cases: similar to each other, many, and each in pieces.
INJECTED_WEIGHT = 0.14
INJECTED = "injected: "
NO_FOLD = -1
# Cases without a fold of their own are distributed in turn.
N_FOLDS = 5
# Accepted pieces inside a walk become one episode with the evidence of one piece.  If none is accepted, each is a
# candidate of its own, and the fit does not depend on the present weights.
UNDECIDED = replace(DECISIONS, in_gait=replace(DECISIONS.in_gait, intercept_logit=-50.0))


@dataclass(frozen=True, slots=True, eq=False)
class LabelledCandidates:
    """Candidates of one kind with their labels.

    Parameters
    ----------
    measures
        Transformed measures, shape ``(n, n_measures)``.
    is_true
        Whether each lies on a true bout, shape ``(n,)``.
    fold
        Fold of each one's person, shape ``(n,)``; :data:`NO_FOLD` if it never enters a figure.
    weight
        Weight of each one, shape ``(n,)``.
    recording
        Name of each one's recording, shape ``(n,)``.
    """

    measures: FloatArray
    is_true: FloatArray
    fold: FloatArray
    weight: FloatArray
    recording: NDArray[np.str_]

    @classmethod
    def join(cls, parts: Sequence[LabelledCandidates]) -> LabelledCandidates:
        """Join candidates."""
        return cls(
            np.concatenate([part.measures for part in parts]),
            np.concatenate([part.is_true for part in parts]),
            np.concatenate([part.fold for part in parts]),
            np.concatenate([part.weight for part in parts]),
            np.concatenate([part.recording for part in parts]),
        )

    @classmethod
    def nothing(cls, kind: Sequence[Measure[Any]]) -> LabelledCandidates:
        """Return an empty set of candidates."""
        empty = np.empty(0)
        return cls(np.empty((0, len(kind))), empty, empty, empty, np.empty(0, dtype=np.str_))

    def select(self, rows: NDArray[np.bool_]) -> LabelledCandidates:
        """Select some of the candidates."""
        return LabelledCandidates(
            self.measures[rows], self.is_true[rows], self.fold[rows], self.weight[rows], self.recording[rows]
        )


@dataclass(frozen=True, slots=True, eq=False)
class LabelledKinds:
    """Candidates of both kinds: ``plain`` from the movement, ``in_gait`` from the signal after stride removal."""

    plain: LabelledCandidates
    in_gait: LabelledCandidates

    @classmethod
    def join(cls, parts: Sequence[LabelledKinds]) -> LabelledKinds:
        """Join candidates."""
        return cls(
            LabelledCandidates.join([part.plain for part in parts]),
            LabelledCandidates.join([part.in_gait for part in parts]),
        )

    def without_fold(self, fold: int) -> LabelledKinds:
        """Leave out the candidates of a fold."""
        return LabelledKinds(self.plain.select(self.plain.fold != fold), self.in_gait.select(self.in_gait.fold != fold))


def collect_candidates(folder: Path) -> LabelledKinds:
    """Run the detector over the cases of a folder and label every measured candidate.

    Cases that are reported separately are left out, because their truth is unknown.
    """
    parts = []
    for case, fold in deal_folds(folder):
        if case.case_class not in APART_CLASSES:
            found = find_candidates(find_recording(folder, case.name))
            parts.append(_label_kinds(found, case.bouts, fold, case.name))
    return LabelledKinds.join(parts)


def collect_injected(folder: Path) -> LabelledKinds:
    """Label the candidates inside walks that come from bouts added to the cases without bouts.

    Only true candidates inside walks are returned, each in the fold of its case.
    """
    parts = [LabelledKinds(LabelledCandidates.nothing(MEASURES), LabelledCandidates.nothing(LINE_MEASURES))]
    for number, (case, fold) in enumerate(deal_folds(folder)):
        if case.bouts or case.case_class in APART_CLASSES:
            continue
        with stream_recording(find_recording(folder, case.name)) as stream:
            if stream.info.fs_hz < LOWEST_RATE_HZ:
                continue
            injected = inject_bouts(list(stream.batches()), np.random.default_rng(number))
            found = list(detect(injected.batches, stream.info.site, source=find_recording(folder, case.name)))
        kinds = _label_kinds(found, injected.bouts, fold, INJECTED + case.name, weight=INJECTED_WEIGHT)
        nothing = np.zeros(len(kinds.plain.fold), dtype=np.bool_)
        parts.append(LabelledKinds(kinds.plain.select(nothing), kinds.in_gait.select(kinds.in_gait.is_true > 0.0)))
    return LabelledKinds.join(parts)


def collect_simulated(seeds: Iterable[int]) -> LabelledKinds:
    """Label every candidate of simulated nights: many more tremors, hums and kicks than in any collection of cases.

    They count less than cases, and enter no figure.
    """
    parts = []
    for seed in seeds:
        night = simulate_any_night(seed)
        bouts = [ReferenceBout(bout.onset_s, bout.offset_s, bout.beats) for bout in night.truth]
        candidates = detect(night.batches(), night.info.site)
        parts.append(_label_kinds(candidates, bouts, NO_FOLD, f"simulated {seed}", weight=SIMULATED_WEIGHT))
    return LabelledKinds.join(parts)


def _label_kinds(
    candidates: Iterable[Episode | Rejection],
    bouts: Sequence[ReferenceBout],
    fold: int,
    recording: str,
    *,
    weight: float = 1.0,
) -> LabelledKinds:
    """Label candidates of both kinds, told apart by their measures."""
    names = {measure.name for measure in LINE_MEASURES}
    plain: list[Episode | Rejection] = []
    in_gait: list[Episode | Rejection] = []
    for found in candidates:
        (in_gait if names <= {test.name for test in found.evidence} else plain).append(found)
    return LabelledKinds(
        _label(plain, MEASURES, bouts, fold, recording, weight=weight),
        _label(in_gait, LINE_MEASURES, bouts, fold, recording, weight=weight),
    )


def _label(
    candidates: Iterable[Episode | Rejection],
    kind: Sequence[Measure[Any]],
    bouts: Sequence[ReferenceBout],
    fold: int,
    recording: str,
    *,
    weight: float,
) -> LabelledCandidates:
    """Label candidates by the bouts they lie on."""
    rows, labels = [], []
    for found in candidates:
        if FITTED_BAND_HZ[0] < found.frequency_hz < FITTED_BAND_HZ[1]:
            on = [bout for bout in bouts if _share(found, bout)]
            if on and not any(bout.is_headline for bout in on):
                continue  # three or four beats are neither true nor false
            by_name = {test.name: test.value for test in found.evidence}
            if any(test.name in RULES_IN_GAIT and not test.passed for test in found.evidence):
                continue  # excluded whatever the weights are
            rows.append([measure.transform(by_name[measure.name]) for measure in kind])
            labels.append(bool(on))
    n = len(rows)
    measures = np.asarray(rows, dtype=np.float64).reshape(n, len(kind))
    return LabelledCandidates(
        measures,
        np.asarray(labels, dtype=np.float64),
        np.full(n, fold, dtype=np.float64),
        np.full(n, weight),
        np.full(n, recording),
    )


def deal_folds(folder: Path) -> Iterator[tuple[Case, int]]:
    """Yield each case of a folder with its fold; cases without one are distributed in turn."""
    for number, case in enumerate(read_cases(folder)):
        yield case, number % N_FOLDS if case.fold is None else case.fold


def find_candidates(path: Path, decisions: Decisions = UNDECIDED) -> Iterator[Episode | Rejection]:
    """Yield every candidate of a recording; none if its rate is too low for detection."""
    with stream_recording(path) as stream:
        if stream.info.fs_hz >= LOWEST_RATE_HZ:
            yield from detect(stream.batches(), stream.info.site, decisions, source=path)


def detect(
    batches: Iterable[SampleBatch],
    site: Site | None,
    decisions: Decisions = UNDECIDED,
    *,
    source: Path | None = None,
) -> Iterator[Episode | Rejection]:
    """Yield every candidate that the detector measured, accepted or rejected."""
    detector = Detector(DetectionSettings(), site=site, explain=True, decisions=decisions)
    yield from detect_batches(batches, detector, source=source)
    yield from detector.take_rejections()


def find_recording(folder: Path, name: str) -> Path:
    """Find the recording of a case."""
    for suffix in RECORDING_SUFFIXES:
        path = folder / (name + suffix)
        if path.exists():
            return path
    raise EvaluationError(f"{folder}: holds no recording of the case {name}; weights cannot be fitted without it.")


def _share(found: Episode | Rejection, bout: ReferenceBout) -> bool:
    """Whether a candidate lies on a bout."""
    shared_s = min(found.offset_s, bout.offset_s) - max(found.onset_s, bout.onset_s)
    shorter_s = min(found.offset_s - found.onset_s, bout.offset_s - bout.onset_s)
    return shared_s > LEAST_SHARED_RATIO * shorter_s
