"""The log of one recording: episodes as a table, and beside it how they were found.

``NAME.csv`` holds one line for each episode, ``NAME.run.json`` what found them (version, settings, input), what is
missing, and each episode in full, with beats and evidence; ``NAME.rejected.csv`` holds the candidates that were looked
at and not called episodes.
"""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

from clonus_sense.errors import RecordingError
from clonus_sense.files import REJECTED_SUFFIX, RUN_SUFFIX, write_text_atomically
from clonus_sense.i18n import notice
from clonus_sense.model import EndedBy, Episode, EpisodeClass, Evidence, Rejection
from clonus_sense.report.analysis import Analysis

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

EPISODE_COLUMNS = (
    "onset_s",
    "offset_s",
    "duration_s",
    "beats",
    "frequency_hz",
    "peak_g",
    "rms_g",
    "regularity",
    "confidence",
    "class",
    "ended_by",
    "drift_hz",
    "missing_s",
    "axis_x",
    "axis_y",
    "axis_z",
)
REJECTION_COLUMNS = ("onset_s", "offset_s", "beats", "frequency_hz", "peak_g", "reasons", "evidence")


def episodes_as_csv(episodes: Iterable[Episode]) -> str:
    """Write episodes as the text of a table."""
    return _as_csv(EPISODE_COLUMNS, (_episode_cells(episode) for episode in episodes))


def rejections_as_csv(rejections: Iterable[Rejection]) -> str:
    """Write rejected candidates as the text of a table."""
    rows = (
        (
            f"{rejection.onset_s:.6f}",
            f"{rejection.offset_s:.6f}",
            str(rejection.beats),
            f"{rejection.frequency_hz:.4f}",
            f"{rejection.peak_g:.5f}",
            "; ".join(rejection.reasons),
            "; ".join(_evidence_words(test) for test in rejection.evidence),
        )
        for rejection in rejections
    )
    return _as_csv(REJECTION_COLUMNS, rows)


def run_as_json(analysis: Analysis, source_name: str) -> str:
    """Write how the episodes of a recording were found."""
    info = analysis.info
    run = {
        "notice": notice("en"),
        "version": analysis.version,
        "settings": _record(analysis.settings),
        "input": source_name,
        "start": info.start.isoformat() if info.start else None,
        "timezone": info.timezone,
        "site": info.site,
        "side": info.side,
        "fs_hz": info.fs_hz,
        "duration_s": round(analysis.duration_s, 6),
        "measured_s": round(analysis.measured_s, 6),
        "gaps": [_record(gap) for gap in analysis.gaps],
        "findings": [_record(finding) for finding in analysis.findings],
        "episodes": [_episode_record(episode) for episode in analysis.episodes],
    }
    return json.dumps(run, indent=1, ensure_ascii=False) + "\n"


def episode_as_json(episode: Episode) -> str:
    """Write one episode in full as one line of JSON."""
    return json.dumps(_episode_record(episode))


def read_log(path: Path) -> tuple[Episode, ...]:
    """Read the table of episodes back."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return tuple(_episode_of(row) for row in csv.DictReader(file))
    except OSError as error:
        raise RecordingError(f"{path}: cannot be read ({error.strerror}); check its name.") from error
    except KeyError as error:
        raise RecordingError(
            f"{path}: is no episode log of `clonus-sense detect`, for it has no column {error.args[0]}; "
            "name another file."
        ) from error
    except (TypeError, ValueError) as error:
        raise RecordingError(
            f"{path}: is no episode log of `clonus-sense detect` ({error}); name another file."
        ) from error


def result_paths(directory: Path, stem: str) -> tuple[Path, ...]:
    """Name everything that the results of one recording may consist of."""
    files = (directory / f"{stem}{ending}" for ending in (".csv", RUN_SUFFIX, REJECTED_SUFFIX))
    return (*files, pictures_folder(directory, stem))


def pictures_folder(directory: Path, stem: str) -> Path:
    """Name the folder of a recording's pictures."""
    return directory / f"{stem}_pictures"


def log_path(directory: Path, stem: str) -> Path:
    """Name the table of a recording's episodes, and make sure that nothing else would be lost by writing it."""
    _check_folder(directory)
    path = directory / f"{stem}.csv"
    if path.is_dir():
        raise RecordingError(f"{path}: is a folder where the log should go; choose another output folder.")
    if path.exists():
        with path.open("rb") as file:
            first = file.read(len(EPISODE_COLUMNS[0]))
        if first != EPISODE_COLUMNS[0].encode():
            raise RecordingError(
                f"{path}: is no episode log and will not be overwritten; choose another output folder."
            )
    return path


def write_log(analysis: Analysis, directory: Path, stem: str, source_name: str) -> Path:
    """Write the table of episodes and, beside it, how they were found; each appears whole or not at all."""
    directory.mkdir(parents=True, exist_ok=True)
    table = log_path(directory, stem)
    # The table comes last: where it stands, the rest stands too.
    write_text_atomically(directory / f"{stem}{RUN_SUFFIX}", run_as_json(analysis, source_name))
    write_text_atomically(table, episodes_as_csv(analysis.episodes))
    return table


def write_rejections(rejections: Iterable[Rejection], directory: Path, stem: str) -> Path:
    """Write the table of rejected candidates and return its path."""
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / f"{stem}{REJECTED_SUFFIX}"
    write_text_atomically(path, rejections_as_csv(rejections))
    return path


def _check_folder(directory: Path) -> None:
    """Refuse an output folder that cannot be one, before a night is analysed for it."""
    nearest = next(place for place in (directory, *directory.absolute().parents) if place.exists())
    if not nearest.is_dir():
        raise RecordingError(f"{nearest}: is a file and no folder; choose another output folder.")
    if not os.access(nearest, os.W_OK):
        raise RecordingError(f"{nearest}: nothing may be written to this folder; choose another output folder.")


def _episode_cells(episode: Episode) -> Sequence[str]:
    """Cells of one episode, in the order of the columns."""
    return (
        f"{episode.onset_s:.6f}",
        f"{episode.offset_s:.6f}",
        f"{episode.duration_s:.6f}",
        str(episode.beats),
        f"{episode.frequency_hz:.4f}",
        f"{episode.peak_g:.5f}",
        f"{episode.rms_g:.5f}",
        f"{episode.regularity:.4f}",
        f"{episode.confidence:.4f}",
        episode.episode_class.value,
        episode.ended_by.value,
        f"{episode.drift_hz:.4f}",
        f"{episode.missing_s:.6f}",
        *(f"{part:.4f}" for part in episode.axis),
    )


def _episode_of(row: Mapping[str, str]) -> Episode:
    """Build the episode of one line."""
    return Episode(
        onset_s=float(row["onset_s"]),
        offset_s=float(row["offset_s"]),
        beats=int(row["beats"]),
        frequency_hz=float(row["frequency_hz"]),
        drift_hz=float(row["drift_hz"]),
        peak_g=float(row["peak_g"]),
        rms_g=float(row["rms_g"]),
        regularity=float(row["regularity"]),
        axis=(float(row["axis_x"]), float(row["axis_y"]), float(row["axis_z"])),
        confidence=float(row["confidence"]),
        episode_class=EpisodeClass(row["class"]),
        ended_by=EndedBy(row["ended_by"]),
        missing_s=float(row["missing_s"]),
        beat_times_s=(),
    )


def _evidence_words(test: Evidence) -> str:
    """One test with its value and limit, in four digits or as many as tell them apart."""
    value, limit = f"{test.value:.4g}", f"{test.limit:.4g}"
    if value == limit and test.value != test.limit:
        value, limit = repr(test.value), repr(test.limit)
    return f"{test.name} {value}:{limit}"


def _episode_record(episode: Episode) -> dict[str, Any]:
    """Lay out an episode for JSON; its class has the same name as in the table."""
    record = _record(episode)
    return {"class": record.pop("episode_class"), "duration_s": episode.duration_s, **record}


def _record(noun: DataclassInstance) -> dict[str, Any]:
    """Lay out a noun for JSON, which knows neither infinity nor NaN."""
    return asdict(noun, dict_factory=_finite)


def _finite(items: list[tuple[str, Any]]) -> dict[str, Any]:
    """Name the values of one noun; a number that is not finite is unknown."""
    return {name: None if isinstance(value, float) and not isfinite(value) else value for name, value in items}


def _as_csv(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Text of a table."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return text.getvalue()
