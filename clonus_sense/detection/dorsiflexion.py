"""Where the beats stand: at the ends of dorsiflexion, as clinicians count them.

A sensor feels acceleration, and a beat is an angle.  While an oscillation is steady the two differ by a sign alone;
while it grows or dies away the peaks of the acceleration come late or early, in bouts of five beats by enough to
change the frequency by 0.3 Hz.
"""

from __future__ import annotations

import numpy as np
from scipy.fft import irfft, rfft

from clonus_sense.detection.beats import Beats, find_beats
from clonus_sense.model import FloatArray

# The first swing is looked for from this many periods before the first beat on.
FIRST_SWING_PERIODS = 1.2
# Of the strong beats: a swing of this size belongs to the beating; what comes before it is the stretch, or the
# filter's own echo of a sudden start.  At 0.5 more bouts of the development cases get the right side, but that of a
# bout which begins as softly as a sine would hang on the sampling rate.
FULL_SWING_RATIO = 0.6
# By how much less than half of a period the sharper side lasts where it outweighs the first swing.  On folds 1-4 of the
# development cases both together are right in five of six bouts of fewer than ten beats, the sharper side alone in
# four of seven.
TELLING_DUTY = 0.02
# Of what a first swing says: a pure sine, such as a hum, says nothing, and the pieces of a long one must not differ.
LEAST_SAID = 0.25
# Below this part of the fundamental the acceleration is not integrated any further: drift would drown the beats.
# Between 0.3 and 0.7 it makes no difference on folds 1-4, at 1.5 a fifth of the gain is lost.
LOWEST_INTEGRATED_RATIO = 0.5
# A beat moves by no more than this part of a period, else it was another one.
FARTHEST_PERIODS = 0.25
SPECTRUM_SIZE = 1024


def stands_on_other_side(signal_g: FloatArray, beats: Beats, strong_g: float) -> bool:
    """Tell whether the beats of a chain stand on the troughs of its signal rather than on its peaks.

    Parameters
    ----------
    signal_g
        Band-passed acceleration on the main axis, in g, shape ``(n,)``.
    beats
        The chain's peaks.
    strong_g
        Half peak-to-peak of its strong beats.

    Returns
    -------
    bool
        Whether the axis should be turned round.

    Notes
    -----
    Clonus is set off by a stretch: the leg first moves towards dorsiflexion, gently, and the reflex then throws it
    back.  A beat is the end of dorsiflexion, where the acceleration points back: so beats stand on the side of the
    first full swing, and a small one before it points the other way (Boyraz 2015; the reflex-loop model).  Where one
    side's peaks are clearly sharper they decide: the reflex pushes in short bursts against a slower stretch.  Both
    rules turn with the sensor, so no mounting can flip them.

    Examples
    --------
    >>> t = np.arange(100) / 50
    >>> level = np.select([t < 0.495, t < 0.58, t < 1.5], [0.0, 0.05, 0.2])
    >>> swings = level * np.cos(2 * np.pi * 6 * (t - 0.5))
    >>> peaks = Beats(0.5 * 50 + np.arange(6) * 50 / 6, np.full(6, 0.2))
    >>> bool(stands_on_other_side(swings, peaks, 0.2)), bool(stands_on_other_side(-swings, peaks, 0.2))
    (True, False)
    """
    period = float(beats.position[-1] - beats.position[0]) / (len(beats) - 1)
    start = round(float(beats.position[0]) - FIRST_SWING_PERIODS * period)
    end = min(len(signal_g), round(float(beats.position[-1]) + 0.5 * period) + 1)
    # A rhythm that was going on when its window begins has no first swing.
    side = _find_side_of_first_swing(signal_g[start : start + round(2.5 * period)], strong_g) if start >= 0 else 0
    moved = signal_g[max(0, round(float(beats.position[0]) - 0.5 * period)) : end]
    return side - _measure_duty(moved) / TELLING_DUTY < -LEAST_SAID


def _measure_duty(signal_g: FloatArray) -> float:
    """How much more of a period the signal is positive than half; by crossings of zero, so that size has no say."""
    is_above = signal_g > 0.0
    before = np.flatnonzero(is_above[:-1] != is_above[1:])
    crossings = before + signal_g[before] / (signal_g[before] - signal_g[before + 1])
    lasts, rises = np.diff(crossings), is_above[before + 1][:-1]
    above, below = lasts[rises], lasts[~rises]
    if len(above) == 0 or len(below) == 0:
        return 0.0
    return float(above.mean() / (above.mean() + below.mean())) - 0.5


def _find_side_of_first_swing(signal_g: FloatArray, strong_g: float) -> int:
    """Sign of the first full swing; 0 where there is none."""
    middle = signal_g[1:-1]
    turns = (middle - signal_g[:-2]) * (signal_g[2:] - middle) <= 0.0
    swings = middle[turns & (np.abs(middle) >= FULL_SWING_RATIO * strong_g)]
    if len(swings) == 0:
        return 0
    return 1 if swings[0] > 0.0 else -1


def find_ends_of_swings(signal_g: FloatArray, positions: FloatArray) -> FloatArray:
    """Move beats from the peaks of an acceleration to the ends of the swings of the angle behind it.

    Parameters
    ----------
    signal_g
        Band-passed acceleration on the main axis, in g, shape ``(n,)``, beats on its peaks.
    positions
        The peaks, in samples, shape ``(n_beats,)``.

    Returns
    -------
    FloatArray
        Shape ``(n_beats,)``; a beat without an end of a swing near it stays where it was.

    Notes
    -----
    The signal is integrated twice in the frequency domain, without delay, as inertial step-length and tremor
    amplitude measures do; what lies well below the fundamental is left alone.

    Examples
    --------
    >>> t = np.arange(200) / 50
    >>> grow = lambda t: np.exp(-3.0 * np.abs(t - 2.0)) * np.cos(2 * np.pi * 5 * t)
    >>> accel = 2 * grow(t) - grow(t + 0.001) - grow(t - 0.001)
    >>> late = find_beats(accel).position[4:16] - find_beats(grow(t)).position[4:16]
    >>> moved = find_ends_of_swings(accel, find_beats(accel).position[4:16]) - find_beats(grow(t)).position[4:16]
    >>> late[:3].round(1).tolist(), bool(np.abs(moved[:3]).max() < 0.1)
    ([0.3, 0.3, 0.3], True)
    """
    period = float(positions[-1] - positions[0]) / (len(positions) - 1)
    ends = find_beats(_integrate_twice(signal_g, period)).position
    if len(ends) == 0:
        return positions
    right = np.searchsorted(ends, positions).clip(1, max(1, len(ends) - 1))
    left = right - 1
    right = right.clip(0, len(ends) - 1)
    nearest = np.where(positions - ends[left] < ends[right] - positions, ends[left], ends[right])
    moved = np.where(np.abs(nearest - positions) < FARTHEST_PERIODS * period, nearest, positions)
    # Two beats never share an end: their order and at least 0.4 of a period between them stay.
    return positions if (np.diff(moved) < 0.4 * period).any() else moved


def find_swings(signal_g: FloatArray, period: float) -> Beats:
    """Find a beat for each swing of the angle behind an acceleration, however many peaks the acceleration has in it.

    Parameters
    ----------
    signal_g
        Band-passed acceleration on the main axis, in g, shape ``(n,)``, positive towards the end of the swings.
    period
        Of the swings, in samples.

    Returns
    -------
    Beats
        At the ends of the swings, with half the peak-to-peak of the acceleration around each.

    Notes
    -----
    Integrated twice, a second harmonic is a quarter of its size, so that a swing has one end.

    Examples
    --------
    >>> t = np.arange(100) / 50
    >>> landing_g = 0.1 * (np.cos(2 * np.pi * 5 * t) + 0.8 * np.cos(2 * np.pi * 10 * t))
    >>> len(find_beats(landing_g)), len(find_swings(landing_g, 10.0))
    (19, 9)
    """
    ends = find_beats(_integrate_twice(signal_g, period)).position
    if len(ends) == 0:
        return Beats(ends, ends)
    between = np.concatenate([[0], np.round(0.5 * (ends[1:] + ends[:-1])).astype(np.intp)])
    span_g = np.maximum.reduceat(signal_g, between) - np.minimum.reduceat(signal_g, between)
    return Beats(ends, 0.5 * span_g)


def _integrate_twice(signal_g: FloatArray, period: float) -> FloatArray:
    """Integrate twice without delay, its sign turned round; what lies well below the fundamental is left alone."""
    size = max(SPECTRUM_SIZE, 1 << (len(signal_g) - 1).bit_length())
    cycles = np.arange(size // 2 + 1) / size
    integrated = irfft(rfft(signal_g, size) / (cycles**2 + (LOWEST_INTEGRATED_RATIO / period) ** 2), size)
    return np.asarray(integrated[: len(signal_g)], dtype=np.float64)
