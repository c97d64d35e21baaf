"""The strongest line in the movement that a walk leaves: one frequency in one direction, as clonus is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.fft import rfft

from clonus_sense.detection.axis import MainAxis
from clonus_sense.detection.filters import make_hann
from clonus_sense.detection.gait.search import GaitCandidate
from clonus_sense.model import FloatArray

# Seven periods of 6 Hz: long enough for a line of 1.2 Hz width, short enough for a bout of seven beats.
LINE_WINDOW_S = 1.2
LINE_HOP_S = 0.1
LINE_HALF_WIDTH_HZ = 0.6
LINE_BAND_HZ = (4.2, 9.0)
ALL_BAND_HZ = (2.5, 12.5)
SPECTRUM_SIZE = 256
# A line with a smaller part of the power left is not worth following.
LEAST_CONCENTRATION_FOLLOWED = 0.4


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """The strongest line of a candidate.

    ``start`` is the index at which its strongest window begins; ``off_axis_ratio`` the amplitude in other directions
    over the one along ``axis``; ``concentration`` the part of the power left between 2.5 and 12.5 Hz that it holds
    along ``axis``, 0 to 1.
    """

    start: int
    frequency_hz: float
    axis: MainAxis
    off_axis_ratio: float
    concentration: float


def find_clear(candidates: Sequence[GaitCandidate], working_hz: float) -> list[GaitCandidate]:
    """Keep the candidates in whose clearest window a line may stand out: a cheap first look at all of them.

    The window must hold as much of one line, on all axes together, as a line needs in one direction.  A line that
    stands out in another window alone is given up for the time that this saves.
    """
    size = round(LINE_WINDOW_S * working_hz)
    long = [candidate for candidate in candidates if len(candidate.left_g) >= size]
    if not long:
        return []
    starts = [_find_clearest(candidate, size) for candidate in long]
    windows_g = np.stack(
        [candidate.left_g[start : start + size] for candidate, start in zip(long, starts, strict=True)]
    )
    largest = _analyse(windows_g, working_hz).shares.max(axis=1)
    return [candidate for candidate, share in zip(long, largest, strict=True) if share >= LEAST_CONCENTRATION_FOLLOWED]


def find_line(candidate: GaitCandidate, working_hz: float) -> Line | None:
    """Find the window, direction and frequency of the most concentrated line; ``None`` where no line stands out."""
    size, hop = round(LINE_WINDOW_S * working_hz), round(LINE_HOP_S * working_hz)
    n_known = len(candidate.left_g)
    if n_known < size:
        return None
    core_start = min(candidate.core_start, n_known - size)
    in_core = np.arange(core_start, max(core_start, min(candidate.core_end, n_known) - size) + 1, hop)
    line = _concentrate(candidate, np.append(in_core, _find_clearest(candidate, size)), working_hz)
    return line if line.concentration >= LEAST_CONCENTRATION_FOLLOWED else None


def _find_clearest(candidate: GaitCandidate, size: int) -> int:
    """Find the start of the window in which the rhythm was seen most clearly."""
    return min(max(0, candidate.clearest - size // 2), len(candidate.left_g) - size)


def _concentrate(candidate: GaitCandidate, starts: NDArray[np.intp], working_hz: float) -> Line:
    """Find the most concentrated line of the windows that begin at ``starts``."""
    spectra = _analyse(candidate.left_g[starts[:, None] + np.arange(round(LINE_WINDOW_S * working_hz))], working_hz)
    # The sum over the axes chooses the window and frequency, and these give the direction.
    window, place = np.unravel_index(spectra.shares.argmax(), spectra.shares.shape)
    hz, total = working_hz / SPECTRUM_SIZE, float(spectra.total[window])
    half = round(LINE_HALF_WIDTH_HZ / hz)
    low = round(LINE_BAND_HZ[0] / hz)
    middle = low + int(place)
    near = spectra.spectrum[window, middle - half : middle + half + 1]
    variances, directions = np.linalg.eigh(near.real.T @ near.real + near.imag.T @ near.imag)
    direction = directions[:, -1]
    largest = float(variances[-1])
    return Line(
        start=int(starts[window]),
        frequency_hz=(_find_peak(np.abs(near @ direction)) + middle - half) * hz,
        axis=MainAxis(direction, float(1.0 - variances[-2] / largest) if largest > 0.0 else 0.0),
        off_axis_ratio=float(np.sqrt(max(0.0, variances.sum() / largest - 1.0))) if largest > 0.0 else 0.0,
        concentration=largest / total if total > 0.0 else 0.0,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Spectra:
    """Spectra of windows, their total power, and the share of power in a narrow line at each frequency."""

    spectrum: np.ndarray[tuple[int, int, int], np.dtype[np.complex128]]  # windows, frequencies, axes
    total: FloatArray
    shares: FloatArray


def _analyse(windows_g: FloatArray, working_hz: float) -> _Spectra:
    """Take the spectra of windows, shape ``(n_windows, size, 3)``."""
    spectrum = rfft(windows_g * make_hann(windows_g.shape[1])[:, None], SPECTRUM_SIZE, axis=1)
    hz = working_hz / SPECTRUM_SIZE
    summed = np.cumsum((spectrum.real**2 + spectrum.imag**2).sum(axis=2), axis=1)
    all_low, all_high = (round(edge_hz / hz) for edge_hz in ALL_BAND_HZ)
    low, high = (round(edge_hz / hz) for edge_hz in LINE_BAND_HZ)
    half = round(LINE_HALF_WIDTH_HZ / hz)
    total = summed[:, all_high] - summed[:, all_low - 1]
    around = summed[:, low + half : high + half + 1] - summed[:, low - half - 1 : high - half]
    return _Spectra(spectrum, total, around / np.where(total > 0.0, total, 1.0)[:, None])


def _find_peak(values: FloatArray) -> float:
    """Place of the largest value, between samples where it has neighbours."""
    top = int(values.argmax())
    if not 0 < top < len(values) - 1:
        return float(top)
    left, middle, right = values[top - 1 : top + 2].tolist()
    bend = left - 2.0 * middle + right
    return top + (0.5 * (left - right) / bend if bend < 0.0 else 0.0)
