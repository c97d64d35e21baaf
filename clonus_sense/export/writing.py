"""Writes an export from the library to a folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from clonus_sense.errors import ClonusSenseError, ExportError, RecordingError
from clonus_sense.export.columns import FilledTable
from clonus_sense.export.content import ExportContent, RecordingContent
from clonus_sense.export.csv_files import table_as_csv
from clonus_sense.export.edf_recording import lay_out_edf
from clonus_sense.export.new_files import check_folder, new_file, write_new
from clonus_sense.export.parquet_files import table_as_parquet, write_recording_as_parquet
from clonus_sense.export.readme import readme_text
from clonus_sense.export.tables import fill_tables
from clonus_sense.library import hash_recording
from clonus_sense.recording import Recording, how_it_was_read, known_until_s, read_recording
from clonus_sense.terms import ExportFormat

README_NAME = "README.txt"


@dataclass(frozen=True, slots=True)
class ExportOutcome:
    """Result for one file of an export.

    Parameters
    ----------
    path
        File of the export, written or not.
    source
        The recording's own file; ``None`` for a table.
    refused
        Reason why it was not written; ``None`` if it was written.
    """

    path: Path
    source: Path | None = None
    refused: ClonusSenseError | OSError | None = None


def write_export(
    content: ExportContent,
    folder: Path,
    export_format: ExportFormat,
    on_progress: Callable[[float], None] | None = None,
) -> Iterator[ExportOutcome]:
    """Write an export into a new or empty folder.

    Parameters
    ----------
    folder
        Output folder; created if missing.
    export_format
        Kind of files.
    on_progress
        Called with the share of finished files, 0 to 1.

    Yields
    ------
    ExportOutcome
        One for each file; a failed file does not stop the others.

    Raises
    ------
    ExportError
        Before any file is written: if the folder holds files, or the selection is empty.
    """
    if not content.recordings:
        raise ExportError("There is nothing to export; `clonus-sense nights` lists all nights.")
    check_folder(folder)
    jobs = _jobs(content, folder, export_format)
    for number, job in enumerate(jobs, start=1):
        try:
            job.write()
        except (ClonusSenseError, OSError) as error:
            yield ExportOutcome(job.path, job.source, error)
        else:
            yield ExportOutcome(job.path, job.source)
        if on_progress is not None:
            on_progress(number / len(jobs))


@dataclass(frozen=True, slots=True)
class _Job:
    """A file of the export, with the function that writes it."""

    path: Path
    source: Path | None
    write: Callable[[], None]


def _jobs(content: ExportContent, folder: Path, export_format: ExportFormat) -> list[_Job]:
    """List the files of an export; the readme comes last, so its presence shows that all files were tried."""
    jobs: list[_Job] = []
    if export_format is not ExportFormat.CSV:
        write_recording = _write_edf if export_format is ExportFormat.EDF else _write_parquet
        for about in content.recordings:
            path = folder / "recordings" / f"{recording_stem(content, about)}.{export_format.value}"
            jobs.append(_Job(path, about.stored.path, partial(write_recording, content, about, path)))
    if export_format is not ExportFormat.EDF:
        as_bytes = table_as_csv if export_format is ExportFormat.CSV else table_as_parquet
        for table in fill_tables(content):
            path = folder / f"{table.name}.{export_format.value}"
            jobs.append(_Job(path, None, partial(_write_table, path, table, as_bytes)))
    readme = readme_text(with_personal_data=content.with_personal_data)
    # Editors of older systems recognise UTF-8 only by its byte order mark.
    jobs.append(_Job(folder / README_NAME, None, partial(write_new, folder / README_NAME, readme.encode("utf-8-sig"))))
    return jobs


def recording_stem(content: ExportContent, about: RecordingContent) -> str:
    """Return the name of a recording's exported file, without ending: date, person, leg and its unique number."""
    info = about.stored.info
    start = about.local(0.0)
    words = (f"{start:%Y-%m-%d_%H%M}" if start else "no-date", content.label(info.person), info.side)
    named = "_".join(word for word in words if word)
    # A code may hold characters that file systems refuse.
    safe = "".join(character if character.isalnum() or character in "-_" else "-" for character in named)
    return f"{safe}_r{about.stored.id}"


def _write_table(path: Path, table: FilledTable, as_bytes: Callable[[FilledTable], bytes]) -> None:
    """Write one table."""
    write_new(path, as_bytes(table))


def _write_edf(content: ExportContent, about: RecordingContent, path: Path) -> None:
    """Write one recording as EDF+D."""
    edf = lay_out_edf(content, about, _read_samples(about))
    with new_file(path) as part, part.open("wb") as file:
        file.writelines(edf.blocks())


def _write_parquet(content: ExportContent, about: RecordingContent, path: Path) -> None:
    """Write one recording as Parquet."""
    fs_hz = _read_samples(about).info.fs_hz
    with new_file(path) as part:
        write_recording_as_parquet(content, about, fs_hz, part)


def _read_samples(about: RecordingContent) -> Recording:
    """Read the samples of a recording and check that they are those of the library."""
    stored = about.stored
    if not stored.path.exists():
        raise RecordingError(
            f"{stored.path}: the file of recording {stored.id} is missing; bring it back, or give its new place with "
            "`clonus-sense add FILE`."
        )
    until_s = known_until_s(stored.path, stored.duration_s)
    recording = read_recording(stored.path, foreign=how_it_was_read(stored.info), until_s=until_s)
    if hash_recording(recording) != stored.content_hash:
        raise ExportError(
            f"{stored.path}: the file no longer holds the samples of recording {stored.id}; bring the old file "
            "back, or add this one as a new recording with `clonus-sense add FILE`."
        )
    return recording
