"""Reads the annotations of two raters."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

from clonus_sense.errors import EvaluationError
from clonus_sense.evaluation.agreement import RatedRecording
from clonus_sense.evaluation.cases import read_cases
from clonus_sense.evaluation.scored_bouts import Case

logger = logging.getLogger(__name__)


def read_rated(
    first: Path, second: Path, *, bout_texts: Sequence[str] = (), recordings: Path | None = None
) -> list[RatedRecording]:
    """Read the marks of two raters in the same recordings.

    Parameters
    ----------
    first, second
        One annotation file of each rater with any name, or one folder of each with files matched by name; see
        :func:`~clonus_sense.evaluation.cases.read_cases`.
    bout_texts
        Texts of labels or EDF+ annotations that are bouts.
    recordings
        Folder of the recordings, or the one recording; gives the measured time.

    Returns
    -------
    list of RatedRecording
        Recordings that both rated, in order of their names.

    Raises
    ------
    EvaluationError
        If a file is invalid or the raters have no recording in common.
    """
    cases = [read_cases(path, bout_texts=bout_texts, recordings=recordings) for path in (first, second)]
    if not first.is_dir() and not second.is_dir():
        [mine], [yours] = cases
        return [_rated(mine, yours)]
    by_name = [{case.name: case for case in of_rater} for of_rater in cases]
    common = sorted(by_name[0].keys() & by_name[1].keys())
    if not common:
        raise EvaluationError(
            f"{first} and {second} have no recording in common; name each annotation after its recording."
        )
    alone = sorted(by_name[0].keys() ^ by_name[1].keys())
    if alone:
        text = "%d recordings have only one rater, such as %s; they are left out"
        logger.warning(text, len(alone), alone[0])
    return [_rated(by_name[0][name], by_name[1][name]) for name in common]


def _rated(mine: Case, yours: Case) -> RatedRecording:
    """Join the marks of two raters in one recording."""
    name = mine.name if mine.name == yours.name else f"{mine.name} / {yours.name}"
    recorded_s = mine.recorded_s if mine.recorded_s is not None else yours.recorded_s
    return RatedRecording(name, mine.bouts, yours.bouts, recorded_s)
