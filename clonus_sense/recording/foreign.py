"""Options of a person for a foreign CSV: columns, units, dialect, and date and zone of the start."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any, Self

from clonus_sense.errors import ColumnError
from clonus_sense.model import RecordingInfo
from clonus_sense.zones import find_zone

G_IN_M_S2 = 9.80665
_G_PER_UNIT = {"g": 1.0, "mg": 1e-3, "m/s2": 1 / G_IN_M_S2, "gal": 0.01 / G_IN_M_S2}
_SECONDS_PER_UNIT = {"s": 1.0, "ms": 1e-3, "us": 1e-6, "ns": 1e-9, "min": 60.0, "days": 86_400.0}
_SEPARATORS = {",": ",", ";": ";", "tab": "\t", "\t": "\t", "space": " ", " ": " "}
ISO_8601 = "iso"
OPTIONS_NOTE = "read_with"
"""Key of the note that stores these options with a foreign file."""


@dataclass(frozen=True, slots=True)
class AccelUnit:
    """Unit of acceleration in a file.

    Parameters
    ----------
    As a person writes it: ``g``, ``mg``, ``m/s2``, ``gal`` or ``raw:16384``.
    scale_g
        Size of one unit, in g.
    """

    name: str
    scale_g: float


@dataclass(frozen=True, slots=True)
class TimeUnit:
    """Unit of time in a file."""

    name: str
    scale_s: float


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """The columns of time, x, y and z: each a name from the file or a number counted from 1.

    ``time`` is empty if no column holds the time, and ``date+clock`` if two columns do.
    """

    time: str
    x: str
    y: str
    z: str

    @property
    def all(self) -> tuple[str, str, str, str]:
        """The four in their order."""
        return self.time, self.x, self.y, self.z


@dataclass(frozen=True, slots=True)
class ForeignFormat:
    """Options of a person for a foreign CSV; each ``None`` is determined from the file.

    Parameters
    ----------
    columns
        The columns to take.
    unit
        Unit of acceleration.
    time_unit
        ``s``, ``ms``, ``us``, ``ns``, ``min``, ``days`` or ``ticks:N`` with N in a second, since 1970 or any moment;
        ``iso`` for dates and times.
    time_format
        Format of dates and times, as for ``strptime``.
    rate_hz
        Rows in a second, for a file whose columns do not show it.
    rows
        The rows to take if one file holds several sensors: ``COLUMN=TEXT``.
    timezone
        Zone in which the person was: an IANA name or an offset such as ``+09:00``.
    start
        Aware date and time of the first row, for a file without a date.
    separator
        ``,``, ``;``, ``tab`` or ``space``.
    decimal_point
        ``.`` or ``,``.
    encoding
        ``utf-8``, ``cp932``, ``utf-16-le`` or ``utf-16-be``.

    Raises
    ------
    ColumnError
        If a value is not allowed.

    Examples
    --------
    >>> ForeignFormat(columns=parse_columns("1,ax,ay,az"), unit=parse_unit("mg")).unit
    AccelUnit(name='mg', scale_g=0.001)
    """

    columns: ColumnChoice | None = None
    unit: AccelUnit | None = None
    time_unit: str | None = None
    time_format: str | None = None
    rate_hz: float | None = None
    rows: str | None = None
    timezone: str | None = None
    start: datetime | None = None
    separator: str | None = None
    decimal_point: str | None = None
    encoding: str | None = None

    def __post_init__(self) -> None:
        if self.time_unit not in (None, ISO_8601):
            parse_time_unit(self.time_unit)
        if self.rate_hz is not None and not 0 < self.rate_hz < float("inf"):
            raise ColumnError(f"--rate `{self.rate_hz:g}` is no rate; say how many rows there are in a second.")
        if self.rows is not None and not all(self.rows.partition("=")):
            raise ColumnError(f"--rows `{self.rows}` must be COLUMN=TEXT, such as --rows sensor=acc.")
        if self.timezone is not None and find_zone(self.timezone) is None:
            raise ColumnError(
                f"--timezone `{self.timezone}` is no time zone; write an IANA name such as Asia/Tokyo, or an offset "
                "such as +09:00."
            )
        if self.start is not None and self.start.tzinfo is None:
            raise ColumnError(f"--start `{self.start}` says no offset from UTC; write it like 2026-11-05T22:30+09:00.")
        _check_one_of("separator", self.separator, tuple(_SEPARATORS))
        _check_one_of("decimal point", self.decimal_point, (".", ","))
        _check_one_of("encoding", self.encoding, ("utf-8", "cp932", "utf-16-le", "utf-16-be"))

    @property
    def separator_character(self) -> str | None:
        """The separator as a character, if it was given as a word."""
        return None if self.separator is None else _SEPARATORS[self.separator]

    @property
    def is_about_layout(self) -> bool:
        """Whether an option is set that applies only to foreign CSVs, not to our recordings."""
        return replace(self, timezone=None, start=None) != ForeignFormat()

    def over(self, stored: Self) -> Self:
        """Return the stored options, overridden by those that are set here."""
        said = {field.name: getattr(self, field.name) for field in fields(self)}
        return replace(stored, **{name: value for name, value in said.items() if value is not None})

    def as_options(self) -> str:
        """Write the same options as for the command line.

        Examples
        --------
        >>> ForeignFormat(columns=parse_columns("t,ax,ay,az"), rate_hz=50.0, timezone="Asia/Tokyo").as_options()
        '--columns t,ax,ay,az --rate 50.0 --timezone Asia/Tokyo'
        """
        words = []
        for field in fields(self):
            value = getattr(self, field.name)
            if value is not None:
                words += [f"--{_OPTION_NAMES.get(field.name, field.name.replace('_', '-'))}", _as_word(value)]
        return shlex.join(words)


_OPTION_NAMES = {"rate_hz": "rate", "decimal_point": "decimal"}


def _as_word(value: object) -> str:
    """Write the value of an option."""
    if isinstance(value, ColumnChoice):
        return ",".join(name for name in value.all if name)
    if isinstance(value, AccelUnit):
        return value.name
    return value.isoformat() if isinstance(value, datetime) else str(value)


def parse_options(text: str) -> ForeignFormat:
    """Read what :meth:`ForeignFormat.as_options` wrote."""
    words = shlex.split(text)
    names = {_OPTION_NAMES.get(field.name, field.name.replace("_", "-")): field.name for field in fields(ForeignFormat)}
    parsers: dict[str, Callable[[str], object]] = {
        "columns": parse_columns,
        "unit": parse_unit,
        "rate_hz": float,
        "start": datetime.fromisoformat,
    }
    try:
        said = {names[option.removeprefix("--")]: value for option, value in zip(words[::2], words[1::2], strict=True)}
        values: dict[str, Any] = {name: parsers.get(name, str)(value) for name, value in said.items()}
        return ForeignFormat(**values)
    except (KeyError, ValueError) as error:
        raise ColumnError(
            f"the options `{text}` that were kept with this file are unknown; say them once more."
        ) from error


def how_it_was_read(info: RecordingInfo, said: ForeignFormat | None = None) -> ForeignFormat | None:
    """Return the options for reading a recording's file again.

    Parameters
    ----------
    info
        The recording as read before.
    said
        A person's present options; they have priority.

    Returns
    -------
    ForeignFormat or None
        ``None`` if there are neither stored nor present options.

    Examples
    --------
    >>> before = RecordingInfo(start=None, fs_hz=50.0, notes=(("read_with", "--unit mg --timezone Asia/Tokyo"),))
    >>> how_it_was_read(before).as_options()
    '--unit mg --timezone Asia/Tokyo'
    """
    options = dict(info.notes).get(OPTIONS_NOTE, "")
    if not options:
        return said
    return parse_options(options) if said is None else said.over(parse_options(options))


def parse_columns(text: str) -> ColumnChoice:
    """Parse the choice of columns as a person types it.

    Parameters
    ----------
    text
        Names or numbers (from 1) of time, x, y and z, separated by commas; ``date+clock`` if two columns hold the time,
        and only three names if none does.

    Returns
    -------
    ColumnChoice
        Not yet compared with the columns of the file.

    Raises
    ------
    ColumnError
        If there are not three or four different columns.

    Examples
    --------
    >>> parse_columns("t, ax, ay, az").all
    ('t', 'ax', 'ay', 'az')
    >>> parse_columns("ax,ay,az").time
    ''
    """
    names = [name.strip() for name in text.split(",")]
    if len(names) not in (3, 4) or not all(names) or len(set(names)) != len(names):
        raise ColumnError(
            f"--columns `{text}` must name four different columns, time first: `--columns t,ax,ay,az` or "
            "`--columns 1,2,3,4`; or x, y and z alone where no column holds the time."
        )
    time, x, y, z = names if len(names) == 4 else ("", *names)
    return ColumnChoice(time, x, y, z)


def parse_unit(text: str) -> AccelUnit:
    """Parse a unit of acceleration as a person types it.

    Parameters
    ----------
    text
        ``g``, ``mg``, ``m/s2``, ``gal``, or ``raw:N`` with N counts per g.

    Raises
    ------
    ColumnError
        If the unit is unknown.

    Examples
    --------
    >>> parse_unit("raw:16384").scale_g * 16384
    1.0
    """
    name = text.strip().replace("²", "2").replace("^", "").lower()
    if name in _G_PER_UNIT:
        return AccelUnit(name, _G_PER_UNIT[name])
    kind, _, counts = name.partition(":")
    try:
        counts_per_g = float(counts) if kind == "raw" else 0.0
    except ValueError:
        counts_per_g = 0.0
    if not 0 < counts_per_g < float("inf"):
        raise ColumnError(
            f"--unit `{text}` is unknown; use g, mg, m/s2, gal, or raw:N with N counts per g, such as raw:16384."
        )
    return AccelUnit(name, 1 / counts_per_g)


def parse_time_unit(text: str) -> TimeUnit:
    """Parse a unit of time as a person types it."""
    name = text.strip().lower()
    if name in _SECONDS_PER_UNIT:
        return TimeUnit(name, _SECONDS_PER_UNIT[name])
    kind, _, ticks = name.partition(":")
    try:
        ticks_per_s = float(ticks) if kind == "ticks" else 0.0
    except ValueError:
        ticks_per_s = 0.0
    if not 0 < ticks_per_s < float("inf"):
        raise ColumnError(
            f"the time unit `{text}` is unknown; use one of: {', '.join(_SECONDS_PER_UNIT)}, {ISO_8601} for dates, or "
            "ticks:N with N in a second, such as ticks:32768."
        )
    return TimeUnit(name, 1 / ticks_per_s)


def _check_one_of(what: str, value: str | None, known: tuple[str, ...]) -> None:
    """Refuse an unknown value."""
    if value is not None and value not in known:
        shown = ", ".join(repr(word).strip("'") for word in known)
        raise ColumnError(f"the {what} `{value}` is unknown; use one of: {shown}.")
