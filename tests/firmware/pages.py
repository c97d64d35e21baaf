"""What firmware_notes holds that a machine can check: hex dumps, sessions, tables, lists."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

NOTES = Path(__file__).parents[2] / "firmware_notes"
FAMILY_PAGES = tuple(NOTES / f"{name}.md" for name in ("polar", "metamotion", "movesense", "witmotion"))
PROTOCOL_PAGES = (NOTES / "open_profile.md", *FAMILY_PAGES)


@dataclass(frozen=True)
class Vector:
    """A hex dump with what it means."""

    page: str
    decoder: str
    name: str
    given: dict
    lines: list[tuple[int, bytes]]
    meaning: dict

    @property
    def data(self) -> bytes:
        return b"".join(content for _, content in self.lines)


def fenced(path: Path, kind: str) -> list[tuple[str, str]]:
    """Words after the kind, and the text, of each fenced block of one kind."""
    text = path.read_text(encoding="utf-8")
    return re.findall(rf"^```{kind}[ ]?([^\n]*)\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL)


def values(text: str, mark: str) -> dict:
    """Lines `mark key = JSON`."""
    found = re.findall(rf"^{mark} (\w+) = (.+)$", text, flags=re.MULTILINE)
    return {key: json.loads(value) for key, value in found}


def vectors_of(path: Path) -> list[Vector]:
    return [
        Vector(
            page=path.stem,
            decoder=words.split()[0],
            name=words.split()[1],
            given=values(text, "given"),
            lines=[
                (int(offset), bytes.fromhex(content))
                for offset, content in re.findall(r"^ *(\d+) \| ([0-9A-F ]+?) *\|", text, flags=re.MULTILINE)
            ],
            meaning=values(text, "->"),
        )
        for words, text in fenced(path, "vector")
    ]


def sessions_of(path: Path) -> list[list[tuple[str, list[str]]]]:
    """Each session as commands with the lines that must come back."""
    sessions = []
    for _, text in fenced(path, "session"):
        steps: list[tuple[str, list[str]]] = []
        for line in text.splitlines():
            if line.startswith("> "):
                steps.append((line[2:], []))
            else:
                assert line.startswith("< "), f"{path.name}: a line of a session begins with > or <: {line}"
                steps[-1][1].append(line[2:])
        sessions.append(steps)
    return sessions


def prose_of(path: Path) -> str:
    """A page without its fenced blocks."""
    return re.sub(r"^```.*?^```", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)


def tables_of(path: Path) -> list[list[list[str]]]:
    """Rows of cells of each table; the first row is its head."""
    tables = []
    for block in re.findall(r"(?:^\|.*\|\n)+", prose_of(path), flags=re.MULTILINE):
        rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in block.strip().splitlines()]
        tables.append([rows[0], *rows[2:]])
    return tables


def bullets_of(path: Path) -> list[str]:
    """Items of lists marked with a star, each on one line."""
    items = re.findall(r"^\* (.*(?:\n  .*)*)", prose_of(path), flags=re.MULTILINE)
    return [re.sub(r"\s+", " ", item) for item in items]
