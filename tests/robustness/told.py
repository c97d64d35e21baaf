"""What a person sees of the command line."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Told:
    """What a person sees of one call of the command line."""

    code: int
    out: str
    err: str

    @property
    def sentences(self) -> list[str]:
        """Lines on stderr below the notice."""
        return [line for line in self.err.splitlines() if "not a medical device" not in line]


def check_refused(told: Told, path: Path, sentence: str) -> None:
    """One sentence with the file's name, on stderr; nothing on stdout."""
    assert told.code == 1
    assert told.out == ""
    [line] = told.sentences
    assert line.startswith(f"clonus-sense: {path}: ")
    assert sentence in line
    assert line.endswith(".")
    assert "Traceback" not in line
