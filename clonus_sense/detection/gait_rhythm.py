"""A rhythm inside a walk: its beats and everything that is measured on them, once the strides are taken away.

What is left of a walk is still as strong as many a bout.  But it is spread over frequencies and directions, and
clonus is one line in one direction; so the line is looked for first, then followed in time for as long as it stands
out, and its beats are the crests of its phase.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.fft import rfft

from clonus_sense.detection.axis import MainAxis, project
from clonus_sense.detection.chains import find_strong
from clonus_sense.detection.gait import GaitCandidate
from clonus_sense.detection.rhythm import (
    GaitMeasures,
    Rhythm,
    make_window,
    measure_jitter,
    measure_sub_harmonics,
    measure_wander,
)
from clonus_sense.detection.strides import sum_windows
from clonus_sense.model import FloatArray

# Seven periods of 6 Hz: long enough for a line of 1.2 Hz width, short enough for a bout of seven beats.
LINE_WINDOW_S = 1.2
LINE_HOP_S = 0.1
LINE_HALF_WIDTH_HZ = 0.6
LINE_BAND_HZ = (4.2, 9.0)
ALL_BAND_HZ = (2.5, 12.5)
SPECTRUM_SIZE = 256
# A line that holds less than this part of all that is left is not worth following.
LEAST_CONCENTRATION = 0.4
# Half a stride and more: the envelope of a line of 3 Hz width.
ENVELOPE_HALF_LENGTH_S = 0.3
# Between what a beat of the bout has at least (a fifth) and what a sudden start shows in a symmetric envelope (a half);
# what is left beside a bout seldom reaches it.
EDGE_OF_STRONG = 0.3
# A stride that differs from those before leaves a burst much stronger than the line beside it: no part of the bout, and
# nothing that is known of its flank.
MOST_OF_STRONG = 2.0
# A bout longer than a stride is taken from the strides after it together with theirs, and what is left there shows it
# once more, where the movement itself holds it no longer: two strides at most, averaged so that a beat that a footfall
# hides does not end a bout.
LONGEST_ECHO_S = 2.6
ECHO_WINDOW_S = 0.5
ECHO_RATIO = 0.6
# A footfall hides a beat or two; what beats on both sides of it goes on.
LONGEST_DIP_S = 0.2
STRONG_QUANTILE = 0.8
FEWEST_BEATS = 4
# Between the bout and what is looked at beside it.
NEAR_FLANK_S = 0.25
FEWEST_FLANK_S = 0.3
# A leg that stands before or after the walk is quiet of itself, and tells nothing of what strides leave: they are at
# least half as strong as those of the bout where they tell.
FLANK_OF_STRIDES = 0.5
# A flank of which nothing is known speaks neither for nor against: about what bouts and others have on average.
UNKNOWN_FLANK_RATIO = 0.25


@dataclass(frozen=True, slots=True, eq=False)
class _Line:
    """The strongest line of a candidate: where, which way, how fast, and which part of all it holds."""

    start: int
    frequency_hz: float
    axis: MainAxis
    off_axis_ratio: float
    concentration: float


def measure_gait_rhythm(candidate: GaitCandidate, working_hz: float) -> Rhythm | None:
    """Follow the line of a candidate and measure it.

    Parameters
    ----------
    candidate
        Window and core.
    working_hz
        Rate of the window.

    Returns
    -------
    Rhythm or None
        ``None`` where no line stands out, or for fewer than four beats.

    Notes
    -----
    1. In windows of 1.2 s the direction and the frequency whose line of 1.2 Hz width holds the largest part of the
    movement left between 2.5 and 12.5 Hz.  2. Its envelope and phase, by demodulation without delay.  3. From the
    strongest window outward for as long as the envelope keeps to 30-200 % of the strong part, dips of a beat bridged,
    and back from an end that the movement itself does not hold.  4. Beats are the crests of the phase.
    """
    line = _find_line(candidate, working_hz)
    if line is None or line.concentration < LEAST_CONCENTRATION:
        return None
    signal_g = project(candidate.left_g, line.axis.direction)
    analytic = _demodulate(signal_g, line.frequency_hz, working_hz)
    envelope_g = np.abs(analytic)
    wide_g = project(candidate.wide_g, line.axis.direction)
    present_g = np.abs(_demodulate(wide_g, line.frequency_hz, working_hz))
    start, end = _find_extent(envelope_g, present_g, line, working_hz)
    samples = np.arange(start, end)
    phase = np.unwrap(np.angle(analytic[start:end])) + 2.0 * np.pi * line.frequency_hz * samples / working_hz
    turns = np.arange(np.ceil(phase[0] / (2.0 * np.pi)), np.floor(phase[-1] / (2.0 * np.pi)) + 1.0)
    if len(turns) < FEWEST_BEATS or (np.diff(phase) <= 0.0).any():
        return None
    positions = np.interp(2.0 * np.pi * turns, phase, samples)
    amplitudes_g = np.interp(positions, samples, envelope_g[start:end])
    return _describe(candidate, line, signal_g, envelope_g, positions, amplitudes_g, working_hz)


def find_clear(candidates: Sequence[GaitCandidate], working_hz: float) -> list[GaitCandidate]:
    """Leave out candidates in whose clearest window no line can stand out, all at a glance.

    Parameters
    ----------
    candidates
        Places in a walk.
    working_hz
        Rate of their windows.

    Returns
    -------
    list of GaitCandidate
        Those of which :func:`measure_gait_rhythm` may measure something: one direction holds no more of a line than
        all three together.
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
    return [candidate for candidate, share in zip(long, largest, strict=True) if share >= LEAST_CONCENTRATION]


def _find_clearest(candidate: GaitCandidate, size: int) -> int:
    """Where the window begins in which the rhythm was seen most clearly."""
    return min(max(0, candidate.clearest - size // 2), len(candidate.left_g) - size)


def _find_line(candidate: GaitCandidate, working_hz: float) -> _Line | None:
    """Find the window, direction and frequency of the most concentrated line."""
    size, hop = round(LINE_WINDOW_S * working_hz), round(LINE_HOP_S * working_hz)
    n_known = len(candidate.left_g)
    if n_known < size:
        return None
    core_start = min(candidate.core_start, n_known - size)
    in_core = np.arange(core_start, max(core_start, min(candidate.core_end, n_known) - size) + 1, hop)
    return _concentrate(candidate, np.append(in_core, _find_clearest(candidate, size)), working_hz)


def _concentrate(candidate: GaitCandidate, starts: NDArray[np.intp], working_hz: float) -> _Line:
    """Find the most concentrated line of the windows that begin at ``starts``."""
    spectra = _analyse(candidate.left_g[starts[:, None] + np.arange(round(LINE_WINDOW_S * working_hz))], working_hz)
    # The axes' sum leads to the window and frequency; the direction comes from that one alone.
    window, place = np.unravel_index(spectra.shares.argmax(), spectra.shares.shape)
    hz, total = working_hz / SPECTRUM_SIZE, float(spectra.total[window])
    half = round(LINE_HALF_WIDTH_HZ / hz)
    low = round(LINE_BAND_HZ[0] / hz)
    middle = low + int(place)
    near = spectra.spectrum[window, middle - half : middle + half + 1]
    variances, directions = np.linalg.eigh(near.real.T @ near.real + near.imag.T @ near.imag)
    direction = directions[:, -1]
    largest = float(variances[-1])
    return _Line(
        start=int(starts[window]),
        frequency_hz=(_find_peak(np.abs(near @ direction)) + middle - half) * hz,
        axis=MainAxis(direction, float(1.0 - variances[-2] / largest) if largest > 0.0 else 0.0),
        off_axis_ratio=float(np.sqrt(max(0.0, variances.sum() / largest - 1.0))) if largest > 0.0 else 0.0,
        concentration=largest / total if total > 0.0 else 0.0,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Spectra:
    """Spectra of windows, and the part that a line at each frequency of the band holds of each window, all axes."""

    spectrum: np.ndarray[tuple[int, int, int], np.dtype[np.complex128]]  # windows, frequencies, axes
    total: FloatArray
    shares: FloatArray


def _analyse(windows_g: FloatArray, working_hz: float) -> _Spectra:
    """Take the spectra of windows, shape ``(n_windows, size, 3)``."""
    spectrum = rfft(windows_g * make_window(windows_g.shape[1]), SPECTRUM_SIZE, axis=1)
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


def _demodulate(
    signal_g: FloatArray, frequency_hz: float, working_hz: float
) -> np.ndarray[tuple[int], np.dtype[np.complex128]]:
    """Envelope and phase of a line, without delay: the signal turned back by its frequency, and averaged."""
    middle = round(ENVELOPE_HALF_LENGTH_S * working_hz)
    window = np.hanning(2 * middle + 3)[1:-1]
    turned = signal_g * np.exp(-2j * np.pi * frequency_hz / working_hz * np.arange(len(signal_g)))
    return np.asarray(np.convolve(turned, 2.0 * window / window.sum(), "same"))


def _find_extent(envelope_g: FloatArray, present_g: FloatArray, line: _Line, working_hz: float) -> tuple[int, int]:
    """From the line's window outward for as long as its envelope lasts, short dips bridged."""
    size, longest = round(LINE_WINDOW_S * working_hz), round(LONGEST_DIP_S * working_hz)
    window_g = envelope_g[line.start : line.start + size]
    strong_g = find_strong(window_g, STRONG_QUANTILE)
    stands_out = (envelope_g >= EDGE_OF_STRONG * strong_g) & (envelope_g <= MOST_OF_STRONG * strong_g)
    seed = line.start + int(np.where(stands_out[line.start : line.start + size], window_g, 0.0).argmax())
    places = np.flatnonzero(stands_out)
    parts = np.split(places, np.flatnonzero(np.diff(places) > longest) + 1)
    [part] = [part for part in parts if part[0] <= seed <= part[-1]]
    start, end = int(part[0]), int(part[-1]) + 1
    return start, _leave_out_echo(envelope_g, present_g, start, end, working_hz)


def _leave_out_echo(envelope_g: FloatArray, present_g: FloatArray, start: int, end: int, working_hz: float) -> int:
    """Go back from the end of a line to where the movement itself still holds it, two strides at most."""
    size, farthest = round(ECHO_WINDOW_S * working_hz), round(LONGEST_ECHO_S * working_hz)
    earliest = max(start + size, end - farthest)
    if end - size <= earliest:
        return end
    left, whole = (sum_windows(values[earliest - size : end], size) for values in (envelope_g, present_g))
    held = np.flatnonzero(whole >= ECHO_RATIO * left)
    return earliest + (int(held[-1]) if len(held) else 0)


def _describe(
    candidate: GaitCandidate,
    line: _Line,
    signal_g: FloatArray,
    envelope_g: FloatArray,
    positions: FloatArray,
    amplitudes_g: FloatArray,
    working_hz: float,
) -> Rhythm:
    """Measure the beats, what is left beside them, and all the movement that they stand in."""
    intervals = np.diff(positions)
    period = float(intervals.mean())
    start = max(0, round(float(positions[0] - 0.5 * intervals[0])))
    end = min(len(signal_g), round(float(positions[-1] + 0.5 * intervals[-1])) + 1)
    left_g, wide_g = candidate.left_g[start:end], candidate.wide_g[start:end]
    rms_g = float(np.sqrt((signal_g[start:end] ** 2).mean()))
    strong_g = find_strong(envelope_g[start:end], STRONG_QUANTILE)
    steps = np.diff(np.log(amplitudes_g))
    flanks = sorted(_measure_flanks(candidate, envelope_g, start, end, strong_g, working_hz))
    movement_g = float(np.sqrt((wide_g**2).sum() / (end - start)))
    line_g = float(np.sqrt((envelope_g[start:end] ** 2).mean() / 2.0))
    left_rms_g = float(np.sqrt((left_g**2).sum() / (end - start)))
    return Rhythm(
        positions=candidate.first_index + positions,
        amplitudes_g=amplitudes_g,
        axis=line.axis,
        working_hz=working_hz,
        rms_g=rms_g,
        jitter_ratio=measure_jitter(intervals),
        unevenness=float(np.sqrt((steps * steps).mean())),
        interval_wander=measure_wander(intervals),
        amplitude_wander=measure_wander(amplitudes_g),
        amplitude_waver=None,
        sub_harmonic_ratio=measure_sub_harmonics(left_g, working_hz / period, working_hz),
        after_ratio=movement_g / rms_g,
        busier_flank_ratio=flanks[1],
        calmer_flank_ratio=flanks[0],
        off_axis_ratio=line.off_axis_ratio,
        periodicity=line.concentration,
        ends_at_edge=candidate.is_cut and len(signal_g) - float(positions[-1]) < 1.5 * period,
        window_first=candidate.first_index,
        window_wide_g=candidate.left_g,
        gait=GaitMeasures(
            concentration=line.concentration,
            tonality=(line_g / left_rms_g) ** 2,
            of_movement_ratio=strong_g / movement_g,
            stride_likeness=float(candidate.likeness[start:end].mean()),
            stride_ratio=float(candidate.stride_g[start:end].mean()) / movement_g,
        ),
    )


def _measure_flanks(
    candidate: GaitCandidate, envelope_g: FloatArray, start: int, end: int, strong_g: float, working_hz: float
) -> list[float]:
    """Measure the same line shortly before and after, over its strong part, where the leg strides as it does there."""
    near, fewest = round(NEAR_FLANK_S * working_hz), round(FEWEST_FLANK_S * working_hz)
    strides = candidate.stride_g >= FLANK_OF_STRIDES * float(candidate.stride_g[start:end].mean())
    tells = strides & (envelope_g <= MOST_OF_STRONG * strong_g)
    ratios = []
    for beside in (slice(0, max(0, start - near)), slice(end + near, None)):
        flank_g = envelope_g[beside][tells[beside]]
        known = len(flank_g) >= fewest
        ratios.append(float(np.sqrt((flank_g**2).mean())) / strong_g if known else UNKNOWN_FLANK_RATIO)
    return ratios
