"""A whole recording in memory, for plots, tests and other work that needs random access."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np

from clonus_sense.model import Finding, FloatArray, Gap, RecordingInfo, SampleBatch, Stretch, TimeMap
from clonus_sense.recording.foreign import ForeignFormat
from clonus_sense.recording.stream import stream_recording

# Factor of growth if a file has more rows than estimated, as a gzipped one may.
_GROWTH = 1.3

# Rows whose times are computed at once: half a megabyte for each step of it.
_ROWS_AT_ONCE = 65_536


@dataclass(frozen=True, slots=True, eq=False)
class StretchSamples:
    """All samples of one stretch.

    Parameters
    ----------
    stretch
        Number and rate.
    accel_g
        Acceleration, in g, shape ``(n_samples, 3)``, each column contiguous.
    knot_times_s
        Time of every ``stretch.knot_every``-th sample from the first one on, shape ``(n_knots,)``.
    """

    stretch: Stretch
    accel_g: FloatArray
    knot_times_s: FloatArray

    @property
    def time_map(self) -> TimeMap:
        """Index to seconds."""
        return TimeMap(self.stretch.knot_every, 0, self.knot_times_s, self.stretch.fs_hz)

    @property
    def start_s(self) -> float:
        """Time of the first sample."""
        return float(self.knot_times_s[0])

    @property
    def end_s(self) -> float:
        """Time after the last sample."""
        return float(self.time_map.seconds(len(self.accel_g)))


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """Samples of one stretch with their times, for drawing.

    Parameters
    ----------
    times_s
        Seconds since the start of the recording, shape ``(n_samples,)``.
    accel_g
        Acceleration, in g, shape ``(n_samples, 3)``.
    fs_hz
        Rate of the stretch.
    """

    times_s: FloatArray
    accel_g: FloatArray
    fs_hz: float


@dataclass(frozen=True, slots=True, eq=False)
class Recording:
    """A recording in memory.

    Parameters
    ----------
    info
        Its head.
    stretches
        Its samples, one entry for each gap-free stretch, in order.
    gaps
        Times without samples.
    findings
        Losses, repairs and guesses.
    duration_s
        End of the last sample, in seconds since the start.
    start_is_said
        Whether a person gave the start because the file has none.
    """

    info: RecordingInfo
    stretches: tuple[StretchSamples, ...]
    gaps: tuple[Gap, ...]
    findings: tuple[Finding, ...]
    duration_s: float
    start_is_said: bool = False

    @property
    def recorded_start(self) -> datetime | None:
        """Start from the file; ``None`` if a person gave it, or it is unknown."""
        return None if self.start_is_said else self.info.start

    @property
    def n_samples(self) -> int:
        """Samples in all stretches."""
        return sum(len(samples.accel_g) for samples in self.stretches)

    @property
    def measured_s(self) -> float:
        """Seconds with samples."""
        return self.duration_s - sum(gap.duration_s for gap in self.gaps)

    def batches(self, n_samples: int | None = None) -> Iterator[SampleBatch]:
        """Yield the samples again.

        Parameters
        ----------
        n_samples
            Largest size of a batch; ``None`` gives one batch per stretch.

        Yields
        ------
        SampleBatch
            Views of the samples.
        """
        for samples in self.stretches:
            n_all = len(samples.accel_g)
            every = samples.stretch.knot_every
            for start in range(0, n_all, n_samples or n_all):
                end = min(n_all, start + (n_samples or n_all))
                knots_s = samples.knot_times_s[-(-start // every) : -(-end // every)]
                yield SampleBatch(samples.stretch, start, samples.accel_g[start:end], knots_s)

    def window(self, start_s: float, end_s: float) -> list[Piece]:
        """Cut out a time window.

        Parameters
        ----------
        start_s, end_s
            Seconds since the start of the recording, ``[start_s, end_s)``.

        Returns
        -------
        list of Piece
            One per stretch that the window touches; none crosses a gap.
        """
        pieces = []
        for samples in self.stretches:
            if samples.end_s <= start_s or samples.start_s >= end_s:
                continue
            first, last = (_index_near(samples, time_s) for time_s in (start_s, end_s))
            # Take a few extra rows and then cut exactly, because the map is straight only between knots.
            low, high = max(0, first - 2), min(len(samples.accel_g), last + 3)
            times_s = _times_of(samples, low, high)
            inside = slice(*np.searchsorted(times_s, (start_s, end_s)))
            if len(times_s[inside]):
                pieces.append(Piece(times_s[inside], samples.accel_g[low:high][inside], samples.stretch.fs_hz))
        return pieces


def read_recording(
    path: Path,
    *,
    foreign: ForeignFormat | None = None,
    until_s: float | None = None,
    on_progress: Callable[[float], None] | None = None,
) -> Recording:
    """Read a recording of any kind into memory.

    Parameters
    ----------
    path
        A recording of ours (``.csv``, ``.csv.gz``, ``.parquet``), or the CSV of a phone or logger.
    foreign
        A person's options for a foreign CSV; ``None`` determines all of them.
    until_s
        Leave out samples from this time on, in seconds since the start; ``None`` takes all.
    on_progress
        Called with the fraction of the file that has been read, 0 to 1.

    Returns
    -------
    Recording
        Samples, gaps and findings.

    Raises
    ------
    NotARecordingError
        If the file is something else.
    RecordingError
        If it cannot be read or holds no samples.
    ColumnError
        If columns or units of a foreign CSV do not fit.
    """
    with stream_recording(path, foreign=foreign, until_s=until_s, on_progress=on_progress) as stream:
        store = _Store(stream.n_rows_expected)
        for batch in stream.batches():
            store.append(batch)
        return Recording(
            stream.info, store.stretches(), stream.gaps, stream.findings, stream.duration_s, stream.start_is_said
        )


class _Store:
    """Holds all samples in one growing array: reserved memory is free until written, joining parts is not."""

    def __init__(self, n_rows: int) -> None:
        self._accel_g = np.empty((3, n_rows))
        self._n_rows = 0
        self._stretches: list[Stretch] = []
        self._first_rows: list[int] = []
        self._knots_s: list[list[FloatArray]] = []

    def append(self, batch: SampleBatch) -> None:
        """Append a batch."""
        end = self._n_rows + len(batch.accel_g)
        if end > self._accel_g.shape[1]:
            larger = np.empty((3, int(end * _GROWTH)))
            larger[:, : self._n_rows] = self._accel_g[:, : self._n_rows]
            self._accel_g = larger
        self._accel_g[:, self._n_rows : end] = batch.accel_g.T
        if batch.first_index == 0:
            self._stretches.append(batch.stretch)
            self._first_rows.append(self._n_rows)
            self._knots_s.append([])
        self._knots_s[-1].append(batch.knot_times_s)
        self._n_rows = end

    def stretches(self) -> tuple[StretchSamples, ...]:
        """Return views of the samples of each stretch."""
        ends = [*self._first_rows[1:], self._n_rows]
        return tuple(
            StretchSamples(stretch, self._accel_g[:, first:end].T, np.concatenate(knots_s))
            for stretch, first, end, knots_s in zip(self._stretches, self._first_rows, ends, self._knots_s, strict=True)
        )


def _times_of(samples: StretchSamples, low: int, high: int) -> FloatArray:
    """Compute the times of some rows, part by part: a night at once would take ten times its own memory."""
    times_s = np.empty(high - low)
    for first in range(low, high, _ROWS_AT_ONCE):
        end = min(first + _ROWS_AT_ONCE, high)
        times_s[first - low : end - low] = samples.time_map.seconds(np.arange(first, end))
    return times_s


def _index_near(samples: StretchSamples, time_s: float) -> int:
    """Index of the sample near a time, extrapolated beyond the ends at the nominal rate."""
    knots_s = samples.knot_times_s
    knot = int(np.clip(np.searchsorted(knots_s, time_s, side="right") - 1, 0, len(knots_s) - 1))
    every = samples.stretch.knot_every
    if knot + 1 < len(knots_s):
        part = (time_s - knots_s[knot]) / (knots_s[knot + 1] - knots_s[knot])
        return int(np.clip((knot + part) * every, 0, len(samples.accel_g)))
    # Past the last knot the rate may differ slightly from the map's last line; a second of margin covers this.
    margin = round(samples.stretch.fs_hz)
    index = knot * every + (time_s - knots_s[knot]) * samples.stretch.fs_hz
    return int(np.clip(index + (margin if index > knot * every else 0), 0, len(samples.accel_g)))
