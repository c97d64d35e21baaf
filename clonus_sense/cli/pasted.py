"""Commands that are printed to be pasted: they name the library that this command used, and are quoted for a shell."""

from __future__ import annotations

import shlex
from pathlib import Path

from clonus_sense.cli.options import PROGRAM_NAME


def pasted_command(*words: str, library_path: Path | None) -> str:
    """Write a command line of this program.

    Parameters
    ----------
    words
        The verb and its arguments, unquoted.
    library_path
        As the person named it; ``None`` where the usual library is used.

    Returns
    -------
    str
        One line that a shell takes as it stands.

    Examples
    --------
    >>> pasted_command("delete", "recording:7", library_path=Path("my nights.sqlite3"))
    "clonus-sense delete recording:7 --library 'my nights.sqlite3'"
    """
    library = () if library_path is None else ("--library", str(library_path))
    return shlex.join((PROGRAM_NAME, *words, *library))
