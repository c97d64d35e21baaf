"""The bytes of an EDF+D file: a header, and data records with their start times.

EDF+ is specified by Kemp and Olivan, Clin Neurophysiol 114 (2003) 1755-1761. Packages write only continuous files
(EDF+C), so this module writes discontinuous ones. Tests read its output with edfio and with a small independent reader.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from clonus_sense.errors import ExportError
from clonus_sense.export.edf_annotations import DistributedLists, begin_of_record, seconds_text
from clonus_sense.export.edf_records import RecordPlan
from clonus_sense.export.edf_scale import LOWEST, EdfScale
from clonus_sense.model import FloatArray
from clonus_sense.recording import StretchSamples

# A few megabytes at once, for little memory and few calls.
_RECORDS_AT_ONCE = 1 << 12
# The number of records has 8 characters.
_MOST_RECORDS = 99_999_999
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_ANNOTATIONS_LABEL = "EDF Annotations"
# Date of the specification for an unknown start.
_NO_DATE = datetime(1985, 1, 1)  # noqa: DTZ001 # EDF has no time zone
# EDF's two-digit years mean 1985 to 2084.
_FIRST_YEAR, _LAST_YEAR = 1985, 2084


@dataclass(frozen=True, slots=True)
class EdfIdentity:
    """Person, equipment and start in the header; empty codes become X."""

    patient_code: str
    local_start: datetime | None
    equipment: str
    more: tuple[str, ...]
    transducer: str

    @property
    def patient_field(self) -> str:
        """Code, sex, birth date and name; X if unknown."""
        return f"{_word(self.patient_code)} X X X"

    @property
    def recording_field(self) -> str:
        """Date, administration code, technician and equipment, then further words."""
        start = self.local_start
        day = f"{start.day:02d}-{_MONTHS[start.month - 1]}-{start.year}" if start else "X"
        return " ".join(("Startdate", day, "X", "X", _word(self.equipment), *map(_word, self.more)))


@dataclass(frozen=True, slots=True)
class _Signal:
    """Header fields of one signal."""

    label: str
    transducer: str
    unit: str
    physical_min: str
    physical_max: str
    digital_min: int
    digital_max: int
    n_samples: int


def edf_blocks(
    identity: EdfIdentity,
    stretches: Sequence[StretchSamples],
    plan: RecordPlan,
    scale: EdfScale,
    annotations: DistributedLists,
    file_begin_us: int = 0,
) -> Iterator[bytes]:
    """Yield an EDF+D file in pieces: the header, then records."""
    if plan.n_records > _MOST_RECORDS:
        raise ExportError(f"the file needs {plan.n_records} data records, more than EDF allows; export it as Parquet.")
    begins = [begin_of_record(int(onset) - file_begin_us) for onsets in plan.onsets_us for onset in onsets]
    n_bytes = max(map(len, begins)) + annotations.n_bytes
    n_bytes += n_bytes % 2
    yield _header(identity, plan, scale, n_bytes // 2)
    rows = iter(_record_rows(stretches, plan, scale))
    number = 0
    for numbers in rows:
        lists = begins[number : number + len(numbers)]
        texts = annotations.of_record[number : number + len(numbers)]
        number += len(numbers)
        padded = b"".join((begin + text).ljust(n_bytes, b"\0") for begin, text in zip(lists, texts, strict=True))
        written = np.frombuffer(padded, dtype=np.uint8).reshape(len(numbers), n_bytes)
        yield np.hstack([numbers, written]).tobytes()


def _record_rows(stretches: Sequence[StretchSamples], plan: RecordPlan, scale: EdfScale) -> Iterator[NDArray[np.uint8]]:
    """Yield the samples of several records at once, one record per row of bytes: all x, all y, all z."""
    for samples in stretches:
        edges = [*range(0, len(samples.accel_g), _RECORDS_AT_ONCE * plan.n_samples), len(samples.accel_g)]
        for first, end in pairwise(edges):
            yield _rows_of(samples.accel_g[first:end], plan.n_samples, scale)


def _rows_of(accel_g: FloatArray, n_samples: int, scale: EdfScale) -> NDArray[np.uint8]:
    """Arrange samples in records; the rest of the last record holds the number for "no sample"."""
    n_records = -(-len(accel_g) // n_samples)
    numbers = np.full((n_records * n_samples, 3), scale.digital_min, dtype="<i2")
    numbers[: len(accel_g)] = scale.encode(accel_g)
    by_axis = numbers.reshape(n_records, n_samples, 3).transpose(0, 2, 1)
    return np.ascontiguousarray(by_axis).reshape(n_records, 3 * n_samples).view(np.uint8)


def _header(identity: EdfIdentity, plan: RecordPlan, scale: EdfScale, n_annotation_numbers: int) -> bytes:
    """Write the header."""
    axes = [
        _Signal(
            f"Accel {axis}",
            identity.transducer,
            "g",
            scale.physical_min,
            scale.physical_max,
            scale.digital_min,
            scale.digital_max,
            plan.n_samples,
        )
        for axis in "XYZ"
    ]
    # The four numbers of an annotation signal have no meaning but are mandatory.
    signals = [*axes, _Signal(_ANNOTATIONS_LABEL, "", "", "-1", "1", LOWEST, -LOWEST - 1, n_annotation_numbers)]
    start = identity.local_start or _NO_DATE
    year = f"{start.year % 100:02d}" if _FIRST_YEAR <= start.year <= _LAST_YEAR else "yy"
    fields = [
        ("0", 8),
        (identity.patient_field, 80),
        (identity.recording_field, 80),
        (f"{start:%d.%m}.{year}", 8),
        (f"{start:%H.%M.%S}", 8),
        (str(256 * (1 + len(signals))), 8),
        ("EDF+D", 44),
        (str(plan.n_records), 8),
        (seconds_text(plan.duration_us), 8),
        (str(len(signals)), 4),
        *((signal.label, 16) for signal in signals),
        *((signal.transducer, 80) for signal in signals),
        *((signal.unit, 8) for signal in signals),
        *((signal.physical_min, 8) for signal in signals),
        *((signal.physical_max, 8) for signal in signals),
        *((str(signal.digital_min), 8) for signal in signals),
        *((str(signal.digital_max), 8) for signal in signals),
        *(("", 80) for _ in signals),
        *((str(signal.n_samples), 8) for signal in signals),
        *(("", 32) for _ in signals),
    ]
    return b"".join(_field(text, width) for text, width in fields)


def _field(text: str, width: int) -> bytes:
    """Write a header field: printable ASCII, cut and padded to its width."""
    plain = "".join(character if " " <= character <= "~" else "_" for character in text)
    return plain[:width].ljust(width).encode("ascii")


def _word(text: str) -> str:
    """Write a word of a field without blanks, which separate words; X if unknown."""
    return "_".join(text.split()) or "X"
