"""Facts that a logger states above its rows, such as rate, start, date order and zone, and the units it names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import tzinfo

import numpy as np
import pyarrow as pa

from clonus_sense.recording.foreign import AccelUnit, TimeUnit, parse_time_unit, parse_unit
from clonus_sense.recording.time_text import find_time_text
from clonus_sense.zones import find_zone

_RATE = re.compile(
    r"(?:\bat\s|sampl\w*[ _-]*(?:rate|freq\w*)|measurement freq\w*|data rate|\brate|\bfs(?:_hz)?\b|サンプリング\w*)"
    r"[^\d\n]{0,20}?(\d+(?:[.,]\d+)?)\s*(?:(k?)Hz|sps|$|\W*$)",
    re.IGNORECASE | re.MULTILINE,
)
_DATE_FORMAT = re.compile(r"date format\s*:?\s*([dMy]+)[-./ ]([dMy]+)[-./ ]([dMy]+)", re.IGNORECASE)
_START = re.compile(
    r"^\W*(?:recording |measurement |session )?(?:start|begin|開始)\w*[ _-]*(date ?time|time|date|日時|時刻|日)?"
    r"\W*?[\s:,;=]\W*"
    r"(\d.*?|[A-Z][a-z]{2,8}\W.*?)[\s\",;]*$",
    re.IGNORECASE | re.MULTILINE,
)
_ZONE = re.compile(r"^\W*time ?zone\W+([A-Z].*?|[+-]\d.*?)[\s\",;]*$", re.IGNORECASE | re.MULTILINE)

# m/s² as people and sensors write it; also with ² decoded in the wrong encoding.
_PER_S2 = r"\s*/?\s*\(?\s*s(?:ec)?\s*(?:\^|\*\*)?\s*\(?-?[2²ｲ]|/s/s|\s*[·*.]?\s*s\^?\(?[-−⁻][2²]|/sÂ²|/sﾂｲ"
_ACCEL_UNITS = (
    (re.compile(rf"(?<![a-z])cm(?:{_PER_S2})|(?<![a-z])gals?(?![a-z])", re.IGNORECASE), "gal"),
    (
        re.compile(
            rf"(?<![a-z])m(?:{_PER_S2}|ps2|_?per_?s(?:ec)?_?2|eters?_per_second(?:_per_second|_squared))|m_s2",
            re.IGNORECASE,
        ),
        "m/s2",
    ),
    (re.compile(r"(?<![a-zA-Z])(?:m[gG]|milli[- ]?g)(?![a-zA-Z])"), "mg"),
    (re.compile(r"(?<![a-zA-Z])[gG](?![a-zA-Z])|^gF|g-?force|\bgees\b", re.IGNORECASE), "g"),
)
# A single letter is a unit only in brackets or at the end of a name, because `G` has many meanings.
_IN_BRACKETS = re.compile(r"[(\[{]([^()\[\]{}]*(?:\([^()]*\)[^()\[\]{}]*)?)[)\]}]")
_AT_END = re.compile(r"[ _,/]([^\s_,]+(?:\s?[²2^*·/-]\S*)?)$")
_TIME_UNITS = (
    (re.compile(r"(?:m|milli)[ -]?(?:s|secs?|seconds?)|ミリ秒", re.IGNORECASE), "ms"),
    (re.compile(r"(?:[uµμ]|micro)[ -]?(?:s|secs?|seconds?)|マイクロ秒", re.IGNORECASE), "us"),
    (re.compile(r"(?:n|nano)[ -]?(?:s|secs?|seconds?)|ナノ秒", re.IGNORECASE), "ns"),
    (re.compile(r"(?:s|secs?|seconds?)|秒", re.IGNORECASE), "s"),
    (re.compile(r"(?:min|mins|minutes?)|分", re.IGNORECASE), "min"),
    (re.compile(r"(?:d|days?)", re.IGNORECASE), "days"),
)
_OTHER_UNITS = re.compile(
    r"(?:deg|°|rad|dps|[µuμmn]?T|gauss|ga|[mk]?V|%|°?C|celsius|degrees? ?celsius|bpm|lux|hPa|Pa|kPa|ohm|none|no units?|"
    r"n/?a|-|counts?|lsb|raw|cal|local|unitless|[ymdhs:./ -]{4,}[.0]*)(?:/?\(?s(?:ec)?\)?)?\*?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class StatedHead:
    """Facts from the lines above the rows."""

    rate_hz: float | None = None
    start_s: float | None = None
    date_order: str = ""
    zone: tzinfo | None = None


def read_stated(lines: Sequence[str]) -> StatedHead:
    """Read the sampling rate, start, date order and time zone stated in the lines above the rows."""
    text = "\n".join(lines)
    rate = _RATE.search(text)
    order = _DATE_FORMAT.search(text)
    date_order = "".join(part[0].lower() for part in order.groups()) if order else ""
    zone = _ZONE.search(text)
    return StatedHead(
        rate_hz=float(rate[1].replace(",", ".")) * (1000.0 if rate[2] else 1.0) if rate else None,
        start_s=_start_of(_START.findall(text), date_order),
        date_order=date_order,
        zone=find_zone(zone[1]) if zone else None,
    )


def time_unit_in(text: str) -> TimeUnit | None:
    """Find the unit that the name of a column of times states."""
    for word in _unit_words(text):
        for pattern, unit in _TIME_UNITS:
            if pattern.fullmatch(word.strip()):
                return parse_time_unit(unit)
    return None


def accel_unit_in(text: str) -> AccelUnit | None:
    """Find the unit that the name of a column of accelerations states."""
    for word in (*_unit_words(text), text if len(text) > 1 else ""):
        for pattern, unit in _ACCEL_UNITS:
            if word is text and unit == "g" and not re.match(r"gF|g-?force", text, re.IGNORECASE):
                continue
            if pattern.search(word):
                return parse_unit(unit)
    return None


def is_unit_row(fields: Iterable[str]) -> bool:
    """Whether a line holds the units of the columns."""
    words = [field.strip().strip("()[]") for field in fields if field.strip()]
    are_units = [
        any(pattern.fullmatch(word) for pattern, _ in _TIME_UNITS)
        or accel_unit_in(f"({word})") is not None
        or _OTHER_UNITS.fullmatch(word) is not None
        for word in words
    ]
    return len(words) >= 3 and all(are_units)


def _unit_words(text: str) -> list[str]:
    """Parts of a name that may be its unit: in brackets, or the last word."""
    words = _IN_BRACKETS.findall(text)
    end = _AT_END.search(text)
    return [*words, *([end[1]] if end else []), text]


def _start_of(found: Sequence[tuple[str, str]], date_order: str) -> float | None:
    """Date and time of the start, from one line or two."""
    dates = [text for kind, text in found if kind.lower() in ("date", "日")]
    others = [text for kind, text in found if kind.lower() not in ("date", "日")]
    texts = [f"{date} {time}" for date in dates[:1] for time in others[:1]] + others + dates
    for text in texts:
        choice = find_time_text([text], date_order)
        if choice is not None and choice.is_clear and choice.readings[0].has_date:
            start_s = float(choice.readings[0].seconds(pa.array([text]))[0])
            if np.isfinite(start_s):
                return start_s
    return None
