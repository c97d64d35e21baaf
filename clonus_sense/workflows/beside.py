"""Files of the recorder beside a recording: reasons of gaps, and markers."""

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
    """Read the events of a recording; empty if there are none."""
    ledger = ledger_path(path)
    return read_ledger(ledger) if ledger.exists() else ()


def merge_left_over(path: Path) -> int:
    """Merge late samples that a killed recorder left behind, and return their number.

    A recording in progress is skipped: its recorder merges them at the end of the night. After an error both files are
    unchanged.
    """
    # The target of a symbolic link is replaced, not the link.
    path = Path(os.path.realpath(path))
    if path.suffix != ".csv" or not backfill_path(path).exists():
        return 0
    # The recorder imports the Bluetooth libraries, which only recording needs.
    from clonus_sense.recorder import merge_backfill  # noqa: PLC0415

    with hold_ended(path) as has_ended:
        try:
            return merge_backfill(path) if has_ended else 0
        except DiskFullError as error:
            # The existing samples can be shown all the same; the next reading tries again.
            logger.warning("%s", error)
            return 0


def with_reasons(gaps: Sequence[Gap], ledger: Sequence[LedgerEntry]) -> tuple[Gap, ...]:
    """Add to each gap the reason of the recorder's gap that covers most of it."""
    told = [gap for entry in ledger if entry.kind == EntryKind.GAP and (gap := _gap_of(entry)) is not None]

    def reason_of(gap: Gap) -> str:
        best = max(told, key=lambda other: _shared_s(gap, other), default=None)
        return best.reason if best is not None and _shared_s(gap, best) > 0.0 else gap.reason

    return tuple(replace(gap, reason=reason_of(gap)) for gap in gaps)


def markers_of(ledger: Sequence[LedgerEntry]) -> tuple[Marker, ...]:
    """Collect the markers of the events, in order of time; an unknown kind is kept as text."""
    return tuple(_marker_of(entry) for entry in ledger if entry.kind == EntryKind.MARKER)


def _gap_of(entry: LedgerEntry) -> Gap | None:
    """Build the gap of one event; ``None`` if the event has no times."""
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
    """Return the seconds that two gaps share."""
    return min(one.end_s, other.end_s) - max(one.start_s, other.start_s)
