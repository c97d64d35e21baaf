"""Activity epochs, collected during one pass over a recording; a few hundred bytes for each half minute."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from clonus_sense.activity.epoch import EPOCH_S, Epoch, WearState
from clonus_sense.activity.seconds import LEAST_GRAVITY_G, StretchSeconds
from clonus_sense.activity.wear import judge_wear
from clonus_sense.model import FloatArray, SampleBatch

# Columns of sums over the seconds of an epoch; each second is weighted with the time that it shares with the epoch.
_MEASURED_S, _KNOWN_S, _SPREAD, _MEAN, _NEXT_STEP, _HALF_STEP, _ALIVE_S = 0, 1, 2, slice(3, 6), 6, 7, 8
# One more column holds the maximum handling of the seconds.
_HANDLING, _N_COLUMNS = 9, 10

# A still sensor shows only its noise, and so does the quietest epoch of a recording.  The mean spread of 30 s has an
# error of 1 % at 50 Hz; a change of temperature and the sway of pulse or breath add less than a quarter.
STILL_RATIO = 1.25

# Known sensors have at most 5 mg of noise on an axis; twice that is movement, even in a recording without rest.
MOST_STILL_G = 0.010

# 12 bits over +-8 g: the coarsest usual step, used if the recording does not state its step.
UNKNOWN_STEP_G = 0.004

# A constant leaves a rounding error; the finest known sensor has steps of 60 millionths of a g.
LEAST_SPREAD_G = 1e-9

# An epoch with less measured time does not measure the sensor's noise well.
FLOOR_MEASURED_S = EPOCH_S / 2


class ActivityBuilder:
    """Collects the epochs of a recording from its batches.

    Samples are reduced in seconds counted from the start of their stretch, and each second counts in an epoch by the
    time that they share: any cut of the same samples gives exactly the same epochs.

    Parameters
    ----------
    step_g
        Size of one step of the sensor, in g; ``None`` if unknown.  A still sensor that toggles between two steps shows
        up to half a step of movement.

    Examples
    --------
    >>> from clonus_sense.simulate import simulate_still
    >>> builder = ActivityBuilder()
    >>> for batch in simulate_still(hours=0.025).batches():
    ...     builder.add(batch)
    >>> [(epoch.start_s, epoch.measured_s, round(epoch.movement_g, 4)) for epoch in builder.build()]
    [(0.0, 30.0, 0.003), (30.0, 30.0, 0.003), (60.0, 30.0, 0.003)]
    """

    def __init__(self, step_g: float | None = None) -> None:
        self._step_g = UNKNOWN_STEP_G if step_g is None else step_g
        self._sums: dict[int, FloatArray] = {}
        self._seconds: StretchSeconds | None = None

    def add(self, batch: SampleBatch) -> None:
        """Add the next batch of the recording.

        Parameters
        ----------
        batch
            The samples after those of the batch before, or the first ones of the next stretch; all finite.

        Raises
        ------
        ValueError
            If the batch does not follow the one before.
        """
        if not len(batch.accel_g):
            return
        if self._seconds is None or self._seconds.stretch != batch.stretch:
            if self._seconds is not None:
                _add_seconds(self._sums, self._seconds.remaining())
            self._seconds = StretchSeconds(batch.stretch)
        if batch.first_index != self._seconds.end_index:
            raise ValueError(
                f"The batch starts at index {batch.first_index} of stretch {batch.stretch.number}, but index "
                f"{self._seconds.end_index} comes next; add every batch in its order."
            )
        _add_seconds(self._sums, self._seconds.push(batch))

    def build(self, rhythmic_s: Sequence[float] = ()) -> tuple[Epoch, ...]:
        """Return the epochs of all batches so far; more batches may follow.

        Parameters
        ----------
        rhythmic_s
            Moments of rhythmic movement, as for :func:`judge_wear`.

        Returns
        -------
        tuple[Epoch, ...]
            From second 0 to the last sample without a hole; unmeasured time also has epochs.
        """
        sums = dict(self._sums)
        if self._seconds is not None:
            _add_seconds(sums, self._seconds.remaining())
        # A damaged stamp may lie before the start.
        sums = {second: values for second, values in sums.items() if second >= 0}
        if not sums:
            return ()
        table = np.zeros((max(sums) + 1, _N_COLUMNS))
        table[list(sums)] = list(sums.values())
        return judge_wear(_make_epochs(table, self._still_limit_g(table)), rhythmic_s)

    def _still_limit_g(self, table: FloatArray) -> float:
        """Largest movement, in g, that may be the sensor's noise."""
        enough, alive = (table[:, seconds] >= FLOOR_MEASURED_S for seconds in (_KNOWN_S, _ALIVE_S))
        if not enough.any():
            return 0.0
        # A sensor that hangs for a while repeats one sample, which is not its noise.  A sensor that shows no movement
        # most of the time is coarse, and it is still.
        counted, seconds = (alive, _ALIVE_S) if 2 * alive.sum() > enough.sum() else (enough, _KNOWN_S)
        floor_g = float((table[counted, _SPREAD] / table[counted, seconds]).min())
        return min(STILL_RATIO * floor_g + self._step_g / 2, MOST_STILL_G)


def _add_seconds(sums: dict[int, FloatArray], seconds: NDArray[np.void]) -> None:
    """Add seconds to the epochs that they lie in; one on the border counts in both, by its share of time.

    Sums are replaced, never changed in place, so a shallow copy of the dictionary is safe.
    """
    if not len(seconds):
        return
    first = np.floor(seconds["start_s"] / EPOCH_S)
    border_s = (first + 1) * EPOCH_S
    before_s = np.minimum(seconds["end_s"], border_s) - seconds["start_s"]
    after_s = np.maximum(seconds["end_s"] - border_s, 0.0)
    # One row for each share, in the order of time, so that the sums round alike for any cut of the samples.
    number = np.column_stack([first, first + 1]).ravel()
    shared_s = np.column_stack([before_s, after_s]).ravel()
    within = shared_s > 0.0
    touched, row = np.unique(number[within].astype(np.int64), return_inverse=True)
    values = np.repeat(_values_of(seconds), 2, axis=0)[within] * shared_s[within, np.newaxis]
    part = np.array([sums.get(n, np.zeros(_N_COLUMNS)) for n in touched.tolist()])
    np.add.at(part, row, values)
    np.maximum.at(part[:, _HANDLING], row, np.repeat(seconds["handling_deg"], 2)[within])
    sums.update(zip(touched.tolist(), part, strict=True))


def _values_of(seconds: NDArray[np.void]) -> FloatArray:
    """Contribution of each second to the sums of an epoch, for each second of shared time."""
    values = np.ones((len(seconds), _N_COLUMNS))
    known = seconds["known"]
    values[:, _KNOWN_S] = known
    values[:, _SPREAD] = seconds["spread_g"] * known
    values[:, _MEAN] = seconds["mean_g"] * known[:, np.newaxis]
    values[:, _NEXT_STEP] = seconds["next_step_g2"]
    values[:, _HALF_STEP] = seconds["half_step_g2"]
    values[:, _HANDLING] = 0.0
    values[:, _ALIVE_S] = known & (seconds["spread_g"] > LEAST_SPREAD_G)
    return values


def _make_epochs(table: FloatArray, still_limit_g: float) -> tuple[Epoch, ...]:
    """Convert the sums to epochs; wear is judged later."""
    return tuple(_make_epoch(number, row, still_limit_g) for number, row in enumerate(table))


def _make_epoch(number: int, sums: FloatArray, still_limit_g: float) -> Epoch:
    """Convert the sums of one epoch."""
    known_s = float(sums[_KNOWN_S])
    movement_g = float(sums[_SPREAD]) / known_s if known_s > 0.0 else None
    return Epoch(
        start_s=number * EPOCH_S,
        # Rounding may make the sum of shares exceed the epoch.
        measured_s=min(float(sums[_MEASURED_S]), EPOCH_S),
        movement_g=movement_g,
        gravity=_direction(sums[_MEAN] / known_s) if known_s > 0.0 else None,
        sway_ratio=_sway_ratio(sums),
        handling_deg=float(sums[_HANDLING]) if known_s > 0.0 else None,
        still=movement_g is not None and movement_g <= still_limit_g,
        state=WearState.NOT_MEASURED if movement_g is None else WearState.MEASURED_AND_WORN,
    )


def _direction(mean_g: FloatArray) -> tuple[float, float, float] | None:
    """Direction of a mean acceleration; ``None`` if it is too short to have one."""
    length_g = float(np.linalg.norm(mean_g))
    if length_g < LEAST_GRAVITY_G:
        return None
    x, y, z = (mean_g / length_g).tolist()
    return x, y, z


def _sway_ratio(sums: FloatArray) -> float | None:
    """Ratio of the Allan variances of whole seconds and of half seconds.

    White noise halves its variance when twice as many samples are averaged, whatever its size and even after the
    sensor's own filter: the ratio is 1.  Breath at 0.25 Hz alone would give 5.8.
    """
    next_step_g2, half_step_g2 = float(sums[_NEXT_STEP]), float(sums[_HALF_STEP])
    return 2 * next_step_g2 / half_step_g2 if half_step_g2 > 0.0 else None
