"""Which of the files that a person named are recordings, and what their results will be called."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

from clonus_sense.errors import RecordingError
from clonus_sense.files import BACKFILL_SUFFIX, LEDGER_SUFFIX, TRUTH_SUFFIX, recording_stem

COMPANIONS = (f"*{TRUTH_SUFFIX}", f"*{LEDGER_SUFFIX}", f"*{BACKFILL_SUFFIX}", "*.overview.*")
"""Files that lie beside recordings; a person who types ``*.csv`` names them without meaning to."""


@dataclass(frozen=True, slots=True)
class Input:
    """A recording and the name that its results get."""

    path: Path
    stem: str


@dataclass(frozen=True, slots=True)
class Inputs:
    """The files that a person named: recordings, and what is passed over."""

    recordings: tuple[Input, ...]
    companions: tuple[Path, ...]


def sort_inputs(paths: Sequence[Path]) -> Inputs:
    """Tell recordings from the files that lie beside them."""
    companions = [path for path in paths if any(fnmatch(path.name.lower(), pattern) for pattern in COMPANIONS)]
    recordings = [Input(path, recording_stem(path)) for path in paths if path not in companions]
    if not recordings:
        raise RecordingError(f"{companions[0]}: lies beside a recording and is none; name the recording itself.")
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
