"""Compares the detections of many recordings with their references: from files to figures."""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from pathlib import Path

from clonus_sense.errors import EvaluationError
from clonus_sense.evaluation.bout_tables import Row, read_rows
from clonus_sense.evaluation.cases import read_cases
from clonus_sense.evaluation.matched import match_case
from clonus_sense.evaluation.scored_bouts import Case, DetectedBout
from clonus_sense.evaluation.scores import Evaluation, score_cases
from clonus_sense.model import EpisodeClass

logger = logging.getLogger(__name__)

HEADLINE_CLASSES = frozenset({EpisodeClass.CLONUS})


def evaluate(
    detections: Path,
    cases: Path,
    *,
    classes: Collection[EpisodeClass] = HEADLINE_CLASSES,
    folds: Collection[int] | None = None,
    bout_texts: Sequence[str] = (),
    recordings: Path | None = None,
) -> Evaluation:
    """Score detections against simulated truth or the annotations of a therapist.

    Parameters
    ----------
    detections
        A folder with one ``NAME.csv`` for each case, or one CSV file for a single case. A case without a file counts as
        a case without detections.
    cases
        Any input of :func:`~clonus_sense.evaluation.cases.read_cases`.
    classes
        Classes of episodes to score, if the detections have a column ``class``.
    folds
        Folds whose cases are scored; ``None`` scores all.
    bout_texts
        Texts of labels or EDF+ annotations that are bouts; see :func:`~clonus_sense.evaluation.cases.read_cases`.
    recordings
        Folder of the recordings, which give the measured hours; ``None`` looks beside the references.

    Raises
    ------
    EvaluationError
        If a file is invalid, or none of the detections belongs to a case.
    """
    known = read_cases(cases, bout_texts=bout_texts, recordings=recordings)
    chosen = _choose_folds(known, folds, cases)
    logs = _pair_logs(chosen, detections)
    _tell_unscored(detections, known)
    missing = [case.name for case, log in zip(chosen, logs, strict=True) if log is None]
    if missing:
        text = "%s: no file for %d of %d cases, such as %s; they count as cases without detections"
        logger.warning(text, detections, len(missing), len(chosen), missing[0])
    return score_cases(
        [match_case(case, read_detections(log, classes) if log else ()) for case, log in zip(chosen, logs, strict=True)]
    )


def read_detections(path: Path, classes: Collection[EpisodeClass] = HEADLINE_CLASSES) -> tuple[DetectedBout, ...]:
    """Read the detections of one recording.

    Parameters
    ----------
    path
        A CSV file with ``onset_s,offset_s`` and optionally ``beats``, ``frequency_hz`` and ``class``.
    classes
        Lines of other classes are skipped; without a column ``class`` all lines count.

    Returns
    -------
    tuple of DetectedBout
        In order of onset.

    Raises
    ------
    EvaluationError
        If the file is invalid.
    """
    rows = [row for row in read_rows(path) if "class" not in row.cells or row.text("class") in classes]
    return tuple(sorted((_detection_of(row) for row in rows), key=lambda detection: detection.onset_s))


def _detection_of(row: Row) -> DetectedBout:
    """Build the detection of one line."""
    onset_s, offset_s = row.interval_s()
    return DetectedBout(onset_s, offset_s, row.whole_number("beats"), row.number("frequency_hz"))


def _choose_folds(cases: Sequence[Case], folds: Collection[int] | None, path: Path) -> list[Case]:
    """Keep the cases of the given folds."""
    if folds is None:
        return list(cases)
    chosen = [case for case in cases if case.fold in folds]
    if not chosen:
        known = sorted({case.fold for case in cases if case.fold is not None})
        there_are = f"the folds are {', '.join(map(str, known))}" if known else "its cases have no folds"
        raise EvaluationError(f"{path}: no case in fold {', '.join(map(str, sorted(folds)))}; {there_are}.")
    return chosen


def _tell_unscored(detections: Path, cases: Sequence[Case]) -> None:
    """Warn about logs without a case: a mistyped name must not silently drop a recording."""
    if not detections.is_dir():
        return
    names = {case.name for case in cases}
    # The folder may also hold rejected candidates and references.
    logs = [path.stem for path in sorted(detections.glob("*.csv")) if "." not in path.stem or path.stem in names]
    unscored = [name for name in logs if name not in names]
    if unscored:
        text = "%s: %d logs belong to no case, such as %s; they are not scored"
        logger.warning(text, detections, len(unscored), unscored[0])


def _pair_logs(cases: Sequence[Case], detections: Path) -> list[Path | None]:
    """Find the file of each case; ``None`` if there is none."""
    if not detections.exists():
        raise EvaluationError(f"{detections}: there is no such file or folder; check its name.")
    if not detections.is_dir():
        if len(cases) == 1:
            return [detections]
        raise EvaluationError(
            f"{detections}: one file cannot belong to {len(cases)} cases; name the folder that holds the files of all, "
            "or one truth file."
        )
    logs = [path if (path := detections / f"{case.name}.csv").exists() else None for case in cases]
    if not any(logs):
        raise EvaluationError(f"{detections}: holds no file named after a case, such as {cases[0].name}.csv.")
    return logs
