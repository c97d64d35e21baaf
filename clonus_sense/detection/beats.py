"""Beats: peaks of a zero-delay signal, located between samples."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from clonus_sense.model import FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Beats:
    """Successive peaks of a signal.

    Parameters
    ----------
    position
        Where each peak stands, in samples and fractions of a sample, shape ``(n,)``.
    amplitude_g
        Half peak-to-peak: half of the peak's height above the mean of the troughs on either side, shape ``(n,)``.
    """

    position: FloatArray
    amplitude_g: FloatArray

    def __len__(self) -> int:
        return len(self.position)


def find_peaks_between(signal: FloatArray) -> NDArray[np.intp]:
    """Find local maxima that have a sample on both sides; of two equal samples the first counts.

    Parameters
    ----------
    signal
        Any unit, shape ``(n,)``.

    Returns
    -------
    NDArray
        Sample index of each maximum.

    Notes
    -----
    Unlike :func:`scipy.signal.find_peaks`, whether a sample is a maximum depends on its two neighbours alone, so that a
    signal that arrives in pieces has the same maxima as the whole.

    Examples
    --------
    >>> find_peaks_between(np.array([0.0, 1.0, 0.0, 2.0, 2.0, 1.0])).tolist()
    [1, 3]
    """
    middle = signal[1:-1]
    return ((middle > signal[:-2]) & (middle >= signal[2:])).nonzero()[0] + 1


def find_beats(signal_g: FloatArray) -> Beats:
    """Find every peak of a signal, located with a parabola through three samples.

    Parameters
    ----------
    signal_g
        Band-passed acceleration on one axis, in g, shape ``(n,)``.

    Returns
    -------
    Beats
        All peaks, weak ones included.

    Notes
    -----
    At 50 Hz a sample is 12 % of a 6 Hz period; the parabola leaves an error of about 1 %.

    Examples
    --------
    >>> t = np.arange(100) / 50
    >>> beats = find_beats(0.2 * np.cos(2 * np.pi * 5 * t))
    >>> np.allclose(np.diff(beats.position), 10), bool(abs(beats.amplitude_g[1] - 0.2) < 0.002)
    (True, True)
    """
    peaks = find_peaks_between(signal_g)
    if len(peaks) == 0:
        return Beats(np.empty(0), np.empty(0))
    left, top, right = signal_g[peaks - 1], signal_g[peaks], signal_g[peaks + 1]
    shift = 0.5 * (left - right) / (left - 2.0 * top + right)
    height = top - 0.25 * (left - right) * shift
    edges = np.concatenate([[0], peaks, [len(signal_g)]])
    # The lowest sample between neighbouring peaks, and between the outer peaks and the ends of the signal.
    troughs = np.minimum.reduceat(signal_g, edges[:-1])
    return Beats(peaks + shift, 0.5 * (height - 0.5 * (troughs[:-1] + troughs[1:])))
