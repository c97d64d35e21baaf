"""A recording of any kind as a stream of batches, in bounded memory."""

from __future__ import annotations

import logging
from collections.abc import Callable, Generator, Iterator
from dataclasses import replace
from datetime import datetime
from itertools import chain
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

from clonus_sense.errors import RecordingError
from clonus_sense.model import Finding, FloatArray, Gap, RecordingInfo, SampleBatch, Severity
from clonus_sense.recording.clock import StampClock
from clonus_sense.recording.even_clock import EvenClock, cut_by_clock, rebuild_even_clock
from clonus_sense.recording.foreign import ForeignFormat
from clonus_sense.recording.in_progress import UNFINISHED, is_in_progress
from clonus_sense.recording.row_order import RowOrder
from clonus_sense.recording.rows import RowBlock, find_samples, join_blocks
from clonus_sense.recording.source import RecordingSource, open_source
from clonus_sense.recording.stamps import ROWS_LOOKED_AT, StampStatistics, find_uneven, measure_stamps
from clonus_sense.stretches import RATE_RATIO

logger = logging.getLogger(__name__)

# Oscillators are at most 5 % off their nominal rate, and the first minutes of a sensor without stamps are measured with
# a slightly larger error; a larger difference means that the head is wrong.
_MOST_RATE_ERROR_RATIO = 0.1
# With fewer samples than this between gaps, on average, a night cannot be judged.
_FEWEST_SAMPLES_PER_GAP = 100
# Rows that determine the period of stamps that become uneven: some minutes.
_N_STAMPS_MEASURED = 1 << 14


class RecordingStream:
    """A recording that is read in pieces; as a context manager it closes the file early.

    ``gaps``, ``filled_s``, ``findings``, ``n_samples`` and ``duration_s`` are complete when :meth:`batches` is
    exhausted.  Another call of :meth:`batches` reads the file again.

    Parameters
    ----------
    path
        The file, for messages.
    source
        Source of the rows.
    is_unfinished
        Whether a recorder was still writing it when it was opened.
    until_s
        Leave out samples from this time on; ``None`` takes all.

    Attributes
    ----------
    info
        Head of the recording; ``fs_hz`` is the rate of every stretch.
    is_unfinished
        As above.
    gaps
        Times without samples.
    filled_s
        Time of each interpolated sample, and its period, in seconds.
    n_samples
        Number of samples yielded.
    duration_s
        End of the last sample, in seconds since the start of the recording.
    """

    def __init__(
        self, path: Path, source: RecordingSource, *, is_unfinished: bool = False, until_s: float | None = None
    ) -> None:
        self._path = path
        self._source = source
        self._until_s = np.inf if until_s is None else until_s
        self.is_unfinished = is_unfinished
        self.info, self._rate_findings = _settle_rate(source.info, source.stamps, stated=source.rate_is_stated)
        self._clock_findings: tuple[Finding, ...] = ()
        self._running: Generator[SampleBatch, None, None] | None = None
        self.gaps: tuple[Gap, ...] = ()
        self.filled_s: tuple[tuple[float, float], ...] = ()
        self.n_samples = 0
        self.duration_s = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._running is not None:
            self._running.close()

    @property
    def n_rows_expected(self) -> int:
        """Estimated number of samples, rather too large than too small."""
        return self._source.n_rows_expected

    @property
    def start_is_said(self) -> bool:
        """Whether a person gave the start because the file has none."""
        return self._source.start_is_said

    @property
    def recorded_start(self) -> datetime | None:
        """Start from the file; ``None`` if a person gave it, or it is unknown."""
        return None if self.start_is_said else self.info.start

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Losses, repairs and guesses, in sentences."""
        unfinished = (UNFINISHED,) if self.is_unfinished else ()
        return (*unfinished, *self._source.findings, *self._rate_findings, *self._clock_findings)

    @property
    def measured_s(self) -> float:
        """Seconds with samples."""
        return self.duration_s - sum(gap.duration_s for gap in self.gaps)

    def batches(self) -> Iterator[SampleBatch]:
        """Yield the samples.

        Returns
        -------
        Iterator of SampleBatch
            Consecutive samples; a batch never crosses a gap.  It raises :class:`RecordingError` if the file holds no
            samples or cannot be read to its end.
        """
        self._running = self._batches()
        return self._running

    def _batches(self) -> Generator[SampleBatch, None, None]:
        """Yield batches by the clock that fits the stamps; every error begins with the file's name."""
        try:
            yield from self._all_batches()
        except RecordingError as error:
            raise type(error)(f"{self._path}: {error}") from error
        except OSError as error:
            raise RecordingError(
                f"{self._path}: cannot be read on ({error}); copy the file to this computer and try again."
            ) from error

    def _blocks(self) -> Iterator[RowBlock]:
        """Rows of the file up to the requested time."""
        for block in self._source.blocks():
            is_late = block.times >= self._until_s
            yield RowBlock(block.times[~is_late], block.accel[~is_late]) if is_late.any() else block

    def _all_batches(self) -> Iterator[SampleBatch]:
        """Batches by the plain clock, and by a rebuilt one from where the stamps are uneven."""
        source = self._source
        # The recorder starts with the rate that it states and measures the true one, as the reader does.
        fs_hz = source.info.fs_hz if source.rate_is_stated else self.info.fs_hz
        clock = StampClock(fs_hz, most_filled=source.most_filled)
        order, rows = self._rows()
        n_plain = 0
        for block in rows:
            uneven_from = self._find_uneven(block, 1 / clock.fs_hz)
            if uneven_from is None:
                yield from clock.push(block)
                n_plain += len(block.times)
                continue
            plain, rest = _split(block, uneven_from)
            if uneven_from:
                yield from clock.push(plain)
            yield from clock.finish()
            yield from self._rebuilt(n_plain + uneven_from, chain([rest], rows), clock)
            break
        else:
            yield from clock.finish()
            _check_not_empty(clock.n_samples)
            self.gaps = tuple(clock.gaps)
            self.n_samples, self.duration_s = clock.n_samples, clock.duration_s
            self._clock_findings = tuple(clock.findings)
        self.filled_s = clock.filled_s
        self._clock_findings += (*order.findings, *_many_gaps(len(self.gaps), self.n_samples))

    def _rows(self) -> tuple[RowOrder, Iterator[RowBlock]]:
        """Rows of the file in the order of time, from its start on."""
        order = RowOrder(self._source.stamps.period, sorts=not self._source.stamps.uneven)
        return order, _in_windows(order.sort(self._blocks()))

    def _find_uneven(self, block: RowBlock, period_s: float) -> int | None:
        """Find the row from which on the stamps of a block are uneven."""
        if self._source.stamps.uneven:
            return 0
        is_sample = find_samples(block)
        times_s = block.times if is_sample.all() else np.where(is_sample, block.times, np.nan)
        return find_uneven(times_s, period_s, most_ratio=self._source.most_short_ratio)

    def _rebuilt(self, n_before: int, rest: Iterator[RowBlock], plain: StampClock) -> Iterator[SampleBatch]:
        """Batches of all rows from ``n_before`` on by a rebuilt clock, which first reads all their stamps."""
        stamps: list[FloatArray] = []
        n_rows = 0
        for block in rest:
            n_rows += len(block.times)
            stamps.append(block.times[find_samples(block)])
        stamps_s = np.concatenate(stamps) if stamps else np.empty(0)
        _check_not_empty(len(stamps_s) + plain.n_samples)
        period_s = measure_stamps(stamps_s[:_N_STAMPS_MEASURED]).period if n_before else self._source.stamps.period
        if not period_s > 0:
            raise RecordingError(
                f"from {stamps_s[0]:.2f} s on the time does not go forward, so that this column cannot be the time; "
                "name the right one with --columns."
            )
        clock = rebuild_even_clock(stamps_s, period_s, follows_s=plain.last_s)
        fs_hz = self.info.fs_hz if not n_before else plain.fs_hz
        if max(fs_hz * period_s, 1 / (fs_hz * period_s)) > RATE_RATIO:
            fs_hz = round(1 / period_s, 2)
        _, again = self._rows()
        samples_g = (block.accel[find_samples(block)] for block in _from_row(again, n_before))
        yield from cut_by_clock(clock, samples_g, fs_hz, first_number=plain.n_stretches)
        self.gaps = (*plain.gaps, *clock.gaps)
        self.n_samples = plain.n_samples + len(stamps_s)
        self.duration_s = float(clock.stretches[-1].node_times_s[-1]) + clock.period_s
        self._clock_findings = (*plain.findings, *_rebuilt_findings(clock, n_rows - len(stamps_s)))


def stream_recording(
    path: Path,
    *,
    foreign: ForeignFormat | None = None,
    until_s: float | None = None,
    on_progress: Callable[[float], None] | None = None,
) -> RecordingStream:
    r"""Open a recording of any kind.

    Parameters
    ----------
    path
        A recording of ours (``.csv``, ``.csv.gz``, ``.parquet``), or the CSV of a phone or logger, gzipped or not.
        The content decides the kind, not the name.
    foreign
        A person's options for a foreign CSV; ``None`` determines all of them.
    until_s
        Leave out samples from this time on, in seconds since the start; ``None`` takes all.
    on_progress
        Called with the fraction of the file that has been read, 0 to 1.

    Returns
    -------
    RecordingStream
        The head at once; samples by :meth:`RecordingStream.batches`.

    Raises
    ------
    NotARecordingError
        If the file is something else.
    RecordingError
        If it cannot be read or holds no samples.
    ColumnError
        If columns or units of a foreign CSV do not fit.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "night.csv"
    >>> text = "# format: clonus-sense-recording/1\n# fs_hz: 50\ntime_s,x_g,y_g,z_g\n0.00,0,0,1\n0.02,0,0,1\n"
    >>> _ = path.write_text(text, encoding="utf-8")
    >>> with stream_recording(path) as stream:
    ...     print([len(batch.accel_g) for batch in stream.batches()], stream.n_samples)
    [2] 2
    """
    try:
        # Check before reading: a recording that ends meanwhile then counts as unfinished and is read once too often.
        is_unfinished = is_in_progress(path)
        source = open_source(path, foreign, on_progress)
    except RecordingError as error:
        raise type(error)(f"{path}: {error}") from error
    except FileNotFoundError as error:
        raise RecordingError(f"{path}: there is no such file; check its name.") from error
    except IsADirectoryError as error:
        raise RecordingError(f"{path}: is a folder; name the recordings in it.") from error
    except PermissionError as error:
        raise RecordingError(f"{path}: must not be read; check the permissions of this file and its folder.") from error
    except OSError as error:
        raise RecordingError(
            f"{path}: cannot be opened ({error.strerror}); copy the file to this computer and try again."
        ) from error
    stream = RecordingStream(path, source, is_unfinished=is_unfinished, until_s=until_s)
    logger.info("%s: %s, %.4g Hz", path, source.kind, stream.info.fs_hz)
    return stream


def _split(block: RowBlock, row: int) -> tuple[RowBlock, RowBlock]:
    """Cut a block in two."""
    return RowBlock(block.times[:row], block.accel[:row]), RowBlock(block.times[row:], block.accel[row:])


def _in_windows(blocks: Iterator[RowBlock]) -> Iterator[RowBlock]:
    """Cut blocks at fixed multiples of rows, so that the result does not depend on how the file was cut."""
    carry: RowBlock | None = None
    for block in blocks:
        n_first = 0 if carry is None else ROWS_LOOKED_AT - len(carry.times)
        first, rest = _split(block, n_first)
        if carry is not None:
            first = join_blocks([carry, first])
            if len(first.times) < ROWS_LOOKED_AT:
                carry = first
                continue
            yield first
        whole, over = _split(rest, len(rest.times) // ROWS_LOOKED_AT * ROWS_LOOKED_AT)
        if len(whole.times):
            yield whole
        carry = RowBlock(over.times.copy(), over.accel.copy(order="F")) if len(over.times) else None
    if carry is not None:
        yield carry


def _from_row(blocks: Iterator[RowBlock], row: int) -> Iterator[RowBlock]:
    """Skip the first rows."""
    for block in blocks:
        n_over = min(row, len(block.times))
        row -= n_over
        if n_over < len(block.times):
            yield _split(block, n_over)[1]


def _settle_rate(
    info: RecordingInfo, stamps: StampStatistics, *, stated: bool
) -> tuple[RecordingInfo, tuple[Finding, ...]]:
    """Set the rate to work with, and report a wrong or missing rate in the head."""
    if not np.isfinite(stamps.period) or stamps.period <= 0:
        return info, ()
    measured_hz = round(1 / stamps.period, 2)
    if not stated:
        text = f"The file does not state its rate; the time stamps give {measured_hz:g} Hz."
        return replace(info, fs_hz=measured_hz), (Finding(Severity.NOTE, "rate-measured", text),)
    if abs(measured_hz / info.fs_hz - 1) <= _MOST_RATE_ERROR_RATIO:
        return info, ()
    text = (
        f"The head states {info.fs_hz:g} Hz, but the time stamps give {measured_hz:g} Hz; the measured rate was used."
    )
    return replace(info, fs_hz=measured_hz), (Finding(Severity.WARNING, "rate-differs", text),)


def _check_not_empty(n_samples: int) -> None:
    """Refuse a recording without samples, because a result without episodes would be wrong."""
    if not n_samples:
        raise RecordingError(
            "holds not one readable sample; choose another file, or say --unit raw:<counts per g> where its values are "
            "raw counts."
        )


def _rebuilt_findings(clock: EvenClock, n_left_out: int) -> tuple[Finding, ...]:
    """Report the work of the rebuilt clock, in sentences."""
    findings = []
    text = (
        f"The time stamps are uneven (shared, late or bunched), so an even clock of {1 / clock.period_s:.2f} Hz was "
        f"rebuilt from them; it moves a stamp by {clock.largest_shift_s * 1000:.0f} ms at most."
    )
    findings.append(Finding(Severity.NOTE, "uneven-stamps", text))
    if clock.n_single_losses:
        text = f"{clock.n_single_losses} samples are missing singly; the clock passes over each of them."
        findings.append(Finding(Severity.NOTE, "single-losses", text))
    if clock.n_steps_back:
        text = f"The time stamps step back {clock.n_steps_back} times; the rest was moved to follow directly each time."
        findings.append(Finding(Severity.WARNING, "clock-step-back", text))
    if n_left_out:
        text = f"Rows left out because a value is not a number or exceeds the range of any sensor: {n_left_out}."
        findings.append(Finding(Severity.WARNING, "not-a-number", text))
    return tuple(findings)


def _many_gaps(n_gaps: int, n_samples: int) -> tuple[Finding, ...]:
    """Warn about a recording that is mostly gaps."""
    if n_gaps < 2 or n_samples / n_gaps >= _FEWEST_SAMPLES_PER_GAP:
        return ()
    text = f"There are {n_gaps} gaps between {n_samples} samples; most movements cannot be found in pieces this short."
    return (Finding(Severity.WARNING, "many-gaps", text),)
