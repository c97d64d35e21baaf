"""Times as texts: the format of a file's dates and clocks, and their conversion to seconds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import product

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from clonus_sense.model import FloatArray

ISO_8601 = "ISO8601"
CLOCK = "clock"
_DAY_S = 86_400.0
Bytes = NDArray[np.uint8]

# Parts of a text: before the seconds, whole seconds, their fraction, after.  The parts around the seconds are the same
# for all rows of a minute, so only one text for each minute needs parsing.
_WITH_SECONDS = (
    r"^(?P<b>.*?(?:\d{1,2}:\d{1,2}:|時\s?\d{1,2}分|[ T]\d{1,2}\.\d{2}\.))(?P<s>\d{1,2})(?:[.,:](?P<f>\d+))?"
    r"(?P<a>(?:\D.*)?)$"
)
_DIGITS = r"^(?P<b>\d{8}[ T_-]?\d{4})(?P<s>\d{2})[.,]?(?P<f>\d*)(?P<a>(?:\D.*)?)$"
_MINUTES = r"^(?P<b>\d{1,4}:)(?P<s>\d{2})[.,](?P<f>\d+)(?P<a>)$"

# Different spellings are made equal before pandas parses them.
_REWRITTEN = (
    (re.compile(r"[\u202f\u00a0\u3000\s,\"]+"), " "),
    (re.compile(r"\[.*?\]|\(.*?\)"), " "),
    (re.compile(r"(午前|午後|AM|PM)\s*(\d[\d:時分秒.]*)"), r"\2 \1"),
    (re.compile(r"午前|\ba\.?\s?m\.?(?!\w)", re.IGNORECASE), " AM"),
    (re.compile(r"午後|\bp\.?\s?m\.?(?!\w)", re.IGNORECASE), " PM"),
    (re.compile(r"(?<=\d)([ap])\.?m\b\.?", re.IGNORECASE), lambda m: f" {m.group(1).upper()}M"),
    (re.compile(r"[年月](?=\s*\d)"), "-"),
    (re.compile(r"日"), " "),
    (re.compile(r"時|分(?=\d)"), ":"),
    (re.compile(r"[分秒]"), ""),
    (re.compile(r"\b(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\b\.?", re.IGNORECASE), " "),
    (re.compile(r"(?<=\d\.) (?=\d{1,2}\.|\d{4})"), ""),
    (re.compile(r"\b(?:klo|um|uhr|at)\b\.?", re.IGNORECASE), " "),
    (re.compile(r"(?<=\d)T(?=\d)"), " "),
    (re.compile(r"(?<=\d)_(?=\d)|(?<=\d\d-\d\d)-(?=\d\d:)|^\s+|\s+$"), " "),
    (re.compile(r"(?:GMT|UTC)\s?(?=[+-]\d)"), " "),
    (re.compile(r"(?<=\d)\s?(?:Z|UTC|GMT)\s*$"), " +0000"),
    (re.compile(r"(:\d\d(?:\s?[AP]M)?|\d{4})\s?([+-]\d\d):?(\d\d)?\s*$"), lambda m: f"{m[1]} {m[2]}{m[3] or '00'}"),
    (re.compile(r"(:\d\d(?:\s?[AP]M)?)\s?([+-])(\d)\s*$"), r"\1 \g<2>0\g<3>00"),
    (re.compile(r"(?<![\d:+-])(\d{1,2}:\d{2})(?![:\d])"), r"\1:00"),
    (re.compile(r"\s+"), " "),
)
_TOKENS = (
    (re.compile(r"\d{1,2}:\d{2}:\d{2}"), ("%H:%M:%S",)),
    (re.compile(r"\d{1,2}\.\d{2}\.00"), ("%H.%M.%S",)),
    (re.compile(r"[AP]M"), ("%p",)),
    (re.compile(r"[+-]\d{4}"), ("%z",)),
    (re.compile(r"\d{4}([-./])\d{1,2}\1\d{1,2}"), ("%Y{0}%m{0}%d",)),
    (re.compile(r"\d{1,2}([-./])\d{1,2}\1\d{4}"), ("%d{0}%m{0}%Y", "%m{0}%d{0}%Y")),
    (re.compile(r"\d{1,2}([-./])\d{1,2}\1\d{2}"), ("%d{0}%m{0}%y", "%m{0}%d{0}%y", "%y{0}%m{0}%d")),
    (re.compile(r"\d{1,2}([-./])[A-Za-z]{3}\1\d{4}"), ("%d{0}%b{0}%Y",)),
    (re.compile(r"\d{1,2}([-./])[A-Za-z]{3}\1\d{2}"), ("%d{0}%b{0}%y",)),
    (re.compile(r"[A-Za-z]{3}"), ("%b",)),
    (re.compile(r"[A-Za-z]{4,}"), ("%B",)),
    (re.compile(r"\d{8}"), ("%Y%m%d",)),
    (re.compile(r"\d{4}"), ("%Y",)),
    (re.compile(r"\d{6}"), ("%H%M%S",)),
    (re.compile(r"\d{14}"), ("%Y%m%d%H%M%S",)),
    (re.compile(r"\d{1,2}\.?"), ("%d",)),
)
_ZONE_WORD = re.compile(r"(?<=\d|M) ([A-Z]{3,5})(?= \d{4}$|$)")
_OFFSET = re.compile(r" ([+-])(\d\d)(\d\d)(?: \d{4})?$")
_BRACKETS = re.compile(r"\[([^\]]+)\]")
# Directives of strptime that give a date.
_DATE_DIRECTIVES = ("%d", "%j", "%x", "%c", "%D", "%F", "%s", "%U", "%W", "%V")
# Two readings of day and month differ by weeks; a recording of days has both readings within days of each other.
_CLEARLY_LONGER_S = 10 * _DAY_S


@dataclass(frozen=True, slots=True)
class TimeText:
    """The format of a file's times."""

    form: str
    cut: str = ""

    @property
    def has_date(self) -> bool:
        """Whether the texts hold a date."""
        return self.form == ISO_8601 or any(directive in self.form for directive in _DATE_DIRECTIVES)

    @property
    def wraps_s(self) -> float:
        """Seconds after which a clock without a date restarts at 0."""
        return 3600.0 if self.cut == _MINUTES else _DAY_S

    def seconds(self, texts: pa.Array) -> FloatArray:
        """Convert texts to seconds."""
        if not self.cut:
            return self._parse(texts.to_numpy(zero_copy_only=False))
        table = _as_table(texts)
        first = None if table is None else re.match(self.cut, texts[0].as_py())
        if table is not None and first is not None:
            seconds = self._seconds_of_table(table, first, texts)
            if seconds is not None:
                return seconds
        found = pc.extract_regex(texts, self.cut)
        before, second, fraction, after = (pc.struct_field(found, name) for name in "bsfa")
        whole = pc.coalesce(pc.binary_join_element_wise(before, after, "00"), texts).dictionary_encode()
        minutes_s = self._parse(whole.dictionary.to_pylist())
        second_s = pc.cast(pc.binary_join_element_wise(second, fraction, "."), pa.float64())
        return _add_seconds(
            minutes_s[whole.indices.to_numpy(zero_copy_only=False)], second_s.to_numpy(zero_copy_only=False)
        )

    def _seconds_of_table(self, table: Bytes, first: re.Match[str], texts: pa.Array) -> FloatArray | None:
        """Seconds of texts of one length; ``None`` if the position of their seconds varies."""
        digits = [*range(*first.span("s")), *range(*first.span("f"))] if first["f"] else list(range(*first.span("s")))
        numbers = table[:, digits] - ord("0")
        if numbers.max() > 9:
            return None
        n_whole = len(first["s"])
        second_s = numbers @ 10.0 ** np.arange(n_whole - 1, n_whole - 1 - len(digits), -1)
        others = np.delete(table, digits, axis=1)
        begins = np.flatnonzero(np.concatenate([[True], (others[1:] != others[:-1]).any(axis=1)]))
        # Rows of one minute differ only in their seconds.
        minutes = [_at_second_0(texts[int(row)].as_py(), self.cut) for row in begins]
        lengths = np.diff(np.append(begins, len(table)))
        return _add_seconds(np.repeat(self._parse(minutes), lengths), second_s)

    def _parse(self, texts: Sequence[str] | NDArray[np.object_]) -> FloatArray:
        """Parse each text."""
        import pandas as pd  # noqa: PLC0415 - slow to import, and only files with dates need it

        if self.cut == _MINUTES:
            texts = [f"00:{text}" for text in texts]
        series = pd.Series([_rewrite(text) for text in texts] if self.cut else texts, dtype=object)
        if self.form == CLOCK:
            return np.asarray(pd.to_timedelta(series, errors="coerce").dt.total_seconds(), dtype=np.float64)
        dates = pd.to_datetime(series, format=self.form, utc=True, errors="coerce").dt.as_unit("us")
        # float64 holds whole microseconds since 1970 exactly, but not nanoseconds.
        microseconds = dates.dt.tz_localize(None).to_numpy().astype(np.int64)
        seconds = np.where(dates.isna(), np.nan, microseconds / 1e6)
        return seconds if self.has_date else seconds % _DAY_S


@dataclass(frozen=True, slots=True)
class TimeTextChoice:
    """The possible formats of some texts."""

    readings: tuple[TimeText, ...]
    is_clear: bool


def find_time_text(texts: Sequence[str], date_order: str = "") -> TimeTextChoice | None:
    """Find the formats that fit some times."""
    sample = pa.array(texts, pa.string())
    # Java omits seconds of 0, so the first text may be a short one.
    typical = max(texts[: len(texts) // 2 + 1], key=len)
    cut = next((cut for cut in (_DIGITS, _MINUTES) if re.match(cut, typical)), _WITH_SECONDS)
    if cut == _MINUTES:
        return TimeTextChoice((TimeText(CLOCK, cut),), is_clear=True)
    iso = TimeText(ISO_8601, cut)
    if re.match(r"\d{4}\D", typical) and _reads_all(iso, sample):
        return TimeTextChoice((iso,), is_clear=True)
    forms = _forms_of(_rewrite(_at_second_0(typical, cut)))
    readings = [one for one in (TimeText(form, cut) for form in forms) if _reads_all(one, sample)]
    if date_order:
        readings = [one for one in readings if _order_of(one.form) in ("", date_order)] or readings
    return _choice(readings, sample) if readings else None


def zone_in_text(text: str) -> str:
    """Name of the zone that a text gives beside its offset; empty if there is none."""
    if (match := _BRACKETS.search(text)) is not None:
        return match.group(1)
    words = [match.group(1) for match in _ZONE_WORD.finditer(_rewrite(text, keep_zone=True))]
    return next((word for word in words if word not in ("AM", "PM")), "")


def offset_in_text(text: str) -> timedelta | None:
    """Offset from UTC in a text; ``None`` if there is none."""
    match = _OFFSET.search(_rewrite(_at_second_0(text, _DIGITS if re.match(_DIGITS, text) else _WITH_SECONDS)))
    return None if match is None else int(f"{match[1]}1") * timedelta(hours=int(match[2]), minutes=int(match[3]))


def _as_table(texts: pa.Array) -> Bytes | None:
    """Bytes of texts of one length, a row for each text; ``None`` if lengths differ."""
    if not len(texts) or texts.null_count or not texts[0].as_py().isascii():
        return None
    _, starts, letters = texts.buffers()
    edges = np.frombuffer(starts, np.int32, len(texts) + 1, 4 * texts.offset)
    lengths = np.diff(edges)
    if lengths[0] == 0 or (lengths != lengths[0]).any():
        return None
    return np.frombuffer(letters, np.uint8, edges[-1] - edges[0], edges[0]).reshape(len(texts), lengths[0])


def _add_seconds(minutes_s: FloatArray, second_s: FloatArray) -> FloatArray:
    """Add the seconds within a minute, which may have a leap second."""
    return np.where(second_s < 61, minutes_s + second_s, np.where(np.isnan(second_s), minutes_s, np.nan))


def _at_second_0(text: str, cut: str) -> str:
    """Return a text with its seconds at 00."""
    match = re.match(cut, text)
    return f"{match['b']}00{match['a']}" if match else text


def _rewrite(text: str, *, keep_zone: bool = False) -> str:
    """Normalise the spelling of a text for the formats."""
    for pattern, replacement in _REWRITTEN:
        text = pattern.sub(replacement, text)
    text = text.strip()
    return text if keep_zone else _ZONE_WORD.sub("", text).strip()


def _forms_of(text: str) -> list[str]:
    """List the formats that may fit a text."""
    choices = []
    for token in text.split(" "):
        fitting = [(match, forms) for pattern, forms in _TOKENS if (match := pattern.fullmatch(token))]
        if not fitting:
            return []
        match, forms = fitting[0]
        choices.append([form.format(*match.groups()) for form in forms])
    possible = [form for parts in product(*choices) if _names_each_part_once(form := " ".join(parts))]
    if any("%p" in form for form in possible):
        return [form.replace("%H", "%I") for form in possible if "%H" in form]
    return [CLOCK if form == "%H:%M:%S" else form for form in possible]


def _names_each_part_once(form: str) -> bool:
    """Whether a format has each part of a date or time at most once."""
    directives = re.findall(r"%(\w)", form)
    return len(set(directives)) == len(directives)


def _reads_all(one: TimeText, sample: pa.Array) -> bool:
    """Whether a reading converts nearly every text."""
    seconds = one.seconds(sample)
    return bool(np.isfinite(seconds[0]) and np.mean(np.isfinite(seconds)) > 0.9)


def _order_of(form: str) -> str:
    """Order of day, month and year in a format; empty if it is not ambiguous."""
    return "".join(re.findall(r"%([dmyY])", form)).lower() if "%m" in form else ""


def _choice(readings: list[TimeText], sample: pa.Array) -> TimeTextChoice:
    """Choose the readings with the shortest recording; the separator decides whether the choice is clear."""
    seconds = [one.seconds(sample) for one in readings]
    spans_s = [float(np.nanmax(found) - np.nanmin(found)) for found in seconds]
    shortest_s = min(spans_s)
    near = [one for one, span_s in zip(readings, spans_s, strict=True) if span_s <= shortest_s + _CLEARLY_LONGER_S]
    dates = {float(found[np.isfinite(found)][0]) for one, found in zip(readings, seconds, strict=True) if one in near}
    is_clear = len(dates) == 1 or len(near) == 1
    with_slashes = "/" in near[0].form
    has_short_year = "%y" in near[0].form
    by_habit = not with_slashes and not (has_short_year and "." not in near[0].form)
    return TimeTextChoice(tuple(near), is_clear or by_habit)
