"""Latency of live detection: the time from an episode's end to its entry in the ledger.

``python -m tests.validation.lateness CASES`` feeds the recordings of a folder in pieces, as a sensor does, and prints a
table.  Times are those of the samples; radio and packets add to them.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from clonus_sense.config import DetectionSettings
from clonus_sense.detection.filters import LOWEST_RATE_HZ, choose_working_rate
from clonus_sense.detection.working_clock import WorkingClock
from clonus_sense.evaluation.cases import read_cases
from clonus_sense.model import SampleBatch, Site
from clonus_sense.recorder.live_detection import LiveDetection
from clonus_sense.recording import stream_recording
from clonus_sense.recording.ledger import EntryKind, Ledger, LedgerEntry, ledger_path, read_ledger
from tests.validation.labelled import find_recording

# A usual packet of a sensor: 13 samples at 52 Hz.
PIECE_S = 0.25
WANTED_S = 3.0
# An episode counts as reported once its end is known to half a beat of the fastest clonus.
SAME_END_S = 0.06


@dataclass(frozen=True, slots=True)
class Lateness:
    """Latency of the episodes of some recordings.

    Parameters
    ----------
    told_after_s
        For each episode: seconds from its end until it was reported with that end.
    decided_after_s
        For each episode: seconds until it was final.
    n_withdrawn
        Number of reported episodes that were withdrawn.
    """

    told_after_s: tuple[float, ...]
    decided_after_s: tuple[float, ...]
    n_withdrawn: int

    @classmethod
    def join(cls, parts: Sequence[Lateness]) -> Lateness:
        """Join the latencies of recordings."""
        return cls(
            tuple(after_s for part in parts for after_s in part.told_after_s),
            tuple(after_s for part in parts for after_s in part.decided_after_s),
            sum(part.n_withdrawn for part in parts),
        )


def measure_lateness(batches: Iterable[SampleBatch], site: Site | None) -> Lateness:
    """Detect as a recorder does, and measure the latency of each episode, of every class."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "night.csv"
        ledger = Ledger(ledger_path(path), datetime.now(tz=UTC))
        live = LiveDetection(path, DetectionSettings(), site, ledger=ledger, on_episode=lambda _episode: None)
        now_s, clock = 0.0, None
        for piece in _cut(batches):
            if clock is None or piece.first_index == 0:
                clock = WorkingClock(piece.stretch, choose_working_rate(piece.stretch.fs_hz))
            clock.add(piece)
            clock.forget()
            now_s = clock.end_s
            live.push(piece, now_s)
        live.finish(now_s)
        ledger.close()
        return read_lateness(read_ledger(ledger_path(path)))


def read_lateness(entries: Sequence[LedgerEntry]) -> Lateness:
    """Read the latency of the episodes from the ledger of a recording."""
    withdrawn = [entry for entry in entries if entry.kind == EntryKind.EPISODE_WITHDRAWN]
    early = [
        entry
        for entry in entries
        if entry.kind == EntryKind.EPISODE_SO_FAR and not any(_takes_back(other, entry) for other in withdrawn)
    ]
    decided = [entry for entry in entries if entry.kind == EntryKind.EPISODE]
    return Lateness(
        told_after_s=tuple(
            min(one.time_s for one in (*early, entry) if _tells_its_end(one, entry)) - entry.facts["offset_s"]
            for entry in decided
        ),
        decided_after_s=tuple(entry.time_s - entry.facts["offset_s"] for entry in decided),
        n_withdrawn=len(withdrawn),
    )


def describe_lateness(by_class: Mapping[str, Lateness]) -> str:
    """Describe the latency of each class as a Markdown table.

    The table has one line for each class with reported or withdrawn episodes, and one for all.
    """
    lines = [
        f"| class | episodes | within {WANTED_S:g} s | median, longest | decided: median, longest | withdrawn |",
        "|---|---|---|---|---|---|",
    ]
    for name, lateness in [*sorted(by_class.items()), ("all", Lateness.join(list(by_class.values())))]:
        told_s, decided_s = np.array(lateness.told_after_s), np.array(lateness.decided_after_s)
        if len(told_s) or lateness.n_withdrawn:
            lines.append(
                f"| {name} | {len(told_s)} | {int((told_s <= WANTED_S).sum())} | {_describe_times(told_s)} "
                f"| {_describe_times(decided_s)} | {lateness.n_withdrawn} |"
            )
    return "\n".join(lines)


def _describe_times(times_s: np.ndarray[tuple[int], np.dtype[np.float64]]) -> str:
    """Write the median and the longest of some times."""
    return f"{np.median(times_s):.1f}, {times_s.max():.1f} s" if len(times_s) else ""


def _cut(batches: Iterable[SampleBatch]) -> Iterator[SampleBatch]:
    """Cut batches into pieces of the size of a packet."""
    for batch in batches:
        size = max(1, round(PIECE_S * batch.stretch.fs_hz))
        yield from batch.cut(list(range(batch.first_index + size, batch.end_index, size)))


def _takes_back(withdrawn: LedgerEntry, early: LedgerEntry) -> bool:
    """Whether an early report was withdrawn later, perhaps to be reported again."""
    return withdrawn.time_s > early.time_s and bool(
        withdrawn.facts["onset_s"] < early.facts["offset_s"] and early.facts["onset_s"] < withdrawn.facts["offset_s"]
    )


def _tells_its_end(early: LedgerEntry, decided: LedgerEntry) -> bool:
    """Whether a report gives an episode's final end and class."""
    has_its_end = abs(float(early.facts["offset_s"]) - float(decided.facts["offset_s"])) <= SAME_END_S
    return has_its_end and bool(early.facts["episode_class"] == decided.facts["episode_class"])


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure the latency of the episodes of a folder of recordings."""
    parser = ArgumentParser(prog="python -m tests.validation.lateness", description=main.__doc__)
    parser.add_argument("cases", type=Path, nargs="+", help="folders of cases with their recordings")
    options = parser.parse_args(arguments)
    by_class: dict[str, list[Lateness]] = {}
    n_too_slow = 0
    for folder in options.cases:
        for case in read_cases(folder):
            with stream_recording(find_recording(folder, case.name)) as stream:
                if stream.info.fs_hz < LOWEST_RATE_HZ:
                    n_too_slow += 1
                    continue
                lateness = measure_lateness(stream.batches(), stream.info.site)
                by_class.setdefault(case.case_class, []).append(lateness)
    table = describe_lateness({name: Lateness.join(parts) for name, parts in by_class.items()})
    sys.stdout.write(table + "\n")
    if n_too_slow:
        sys.stdout.write(f"{n_too_slow} recordings of less than {LOWEST_RATE_HZ:g} Hz were left out.\n")


if __name__ == "__main__":
    main()
