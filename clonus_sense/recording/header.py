"""The head of a recording, to and from :class:`RecordingInfo`: ``# key: value`` lines and the column names."""

from __future__ import annotations

import itertools
import zoneinfo
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from clonus_sense.errors import NotARecordingError, RecordingError
from clonus_sense.model import Finding, RecordingInfo, SensorIdentity, Severity, Site
from clonus_sense.showable import is_showable_date
from clonus_sense.terms import SIDES

FORMAT_FAMILY = "clonus-sense-recording"
FORMAT = f"{FORMAT_FAMILY}/1"
COLUMNS = ("time_s", "x_g", "y_g", "z_g")
COLUMN_LINE = ",".join(COLUMNS)
# More lines than any head has.
_MOST_KEYS = 200
# A head with annotations by hand is still far shorter.
_MOST_PAIRS = 1000
_SENSOR_KEYS = ("family", "name", "serial", "firmware")

KeyValue = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Head:
    """The lines of a file above its first row."""

    pairs: tuple[KeyValue, ...]
    columns: tuple[str, ...]
    n_lines: int
    encoding: str

    @property
    def fs_hz(self) -> float | None:
        """Stated rate; ``None`` where it is missing or no positive number."""
        return _positive_number(dict(self.pairs).get("fs_hz", ""))


@dataclass(frozen=True, slots=True)
class ReadInfo:
    """The keys of a head, and findings about them."""

    info: RecordingInfo
    findings: tuple[Finding, ...]


def decode_text(text: bytes) -> tuple[str, str]:
    """Decode a head or a few rows: UTF-8, else CP932 (Japanese Windows), else Latin-1, which decodes any bytes."""
    for encoding in ("utf-8", "cp932"):
        try:
            return text.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    return text.decode("latin-1"), "latin-1"


def claims_our_format(text: bytes) -> bool:
    """Whether a file begins like our recordings, or like one that was cut off within its first line."""
    full = f"# format: {FORMAT_FAMILY}".encode()
    if b"\n" not in text:
        return bool(text) and full.startswith(text[: len(full)])
    comments = itertools.takewhile(lambda line: line.startswith(b"#"), text.split(b"\n", _MOST_KEYS))
    return any(line.startswith(full) for line in comments)


def parse_head(text: bytes) -> Head:
    """Read the head of a recording of ours."""
    pairs: list[KeyValue] = []
    lines = text.split(b"\n")
    for number, line in enumerate(lines[:-1]):
        stripped = line.strip()
        if stripped.startswith(b"#"):
            if len(pairs) == _MOST_PAIRS:
                raise RecordingError(
                    f"the head has more than {_MOST_PAIRS} lines that begin with `#`, which none of ours has; use "
                    "another copy of the file."
                )
            # A spreadsheet that saves the file again pads every line with separators.
            key, _, value = decode_text(stripped[1:].rstrip(b",;\t"))[0].partition(":")
            pairs.append((key.strip(), value.strip()))
        elif stripped:
            _check_version(dict(pairs).get("format", ""))
            names = tuple(name.strip() for name in decode_text(stripped)[0].split(","))
            _check_columns(names, number + 1)
            encoding = decode_text(b"\n".join(lines[: number + 1]))[1]
            return Head(pairs=tuple(pairs), columns=names, n_lines=number + 1, encoding=encoding)
    raise RecordingError(
        "the file ends within its head and holds no samples: the recorder was stopped before the first one was written."
    )


def read_info(pairs: Sequence[KeyValue], fs_hz: float) -> ReadInfo:
    """Convert the keys of a head to a :class:`RecordingInfo`."""
    info = RecordingInfo(start=None, fs_hz=fs_hz)
    sensor = SensorIdentity()
    notes: list[KeyValue] = []
    findings: list[Finding] = []
    for key, value in pairs:
        if key in ("format", "fs_hz") or not value:
            continue
        if key.removeprefix("sensor_") in _SENSOR_KEYS and key.startswith("sensor_"):
            sensor = replace(sensor, **{key.removeprefix("sensor_"): value})
        elif (changed := _with_key(info, key, value, dict(pairs).get("timezone", ""))) is not None:
            info = changed
        else:
            notes.append((key, value))
            if key in _EXPECTED:
                text = f"The head says `{key}: {value}`, but it should be {_EXPECTED[key]}; it is kept but not used."
                findings.append(Finding(Severity.WARNING, f"unknown-{key.replace('_', '-')}", text))
    return ReadInfo(replace(info, sensor=sensor, notes=tuple(notes)), tuple(findings))


_EXPECTED = {
    "start_time": "a date and time from 1980 to 2100 with its offset from UTC, such as 2026-03-01T22:00:00+09:00",
    "timezone": "a zone of the IANA list, such as Asia/Tokyo",
    "sensor_site": f"one of {', '.join(Site)}",
    "side": "left or right",
    "step_g": "a number above 0, in g",
    "range_g": "a number above 0, in g",
    "clock_trusted": "yes or no",
}


def _with_key(info: RecordingInfo, key: str, value: str, timezone: str) -> RecordingInfo | None:
    """Add one key; ``None`` if the key is unknown or its value is wrong."""
    changed: RecordingInfo | None = None
    match key:
        case "person":
            changed = replace(info, person=value)
        case "orthosis":
            changed = replace(info, orthosis=value)
        case "start_time" if (start := _parse_start(value, timezone)) is not None:
            changed = replace(info, start=start)
        case "timezone" if _zone(value) is not None:
            changed = replace(info, timezone=value)
        case "sensor_site" if value.lower() in list(Site):
            changed = replace(info, site=Site(value.lower()))
        case "side" if value.lower() in SIDES:
            changed = replace(info, side=value.lower())
        case "step_g" if (number := _positive_number(value)) is not None:
            changed = replace(info, step_g=number)
        case "range_g" if (number := _positive_number(value)) is not None:
            changed = replace(info, range_g=number)
        case "clock_trusted" if value in ("yes", "no"):
            changed = replace(info, clock_trusted=value == "yes")
    return changed


def head_pairs(info: RecordingInfo) -> Iterator[KeyValue]:
    """Keys and values of a recording's head in the order of writing, without unknown ones."""
    trusted = {True: "yes", False: "no", None: ""}[info.clock_trusted]
    pairs = (
        ("format", FORMAT),
        ("start_time", info.start.isoformat() if info.start is not None else ""),
        ("timezone", info.timezone),
        ("fs_hz", repr(float(info.fs_hz))),
        ("sensor_site", info.site.value if info.site is not None else ""),
        ("side", info.side),
        ("person", info.person),
        ("orthosis", info.orthosis),
        *((f"sensor_{key}", str(getattr(info.sensor, key))) for key in _SENSOR_KEYS),
        ("step_g", "" if info.step_g is None else repr(float(info.step_g))),
        ("range_g", "" if info.range_g is None else repr(float(info.range_g))),
        ("clock_trusted", trusted),
        *info.notes,
    )
    # A line break inside a name would end the line, and the rest would be read as another line.
    one_line = ((" ".join(key.replace(":", " ").split()), " ".join(value.split())) for key, value in pairs)
    return ((key, value) for key, value in one_line if value)


def head_text(info: RecordingInfo) -> str:
    """Write the head of a recording, down to the line of column names."""
    lines = (f"# {key}: {value}\n" for key, value in head_pairs(info))
    return "".join((*lines, f"{COLUMN_LINE}\n"))


def _check_version(stated: str) -> None:
    """Refuse an unknown version of the format."""
    if stated != FORMAT:
        raise NotARecordingError(
            f"the head says `format: {stated}`, but this version reads `{FORMAT}`; update clonus_sense."
        )


def _check_columns(names: tuple[str, ...], line: int) -> None:
    """Refuse a head without the four columns."""
    for name in COLUMNS:
        if name not in names:
            raise RecordingError(
                f"line {line} should name the columns {COLUMN_LINE}, but `{name}` is missing there; "
                "if the file was edited, restore that line."
            )


def _parse_start(value: str, timezone: str) -> datetime | None:
    """Read an aware date and time; without an offset it is in the recording's own zone."""
    try:
        start = datetime.fromisoformat(value)
    except ValueError:
        return None
    aware = start if start.tzinfo is not None else _in_zone(start, timezone)
    return aware if aware is not None and is_showable_date(aware) else None


def _in_zone(start: datetime, timezone: str) -> datetime | None:
    """``start`` in the given zone; ``None`` if the zone is unknown."""
    zone = _zone(timezone)
    return None if zone is None else start.replace(tzinfo=zone)


def _zone(name: str) -> zoneinfo.ZoneInfo | None:
    """Find the zone of this name; ``None`` if there is none."""
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _positive_number(text: str) -> float | None:
    """Read a finite number above zero; ``None`` for any other text."""
    try:
        number = float(text)
    except ValueError:
        return None
    return number if 0 < number < float("inf") else None
