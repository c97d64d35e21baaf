"""Fifteen verbs on a small library, and what must hold of it whatever became of a verb."""

from __future__ import annotations

import contextlib
import functools
import io
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable
from pathlib import Path

from clonus_sense.cli import run
from tests.workflows.made import START, write_minute

ROOT = Path(__file__).parents[3]

TEMPLATE = "TRIALS_TEMPLATE"
Verb = Callable[[Path, int], list[str | Path]]


def _as(*, by: str = "patient") -> list[str | Path]:
    """Who speaks."""
    return ["--profession", by]


# Each gets the folder and how often it was called before: what makes files makes others then.
VERBS: dict[str, Verb] = {
    "add": lambda folder, _: ["add", folder / "new.csv", "--person", "P09"],
    "reanalyse": lambda folder, _: ["reanalyse", "--settings", folder / "low.toml"],
    "page": lambda _folder, _: ["page", "last", "--person", "P07"],
    "export csv": lambda folder, n: ["export", "--output", folder / f"exported_{n}"],
    "export edf": lambda folder, n: ["export", "--output", folder / f"exported_{n}", "--format", "edf"],
    "annotate": lambda _folder, n: [
        *("annotate", "last", "--person", "P07", "--side", "left", "--from", f"22:30:{20 + n}", "--to", "22:30:25"),
        *("--verdict", "rhythmic", *_as()),
    ],
    "move": lambda _folder, n: [
        *("move", "last", "--person", "P10" if n else "P07", "--to-person", "P10", "--by", "A", "--reason", "mistaken")
    ],
    "correct": lambda _folder, _: [
        *("correct", "worn", "last", "off", "--person", "P07", "--side", "left"),
        *("--from", "22:30", "--to", "22:31", *_as()),
    ],
    "baseline": lambda _folder, _: ["baseline", "last", "--person", "P07"],
    "settings": lambda _folder, _: ["settings", "P07", "--band-low", "4.0", "--yes"],
    "people": lambda _folder, _: ["people", "P07", "--cause", "stroke"],
    "backup": lambda folder, n: ["backup", folder / f"backup_{n}.sqlite3"],
    "restore": lambda folder, _: ["restore", folder / "kept.sqlite3"],
    "delete": lambda _folder, _: ["delete", "2026-11-05", "--person", "P07", "--yes"],
    "erase": lambda _folder, _: ["erase", "P07", "--yes"],
}


def make_library(folder: Path) -> None:
    """Make two legs of one person's night, one of another's, a page, a backup, and a recording that is not added."""
    shutil.copytree(template(), folder, dirs_exist_ok=True)
    # The library holds whole paths.
    connection = sqlite3.connect(folder / "library.sqlite3")
    old, new = os.fsencode(template()), os.fsencode(folder)
    rows = connection.execute("SELECT id, path FROM recordings").fetchall()
    connection.executemany("UPDATE recordings SET path = ? WHERE id = ?", [(p.replace(old, new), n) for n, p in rows])
    connection.commit()
    connection.close()


@functools.cache
def template() -> Path:
    """Make the library from which all are copied, or take the one that another process made."""
    if made := os.environ.get(TEMPLATE):
        return Path(made)
    folder = Path(tempfile.mkdtemp(prefix="trial-library-"))
    for number, (person, side) in enumerate([("P07", "left"), ("P07", "right"), ("P08", "left")]):
        write_minute(folder / f"{person}_{side}.csv", seed=number, person=person, side=side, seconds=60.0)
    write_minute(folder / "new.csv", seed=9, person="P09", seconds=60.0, start=START.replace(day=7))
    (folder / "low.toml").write_text("band_low_hz = 4.0\n")
    _check_call(folder, ["add", *sorted(folder.glob("P0*.csv"))])
    _check_call(folder, ["backup", folder / "kept.sqlite3"])
    return folder


def _check_call(folder: Path, arguments: list[str | Path]) -> None:
    """Run a verb that cannot fail."""
    code, told = call(folder, arguments)
    if code:
        raise RuntimeError(told)


def command(folder: Path, arguments: list[str | Path]) -> list[str]:
    """Write the command line of a verb on the library in a folder."""
    return [*map(str, arguments), "--library", str(folder / "library.sqlite3")]


def call(folder: Path, arguments: list[str | Path]) -> tuple[int, str]:
    """Run a verb in this process; gives its exit code and what it printed."""
    told = io.StringIO()
    with contextlib.redirect_stdout(told), contextlib.redirect_stderr(told):
        code = run(command(folder, arguments))
    return code, told.getvalue()


def what_is_wrong(folder: Path, verb: Verb, n_before: int) -> str:
    """Say which promise the library in a folder breaks; empty where none, and the verb does its work once more."""
    connection = sqlite3.connect(folder / "library.sqlite3")
    (integrity,) = connection.execute("PRAGMA integrity_check").fetchone()
    connection.close()
    if integrity != "ok":
        return "the library is damaged"
    for recording in template().glob("*.csv"):
        if recording.read_bytes() != (folder / recording.name).read_bytes():
            return "a recording has changed"
    code, told = call(folder, ["nights"])
    if code:
        return "the nights cannot be listed: " + told
    code, told = call(folder, verb(folder, n_before))
    # Nothing is left to move, delete or erase where that was done: then a sentence says so.
    return told if code > 1 or (code == 1 and "clonus-sense: " not in told) else ""
