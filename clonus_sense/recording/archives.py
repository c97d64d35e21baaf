"""Zip archives, as phone apps export them: which of their files may be recordings."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path, PurePosixPath

from clonus_sense.errors import NotARecordingError

_TABLE_ENDINGS = (".csv", ".txt", ".tsv", ".csv.gz")
# Exports of apps have fewer files, and each may have to be opened.
_MOST_ENTRIES = 1000
# Raw values beside a calibrated file; the person means the calibrated one.
_SECOND_CHOICE = re.compile(r"uncalibrated", re.IGNORECASE)
_IS_ENCRYPTED = 0x1


def list_tables(path: Path) -> tuple[str, ...]:
    """List the files of a zip archive that may be tables."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError) as error:
        raise NotARecordingError(
            f"this zip archive is damaged or cut off ({error}); copy it once more, or give the CSV file that is in it."
        ) from error
    if len(entries) > _MOST_ENTRIES:
        raise NotARecordingError(
            f"this zip archive holds {len(entries)} files; unpack it and give the CSV file of the accelerometer."
        )
    tables = [entry for entry in entries if _may_be_table(entry)]
    if any(entry.flag_bits & _IS_ENCRYPTED for entry in tables):
        raise NotARecordingError("this zip archive is locked by a password; unpack it and give the CSV file in it.")
    if not tables:
        raise NotARecordingError(
            "this zip archive holds no CSV file; export the accelerometer as CSV and give that file."
        )
    return tuple(entry.filename for entry in tables)


def choose_table(fitting: list[str], refusals: dict[str, str]) -> str:
    """Choose the one file of an archive that is a recording."""
    first = [name for name in fitting if not _SECOND_CHOICE.search(name)] or fitting
    if len(first) == 1:
        return first[0]
    if first:
        raise NotARecordingError(
            f"this zip archive holds several recordings ({', '.join(first)}); unpack it and give one of them."
        )
    if len(refusals) == 1:
        [(name, sentence)] = refusals.items()
        raise NotARecordingError(f"{name} in this zip archive: {sentence}")
    told = "; ".join(f"{name}: {sentence}" for name, sentence in refusals.items() if "ccel" in name)
    raise NotARecordingError(
        f"none of the files in this zip archive is acceleration with gravity ({', '.join(refusals)}); unpack it and "
        f"give the file of the accelerometer with --columns{f' ({told})' if told else '.'}"
    )


def _may_be_table(entry: zipfile.ZipInfo) -> bool:
    """Tell whether an entry may hold a table."""
    name = PurePosixPath(entry.filename)
    is_hidden = "__MACOSX" in name.parts or name.name.startswith(".")
    return not entry.is_dir() and not is_hidden and entry.filename.lower().endswith(_TABLE_ENDINGS)
