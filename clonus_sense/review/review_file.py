"""Review files: verdicts that people gave on a page, on their way back into a library.

``docs/review_files.md`` describes the format.  A file comes from any computer, so everything in it is checked.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from math import isfinite
from typing import IO, Any, TypeVar

from clonus_sense.errors import ReviewFileError
from clonus_sense.library import Rater, TimeSpan
from clonus_sense.showable import is_showable_date, is_showable_time
from clonus_sense.terms import SIDES, Profession, Verdict

FORMAT = "clonus-sense-review/1"

MOST_BYTES = 4_000_000
"""A night with 1,000 verdicts and a page of notes takes 1 MB; what is larger is no review file."""

MOST_VERDICTS = 5_000
MOST_RECORDINGS = 100
LONGEST_NAME = 100
LONGEST_NOTE = 2_000
LARGEST_REVISION = 1_000_000

ALLOWED_VERDICTS = tuple(verdict for verdict in Verdict if verdict is not Verdict.REST)
"""A page asks for no rest window."""

# 128 random bits.
_ID = re.compile(r"[0-9a-f]{32}")
# A content hash is compared alone; a later version may take a longer one.
_KEY = re.compile(r"[0-9a-f]{32,128}")
# Categories of characters that are no text: controls, directions of writing, halves of pairs, separators.
_NO_TEXT = ("Cc", "Cf", "Cs", "Zl", "Zp")
# Joiners that stand inside words and emoji.
_JOINERS = "\u200c\u200d"

_Word = TypeVar("_Word", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class ReviewedRecording:
    """A recording that the page was made of.

    Parameters
    ----------
    key
        Hash of its content, the same in every library.
    start
        When it began; ``None`` where the file does not say.
    side
        ``left`` or ``right``; empty where unknown.
    """

    key: str
    start: datetime | None
    side: str


@dataclass(frozen=True, slots=True)
class ReviewVerdict:
    """What one person said on a page about one time of a recording.

    Parameters
    ----------
    id
        Random, 32 hexadecimal digits; stays the same when the person changes their mind.
    revision
        Counts from 1 with every change.
    said_at
        When it was said, by the clock of the page's computer.
    reviewer
        Name and profession as stated; nobody checked them.
    recording
        Key of the recording.
    span
        Which time of the recording.
    verdict
        What is said.
    note
        In their own words; may have several lines.
    """

    id: str
    revision: int
    said_at: datetime
    reviewer: Rater
    recording: str
    span: TimeSpan
    verdict: Verdict
    note: str


@dataclass(frozen=True, slots=True)
class ReviewFile:
    """All verdicts of a file, in the order in which they were given.

    Parameters
    ----------
    page_made_at
        When the page was made.
    recordings
        What the page was made of.
    verdicts
        What people said.
    """

    page_made_at: datetime
    recordings: tuple[ReviewedRecording, ...]
    verdicts: tuple[ReviewVerdict, ...]


def read_review(stream: IO[bytes], name: str) -> ReviewFile:
    """Read a review file.

    Parameters
    ----------
    stream
        The file, or text that somebody pasted; UTF-8.
    name
        What a refusal calls it.

    Returns
    -------
    ReviewFile
        Checked: every text can be shown, every time is a time.

    Raises
    ------
    ReviewFileError
        If anything in the file is not as the format says; nothing of it counts then.
    """
    content = stream.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise ReviewFileError(
            f"{name}: is larger than {MOST_BYTES // 1_000_000} MB and so is no review file; choose the file that the "
            "page saved."
        )
    try:
        return _Reader(name).read(
            json.loads(content.decode("utf-8-sig"), parse_constant=_refuse, object_pairs_hook=_object)
        )
    except _WrongPartError as error:
        raise ReviewFileError(f"{name}: {error}") from error
    except (ValueError, RecursionError) as error:
        raise ReviewFileError(
            f"{name}: is no whole review file, perhaps cut off; save it once more from the page, or copy all of its "
            "text."
        ) from error


class _WrongPartError(Exception):
    """A part of the file is not as the format says."""


def _refuse(constant: str) -> float:
    """Refuse NaN and infinity, which JSON does not have."""
    raise _WrongPartError(f"holds {constant}, which is no number; save it once more from the page.")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse an object that says a thing twice: readers would disagree on which one counts."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _WrongPartError("says the same field twice; save it once more from the page.")
    return found


@dataclass(frozen=True, slots=True)
class _Reader:
    """Builds the nouns out of JSON; ``name`` is that of the file."""

    name: str

    def read(self, raw: object) -> ReviewFile:
        """Read the whole file."""
        if not isinstance(raw, dict) or not isinstance(raw.get("format"), str):
            raise _WrongPartError("is no review file; choose the file that the page saved.")
        if raw["format"] != FORMAT:
            raise _WrongPartError(
                f"has the format {_shown(raw['format'])}, and this version reads {FORMAT}; update clonus_sense, or "
                "save the file from a page of this version."
            )
        _check_fields(raw, ("format", "page_made_at", "recordings", "verdicts"), "file")
        recordings = tuple(
            _recording(one, f"recording {number}")
            for number, one in enumerate(_list(raw, "recordings", MOST_RECORDINGS), 1)
        )
        verdicts = tuple(
            _verdict(one, f"verdict {number}") for number, one in enumerate(_list(raw, "verdicts", MOST_VERDICTS), 1)
        )
        _check_unique([one.key for one in recordings], "recording")
        _check_unique([one.id for one in verdicts], "verdict")
        keys = {one.key for one in recordings}
        for number, one in enumerate(verdicts, 1):
            if one.recording not in keys:
                raise _WrongPartError(f"verdict {number} is about a recording that the file does not list; {_AGAIN}")
        return ReviewFile(_moment(raw["page_made_at"], "page_made_at"), recordings, verdicts)


_AGAIN = "save it once more from the page."


def _recording(raw: object, where: str) -> ReviewedRecording:
    """Read a recording."""
    fields = _fields(raw, ("key", "start", "side"), where)
    start = None if fields["start"] is None else _moment(fields["start"], f"{where}: start")
    side = fields["side"]
    if side not in ("", *SIDES):
        raise _WrongPartError(f"{where}: side must be left, right or empty; {_AGAIN}")
    return ReviewedRecording(_key(fields["key"], f"{where}: key"), start, side)


def _verdict(raw: object, where: str) -> ReviewVerdict:
    """Read a verdict."""
    names = ("id", "revision", "said_at", "reviewer", "recording", "start_s", "end_s", "verdict", "note")
    fields = _fields(raw, names, where)
    revision = fields["revision"]
    if type(revision) is not int or not 1 <= revision <= LARGEST_REVISION:
        raise _WrongPartError(f"{where}: revision must be a whole number from 1 on; {_AGAIN}")
    stated = _fields(fields["reviewer"], ("name", "profession"), f"{where}: reviewer")
    reviewer = Rater(
        _text(stated["name"], f"{where}: name", LONGEST_NAME).strip(),
        _word(stated["profession"], tuple(Profession), f"{where}: profession"),
    )
    said = _word(fields["verdict"], ALLOWED_VERDICTS, f"{where}: verdict")
    if said is Verdict.JUDGED_AS_CLONUS and not (reviewer.name and reviewer.profession.is_clinician):
        raise _WrongPartError(
            f"{where}: only a clinician who gives name and profession can judge a movement as clonus; give both on "
            "the page, or say rhythmic."
        )
    start_s, end_s = (_seconds(fields[name], f"{where}: {name}") for name in ("start_s", "end_s"))
    if not start_s < end_s:
        raise _WrongPartError(f"{where}: ends at {end_s} s, not after its start at {start_s} s; {_AGAIN}")
    return ReviewVerdict(
        id=_id(fields["id"], f"{where}: id"),
        revision=revision,
        said_at=_moment(fields["said_at"], f"{where}: said_at"),
        reviewer=reviewer,
        recording=_key(fields["recording"], f"{where}: recording"),
        span=TimeSpan(start_s, end_s),
        verdict=said,
        note=_text(fields["note"], f"{where}: note", LONGEST_NOTE, "\n\t"),
    )


def _fields(raw: object, names: tuple[str, ...], where: str) -> dict[str, Any]:
    """Take an object that has just these fields."""
    if not isinstance(raw, dict):
        raise _WrongPartError(f"{where} is no object; {_AGAIN}")
    _check_fields(raw, names, where)
    return raw


def _check_fields(raw: Mapping[str, Any], names: tuple[str, ...], where: str) -> None:
    """Refuse missing and unknown fields: an unknown one could change the meaning of the others."""
    for name in names:
        if name not in raw:
            raise _WrongPartError(f"{where} lacks `{name}`; {_AGAIN}")
    for name in raw:
        if name not in names:
            raise _WrongPartError(f"{where} has the unknown field {_shown(name)}; {_AGAIN}")


def _list(raw: Mapping[str, Any], name: str, most: int) -> list[Any]:
    """Take a list of bounded length."""
    found = raw[name]
    if not isinstance(found, list):
        raise _WrongPartError(f"`{name}` is no list; {_AGAIN}")
    if len(found) > most:
        raise _WrongPartError(f"`{name}` has {len(found)} entries, and {most} are allowed; save fewer at a time.")
    return found


def _text(raw: object, where: str, longest: int, allowed: str = "") -> str:
    """Take a text that can be shown and stored."""
    if not isinstance(raw, str):
        raise _WrongPartError(f"{where} is no text; {_AGAIN}")
    text = unicodedata.normalize("NFC", raw.replace("\r\n", "\n"))
    if len(text) > longest:
        raise _WrongPartError(f"{where} has {len(text)} characters, and {longest} are allowed; shorten it.")
    for character in text:
        if character not in allowed + _JOINERS and unicodedata.category(character) in _NO_TEXT:
            raise _WrongPartError(f"{where} holds the control character U+{ord(character):04X}; take it out.")
    return text


def _word(raw: object, allowed: tuple[_Word, ...], where: str) -> _Word:
    """Take one of some words."""
    for word in allowed:
        if raw == word.value:
            return word
    raise _WrongPartError(f"{where} must be one of {', '.join(allowed)}; {_AGAIN}")


def _id(raw: object, where: str) -> str:
    """Take a random id."""
    if not isinstance(raw, str) or not _ID.fullmatch(raw):
        raise _WrongPartError(f"{where} must be 32 hexadecimal digits; {_AGAIN}")
    return raw


def _key(raw: object, where: str) -> str:
    """Take the hash of a recording."""
    if not isinstance(raw, str) or not _KEY.fullmatch(raw):
        raise _WrongPartError(f"{where} must be 32 hexadecimal digits or more; {_AGAIN}")
    return raw


def _seconds(raw: object, where: str) -> float:
    """Take a time of a recording."""
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        raise _WrongPartError(f"{where} is no number; {_AGAIN}")
    # A whole number may be too large for a float.
    if not (-1e9 < raw < 1e9) or not isfinite(raw) or not is_showable_time(raw):
        raise _WrongPartError(f"{where} is no time of a recording; {_AGAIN}")
    return float(raw)


def _moment(raw: object, where: str) -> datetime:
    """Take a date and time with its offset."""
    try:
        moment = datetime.fromisoformat(raw) if isinstance(raw, str) else None
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None or not is_showable_date(moment):
        raise _WrongPartError(
            f"{where} must be a date and time with offset, such as 2026-11-06T08:10:00+09:00; {_AGAIN}"
        )
    return moment


def _check_unique(ids: list[str], what: str) -> None:
    """Refuse the same id twice in a file."""
    seen: set[str] = set()
    for number, one in enumerate(ids, 1):
        if one in seen:
            raise _WrongPartError(f"{what} {number} stands in the file twice; {_AGAIN}")
        seen.add(one)


def _shown(text: str) -> str:
    """Quote a foreign text in a refusal, shortened."""
    return repr(text if len(text) <= 40 else f"{text[:40]}…")
