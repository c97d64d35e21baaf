"""What a person may say about a foreign CSV: its columns, its units, how it is written."""

from __future__ import annotations

from dataclasses import dataclass

from clonus_sense.errors import ColumnError

G_IN_M_S2 = 9.80665
_G_PER_UNIT = {"g": 1.0, "mg": 1e-3, "m/s2": 1 / G_IN_M_S2}
_SECONDS_PER_UNIT = {"s": 1.0, "ms": 1e-3, "us": 1e-6, "ns": 1e-9}
_SEPARATORS = {",": ",", ";": ";", "tab": "\t", "\t": "\t", "space": " ", " ": " "}
ISO_8601 = "iso"


@dataclass(frozen=True, slots=True)
class AccelUnit:
    """Unit of acceleration in a file.

    Parameters
    ----------
    name
        As a person writes it: ``g``, ``mg``, ``m/s2`` or ``raw:16384``.
    scale_g
        Size of one unit, in g.
    """

    name: str
    scale_g: float


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """Which columns hold time, x, y and z: each a name from the file or a number counted from 1."""

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
    """What a person says about a foreign CSV; whatever is ``None`` is found out from the file.

    Parameters
    ----------
    columns
        Which columns to take.
    unit
        Unit of acceleration.
    time_unit
        ``s``, ``ms``, ``us`` or ``ns`` (since 1970 or since any other moment), or ``iso`` for dates and times.
    separator
        ``,``, ``;``, ``tab`` or ``space``.
    decimal_point
        ``.`` or ``,``.
    encoding
        ``utf-8``, ``cp932``, ``utf-16-le`` or ``utf-16-be``.

    Raises
    ------
    ColumnError
        If a value is none of those.

    Examples
    --------
    >>> ForeignFormat(columns=parse_columns("1,ax,ay,az"), unit=parse_unit("mg")).unit
    AccelUnit(name='mg', scale_g=0.001)
    """

    columns: ColumnChoice | None = None
    unit: AccelUnit | None = None
    time_unit: str | None = None
    separator: str | None = None
    decimal_point: str | None = None
    encoding: str | None = None

    def __post_init__(self) -> None:
        _check_one_of("time unit", self.time_unit, (*_SECONDS_PER_UNIT, ISO_8601))
        _check_one_of("separator", self.separator, tuple(_SEPARATORS))
        _check_one_of("decimal point", self.decimal_point, (".", ","))
        _check_one_of("encoding", self.encoding, ("utf-8", "cp932", "utf-16-le", "utf-16-be"))

    @property
    def separator_character(self) -> str | None:
        """The separator itself where it was given as a word."""
        return None if self.separator is None else _SEPARATORS[self.separator]


def parse_columns(text: str) -> ColumnChoice:
    """Read the choice of columns as a person types it.

    Parameters
    ----------
    text
        Names or numbers (from 1) of time, x, y and z, separated by commas.

    Returns
    -------
    ColumnChoice
        The four columns; whether the file has them shows when it is opened.

    Raises
    ------
    ColumnError
        If there are not four different ones.

    Examples
    --------
    >>> parse_columns("t, ax, ay, az").all
    ('t', 'ax', 'ay', 'az')
    """
    names = [name.strip() for name in text.split(",")]
    if len(names) != 4 or not all(names) or len(set(names)) != 4:
        raise ColumnError(
            f"--columns `{text}` must name four different columns, time first: `--columns t,ax,ay,az` or "
            "`--columns 1,2,3,4`."
        )
    return ColumnChoice(*names)


def parse_unit(text: str) -> AccelUnit:
    """Read a unit of acceleration as a person types it.

    Parameters
    ----------
    text
        ``g``, ``mg``, ``m/s2``, or ``raw:N`` with N counts per g.

    Returns
    -------
    AccelUnit
        Name and size.

    Raises
    ------
    ColumnError
        If it is none of those.

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
            f"--unit `{text}` is unknown; use g, mg, m/s2, or raw:N with N counts per g, such as raw:16384."
        )
    return AccelUnit(name, 1 / counts_per_g)


def seconds_per(time_unit: str) -> float:
    """Length of one unit of time in seconds; dates count in seconds.

    Examples
    --------
    >>> seconds_per("ms")
    0.001
    """
    return 1.0 if time_unit == ISO_8601 else _SECONDS_PER_UNIT[time_unit]


def _check_one_of(what: str, value: str | None, known: tuple[str, ...]) -> None:
    """Refuse a value that is none of the known ones."""
    if value is not None and value not in known:
        shown = ", ".join(repr(word).strip("'") for word in known)
        raise ColumnError(f"the {what} `{value}` is unknown; use one of: {shown}.")
