"""Walks: which parts of a segment move long enough to be a walk, and are searched as one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from clonus_sense.detection.conditioning import WorkingPiece
from clonus_sense.detection.gait.line import find_clear
from clonus_sense.detection.gait.search import BLOCK_S, MARGIN_BLOCKS, WINDOW_BLOCKS, GaitCandidate, GaitSearch
from clonus_sense.model import FloatArray

# Whoever walks moves by this much within every half second but for the middle of a stance.  What moves for less than
# six seconds, three slow strides and the window that is compared with them, is not searched: most turns in bed.
LIVELY_BLOCK_S = 0.5
LIVELY_G = 0.1
# A walk ends after so many still blocks; a stance is shorter.
LONGEST_STANCE_BLOCKS = 3
FEWEST_LIVELY_BLOCKS = 12


class WalkSearch:
    """Searches the walks of one segment, fed piece by piece.

    Parameters
    ----------
    working_hz
        Rate of the working signals.
    first_index
        Working index of the first sample of the segment.
    """

    def __init__(self, working_hz: float, first_index: int) -> None:
        self._hz = working_hz
        self._first_index = first_index
        self._block = round(LIVELY_BLOCK_S * working_hz)
        self._low: FloatArray = np.empty((0, 3))
        self._wide: FloatArray = np.empty((0, 3))
        self._held_block = 0  # block with which the held samples begin
        self._n_blocks = 0  # blocks of which it is known whether they are lively
        self._run: _LivelyRun | None = None
        self._walk: GaitSearch | None = None
        self._decided = first_index  # what was known once stays known
        self._fed = 0  # samples of the segment that the walk has been given

    @property
    def undecided_since(self) -> int:
        """No candidate that is still to come begins before this working index."""
        begins = self._n_blocks if self._run is None else self._run.first
        undecided = self._first_index + begins * self._block + self._least_lead
        if self._walk is not None:
            undecided = max(undecided, self._walk.undecided_since)
        self._decided = max(self._decided, undecided)
        return self._decided

    @property
    def next_decision(self) -> int:
        """Nothing is decided before the working signals reach this index, unless the segment closes."""
        if self._walk is not None:
            return self._walk.next_decision
        n_lively = 0 if self._run is None else self._n_blocks - self._run.first
        return self._first_index + (self._n_blocks + max(1, FEWEST_LIVELY_BLOCKS - n_lively)) * self._block

    @property
    def _least_lead(self) -> int:
        """Samples from the beginning of a walk to the earliest place of a candidate in it."""
        return (WINDOW_BLOCKS // 2 - MARGIN_BLOCKS) * round(BLOCK_S * self._hz)

    def push(self, piece: WorkingPiece) -> list[GaitCandidate]:
        """Take a further piece and return the candidates of which everything is now known."""
        n_samples = len(self._low) + len(piece.low_g)
        if piece.closes and self._n_blocks == 0 and n_samples < FEWEST_LIVELY_BLOCKS * self._block:
            return []
        # A night's turns come and go as one piece each: they are looked at where they lie.
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
        """Take in lively blocks: they go on with the open run or begin a new one."""
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
        """Search the samples of the open run up to a block; a short run is passed over."""
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
        """Keep the samples of a run that is too short to be searched yet, and the last block."""
        keep = self._n_blocks
        if self._run is not None:
            keep = self._run.first if self._walk is None else self._fed // self._block
        drop = (keep - self._held_block) * self._block
        if drop > 0:
            self._low, self._wide = self._low[drop:], self._wide[drop:]
            self._held_block = keep


@dataclass(frozen=True, slots=True)
class _LivelyRun:
    """Lively blocks that follow one another, short stances apart: the first and the last."""

    first: int
    last: int
