"""Bouts marked by a person as EDF+ annotations, in a file with or without signals.

EDFbrowser, most programs for sleep and EEG, and ``clonus-sense export`` write such files. Times count from the first
sample, as in our recordings.

=============================================  =================================================================
annotation                                     what it is here
=============================================  =================================================================
``Word of …: rhythmic``, ``judged as clonus``  a bout: a person's word, as our own export writes it
``Word of …: unsure``, or ``unsure``           a bout that counts neither for nor against
``Word of …`` with another verdict, ``not``    no bout
``Episode …``, ``Gap: …``, ``Marker: …``, ...  no bout: our export tells what the detector found, and when was what
any other text                                 a bout, unless the texts that count were named
=============================================  =================================================================
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from clonus_sense.errors import EvaluationError
from clonus_sense.evaluation.scored_bouts import NOT_RHYTHMIC_LABEL, UNSURE_LABEL, ReferenceBout

if TYPE_CHECKING:
    from edfio import Edf

logger = logging.getLogger(__name__)

EDF_SUFFIX = ".edf"

SECOND_ZERO = "Second 0 of the recording"
"""Marks time 0 in our own export if the first sample of the recording came later."""

_WORD = re.compile(
    r"Word of .+?: (judged as clonus|rhythmic|unsure|not rhythmic|worn|not worn|rest|note|withdrawn)(?:: |$)"
)
_WORDS_FOR_A_BOUT = {"judged as clonus", "rhythmic", UNSURE_LABEL}
_NO_BOUT = re.compile(
    r"Episode \d+: |Gap: |Marker: |Local time: |Clocks change: |Times within a record |Second 0 of |End of recording$"
)
# A long text is split into several annotations at the same time.
_PART = re.compile(r"\((\d+)/(\d+)\) ")

# Number of texts that a warning lists if none of them counts.
_MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class EdfBouts:
    """Bouts of an EDF+ file by onset, and the duration of its signals; ``None`` if it holds only annotations."""

    bouts: tuple[ReferenceBout, ...]
    recorded_s: float | None


@dataclass(frozen=True, slots=True)
class _Marked:
    """One annotation: a time span, or a moment if ``duration_s`` is 0."""

    onset_s: float
    duration_s: float
    text: str


def read_edf_bouts(path: Path, bout_texts: Sequence[str] = ()) -> EdfBouts:
    """Read the bouts that a person marked in an EDF+ file; ``bout_texts`` match in any case."""
    edf = _open(path)
    marked = list(_read_marked(path, edf))
    zero_s = next((one.onset_s for one in marked if one.text == SECOND_ZERO), 0.0)
    counted = [(one, label) for one in marked if (label := _label_of(one.text, bout_texts)) is not None]
    moments = [one for one, _ in counted if one.duration_s <= 0]
    if moments:
        _tell_moments(path, moments, are_all=len(moments) == len(counted))
    if bout_texts and not counted:
        names = ", ".join(sorted({one.text for one in marked})[:_MOST_NAMED])
        logger.warning(
            "%s: no annotation holds the text %s; the texts are: %s", path, " or ".join(bout_texts), names or "none"
        )
    bouts = [_bout_of(one, label, zero_s) for one, label in counted if one.duration_s > 0]
    recorded_s = edf.num_data_records * edf.data_record_duration if edf.signals else None
    return EdfBouts(tuple(sorted(bouts, key=lambda bout: bout.onset_s)), recorded_s)


def _open(path: Path) -> Edf:
    """Open an EDF+ file."""
    # The import takes a tenth of a second, and most annotations are CSV files.
    import edfio  # noqa: PLC0415

    try:
        edf = edfio.read_edf(path)
        kind = edf.reserved
    except OSError as error:
        raise EvaluationError(f"{path}: cannot be read ({error.strerror or error}).") from error
    except Exception as error:  # edfio raises many kinds of errors for invalid files.
        raise EvaluationError(
            f"{path}: this is no EDF file ({error}); export the annotations as EDF+ or CSV."
        ) from error
    if not kind.startswith("EDF+"):
        raise EvaluationError(f"{path}: this is plain EDF, which holds no annotations; export them as EDF+ or CSV.")
    return edf


def _read_marked(path: Path, edf: Edf) -> Iterator[_Marked]:
    """Yield the annotations by onset, with the parts of long texts joined."""
    try:
        annotations = edf.annotations
    except Exception as error:  # As above.
        raise EvaluationError(f"{path}: the annotations are damaged ({error}); export them again.") from error
    begun: _Marked | None = None
    for one in annotations:
        part = _PART.match(one.text)
        text = one.text[part.end() :] if part else one.text
        if begun is not None and part and int(part[1]) > 1 and begun.onset_s == one.onset:
            begun = _Marked(begun.onset_s, begun.duration_s, begun.text + text)
            continue
        if begun is not None:
            yield begun
        begun = _Marked(one.onset, one.duration or 0.0, text)
    if begun is not None:
        yield begun


def _label_of(text: str, bout_texts: Sequence[str]) -> str | None:
    """Return the label of a bout with this text; ``None`` if it is no bout."""
    if bout_texts:
        return text if any(wanted.casefold() in text.casefold() for wanted in bout_texts) else None
    word = _WORD.match(text)
    if word:
        return word[1] if word[1] in _WORDS_FOR_A_BOUT else None
    return None if _NO_BOUT.match(text) or text.strip().lower() == NOT_RHYTHMIC_LABEL else text


def _bout_of(one: _Marked, label: str, zero_s: float) -> ReferenceBout:
    """Build the reference bout of an annotation."""
    # Rounded to 1 µs, as in recordings: edfio's floats carry more digits than the file.
    onset_s = round(one.onset_s - zero_s, 6)
    return ReferenceBout(
        onset_s, round(onset_s + one.duration_s, 6), kind=label, unsure=label.strip().lower() == UNSURE_LABEL
    )


def _tell_moments(path: Path, moments: Sequence[_Marked], *, are_all: bool) -> None:
    """Refuse a file that marks only moments; warn if it marks some."""
    text = f"{len(moments)} annotations, such as `{moments[0].text}`, mark a moment and have no duration"
    if are_all:
        raise EvaluationError(f"{path}: {text}; mark each bout from onset to offset.")
    logger.warning("%s: %s; they are skipped", path, text)
