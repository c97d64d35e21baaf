"""Checks the file of a stored recording, which may be missing or hold another recording."""

from __future__ import annotations

from pathlib import Path

from clonus_sense.errors import LibraryError, RecordingError
from clonus_sense.library import Library, StoredRecording, hash_recording, latest_run
from clonus_sense.model import SensorIdentity
from clonus_sense.recording import UNFINISHED, ForeignFormat, stream_recording


def check_is_there(stored: StoredRecording) -> None:
    """Refuse a recording whose file is missing."""
    if not stored.path.exists():
        raise RecordingError(
            f"{stored.path}: the file of recording {stored.id} is missing; bring it back, or give its new place "
            "with `clonus-sense add FILE`."
        )


def check_is_the_same(stored: StoredRecording, content_hash: str) -> None:
    """Refuse a file that holds another recording now."""
    if content_hash != stored.content_hash:
        raise LibraryError(
            f"{stored.path}: the file no longer holds the samples of recording {stored.id}; bring the old file "
            "back, or add this one as a new recording with `clonus-sense add FILE`."
        )


def continues(
    library: Library,
    stored: StoredRecording,
    path: Path,
    sensor: SensorIdentity,
    duration_s: float,
    *,
    foreign: ForeignFormat | None = None,
) -> bool:
    """Return whether a file continues a known recording: same first samples, or read while still written."""
    # The recording of the other leg has the same start.
    if sensor != stored.info.sensor or duration_s < stored.duration_s:
        return False
    run = latest_run(library, stored.id)
    if stored.path.name == path.name and run is not None and UNFINISHED in run.findings:
        return True
    with stream_recording(path, foreign=foreign, until_s=stored.duration_s) as stream:
        return hash_recording(stream) == stored.content_hash
