"""From a sensor's samples to the working signals, for the parts of a stretch where the leg moves.

A night is nearly all stillness.  A gate looks at fixed blocks of about half a second, counted from the start of the
stretch: a block whose range stays below the smallest beat cannot hold one.  Moving blocks and their neighbours form
*segments*, and filters run inside segments only.  Blocks lie on a grid of samples, so the segments do not depend on how
the samples arrive.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from clonus_sense.detection.filters import StreamingFir, WorkingRate, design_resampler, design_wide_band
from clonus_sense.errors import SignalError
from clonus_sense.model import FloatArray

# Blocks kept before the first moving one: 1.5 s of context for the measures.
BLOCKS_BEFORE = 3
# Blocks kept after the last moving one: 3 s, longer than any decision waits after a last beat.
BLOCKS_AFTER = 6
# Gate over the peak-to-peak of the smallest beat (twice the floor): the average before the gate may shrink a beat.
GATE_OF_SMALLEST_BEAT = 0.8


@dataclass(frozen=True, slots=True, eq=False)
class WorkingPiece:
    """Consecutive working samples of one segment."""

    first_index: int  # working index of the first sample, counted from the start of the stretch
    low_g: FloatArray  # low-passed acceleration with gravity, shape (n, 3)
    wide_g: FloatArray  # acceleration from 2.5 to 12.5 Hz, shape (n, 3)
    closes: bool  # the segment ends with this piece
    samples_end: bool = False  # it ends because the samples end, and not because the leg lies still


class Conditioner:
    """Gate and filters of one stretch, fed piece by piece."""

    def __init__(self, rate: WorkingRate, floor_g: float) -> None:
        self._rate = rate
        self._gate_g = 2.0 * floor_g * GATE_OF_SMALLEST_BEAT
        self._resampler_taps = design_resampler(rate)
        self._wide_taps = design_wide_band(rate.working_hz)
        self._held: FloatArray = np.empty((0, 3), order="F")
        self._held_block = 0  # block in which the held samples begin
        self._n_gated = 0  # blocks that the gate has seen
        self._segment: _OpenSegment | None = None

    @property
    def is_idle(self) -> bool:
        """Whether no segment is open."""
        return self._segment is None

    def start_watch(self, first_index: int) -> QuietWatch:
        """Begin to watch the samples from ``first_index`` on for movement that could pass the gate."""
        watch = QuietWatch(self._rate.down, self._gate_g)
        n_held = first_index - self._n_gated * self._rate.block_samples
        if n_held:
            watch.look(self._held[len(self._held) - n_held :], first_index - n_held)
        return watch

    @property
    def undecided_since(self) -> int:
        """Working index before which no segment can begin any more, while none is open."""
        block = max(0, self._n_gated - BLOCKS_BEFORE)
        return block * self._rate.block_samples * self._rate.up // self._rate.down

    def find_sample_that_completes(self, working_index: int) -> float:
        """Index of the last sample that the filters need for the working samples before ``working_index``."""
        n_ahead = len(self._resampler_taps) // 2 + len(self._wide_taps) // 2 * self._rate.down
        return ((working_index - 1) * self._rate.down + n_ahead) / self._rate.up

    def push(self, accel_g: FloatArray) -> list[WorkingPiece]:
        """Take further samples, in g, shape ``(n, 3)``, and return the working signals that are now complete."""
        size = self._rate.block_samples
        held = np.concatenate([self._held, accel_g]) if len(self._held) else accel_g
        n_blocks = self._held_block + len(held) // size
        fresh = held[(self._n_gated - self._held_block) * size : (n_blocks - self._held_block) * size]
        with np.errstate(invalid="ignore"):  # infinite samples are refused in there, with one sentence
            moving = self._n_gated + np.flatnonzero(self._find_moving(fresh, size))
        self._held, self._n_gated = held, n_blocks
        pieces = self._advance(moving, n_blocks)
        self._forget(n_blocks)
        return pieces

    def finish(self) -> list[WorkingPiece]:
        """End the stretch: judge its last, shorter block and run the filters out."""
        rest = self._held[(self._n_gated - self._held_block) * self._rate.block_samples :]
        pieces: list[WorkingPiece] = []
        if len(rest):
            moving = [self._n_gated] if self._find_moving(rest, len(rest))[0] else []
            pieces = self._advance(np.asarray(moving, dtype=np.intp), self._n_gated + 1)
        if self._segment is not None:
            segment, self._segment = self._segment, None
            reaches_end = segment.end_block > self._n_gated
            pieces.append(segment.finish() if reaches_end else segment.push(rest[:0], closes=True))
        return pieces

    def _find_moving(self, accel_g: FloatArray, size: int) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Tell for each block of ``size`` samples whether any axis' range, noise averaged, reaches the gate."""
        step = self._rate.down if size % self._rate.down == 0 else 1
        moving = np.zeros(len(accel_g) // size, dtype=np.bool_)
        for axis in range(3):
            summed = _sum_steps(accel_g[:, axis], step)
            # Transposed, many blocks are compared at a time.
            blocks = np.ascontiguousarray(summed.reshape(len(moving), size // step).T)
            span = blocks.max(axis=0) - blocks.min(axis=0)
            if not np.isfinite(span).all():
                raise SignalError(
                    "the samples hold a value that is not a number; read the file with clonus_sense.recording, which "
                    "leaves such rows out and states the gap."
                )
            moving |= span >= self._gate_g * step
        return moving

    def _advance(self, moving: np.ndarray[tuple[int], np.dtype[np.intp]], n_blocks: int) -> list[WorkingPiece]:
        """Feed the filters with every block that belongs to a segment, up to block ``n_blocks``."""
        pieces: list[WorkingPiece] = []
        # A moving block continues a segment when its own neighbourhood touches the segment's.
        reach = BLOCKS_BEFORE + BLOCKS_AFTER + 1
        runs = np.split(moving, np.flatnonzero(np.diff(moving) > reach) + 1) if len(moving) else []
        for run in runs:
            pieces += self._extend(int(run[0]), int(run[-1]))
        segment = self._segment
        if segment is not None:
            closes = n_blocks > segment.end_block + BLOCKS_BEFORE
            pieces += self._feed(segment, min(segment.end_block, n_blocks), closes=closes)
        return pieces

    def _extend(self, first: int, last: int) -> list[WorkingPiece]:
        """Take in a run of moving blocks: extend the open segment or open a new one."""
        pieces: list[WorkingPiece] = []
        segment = self._segment
        if segment is not None and first - BLOCKS_BEFORE > segment.end_block:
            pieces = self._feed(segment, segment.end_block, closes=True)
            segment = None
        if segment is None:
            start = max(0, first - BLOCKS_BEFORE)
            segment = _OpenSegment(start, self._rate, self._resampler_taps, self._wide_taps)
        segment.end_block = last + 1 + BLOCKS_AFTER
        self._segment = segment
        return pieces

    def _feed(self, segment: _OpenSegment, until_block: int, *, closes: bool) -> list[WorkingPiece]:
        """Filter the open segment's samples up to ``until_block``."""
        if until_block <= segment.next_block and not closes:
            return []
        size = self._rate.block_samples
        rows = slice((segment.next_block - self._held_block) * size, (until_block - self._held_block) * size)
        segment.next_block = until_block
        if closes:
            self._segment = None
        return [segment.push(self._held[rows], closes=closes)]

    def _forget(self, n_blocks: int) -> None:
        """Keep only the samples that a later segment could begin with, or that still need filtering."""
        keep_from = max(0, n_blocks - BLOCKS_BEFORE)
        if self._segment is not None:
            keep_from = min(keep_from, self._segment.next_block)
        drop = (keep_from - self._held_block) * self._rate.block_samples
        if drop > 0:
            self._held = self._held[drop:].copy(order="F")
            self._held_block = keep_from


class QuietWatch:
    """Tells cheaply that samples are too still for any block of them to pass the gate, wherever the blocks begin."""

    def __init__(self, step: int, gate_g: float) -> None:
        self._step, self._gate_g = step, gate_g
        self._lowest = np.full(3, np.inf)
        self._highest = np.full(3, -np.inf)
        self._last = self._lowest, self._highest

    def keep_last_look(self) -> None:
        """Forget everything before the last look: no unfinished block reaches back further.

        Over minutes breathing and noise add up to the gate's range, although no single block reaches it.
        """
        self._lowest, self._highest = self._last

    def look(self, accel_g: FloatArray, first_index: int) -> bool:
        """Take in further samples; ``True`` while everything seen since the start stays within the gate."""
        with np.errstate(invalid="ignore"):  # infinite samples are not still; the gate refuses them
            return self._look(accel_g, first_index)

    def _look(self, accel_g: FloatArray, first_index: int) -> bool:
        """Take in further samples."""
        step = self._step
        values = accel_g
        if step > 1:
            # Sums instead of the gate's averages, for speed; at the ends single samples stand for them.
            begin = -first_index % step
            end = begin + max(0, len(accel_g) - begin) // step * step
            values = _sum_steps(accel_g[begin:end], step)
            if begin or end < len(accel_g):
                values = np.concatenate([step * accel_g[:begin], values, step * accel_g[end:]])
        self._last = np.minimum.reduce(values, axis=0), np.maximum.reduce(values, axis=0)
        self._lowest = np.minimum(self._lowest, self._last[0])
        self._highest = np.maximum(self._highest, self._last[1])
        x_g, y_g, z_g = (self._highest - self._lowest).tolist()
        limit_g = self._gate_g * step
        return bool(x_g < limit_g and y_g < limit_g and z_g < limit_g)


class _OpenSegment:
    """Filters of one segment and how far they have come."""

    def __init__(self, start_block: int, rate: WorkingRate, resampler_taps: FloatArray, wide_taps: FloatArray) -> None:
        self.next_block = start_block
        self.end_block = start_block
        self._resampler = StreamingFir(resampler_taps, rate.up, rate.down)
        self._wide = StreamingFir(wide_taps)
        self._low_held: FloatArray = np.empty((0, 3), order="F")
        self._next_index = start_block * rate.block_samples * rate.up // rate.down

    def push(self, accel_g: FloatArray, *, closes: bool) -> WorkingPiece:
        """Filter further samples; where the segment closes, stillness follows and the filters owe nothing."""
        low = self._resampler.push(accel_g)
        return self._align(low, self._wide.push(low), closes=closes)

    def finish(self) -> WorkingPiece:
        """Close the segment where the samples end: run the filters out."""
        low = self._resampler.finish()
        wide = np.concatenate([self._wide.push(low), self._wide.finish()])
        return self._align(low, wide, closes=True, samples_end=True)

    def _align(self, low: FloatArray, wide: FloatArray, *, closes: bool, samples_end: bool = False) -> WorkingPiece:
        """Pair each band-passed sample with the low-passed one of the same moment."""
        held = np.concatenate([self._low_held, low])
        piece = WorkingPiece(self._next_index, held[: len(wide)], wide, closes, samples_end)
        self._low_held = held[len(wide) :]
        self._next_index += len(wide)
        return piece


def _sum_steps(values: FloatArray, step: int) -> FloatArray:
    """Sum every block of ``step`` consecutive samples: the block averages times ``step``."""
    summed = values[::step]
    for k in range(1, step):
        summed = summed + values[k::step]
    return summed
