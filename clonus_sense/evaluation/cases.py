"""Reads cases: recordings with a reference, as a folder with an index, a folder of truth files, or one file.

==========================  ========================================================================================
``CASES``                   what is read
==========================  ========================================================================================
folder with ``cases.json``  each entry's ``name``, ``class``, ``recorded_s``, ``tags``, ``fold``, ``NAME.truth.csv``
folder with truth files     each ``NAME.truth.csv`` is a case; its hours are measured if the recording lies beside it
one ``.csv``                a truth file, or a therapist's annotation: ``onset_s,offset_s`` and, where known,
                            ``beats``, ``frequency_hz`` and ``label``
==========================  ========================================================================================

Labels are free text, but for two: a line labelled ``not`` (looked at, and not rhythmic) is no reference, and one
labelled ``unsure`` counts neither for nor against.
"""

from __future__ import annotations

import json
import logging
from collections import deque
from collections.abc import Mapping
from pathlib import Path

from clonus_sense.errors import EvaluationError, RecordingError
from clonus_sense.evaluation.bouts import Case, ReferenceBout
from clonus_sense.evaluation.tables import Row, read_rows
from clonus_sense.recording import stream_recording

logger = logging.getLogger(__name__)

INDEX_NAME = "cases.json"
TRUTH_SUFFIX = ".truth.csv"
RECORDING_SUFFIXES = (".csv", ".csv.gz", ".parquet")
PLAIN_CLASS = "recording"
"""Class of a case that no index says more about."""

NOT_RHYTHMIC_LABEL = "not"
UNSURE_LABEL = "unsure"


def read_cases(path: Path) -> list[Case]:
    """Read the cases of a folder or a file.

    Parameters
    ----------
    path
        A folder with ``cases.json``, a folder with ``NAME.truth.csv`` files, or one CSV file.

    Returns
    -------
    list of Case
        The cases, in the order of the index or of their names.

    Raises
    ------
    EvaluationError
        If there are none, or one of the files does not hold what it must.
    """
    if not path.exists():
        raise EvaluationError(f"{path}: there is no such file or folder; check its name.")
    if not path.is_dir():
        return [_read_plain_case(path)]
    if (path / INDEX_NAME).exists():
        return _read_index(path)
    truths = sorted(path.glob(f"*{TRUTH_SUFFIX}"))
    if not truths:
        raise EvaluationError(f"{path}: holds neither {INDEX_NAME} nor a file NAME{TRUTH_SUFFIX}; name another folder.")
    return [_read_plain_case(truth) for truth in truths]


def read_bouts(path: Path) -> tuple[ReferenceBout, ...]:
    """Read the reference bouts of one recording.

    Parameters
    ----------
    path
        A CSV file with ``onset_s,offset_s``; further columns ``beats``, ``frequency_hz``, ``peak_g``, ``kind`` or
        ``label`` where known.

    Returns
    -------
    tuple of ReferenceBout
        The bouts, by onset.

    Raises
    ------
    EvaluationError
        If the file does not hold this.
    """
    rows = [row for row in read_rows(path) if row.text("label").lower() != NOT_RHYTHMIC_LABEL]
    return tuple(sorted((_bout_of(row) for row in rows), key=lambda bout: bout.onset_s))


def _bout_of(row: Row) -> ReferenceBout:
    """Build the reference bout of one line."""
    onset_s, offset_s = row.interval_s()
    label = row.text("label")
    return ReferenceBout(
        onset_s,
        offset_s,
        beats=row.whole_number("beats"),
        frequency_hz=row.number("frequency_hz"),
        peak_g=row.number("peak_g"),
        kind=row.text("kind") or label,
        unsure=label.lower() == UNSURE_LABEL,
    )


def _read_index(folder: Path) -> list[Case]:
    """Cases of a folder with an index."""
    index = folder / INDEX_NAME
    try:
        entries = json.loads(index.read_text(encoding="utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise EvaluationError(f"{index}: is not readable as JSON ({error}).") from error
    if not isinstance(entries, list):
        raise EvaluationError(f"{index}: must hold a list of cases.")
    return [_case_of_entry(index, entry) for entry in entries]


def _case_of_entry(index: Path, entry: Mapping[str, object]) -> Case:
    """Case of one entry of an index."""
    match entry:
        case {"name": str(name), "class": str(case_class), "recorded_s": float() | int() as recorded_s} if (
            recorded_s > 0
        ):
            tags, fold = entry.get("tags"), entry.get("fold")
        case _:
            raise EvaluationError(f"{index}: each case needs name, class and a positive recorded_s, unlike {entry}.")
    return Case(
        name=name,
        case_class=case_class,
        bouts=read_bouts(index.parent / f"{name}{TRUTH_SUFFIX}"),
        recorded_s=float(recorded_s),
        tag=str(tags[0]) if isinstance(tags, list) and tags else "",
        fold=fold if isinstance(fold, int) else None,
    )


def _read_plain_case(path: Path) -> Case:
    """Case of one truth or annotation file; hours from the recording beside it."""
    name = path.name.removesuffix(".csv")
    for suffix in (".truth", ".annotation", ".annotations"):
        name = name.removesuffix(suffix)
    return Case(name, PLAIN_CLASS, read_bouts(path), recorded_s=_measure_recorded_s(path, name))


def _measure_recorded_s(path: Path, name: str) -> float | None:
    """Seconds measured in the recording that lies beside a reference, ``None`` where there is none."""
    beside = [path.with_name(name + suffix) for suffix in RECORDING_SUFFIXES]
    for recording in beside:
        if recording == path or not recording.exists():
            continue
        try:
            with stream_recording(recording) as stream:
                # What was measured is known once all of it was read; the samples themselves are not needed.
                deque(stream.batches(), maxlen=0)
                return stream.measured_s
        except RecordingError as error:
            logger.warning("The hours of %s stay unknown: %s", name, error)
    return None
