"""Walks: the parts of a segment that move long enough to be searched as a walk."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from clonus_sense.detection.conditioning import WorkingPiece
from clonus_sense.detection.gait.line import find_clear
from clonus_sense.detection.gait.search import BLOCK_S, MARGIN_BLOCKS, WINDOW_BLOCKS, GaitCandidate, GaitSearch
from clonus_sense.model import FloatArray

# A walking leg moves by this much within every half second, except in the middle of a stance.  Movement of less than 6
# s (three slow strides and the window compared with them) is not searched: most turns in bed.
LIVELY_BLOCK_S = 0.5
LIVELY_G = 0.1
# A walk ends after this many still blocks; a stance is shorter.
LONGEST_STANCE_BLOCKS = 3
FEWEST_LIVELY_BLOCKS = 12


class WalkSearch:
    """Finds the walks in one segment, whose samples arrive piece by piece."""

    def __init__(self, working_hz: float, first_index: int) -> None:
        self._hz = working_hz
        self._first_index = first_index
        self._block = round(LIVELY_BLOCK_S * working_hz)
        self._low: FloatArray = np.empty((0, 3))
        self._wide: FloatArray = np.empty((0, 3))
        self._held_block = 0  # block with which the held samples begin
        self._n_blocks = 0  # blocks known to be lively or not
        self._run: _LivelyRun | None = None
        self._walk: GaitSearch | None = None
        self._decided = first_index  # never goes back
        self._fed = 0  # samples of the segment that the walk has taken

    @property
    def undecided_since(self) -> int:
        """Working index before which no further candidate begins."""
        begins = self._n_blocks if self._run is None else self._run.first
        undecided = self._first_index + begins * self._block + self._least_lead
        if self._walk is not None:
            undecided = max(undecided, self._walk.undecided_since)
        self._decided = max(self._decided, undecided)
        return self._decided

    @property
    def next_decision(self) -> int:
        """Working index that the signals must reach before the next decision, unless the segment closes."""
        if self._walk is not None:
            return self._walk.next_decision
        n_lively = 0 if self._run is None else self._n_blocks - self._run.first
        return self._first_index + (self._n_blocks + max(1, FEWEST_LIVELY_BLOCKS - n_lively)) * self._block

    @property
    def _least_lead(self) -> int:
        """Samples from the beginning of a walk to the earliest place of a candidate in it."""
        return (WINDOW_BLOCKS // 2 - MARGIN_BLOCKS) * round(BLOCK_S * self._hz)

    def push(self, piece: WorkingPiece) -> list[GaitCandidate]:
        """Take a further piece and return the candidates that are now complete."""
        n_samples = len(self._low) + len(piece.low_g)
        if piece.closes and self._n_blocks == 0 and n_samples < FEWEST_LIVELY_BLOCKS * self._block:
            return []
        # Each turn in bed comes as one piece and is not copied.
        self._low = np.concatenate([self._low, piece.low_g]) if len(self._low) else piece.low_g
        self._wide = np.concatenate([self._wide, piece.wide_g]) if len(self._wide) else piece.wide_g
        first_fresh = self._n_blocks
        self._n_blocks = self._held_block + len(self._low) // self._block
        lively = first_fresh + np.flatnonzero(self._find_lively(first_fresh))
        if (
            piece.closes
            and self._run is None
            and (len(lively) == 0 or lively[-1] - lively[0] < FEWEST_LIVELY_BLOCKS - 1)
        ):
            return []
        candidates: list[GaitCandidate] = []
        for run in np.split(lively, np.flatnonzero(np.diff(lively) > LONGEST_STANCE_BLOCKS) + 1) if len(lively) else []:
            candidates += self._extend(int(run[0]), int(run[-1]))
        candidates += self._advance()
        if piece.closes and self._run is not None:
            candidates += self._feed(self._held_block + len(self._low) / self._block, piece)
        self._forget()
        return find_clear(candidates, self._hz)

    def _find_lively(self, first_block: int) -> NDArray[np.bool_]:
        """Tell for each block from ``first_block`` on whether any axis moves as in a walk."""
        start = (first_block - self._held_block) * self._block
        end = (self._n_blocks - self._held_block) * self._block
        lively = np.zeros(self._n_blocks - first_block, dtype=np.bool_)
        if len(lively) == 0:
            return lively
        starts = np.arange(start, end, self._block)
        for axis in range(3):
            column = self._low[:end, axis]
            lively |= np.maximum.reduceat(column, starts) - np.minimum.reduceat(column, starts) >= LIVELY_G
        return lively

    def _extend(self, first: int, last: int) -> list[GaitCandidate]:
        """Take in lively blocks: extend the open run or begin a new one."""
        candidates: list[GaitCandidate] = []
        if self._run is not None and first - self._run.last > LONGEST_STANCE_BLOCKS:
            candidates = self._end_run()
        self._run = _LivelyRun(first if self._run is None else self._run.first, last)
        return candidates

    def _advance(self) -> list[GaitCandidate]:
        """Search the open run as far as it is known, and end it where the leg stands still."""
        if self._run is None:
            return []
        if self._n_blocks - self._run.last > LONGEST_STANCE_BLOCKS:
            return self._end_run()
        return self._feed(self._n_blocks)

    def _end_run(self) -> list[GaitCandidate]:
        """End the open run with the stillness after it."""
        assert self._run is not None  # whoever calls has seen it
        return self._feed(self._run.last + 1 + LONGEST_STANCE_BLOCKS, closes=True)

    def _feed(
        self, until_block: float, piece: WorkingPiece | None = None, *, closes: bool = False
    ) -> list[GaitCandidate]:
        """Search the samples of the open run up to a block; a short run is skipped."""
        assert self._run is not None  # whoever calls has seen it
        run, closes = self._run, closes or piece is not None
        if closes:
            self._run = None
        if run.last + 1 - run.first < FEWEST_LIVELY_BLOCKS:
            return []
        if self._walk is None:
            self._walk = GaitSearch(self._hz, self._first_index + run.first * self._block)
            self._fed = run.first * self._block
        rows = slice(self._fed - self._held_block * self._block, round((until_block - self._held_block) * self._block))
        self._fed = self._held_block * self._block + rows.stop
        walk = self._walk
        if closes:
            self._walk = None
        samples_end = piece is not None and piece.samples_end
        return walk.push(WorkingPiece(0, self._low[rows], self._wide[rows], closes, samples_end))

    def _forget(self) -> None:
        """Keep the samples of a run that is still too short to search, and the last block."""
        keep = self._n_blocks
        if self._run is not None:
            keep = self._run.first if self._walk is None else self._fed // self._block
        drop = (keep - self._held_block) * self._block
        if drop > 0:
            self._low, self._wide = self._low[drop:], self._wide[drop:]
            self._held_block = keep


@dataclass(frozen=True, slots=True)
class _LivelyRun:
    """The first and last of lively blocks with nothing longer than a stance between them."""

    first: int
    last: int
