"""Episodes as rows, with beats and evidence; they are read back bit for bit as they were written."""

from __future__ import annotations

import json
import math
import sqlite3
from collections.abc import Iterable

from clonus_sense.library.decoding import decodes
from clonus_sense.model import EndedBy, Episode, EpisodeClass, Evidence


def insert_episodes(connection: sqlite3.Connection, run_id: int, episodes: Iterable[Episode]) -> None:
    """Write the episodes of a run."""
    for episode in episodes:
        values: dict[str, object] = {
            "run_id": run_id,
            "onset_s": episode.onset_s,
            "offset_s": episode.offset_s,
            "beats": episode.beats,
            "frequency_hz": episode.frequency_hz,
            "drift_hz": episode.drift_hz,
            "peak_g": episode.peak_g,
            "rms_g": episode.rms_g,
            "regularity": episode.regularity,
            "axis_x": episode.axis[0],
            "axis_y": episode.axis[1],
            "axis_z": episode.axis[2],
            "confidence": episode.confidence,
            "episode_class": episode.episode_class,
            "ended_by": episode.ended_by,
            "missing_s": episode.missing_s,
            "beat_times_json": json.dumps(episode.beat_times_s),
        }
        names, places = ", ".join(values), ", ".join("?" * len(values))
        row = connection.execute(
            f"INSERT INTO episodes ({names}) VALUES ({places}) RETURNING id", tuple(values.values())
        ).fetchone()
        connection.executemany(
            "INSERT INTO evidence VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                (row["id"], number, test.name, test.value, test.limit, test.passed, test.logit)
                for number, test in enumerate(episode.evidence)
            ],
        )


def select_episodes(connection: sqlite3.Connection, run_id: int) -> tuple[Episode, ...]:
    """Read the episodes of a run, in order of onset."""
    evidence: dict[int, list[Evidence]] = {}
    tests = connection.execute(
        "SELECT evidence.* FROM evidence JOIN episodes ON episodes.id = episode_id WHERE run_id = ? "
        "ORDER BY episode_id, number",
        (run_id,),
    )
    for test in tests:
        evidence.setdefault(test["episode_id"], []).append(
            Evidence(
                test["name"],
                _number(test["value"]),
                _number(test["limit_value"]),
                bool(test["passed"]),
                test["logit"],
            )
        )
    rows = connection.execute("SELECT * FROM episodes WHERE run_id = ? ORDER BY onset_s, id", (run_id,))
    return tuple(_episode_of(row, tuple(evidence.get(row["id"], ()))) for row in rows)


@decodes
def _episode_of(row: sqlite3.Row, evidence: tuple[Evidence, ...]) -> Episode:
    """Build the episode of a row."""
    return Episode(
        onset_s=row["onset_s"],
        offset_s=row["offset_s"],
        beats=row["beats"],
        frequency_hz=row["frequency_hz"],
        drift_hz=row["drift_hz"],
        peak_g=row["peak_g"],
        rms_g=row["rms_g"],
        regularity=row["regularity"],
        axis=(row["axis_x"], row["axis_y"], row["axis_z"]),
        confidence=row["confidence"],
        episode_class=EpisodeClass(row["episode_class"]),
        ended_by=EndedBy(row["ended_by"]),
        missing_s=row["missing_s"],
        beat_times_s=tuple(json.loads(row["beat_times_json"])),
        evidence=evidence,
    )


def _number(value: float | None) -> float:
    """Return a measure; SQLite stores NaN as NULL."""
    return math.nan if value is None else value
