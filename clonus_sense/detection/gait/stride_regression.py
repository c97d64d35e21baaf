"""Ridge regression along a movement: the part of it that the strides before explain, block by block."""

from __future__ import annotations

import numpy as np

from clonus_sense.detection.gait.strides import sum_windows
from clonus_sense.model import FloatArray

# Weights hold for about a stride: on 285 bouts added to real walks (0 dB) windows of 0.9 to 1.3 s left the least, and
# shorter ones follow the bout itself.
BLOCKS_BEFORE = 3
BLOCKS_AFTER = 3
# Ridge over the mean power of a regressor.  A larger one follows the bout itself less: with 0.2 one in twenty ends of
# bouts is off by 0.27 s or more, with 0.4 by 0.23 s.  From 0.8 on more is left of uneven strides.
RIDGE = 0.4
# Keeps the equations solvable in stillness; far below any movement.
LEAST_POWER_G2 = 1e-9


class StrideRegression:
    """Explains blocks of a movement by regressors, with weights fitted to the blocks around each.

    The weights ``w`` of a block minimise ``|y - X w|^2 + r |w - neutral|^2`` over the three blocks before it, itself
    and the three after it.  ``X`` and ``y`` hold all three axes, and ``r`` is two fifths of the mean power of a
    regressor (Hoerl and Kennard 1970).  ``neutral``, shape ``(k,)``, are the weights where the movement says nothing
    else.  Every number comes from the same blocks by the same sums however they are pushed.
    """

    def __init__(self, neutral: FloatArray) -> None:
        k = len(neutral)
        self._neutral = neutral
        # Zeros stand before the movement.  Blocks lie along the last axis, for the sums over windows.
        self._gram: FloatArray = np.zeros((k, k, BLOCKS_BEFORE))
        self._moment: FloatArray = np.zeros((k, BLOCKS_BEFORE))
        self._waiting: FloatArray | None = None  # regressors of the blocks still to be explained

    def push(self, regressors_g: FloatArray, movement_g: FloatArray, *, closes: bool) -> FloatArray:
        """Take further blocks and return the explained part of those whose windows are now complete.

        ``regressors_g`` are ``(k, n, m)`` (regressors, blocks, values of a block), ``movement_g`` is ``(n, m)`` and the
        explained part ``(n_explained, m)``; with ``closes`` all waiting blocks are explained.
        """
        k, n_after = len(self._neutral), BLOCKS_AFTER if closes else 0
        gram = np.zeros((k, k, len(movement_g) + n_after))
        moment = np.zeros((k, len(movement_g) + n_after))
        for row, one_g in enumerate(regressors_g):
            moment[row, : len(movement_g)] = _multiply(one_g, movement_g)
            for column, other_g in enumerate(regressors_g[: row + 1]):
                gram[row, column, : len(movement_g)] = gram[column, row, : len(movement_g)] = _multiply(one_g, other_g)
        self._gram = np.concatenate([self._gram, gram], axis=-1)
        self._moment = np.concatenate([self._moment, moment], axis=-1)
        if self._waiting is None:
            self._waiting = regressors_g
        else:
            self._waiting = np.concatenate([self._waiting, regressors_g], axis=1)
        n_explained = self._gram.shape[-1] - BLOCKS_BEFORE - BLOCKS_AFTER
        explained_g = np.zeros((max(0, n_explained), movement_g.shape[1]))
        if n_explained <= 0:
            return explained_g
        for weight, one_g in zip(self._fit_weights(), self._waiting, strict=True):
            explained_g += weight[:, np.newaxis] * one_g[:n_explained]
        self._waiting = self._waiting[:, n_explained:]
        self._gram, self._moment = self._gram[..., n_explained:], self._moment[..., n_explained:]
        return explained_g

    def _fit_weights(self) -> FloatArray:
        """Fit the weights of every block whose window is complete, shape ``(k, n)``."""
        k, width = len(self._neutral), BLOCKS_BEFORE + 1 + BLOCKS_AFTER
        gram, moment = sum_windows(self._gram, width), sum_windows(self._moment, width)
        ridge = RIDGE * np.trace(gram) / k + LEAST_POWER_G2
        gram[range(k), range(k)] += ridge
        moment += self._neutral[:, np.newaxis] * ridge
        return np.asarray(np.linalg.solve(gram.transpose(2, 0, 1), moment.T[:, :, np.newaxis])[:, :, 0].T)


def _multiply(one_g: FloatArray, other_g: FloatArray) -> FloatArray:
    """Multiply blocks value by value and sum up each: exact whatever its neighbours are."""
    return np.asarray(np.einsum("ij,ij->i", one_g, other_g))
