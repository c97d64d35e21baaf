"""What the recorder wrote beside a recording: why samples are missing, and what somebody marked."""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from clonus_sense.errors import DiskFullError
from clonus_sense.library import Marker, MarkerKind
from clonus_sense.model import Gap
from clonus_sense.recording import EntryKind, LedgerEntry, backfill_path, hold_ended, ledger_path, read_ledger
from clonus_sense.showable import is_showable_time

logger = logging.getLogger(__name__)


def read_ledger_beside(path: Path) -> tuple[LedgerEntry, ...]:
    """Read the events of a recording."""
    ledger = ledger_path(path)
    return read_ledger(ledger) if ledger.exists() else ()


def merge_left_over(path: Path) -> int:
    """Put late samples in their places that a recorder left behind when it was killed.

    A recording that a recorder still writes is left alone: it merges them itself when the night ends.
    """
    # What a name points to is replaced, and not the name.
    path = Path(os.path.realpath(path))
    if path.suffix != ".csv" or not backfill_path(path).exists():
        return 0
    # The recorder brings the radio's libraries along, which nobody else needs.
    from clonus_sense.recorder import merge_backfill  # noqa: PLC0415

    with hold_ended(path) as has_ended:
        try:
            return merge_backfill(path) if has_ended else 0
        except DiskFullError as error:
            # What is there can be shown all the same; the next reading tries again.
            logger.warning("%s", error)
            return 0


def with_reasons(gaps: Sequence[Gap], ledger: Sequence[LedgerEntry]) -> tuple[Gap, ...]:
    """Say of each gap why it is there, as far as the recorder knew."""
    told = [gap for entry in ledger if entry.kind == EntryKind.GAP and (gap := _gap_of(entry)) is not None]

    def reason_of(gap: Gap) -> str:
        best = max(told, key=lambda other: _shared_s(gap, other), default=None)
        return best.reason if best is not None and _shared_s(gap, best) > 0.0 else gap.reason

    return tuple(replace(gap, reason=reason_of(gap)) for gap in gaps)


def markers_of(ledger: Sequence[LedgerEntry]) -> tuple[Marker, ...]:
    """Take what somebody marked out of the events."""
    return tuple(_marker_of(entry) for entry in ledger if entry.kind == EntryKind.MARKER)


def _gap_of(entry: LedgerEntry) -> Gap | None:
    """Read the recorder's word on a gap; ``None`` where the line does not say when it was."""
    try:
        gap = Gap(
            float(entry.facts["start_s"]),
            float(entry.facts["end_s"]),
            str(entry.facts.get("why") or entry.facts["reason"]),
        )
    except (KeyError, ValueError, TypeError, OverflowError):
        return None
    return gap if is_showable_time(gap.start_s) and is_showable_time(gap.end_s) else None


def _marker_of(entry: LedgerEntry) -> Marker:
    """Build the marker of one event."""
    word = str(entry.facts.get("marker", MarkerKind.FELT))
    text = str(entry.facts.get("text", ""))
    if word in list(MarkerKind):
        return Marker(entry.time_s, MarkerKind(word), text)
    return Marker(entry.time_s, MarkerKind.OTHER, f"{word} {text}".strip())


def _shared_s(one: Gap, other: Gap) -> float:
    """Seconds that two gaps have in common."""
    return min(one.end_s, other.end_s) - max(one.start_s, other.start_s)
