"""Time-stamped annotation lists, in which EDF+ stores the start of each record and events."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

# Every record reserves space for the longest; a long note continues in further annotations at the same time.
MOST_TEXT_BYTES = 120
_AFTER_DURATION, _BEFORE_DURATION, _END = b"\x14", b"\x15", b"\x00"


@dataclass(frozen=True, slots=True)
class EdfAnnotation:
    """An event in microseconds since the start of the file; ``duration_us`` is ``None`` for a moment."""

    onset_us: int
    text: str
    duration_us: int | None = None

    def as_bytes(self) -> Iterator[bytes]:
        """Yield one list for each part of its text."""
        duration = b"" if self.duration_us is None else _BEFORE_DURATION + seconds_text(self.duration_us).encode()
        head = _signed(self.onset_us) + duration + _AFTER_DURATION
        parts = list(_parts(self.text))
        for number, part in enumerate(parts, start=1):
            counted = part if len(parts) == 1 else f"({number}/{len(parts)}) {part}"
            yield head + counted.encode() + _AFTER_DURATION + _END


def begin_of_record(onset_us: int) -> bytes:
    r"""Write the start of a record."""
    return _signed(onset_us) + _AFTER_DURATION + _AFTER_DURATION + _END


def seconds_text(microseconds: int) -> str:
    """Write microseconds as seconds, exactly and in the shortest form."""
    sign = "-" if microseconds < 0 else ""
    seconds, rest = divmod(abs(microseconds), 1_000_000)
    return f"{sign}{seconds}.{rest:06d}".rstrip("0").rstrip(".")


@dataclass(frozen=True, slots=True)
class DistributedLists:
    """Annotations distributed over the records of a file; every record reserves ``n_bytes``."""

    of_record: tuple[bytes, ...]
    n_bytes: int


def distribute(lists: Sequence[bytes], n_records: int) -> DistributedLists:
    """Distribute annotations over records, from the first record on.

    EDF+ allows any record, because each annotation holds its own time.
    """
    n_bytes = max(map(len, lists), default=0)
    while True:
        filled = [bytearray()]
        for one in lists:
            if len(filled[-1]) + len(one) > n_bytes:
                filled.append(bytearray())
            filled[-1] += one
        if len(filled) <= n_records:
            filled += [bytearray()] * (n_records - len(filled))
            return DistributedLists(tuple(map(bytes, filled)), n_bytes)
        # At least one byte more; the loop ends when everything fits into one record.
        n_bytes += max(1, n_bytes // 4)


def _signed(microseconds: int) -> bytes:
    """Write an onset with its mandatory sign."""
    text = seconds_text(microseconds)
    return (text if text.startswith("-") else f"+{text}").encode()


def _parts(text: str) -> Iterator[str]:
    """Cut a text into parts of limited bytes, never inside a character."""
    clean = "".join(character if character.isprintable() else " " for character in text)
    part = ""
    for character in clean:
        if len((part + character).encode()) > MOST_TEXT_BYTES:
            yield part
            part = ""
        part += character
    yield part
