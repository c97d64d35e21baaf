"""Beats: peaks of a zero-delay signal, located between samples."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from clonus_sense.model import FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Beats:
    """Successive peaks of a signal, one array per property, shape ``(n,)``.

    ``position`` is in samples, with fractions.  ``amplitude_g`` is half peak-to-peak: half of the peak's height above
    the mean of the troughs on either side.
    """

    position: FloatArray
    amplitude_g: FloatArray

    def __len__(self) -> int:
        return len(self.position)


def find_peaks_between(signal: FloatArray) -> NDArray[np.intp]:
    """Find local maxima that have a sample on both sides; of two equal samples the first counts.

    Unlike :func:`scipy.signal.find_peaks`, only the two neighbours decide, so a signal in pieces has the same maxima.
    """
    middle = signal[1:-1]
    return ((middle > signal[:-2]) & (middle >= signal[2:])).nonzero()[0] + 1


def find_beats(signal_g: FloatArray) -> Beats:
    """Find every peak of a signal, weak ones included, located with a parabola through three samples.

    At 50 Hz a sample is 12 % of a 6 Hz period; the parabola leaves an error of about 1 %.
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
