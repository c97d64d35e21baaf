"""Detector runs: the analyses of a recording, their episodes, and the differences between two runs."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime

from clonus_sense.config import DetectionSettings
from clonus_sense.errors import LibraryError
from clonus_sense.library.decoding import decodes
from clonus_sense.library.episode_rows import insert_episodes, select_episodes
from clonus_sense.library.finding_rows import insert_findings, read_findings
from clonus_sense.library.nouns import DetectorRun, EpisodePair, RunComparison, TimeSpan
from clonus_sense.library.recordings import check_recording
from clonus_sense.library.store import Library
from clonus_sense.model import Episode, Finding


def add_run(
    library: Library,
    recording_id: int,
    episodes: Sequence[Episode],
    *,
    version: str,
    settings: DetectionSettings,
    findings: Sequence[Finding] = (),
) -> DetectorRun:
    """Add an analysis of a recording; earlier runs and annotations stay unchanged.

    A run with the same version, settings and episodes as the last one is not stored again.

    Parameters
    ----------
    episodes
        Found episodes in order of onset, without rejected candidates.
    findings
        Findings of the detector about the signal.

    Returns
    -------
    DetectorRun
        The new run, or the last one if the new one repeats it.

    Raises
    ------
    LibraryError
        If there is no such recording.
    """
    toml = settings.as_toml()
    with library.writing() as connection:
        check_recording(connection, recording_id)
        last = _select_latest(connection, recording_id)
        if (
            last is not None
            and (last.version, last.settings_toml, last.findings) == (version, toml, tuple(findings))
            and select_episodes(connection, last.id) == tuple(episodes)
        ):
            return last
        row = connection.execute(
            "INSERT INTO runs (recording_id, version, settings_toml, finished_at) VALUES (?, ?, ?, ?) RETURNING *",
            (recording_id, version, toml, datetime.now(UTC).isoformat()),
        ).fetchone()
        insert_episodes(connection, row["id"], episodes)
        insert_findings(connection, recording_id, row["id"], findings)
        return _run_of(connection, row)


def list_runs(library: Library, recording_id: int) -> tuple[DetectorRun, ...]:
    """List the runs on a recording, oldest first.

    Returns
    -------
    tuple of DetectorRun
        Empty if the recording was never analysed.
    """
    with library.reading() as connection:
        rows = connection.execute("SELECT * FROM runs WHERE recording_id = ? ORDER BY id", (recording_id,)).fetchall()
        return tuple(_run_of(connection, row) for row in rows)


def latest_run(library: Library, recording_id: int) -> DetectorRun | None:
    """Find the newest run on a recording.

    Returns
    -------
    DetectorRun or None
        ``None`` if the recording was never analysed.
    """
    with library.reading() as connection:
        return _select_latest(connection, recording_id)


def read_episodes(library: Library, run: DetectorRun) -> tuple[Episode, ...]:
    """Read the episodes of a run, in order of onset, with beats and evidence."""
    with library.reading() as connection:
        return select_episodes(connection, run.id)


def compare_runs(library: Library, old: DetectorRun, new: DetectorRun) -> RunComparison:
    """Find the episodes that appeared, disappeared and stayed from one run to another.

    Parameters
    ----------
    old, new
        Runs on the same recording.

    Raises
    ------
    LibraryError
        If the runs belong to different recordings.
    """
    if old.recording_id != new.recording_id:
        raise LibraryError(
            f"Runs {old.id} and {new.id} belong to different recordings; compare two runs on the same one."
        )
    return compare_episodes(read_episodes(library, old), read_episodes(library, new))


def compare_episodes(old: Sequence[Episode], new: Sequence[Episode]) -> RunComparison:
    """Match the episodes of two runs by time.

    Parameters
    ----------
    old, new
        Episodes in order of onset; episodes of one run never overlap.

    Returns
    -------
    RunComparison
        Two episodes match if they share at least half of the shorter one.
    """
    pairs: list[tuple[int, int]] = []
    at_old = at_new = 0
    while at_old < len(old) and at_new < len(new):
        if span_of(old[at_old]).matches(span_of(new[at_new])):
            pairs.append((at_old, at_new))
        # The episode that ends first cannot match any later one.
        if old[at_old].offset_s <= new[at_new].offset_s:
            at_old += 1
        else:
            at_new += 1
    kept_old, kept_new = {pair[0] for pair in pairs}, {pair[1] for pair in pairs}
    return RunComparison(
        came=tuple(episode for number, episode in enumerate(new) if number not in kept_new),
        went=tuple(episode for number, episode in enumerate(old) if number not in kept_old),
        stayed=tuple(EpisodePair(old[number], new[match]) for number, match in pairs),
    )


def span_of(episode: Episode) -> TimeSpan:
    """Return the time of an episode."""
    return TimeSpan(episode.onset_s, episode.offset_s)


def _select_latest(connection: sqlite3.Connection, recording_id: int) -> DetectorRun | None:
    """Read the newest run on a recording."""
    row = connection.execute(
        "SELECT * FROM runs WHERE recording_id = ? ORDER BY id DESC LIMIT 1", (recording_id,)
    ).fetchone()
    return None if row is None else _run_of(connection, row)


@decodes
def _run_of(connection: sqlite3.Connection, row: sqlite3.Row) -> DetectorRun:
    """Build the run of a row, with its findings."""
    return DetectorRun(
        id=row["id"],
        recording_id=row["recording_id"],
        version=row["version"],
        settings_toml=row["settings_toml"],
        finished_at=datetime.fromisoformat(row["finished_at"]),
        findings=read_findings(connection, row["recording_id"], row["id"]),
    )
