"""Rhythms inside walks: the line that is left without the strides is followed, and its beats are measured.

The movement that a walk leaves is as strong as many a bout.  But it is spread over frequencies and directions, and
clonus is one line in one direction.  So we find the line first, follow it for as long as it stands out, and take the
crests of its phase as beats.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from clonus_sense.detection.axis import project
from clonus_sense.detection.chains import find_strong
from clonus_sense.detection.filters import make_hann
from clonus_sense.detection.gait.line import LINE_WINDOW_S, Line, find_line
from clonus_sense.detection.gait.search import GaitCandidate
from clonus_sense.detection.gait.strides import sum_windows
from clonus_sense.detection.rhythm import MOVEMENT_AFTER_RATIO, Rhythm, find_inside, measure_jitter
from clonus_sense.model import FloatArray

# More than half a stride: the envelope of a line of 3 Hz width.
ENVELOPE_HALF_LENGTH_S = 0.3
# Edge of a line, over its strong part: between the smallest beat of a bout (a fifth) and a sudden start seen through a
# symmetric envelope (a half).  The movement left beside a bout seldom reaches it.
EDGE_OF_STRONG = 0.3
# A stride unlike those before leaves a burst much stronger than the line: it belongs neither to the bout nor to a
# flank.
MOST_OF_STRONG = 2.0
# Stride removal leaves an echo of a long bout in the next two strides; it is trimmed where the movement itself no
# longer holds the line.  Averages keep a beat hidden by a footfall from ending a bout.
LONGEST_ECHO_S = 2.6
ECHO_WINDOW_S = 0.5
ECHO_RATIO = 0.6
# A footfall hides a beat or two: a rhythm on both sides of it goes on.
LONGEST_DIP_S = 0.2
# Strong part of an envelope, which is smoother than single beats.
STRONG_QUANTILE_OF_ENVELOPE = 0.8
# Any step gives three beats.
FEWEST_BEATS_OF_LINE = 4
# Distance of a flank from the bout.
NEAR_FLANK_S = 0.25
FEWEST_FLANK_S = 0.3
# A leg that stands before or after the walk is quiet and says nothing about strides: a flank counts only where strides
# are at least half as strong as in the bout.
FLANK_OF_STRIDES = 0.5
# An unknown flank speaks neither for nor against: about the mean of bouts and other candidates.
UNKNOWN_FLANK_RATIO = 0.25


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class LineRhythm(Rhythm):
    """A rhythm inside a walk, with the measures that its verdict weighs; ``window_wide_g`` is without the strides."""

    concentration: float  # part of the power left that one line holds, in the window of 1.2 s where it is largest
    tonality: float  # the same from onset to offset
    off_axis_ratio: float  # amplitude of the line across its main axis over the one along it
    busier_flank_ratio: float  # envelope of the line beside the rhythm over its strong part, the larger side
    calmer_flank_ratio: float  # the smaller side
    of_movement_ratio: float  # strong part of the envelope over the root mean square of all movement, 2.5-12.5 Hz
    stride_likeness: float  # mean correlation of each stride with the one before
    stride_ratio: float  # root mean square of the slow movement of the strides over that of 2.5-12.5 Hz


def measure_line_rhythm(candidate: GaitCandidate, working_hz: float) -> LineRhythm | None:
    """Follow the line of a candidate and measure it; ``None`` for no line, or fewer than four beats.

    1. The 1.2 s window, direction and frequency whose line of 1.2 Hz width holds most of the power left between 2.5
    and 12.5 Hz.  2. Its envelope and phase, demodulated without delay.  3. From the strongest window outward while the
    envelope keeps to 30-200 % of its strong part; dips of a beat are bridged, and an echo at the end is trimmed.
    4. Beats are the crests of the phase.
    """
    line = find_line(candidate, working_hz)
    if line is None:
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
    if len(turns) < FEWEST_BEATS_OF_LINE or (np.diff(phase) <= 0.0).any():
        return None
    positions = np.interp(2.0 * np.pi * turns, phase, samples)
    amplitudes_g = np.interp(positions, samples, envelope_g[start:end])
    return _describe(candidate, line, signal_g, envelope_g, positions, amplitudes_g, working_hz)


def _demodulate(
    signal_g: FloatArray, frequency_hz: float, working_hz: float
) -> np.ndarray[tuple[int], np.dtype[np.complex128]]:
    """Envelope and phase of a line, without delay: the signal is shifted down by its frequency and averaged."""
    middle = round(ENVELOPE_HALF_LENGTH_S * working_hz)
    window = make_hann(2 * middle + 1)
    turned = signal_g * np.exp(-2j * np.pi * frequency_hz / working_hz * np.arange(len(signal_g)))
    return np.asarray(np.convolve(turned, 2.0 * window / window.sum(), "same"))


def _find_extent(envelope_g: FloatArray, present_g: FloatArray, line: Line, working_hz: float) -> tuple[int, int]:
    """Follow the line outward from its window for as long as its envelope lasts, short dips bridged."""
    size, longest = round(LINE_WINDOW_S * working_hz), round(LONGEST_DIP_S * working_hz)
    window_g = envelope_g[line.start : line.start + size]
    strong_g = find_strong(window_g, STRONG_QUANTILE_OF_ENVELOPE)
    stands_out = (envelope_g >= EDGE_OF_STRONG * strong_g) & (envelope_g <= MOST_OF_STRONG * strong_g)
    seed = line.start + int(np.where(stands_out[line.start : line.start + size], window_g, 0.0).argmax())
    places = np.flatnonzero(stands_out)
    parts = np.split(places, np.flatnonzero(np.diff(places) > longest) + 1)
    [part] = [part for part in parts if part[0] <= seed <= part[-1]]
    start, end = int(part[0]), int(part[-1]) + 1
    return start, _leave_out_echo(envelope_g, present_g, start, end, working_hz)


def _leave_out_echo(envelope_g: FloatArray, present_g: FloatArray, start: int, end: int, working_hz: float) -> int:
    """Go back from the end of a line, two strides at most, to where the movement itself still holds it."""
    size, farthest = round(ECHO_WINDOW_S * working_hz), round(LONGEST_ECHO_S * working_hz)
    earliest = max(start + size, end - farthest)
    if end - size <= earliest:
        return end
    left, whole = (sum_windows(values[earliest - size : end], size) for values in (envelope_g, present_g))
    held = np.flatnonzero(whole >= ECHO_RATIO * left)
    return earliest + (int(held[-1]) if len(held) else 0)


def _describe(
    candidate: GaitCandidate,
    line: Line,
    signal_g: FloatArray,
    envelope_g: FloatArray,
    positions: FloatArray,
    amplitudes_g: FloatArray,
    working_hz: float,
) -> LineRhythm:
    """Measure the beats, the line beside them, and the movement around them."""
    intervals = np.diff(positions)
    start, end = find_inside(positions, len(signal_g))
    left_g, wide_g = candidate.left_g[start:end], candidate.wide_g[start:end]
    rms_g = float(np.sqrt((signal_g[start:end] ** 2).mean()))
    strong_g = find_strong(envelope_g[start:end], STRONG_QUANTILE_OF_ENVELOPE)
    flanks = sorted(_measure_flanks(candidate, envelope_g, start, end, strong_g, working_hz))
    movement_g = float(np.sqrt((wide_g**2).sum() / (end - start)))
    line_g = float(np.sqrt((envelope_g[start:end] ** 2).mean() / 2.0))
    left_rms_g = float(np.sqrt((left_g**2).sum() / (end - start)))
    return LineRhythm(
        positions=candidate.first_index + positions,
        amplitudes_g=amplitudes_g,
        axis=line.axis,
        working_hz=working_hz,
        core_start=candidate.start,
        rms_g=rms_g,
        jitter_ratio=measure_jitter(intervals),
        moves_after=movement_g / rms_g >= MOVEMENT_AFTER_RATIO,
        ends_at_edge=candidate.is_cut and len(signal_g) - float(positions[-1]) < 1.5 * float(intervals.mean()),
        window_first=candidate.first_index,
        window_wide_g=candidate.left_g,
        concentration=line.concentration,
        tonality=(line_g / left_rms_g) ** 2,
        off_axis_ratio=line.off_axis_ratio,
        busier_flank_ratio=flanks[1],
        calmer_flank_ratio=flanks[0],
        of_movement_ratio=strong_g / movement_g,
        stride_likeness=float(candidate.likeness[start:end].mean()),
        stride_ratio=float(candidate.stride_g[start:end].mean()) / movement_g,
    )


def _measure_flanks(
    candidate: GaitCandidate, envelope_g: FloatArray, start: int, end: int, strong_g: float, working_hz: float
) -> list[float]:
    """Measure the line shortly before and after, over its strong part, where the leg strides as in the bout."""
    near, fewest = round(NEAR_FLANK_S * working_hz), round(FEWEST_FLANK_S * working_hz)
    strides = candidate.stride_g >= FLANK_OF_STRIDES * float(candidate.stride_g[start:end].mean())
    tells = strides & (envelope_g <= MOST_OF_STRONG * strong_g)
    ratios = []
    for beside in (slice(0, max(0, start - near)), slice(end + near, None)):
        flank_g = envelope_g[beside][tells[beside]]
        known = len(flank_g) >= fewest
        ratios.append(float(np.sqrt((flank_g**2).mean())) / strong_g if known else UNKNOWN_FLANK_RATIO)
    return ratios
