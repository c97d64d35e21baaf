"""What a detector said about a recording, as far as its log tells: episodes of every class, and rejected candidates."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from clonus_sense.errors import EvaluationError
from clonus_sense.evaluation.bout_tables import Row, read_rows
from clonus_sense.files import REJECTED_SUFFIX, RUN_SUFFIX
from clonus_sense.model import EpisodeClass, Evidence


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that a detector said.

    Parameters
    ----------
    onset_s, offset_s
        When, in seconds since the start of the recording.
    episode_class
        What it called it; ``None`` where it does not say, or looked and rejected it.
    is_rejected
        Whether it looked at it and took it for nothing.
    confidence, beats, frequency_hz
        ``None`` where it does not say.
    axis
        Unit vector of the movement's main axis; ``None`` where it does not say.
    evidence
        Each test with its value and limit; empty where the log holds none.
    """

    onset_s: float
    offset_s: float
    episode_class: EpisodeClass | None = None
    is_rejected: bool = False
    confidence: float | None = None
    beats: int | None = None
    frequency_hz: float | None = None
    axis: tuple[float, float, float] | None = None
    evidence: tuple[Evidence, ...] = ()


def read_said(log: Path | None) -> tuple[Said, ...]:
    """Read everything that a detector said about a recording.

    Parameters
    ----------
    log
        Its table ``NAME.csv``; ``NAME.run.json`` and ``NAME.rejected.csv`` are read where they lie beside it.  ``None``
        where there is no log.

    Returns
    -------
    tuple of Said
        By onset.

    Raises
    ------
    EvaluationError
        If the table does not hold what it must.  What lies beside it may be missing or foreign.
    """
    if log is None:
        return ()
    evidence = _read_evidence(log.with_suffix(RUN_SUFFIX))
    said = [_said_of(row, evidence) for row in read_rows(log)]
    return tuple(sorted([*said, *_read_rejected(log.with_suffix(REJECTED_SUFFIX))], key=lambda one: one.onset_s))


def _said_of(row: Row, evidence: Mapping[str, tuple[Evidence, ...]]) -> Said:
    """Build what one line of a log says; columns that another detector does not write are unknown."""
    onset_s, offset_s = row.interval_s()
    axis = tuple(row.number(f"axis_{name}") for name in "xyz")
    name = row.text("class")
    return Said(
        onset_s,
        offset_s,
        episode_class=EpisodeClass(name) if name in tuple(EpisodeClass) else None,
        confidence=row.number("confidence"),
        beats=row.whole_number("beats"),
        frequency_hz=row.number("frequency_hz"),
        axis=(axis[0], axis[1], axis[2]) if None not in axis else None,  # type: ignore[arg-type]
        evidence=evidence.get(f"{onset_s:.6f}", ()),
    )


def _read_evidence(path: Path) -> dict[str, tuple[Evidence, ...]]:
    """Read the evidence of each episode by its onset, as the table writes it; nothing from a file that is not ours."""
    try:
        episodes = json.loads(path.read_text(encoding="utf-8"))["episodes"]
        return {f"{one['onset_s']:.6f}": tuple(map(_evidence_of, one["evidence"])) for one in episodes}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _evidence_of(record: Mapping[str, Any]) -> Evidence:
    """Build a test of JSON, where a number that is not finite is ``null``."""
    value, limit = (float("nan") if record[name] is None else float(record[name]) for name in ("value", "limit"))
    logit = record.get("logit")
    return Evidence(
        str(record["name"]),
        value=value,
        limit=limit,
        passed=bool(record["passed"]),
        logit=None if logit is None else float(logit),
    )


def _read_rejected(path: Path) -> Iterator[Said]:
    """Read the candidates that were rejected; none where they were not kept."""
    try:
        rows = read_rows(path, ("onset_s", "offset_s", "reasons", "evidence"))
    except EvaluationError:
        return
    for row in rows:
        onset_s, offset_s = row.interval_s()
        reasons = {reason.strip() for reason in row.text("reasons").split(";")}
        tests = tuple(test for words in row.text("evidence").split(";") if (test := _parse_test(words, reasons)))
        confidence = next((test.value for test in tests if test.name == "confidence"), None)
        yield Said(
            onset_s,
            offset_s,
            is_rejected=True,
            confidence=confidence,
            beats=row.whole_number("beats"),
            frequency_hz=row.number("frequency_hz"),
            evidence=tests,
        )


def _parse_test(words: str, reasons: set[str]) -> Evidence | None:
    """Read ``name value:limit``; ``None`` where it is something else."""
    name, _, numbers = words.strip().rpartition(" ")
    value, _, limit = numbers.partition(":")
    try:
        return Evidence(name, value=float(value), limit=float(limit), passed=name not in reasons)
    except ValueError:
        return None
