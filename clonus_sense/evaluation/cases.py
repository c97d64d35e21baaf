"""Reads cases, which are recordings with a reference: a folder with an index, a folder of reference files, or one file.

==========================  ========================================================================================
``CASES``                   content
==========================  ========================================================================================
folder with ``cases.json``  each entry's ``name``, ``class``, ``recorded_s``, ``tags``, ``fold``, ``NAME.truth.csv``
folder with truth files     each ``NAME.truth.csv`` is a case
folder with annotations     each ``NAME.annotation.csv`` or ``NAME.edf`` is a case; where there are none, each
                            ``NAME.csv`` that has a column ``onset_s``
one ``.csv``                a truth file, or a therapist's annotation: ``onset_s,offset_s`` and, where known,
                            ``beats``, ``frequency_hz`` and ``label``
one ``.edf``                annotations in EDF+, as :mod:`~clonus_sense.evaluation.edf_bouts` reads them
==========================  ========================================================================================

Hours come from the recording, if it lies beside the reference or in the given folder; else from the signals of an EDF+
file. Labels are free text with two exceptions: ``not`` (inspected, not rhythmic) is no reference, and ``unsure`` counts
neither for nor against.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from clonus_sense.detection import check_unit
from clonus_sense.errors import EvaluationError, RecordingError
from clonus_sense.evaluation.bout_tables import Row, read_columns, read_rows
from clonus_sense.evaluation.edf_bouts import EDF_SUFFIX, read_edf_bouts
from clonus_sense.evaluation.scored_bouts import NOT_RHYTHMIC_LABEL, UNSURE_LABEL, Case, ReferenceBout
from clonus_sense.files import RECORDING_SUFFIXES, REJECTED_SUFFIX, TRUTH_SUFFIX
from clonus_sense.recording import stream_recording

logger = logging.getLogger(__name__)

INDEX_NAME = "cases.json"
ANNOTATION_SUFFIXES = (".annotation.csv", ".annotations.csv", EDF_SUFFIX)
PLAIN_CLASS = "recording"
"""Class of a case without an index."""

_NAME_ENDINGS = (".csv", EDF_SUFFIX, ".truth", ".annotation", ".annotations")
"""Endings of reference files after the name of the recording, outermost first."""


def read_cases(path: Path, *, bout_texts: Sequence[str] = (), recordings: Path | None = None) -> list[Case]:
    """Read the cases of a folder or a file.

    Parameters
    ----------
    path
        A folder with ``cases.json``, a folder with a file for each recording, or one CSV or EDF+ file.
    bout_texts
        Only labels or annotations with one of these texts are bouts; empty means all except those labelled otherwise.
    recordings
        Folder of the recordings, or the one recording; ``None`` if they lie beside their references or are missing.

    Returns
    -------
    list of Case
        In the order of the index or of their names.

    Raises
    ------
    EvaluationError
        If there are no cases, a file is invalid, or no file holds one of the texts.
    """
    if not path.exists():
        raise EvaluationError(f"{path}: there is no such file or folder; check its name.")
    if path.is_dir() and (path / INDEX_NAME).exists():
        return _read_index(path)
    references = _find_references(path) if path.is_dir() else [path]
    check_recordings(recordings, len(references))
    cases = [_read_plain_case(reference, bout_texts, recordings) for reference in references]
    if bout_texts and not any(case.bouts for case in cases):
        raise EvaluationError(f"{path}: no bout has the label {' or '.join(bout_texts)}; choose another --bout-text.")
    return cases


def recording_name(path: Path) -> str:
    """Return the name of the recording of a bout file: ``night.2.annotation.csv`` belongs to ``night.2``."""
    name = path.name
    for ending in _NAME_ENDINGS:
        if name.lower().endswith(ending):
            name = name[: -len(ending)]
    return name


def find_recording(name: str, folders: Iterable[Path], *, other_than: Path | None = None) -> Path | None:
    """Find a recording by name in the first folder that holds it; ``None`` if there is none.

    A file instead of a folder is the recording. ``other_than`` is the bout file, which may have the name of a
    recording.
    """
    places = [
        place
        for folder in folders
        for place in ([folder] if folder.is_file() else [folder / f"{name}{suffix}" for suffix in RECORDING_SUFFIXES])
    ]
    return next((place for place in places if place.is_file() and place != other_than), None)


def check_recordings(recordings: Path | None, n_cases: int) -> None:
    """Refuse a missing path of recordings, and one recording for several cases."""
    if recordings is None or recordings.is_dir():
        return
    if not recordings.exists():
        raise EvaluationError(f"{recordings}: there is no such file or folder; check its name.")
    if n_cases > 1:
        raise EvaluationError(f"{recordings}: one recording cannot belong to {n_cases} cases; name their folder.")


def _find_references(folder: Path) -> list[Path]:
    """Find the reference of each recording of a folder without an index, by name."""
    found = sorted(folder.glob(f"*{TRUTH_SUFFIX}"))
    if not found:
        found = [path for path in sorted(folder.iterdir()) if path.name.lower().endswith(ANNOTATION_SUFFIXES)]
    if not found:
        # The folder may also hold recordings and lists of rejected candidates.
        plain = [path for path in sorted(folder.glob("*.csv")) if not path.name.endswith(REJECTED_SUFFIX)]
        found = [path for path in plain if "onset_s" in read_columns(path)]
    if not found:
        raise EvaluationError(
            f"{folder}: holds neither {INDEX_NAME} nor a file NAME{TRUTH_SUFFIX}, NAME.annotation.csv or NAME.edf; "
            "name another folder."
        )
    first_of: dict[str, Path] = {}
    for path in found:
        other = first_of.setdefault(recording_name(path), path)
        if other is not path:
            raise EvaluationError(f"{path} and {other.name} both belong to {recording_name(path)}; remove one.")
    return found


def read_bouts(path: Path, bout_texts: Sequence[str] = ()) -> tuple[ReferenceBout, ...]:
    """Read the reference bouts of one recording from a table.

    Parameters
    ----------
    path
        A CSV file with ``onset_s,offset_s`` and optionally ``beats``, ``frequency_hz``, ``peak_g``, ``kind`` and
        ``label``.
    bout_texts
        Only lines whose label holds one of these texts are bouts; empty means all lines not labelled ``not``.

    Returns
    -------
    tuple of ReferenceBout
        In order of onset.

    Raises
    ------
    EvaluationError
        If the file is invalid.
    """
    required = ("onset_s", "offset_s", *(["label"] if bout_texts else []))
    rows = [row for row in read_rows(path, required) if _is_bout(row.text("label"), bout_texts)]
    return tuple(sorted((_bout_of(row) for row in rows), key=lambda bout: bout.onset_s))


def _is_bout(label: str, bout_texts: Sequence[str]) -> bool:
    """Return whether a line with this label is a bout."""
    if bout_texts:
        return any(wanted.casefold() in label.casefold() for wanted in bout_texts)
    return label.lower() != NOT_RHYTHMIC_LABEL


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
    """Read the cases of a folder with an index."""
    index = folder / INDEX_NAME
    try:
        entries = json.loads(index.read_text(encoding="utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise EvaluationError(f"{index}: the file is not valid JSON ({error}).") from error
    if not isinstance(entries, list):
        raise EvaluationError(f"{index}: the file must hold a list of cases.")
    return [_case_of_entry(index, entry) for entry in entries]


def _case_of_entry(index: Path, entry: Mapping[str, object]) -> Case:
    """Build the case of one entry of an index."""
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


def _read_plain_case(path: Path, bout_texts: Sequence[str], recordings: Path | None) -> Case:
    """Read the case of one truth or annotation file; its recording gives the hours."""
    name = recording_name(path)
    places = [path.parent] if recordings is None else [recordings, path.parent]
    recording = find_recording(name, places, other_than=path)
    recorded_s = None if recording is None else _measure_recorded_s(name, recording)
    if path.suffix.lower() != EDF_SUFFIX:
        return Case(name, PLAIN_CLASS, read_bouts(path, bout_texts), recorded_s)
    edf = read_edf_bouts(path, bout_texts)
    return Case(name, PLAIN_CLASS, edf.bouts, edf.recorded_s if recorded_s is None else recorded_s)


def _measure_recorded_s(name: str, recording: Path) -> float | None:
    """Measure the recorded seconds of a recording; ``None`` if the file is no recording."""
    try:
        with stream_recording(recording) as stream:
            # The measured time is known only after all samples are read.
            check_unit(stream.batches(), source=recording)
            return stream.measured_s
    except RecordingError as error:
        logger.warning("The hours of %s are unknown: %s", name, error)
    return None
