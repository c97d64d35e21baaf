"""Ridge regression that goes along with a movement: what the strides before explain of it, block by block."""

from __future__ import annotations

import numpy as np

from clonus_sense.detection.gait.strides import sum_windows
from clonus_sense.model import FloatArray

# Weights hold for about a stride: on bouts added to real walks (0 dB, 285 of them) windows of 0.9 to 1.3 s left the
# least, and shorter ones follow the bout itself.
BLOCKS_BEFORE = 3
BLOCKS_AFTER = 3
# Of the mean power of a regressor.  The more, the less the weights follow the bout itself (with 0.2 one in twenty ends
# of bouts lies 0.27 s off and more, with this 0.23 s); from 0.8 on more is left of uneven strides.
RIDGE = 0.4
# Keeps the equations solvable where there is nothing to take; far below any movement, in g squared.
LEAST_POWER_G2 = 1e-9


class StrideRegression:
    """Explains blocks of a movement by regressors, with weights fitted to the blocks around each.

    Parameters
    ----------
    neutral
        Weights where the movement says nothing else, one for each regressor, shape ``(k,)``: the ridge draws to them.

    Notes
    -----
    The weights ``w`` of a block minimise ``|y - X w|^2 + r |w - neutral|^2`` over the three blocks before it, itself
    and the three after it, ``X`` and ``y`` with all three axes one under the other, ``r`` two fifths of the mean power
    of a regressor (Hoerl and Kennard 1970).  Every number comes from the same blocks by the same sums however they are
    pushed.

    Examples
    --------
    >>> steps_g = np.random.default_rng(0).normal(size=(2, 40, 30))
    >>> movement_g = 0.9 * steps_g[0] - 0.2 * steps_g[1]
    >>> regression = StrideRegression(np.array([0.5, 0.5]))
    >>> left_g = movement_g - regression.push(steps_g, movement_g, closes=True)
    >>> bool(np.abs(left_g).mean() < 0.3 * np.abs(movement_g).mean())
    True
    """

    def __init__(self, neutral: FloatArray) -> None:
        k = len(neutral)
        self._neutral = neutral
        # Before the movement there was none.  Blocks stand along the last axis, as the sums over windows want them.
        self._gram: FloatArray = np.zeros((k, k, BLOCKS_BEFORE))
        self._moment: FloatArray = np.zeros((k, BLOCKS_BEFORE))
        self._waiting: FloatArray | None = None  # regressors of the blocks that are not explained yet

    def push(self, regressors_g: FloatArray, movement_g: FloatArray, *, closes: bool) -> FloatArray:
        """Take further blocks and explain those whose windows are now complete.

        Parameters
        ----------
        regressors_g
            Shape ``(k, n, m)``: regressors, blocks, values of a block.
        movement_g
            What is to be explained, shape ``(n, m)``.
        closes
            Whether these are the last blocks.

        Returns
        -------
        FloatArray
            The explained part of the movement, shape ``(n_explained, m)``; with ``closes`` of all blocks that wait.
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
    """Multiply blocks value by value and add each block up: the same to the last bit whatever stands beside it."""
    return np.asarray(np.einsum("ij,ij->i", one_g, other_g))
