"""Which of the files that a person named are recordings, and what their results will be called."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

from clonus_sense.errors import RecordingError
from clonus_sense.files import RECORDING_SUFFIXES

COMPANIONS = ("*.truth.csv", "*.events.jsonl", "*.backfill.csv", "*.overview.*")
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


def recording_stem(path: Path) -> str:
    """Name a recording without its ending; what ``path`` is called otherwise stays whole.

    Examples
    --------
    >>> [recording_stem(Path(name)) for name in ("a/night.csv.gz", "night.2.CSV", "night.parquet", "night.dat")]
    ['night', 'night.2', 'night', 'night.dat']
    """
    for suffix in RECORDING_SUFFIXES:
        if path.name.lower().endswith(suffix):
            return path.name[: -len(suffix)]
    return path.name


def sort_inputs(paths: Sequence[Path]) -> Inputs:
    """Tell recordings from the files that lie beside them.

    Parameters
    ----------
    paths
        What a person named.

    Returns
    -------
    Inputs
        In the order named.

    Raises
    ------
    RecordingError
        If two recordings would write the same log, or none is among the files.
    """
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
