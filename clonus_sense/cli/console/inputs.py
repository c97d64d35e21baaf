"""The recordings among the named files, and the names of their results."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

from clonus_sense.errors import RecordingError
from clonus_sense.files import BACKFILL_SUFFIX, LEDGER_SUFFIX, TRUTH_SUFFIX, recording_stem

COMPANIONS = (f"*{TRUTH_SUFFIX}", f"*{LEDGER_SUFFIX}", f"*{BACKFILL_SUFFIX}", "*.overview.*")
"""Files beside recordings; ``*.csv`` names them too, by accident."""


@dataclass(frozen=True, slots=True)
class Input:
    """A recording and the name that its results get."""

    path: Path
    stem: str


@dataclass(frozen=True, slots=True)
class Inputs:
    """The named files: recordings, and companions that are skipped."""

    recordings: tuple[Input, ...]
    companions: tuple[Path, ...]


def sort_inputs(paths: Sequence[Path]) -> Inputs:
    """Separate recordings from their companion files."""
    companions = [path for path in paths if any(fnmatch(path.name.lower(), pattern) for pattern in COMPANIONS)]
    recordings = [Input(path, recording_stem(path)) for path in paths if path not in companions]
    if not recordings:
        raise RecordingError(f"{companions[0]}: belongs to a recording and is not one itself; name the recording.")
    first_of: dict[str, Path] = {}
    for recording in recordings:
        # Windows and macOS take A.csv and a.csv for one file.
        other = first_of.setdefault(recording.stem.casefold(), recording.path)
        if other is not recording.path:
            raise RecordingError(
                f"{other} and {recording.path} would both write {recording.stem}.csv; "
                "rename one, or run them with different --output folders."
            )
    return Inputs(tuple(recordings), tuple(companions))
