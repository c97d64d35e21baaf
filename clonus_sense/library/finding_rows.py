"""Findings as rows: findings of the reader belong to the recording, findings of the detector to one run."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from clonus_sense.model import Finding, Severity


def insert_findings(
    connection: sqlite3.Connection, recording_id: int, run_id: int | None, findings: Iterable[Finding]
) -> None:
    """Write findings in their order; ``run_id`` is ``None`` for findings of the reader."""
    connection.executemany(
        "INSERT INTO findings (recording_id, run_id, severity, kind, text, start_s, end_s) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            (recording_id, run_id, finding.severity, finding.kind, finding.text, finding.start_s, finding.end_s)
            for finding in findings
        ],
    )


def read_findings(connection: sqlite3.Connection, recording_id: int, run_id: int | None) -> tuple[Finding, ...]:
    """Read findings in the order in which they were written."""
    rows = connection.execute(
        "SELECT * FROM findings WHERE recording_id = ? AND run_id IS ? ORDER BY id", (recording_id, run_id)
    )
    return tuple(
        Finding(Severity(row["severity"]), row["kind"], row["text"], row["start_s"], row["end_s"]) for row in rows
    )
