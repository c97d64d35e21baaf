"""Beats stand at the ends of dorsiflexion, where clinicians count them.

A sensor feels acceleration, but a beat is an angle.  In a steady oscillation the two differ only in sign.  In one that
grows or dies away the acceleration peaks come late or early: in bouts of five beats by enough to change the frequency
by 0.3 Hz.
"""

from __future__ import annotations

import numpy as np
from scipy.fft import irfft, rfft

from clonus_sense.detection.beats import Beats, find_beats
from clonus_sense.model import FloatArray

# The first swing begins at most this many periods before the first beat.
FIRST_SWING_PERIODS = 1.2
# Smallest full swing over the strong beats; a smaller one before it is the stretch, or the filter's echo of a sudden
# start.  With 0.5 more bouts of the development cases get the right side, but the side of a bout that begins as softly
# as a sine would depend on the sampling rate.
FULL_SWING_RATIO = 0.6
# Duty-cycle deficit at which peak sharpness outweighs the first swing.  On folds 1-4 of the development cases both
# together are right in five of six bouts of fewer than ten beats, sharpness alone in four of seven.
TELLING_DUTY = 0.02
# Dead band, over the vote of a first swing: a pure sine, such as a hum, must not flip the axis from piece to piece.
LEAST_SAID = 0.25
# Integration stops below this part of the fundamental: drift would drown the beats.  On folds 1-4 0.3 to 0.7 make no
# difference; 1.5 loses a fifth of the gain.
LOWEST_INTEGRATED_RATIO = 0.5
# Largest shift of a beat, in periods; an end farther away belongs to another beat.
FARTHEST_PERIODS = 0.25
SPECTRUM_SIZE = 1024


def stands_on_other_side(signal_g: FloatArray, beats: Beats, strong_g: float) -> bool:
    """Tell whether the beats of a chain stand on the troughs of its signal, so that the axis should be turned.

    A stretch sets clonus off: the leg first moves gently towards dorsiflexion, and the reflex then throws it back.  A
    beat is the end of dorsiflexion, where the acceleration points back.  So beats stand on the side of the first full
    swing, and a small one before it points the other way (Boyraz 2015; the reflex-loop model).  Where the peaks of one
    side are clearly sharper they decide: the reflex pushes in short bursts against a slower stretch.  Both rules turn
    with the sensor, so no mounting can flip them.
    """
    period = float(beats.position[-1] - beats.position[0]) / (len(beats) - 1)
    start = round(float(beats.position[0]) - FIRST_SWING_PERIODS * period)
    end = min(len(signal_g), round(float(beats.position[-1]) + 0.5 * period) + 1)
    # A rhythm that is under way when its window begins has no first swing.
    side = _find_side_of_first_swing(signal_g[start : start + round(2.5 * period)], strong_g) if start >= 0 else 0
    moved = signal_g[max(0, round(float(beats.position[0]) - 0.5 * period)) : end]
    return side - _measure_duty(moved) / TELLING_DUTY < -LEAST_SAID


def _measure_duty(signal_g: FloatArray) -> float:
    """Duty cycle of the positive side less one half; zero crossings leave the amplitude out of it."""
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
    """Move beats, in samples, from peaks of the acceleration to the nearest extremes of the angle.

    The signal is integrated twice in the frequency domain, without delay, as measures of step length and tremor
    amplitude do; movement well below the fundamental is not integrated.  A beat without an extreme
    nearby keeps its position.
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
    # Two beats never share an end: they keep their order and at least 0.4 of a period between them.
    return positions if (np.diff(moved) < 0.4 * period).any() else moved


def find_swings(signal_g: FloatArray, period: float) -> Beats:
    """Find a beat for each swing of the angle, however many peaks the acceleration has in it.

    Integrated twice, a second harmonic is a quarter of its size, so a swing has one end.  Amplitudes are half the
    peak-to-peak of the acceleration around each end; the signal is positive towards the ends.
    """
    ends = find_beats(_integrate_twice(signal_g, period)).position
    if len(ends) == 0:
        return Beats(ends, ends)
    between = np.concatenate([[0], np.round(0.5 * (ends[1:] + ends[:-1])).astype(np.intp)])
    span_g = np.maximum.reduceat(signal_g, between) - np.minimum.reduceat(signal_g, between)
    return Beats(ends, 0.5 * span_g)


def _integrate_twice(signal_g: FloatArray, period: float) -> FloatArray:
    """Integrate twice without delay and change the sign; movement well below the fundamental is left alone."""
    size = max(SPECTRUM_SIZE, 1 << (len(signal_g) - 1).bit_length())
    cycles = np.arange(size // 2 + 1) / size
    integrated = irfft(rfft(signal_g, size) / (cycles**2 + (LOWEST_INTEGRATED_RATIO / period) ** 2), size)
    return np.asarray(integrated[: len(signal_g)], dtype=np.float64)
