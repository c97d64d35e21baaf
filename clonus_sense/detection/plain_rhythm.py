"""Rhythms of the plain search: the beats of a candidate, located, timed and measured on its own main axis."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

import numpy as np
from scipy.fft import rfft

from clonus_sense.detection.axis import MainAxis, find_main_axis, project, shorten_knocks
from clonus_sense.detection.beats import Beats, find_beats
from clonus_sense.detection.candidates import Candidate, measure_periodicity
from clonus_sense.detection.chains import find_chains
from clonus_sense.detection.dorsiflexion import find_ends_of_swings, find_swings, stands_on_other_side
from clonus_sense.detection.filters import make_hann
from clonus_sense.detection.rhythm import MOVEMENT_AFTER_RATIO, Rhythm, find_inside, measure_jitter
from clonus_sense.model import FloatArray

# From onset to offset a rhythm resembles itself one period later: the weakest true candidate of the development cases
# has 0.44.
LEAST_RHYTHM_PERIODICITY = 0.4
# A bout that begins in a turn is one chain with what the turn leaves before it, and that chain resembles itself too
# little.  Its steady part is measured alone: the longest row of beats of which each resembles the next as a rhythm
# does.  Rows of five beats occur in the rubbing of a turn by chance.
FEWEST_STEADY_BEATS = 6
# Gravity runs along a curve while a leg turns; a cubic follows that curve for the seconds of a bout.
DEGREE_OF_TURN = 3
# A weak beat at an edge may show on one side only; its loss must not cost a bout of five beats its class.
BEATS_KEPT = 5
# First intervals run up to 25 % longer than the next (Boyraz 2015) and are never shorter; one in a hundred true first
# beats of the development cases, timed by the angle, is closer than 0.8.  A small peak elsewhere is the stretch that
# set the bout off, or the filter's echo of a sudden start: the largest of seven in the development cases and nights has
# 0.34 of the strong beats.
FIRST_INTERVAL_RATIO = (0.8, 1.3)
FIRST_ECHO_RATIO = 0.4
# All movement that a leg makes, without the drift of gravity.
MOVEMENT_BAND_HZ = (0.7, 14.0)
# Power below this part of the fundamental shows a harmonic of a slower movement, such as walking.
SUB_HARMONIC_RATIO = 0.72
# Context: 0.1-1.2 s before the onset and after the offset.
FLANK_S = (0.1, 1.2)
# Upper quartile of a flank: an impact of a quarter of a second does not move it.
STIR_QUARTERS = 3
# Shortest flank that is measured (start of a stretch, edge of a gap).
FEWEST_FLANK_SAMPLES = 6
SPECTRUM_SIZE = 1024
# Wander is measured on groups of five beats, without the first and last three, where a bout builds up and fades.
WANDER_GROUP_BEATS = 5
WANDER_MARGIN_BEATS = 3
FEWEST_WANDER_GROUPS = 3


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class PlainRhythm(Rhythm):
    """A rhythm in the movement as it is, with the measures that its verdict weighs."""

    unevenness: float  # root mean square of the log ratio of neighbouring amplitudes
    interval_wander: float | None  # spread over the mean of five-beat averages; None for a short bout
    amplitude_wander: float | None
    amplitude_waver: float | None  # from one five-beat average to the next: slow fading is left out
    sub_harmonic_ratio: float  # part of the power from 0.7 to 14 Hz that lies well below the fundamental
    busier_flank_ratio: float  # 2.5-12.5 Hz beside the rhythm over inside, the larger side; 0 where unknown
    calmer_flank_ratio: float  # the smaller side
    off_axis_ratio: float  # movement across the main axis over the movement inside
    periodicity: float  # correlation of all axes with themselves one period later


def measure_rhythms(candidate: Candidate, working_hz: float, floor_g: float) -> list[PlainRhythm]:
    """Locate the beats of a candidate on its own axis and measure each chain of them, in order of time.

    1. The main axis of the core.  2. All peaks on it of the 2.5-12.5 Hz signal, zero delay.  3. Beats: peaks above the
    floor and a fifth of the strong ones, one period apart.  4. Each chain that touches the core, followed outward for
    as long as its beats last; of one that does not resemble itself, its steady part.  5. Measures inside, from onset to
    offset, and just outside.
    """
    axis = find_main_axis(shorten_knocks(candidate.wide_g[candidate.core_start : candidate.core_end], working_hz))
    signal_g = project(candidate.wide_g, axis.direction)
    chains = find_chains(_find_beats(candidate, signal_g), candidate, working_hz, floor_g)
    rhythms = []
    for chain in chains:
        rhythm = _measure(candidate, axis, signal_g, chain, working_hz)
        if rhythm is None:
            rhythm = _measure_steady_part(candidate, chain, working_hz, floor_g)
        if rhythm is None:
            continue
        if stands_on_other_side(signal_g, chain, rhythm.strong_g):
            other = _measure_other_side(candidate, axis, signal_g, rhythm, floor_g)
            rhythm = rhythm if other is None or other.n_beats < min(rhythm.n_beats, BEATS_KEPT) else other
        rhythms.append(_leave_out_first_echo(_time_by_angle(candidate, rhythm)))
    return rhythms


def _measure_steady_part(candidate: Candidate, chain: Beats, working_hz: float, floor_g: float) -> PlainRhythm | None:
    """Measure the steady part of a chain, on an axis of its own; ``None`` where no part is steady."""
    part = _find_steady_part(candidate.wide_g, chain.position)
    if part is None:
        return None
    first, last = chain.position[part.start], chain.position[part.stop - 1]
    inner = replace(candidate, core_start=max(0, round(float(first))), core_end=round(float(last)) + 1)
    axis = find_main_axis(shorten_knocks(inner.wide_g[inner.core_start : inner.core_end], working_hz))
    signal_g = project(inner.wide_g, axis.direction)
    steady: list[Beats] = []
    for found in find_chains(_find_beats(inner, signal_g), inner, working_hz, floor_g):
        own = _find_steady_part(inner.wide_g, found.position)
        if own is not None:
            steady.append(Beats(found.position[own], found.amplitude_g[own]))
    longest = max(steady, key=lambda beats: len(beats.position), default=None)
    return None if longest is None else _measure(inner, axis, signal_g, longest, working_hz)


def _find_steady_part(wide_g: FloatArray, positions: FloatArray) -> slice | None:
    """Find the longest row of beats of which each resembles the next on all axes."""
    length = round(float(np.median(positions[1:] - positions[:-1])))
    starts = np.rint(positions - 0.5 * length).astype(np.intp)
    alike = [_resemble(wide_g, one, other, length) for one, other in pairwise(starts.tolist())]
    best, first = slice(0, 0), 0
    for at, is_alike in enumerate([*alike, False]):
        if not is_alike:
            best = max(best, slice(first, at + 1), key=lambda row: row.stop - row.start)
            first = at + 1
    return best if best.stop - best.start >= FEWEST_STEADY_BEATS else None


def _resemble(wide_g: FloatArray, one: int, other: int, length: int) -> bool:
    """Tell whether the movements of two beats, each so many samples from its start on, resemble each other."""
    if one < 0 or other + length > len(wide_g):
        return False
    a, b = wide_g[one : one + length], wide_g[other : other + length]
    energy = math.sqrt(float((a * a).sum()) * float((b * b).sum()))
    return energy > 0.0 and float((a * b).sum()) >= LEAST_RHYTHM_PERIODICITY * energy


def _find_beats(candidate: Candidate, signal_g: FloatArray) -> Beats:
    """Find a beat for each peak, or for each swing of the angle where each beat has two peaks."""
    if candidate.two_peaks_period is None:
        return find_beats(signal_g)
    return find_swings(signal_g, candidate.two_peaks_period)


def _time_by_angle(candidate: Candidate, rhythm: PlainRhythm) -> PlainRhythm:
    """Move the beats from the peaks of the acceleration to the ends of dorsiflexion."""
    signal_g = project(candidate.wide_g, rhythm.axis.direction)
    positions = find_ends_of_swings(signal_g, rhythm.positions - candidate.first_index)
    return replace(rhythm, positions=candidate.first_index + positions)


def _leave_out_first_echo(rhythm: PlainRhythm) -> PlainRhythm:
    """Leave out a small first beat where no first beat belongs: the stretch, or the filter's echo."""
    if rhythm.n_beats <= BEATS_KEPT or rhythm.amplitudes_g[0] >= FIRST_ECHO_RATIO * rhythm.strong_g:
        return rhythm
    first, second = (rhythm.positions[1:3] - rhythm.positions[:2]).tolist()
    shortest, longest = FIRST_INTERVAL_RATIO
    if shortest * second <= first <= longest * second:
        return rhythm
    return replace(rhythm, positions=rhythm.positions[1:], amplitudes_g=rhythm.amplitudes_g[1:])


def _measure_other_side(
    candidate: Candidate, axis: MainAxis, signal_g: FloatArray, rhythm: PlainRhythm, floor_g: float
) -> PlainRhythm | None:
    """Measure the chain of troughs that overlaps a rhythm most; ``None`` where there is none."""
    turned = MainAxis(-axis.direction, axis.linearity)
    first, last = rhythm.positions[0] - candidate.first_index, rhythm.positions[-1] - candidate.first_index

    def shared(beats: Beats) -> float:
        return float(min(last, beats.position[-1]) - max(first, beats.position[0]))

    chains = find_chains(_find_beats(candidate, -signal_g), candidate, rhythm.working_hz, floor_g)
    best = max(chains, key=shared, default=None)
    if best is None or shared(best) < 0.5 * (last - first):
        return None
    return _measure(candidate, turned, -signal_g, best, rhythm.working_hz)


def _measure(
    candidate: Candidate, axis: MainAxis, signal_g: FloatArray, beats: Beats, working_hz: float
) -> PlainRhythm | None:
    """Measure a chain of beats inside and just outside; ``None`` where it does not resemble itself a period later."""
    intervals = beats.position[1:] - beats.position[:-1]
    period = float(intervals.mean())
    start, end = find_inside(beats.position, len(signal_g))
    inside_wide = shorten_knocks(candidate.wide_g[start:end], working_hz)
    inside = project(inside_wide, axis.direction)
    periodicity = measure_periodicity(inside_wide, round(period))
    if periodicity < LEAST_RHYTHM_PERIODICITY:
        return None
    rms_all = float(np.sqrt((inside_wide * inside_wide).sum() / (end - start)))
    rms_main = float(np.sqrt((inside * inside).sum() / (end - start)))
    near, far = round(FLANK_S[0] * working_hz), round(FLANK_S[1] * working_hz)
    logs = np.log(beats.amplitude_g)
    steps = logs[1:] - logs[:-1]
    before, after = slice(max(0, start - far), max(0, start - near)), slice(end + near, end + far)
    flanks = sorted(_measure_stir(candidate.wide_g[flank]) / rms_all for flank in (before, after))
    return PlainRhythm(
        positions=candidate.first_index + beats.position,
        amplitudes_g=beats.amplitude_g,
        axis=axis,
        working_hz=working_hz,
        core_start=candidate.start,
        rms_g=float(np.sqrt((signal_g[start:end] ** 2).sum() / (end - start))),
        jitter_ratio=measure_jitter(intervals),
        unevenness=float(np.sqrt((steps * steps).mean())),
        interval_wander=_measure_wander(intervals),
        amplitude_wander=_measure_wander(beats.amplitude_g),
        amplitude_waver=_measure_waver(beats.amplitude_g),
        sub_harmonic_ratio=_measure_sub_harmonics(candidate.low_g[start:end], working_hz / period, working_hz),
        moves_after=_measure_movement(candidate.low_g[after]) / rms_all >= MOVEMENT_AFTER_RATIO,
        busier_flank_ratio=flanks[1],
        calmer_flank_ratio=flanks[0],
        off_axis_ratio=float(np.sqrt(max(0.0, 1.0 - (rms_main / rms_all) ** 2))),
        periodicity=periodicity,
        ends_at_edge=candidate.is_cut and len(signal_g) - float(beats.position[-1]) < 1.5 * period,
        window_first=candidate.first_index,
        window_wide_g=candidate.wide_g,
    )


@lru_cache(maxsize=256)
def _make_path(n_samples: int) -> FloatArray:
    """Orthonormal polynomials, as columns: the path that gravity takes during a turn."""
    grid = np.linspace(-1.0, 1.0, n_samples)
    return np.linalg.qr(np.vander(grid, DEGREE_OF_TURN + 1, increasing=True))[0]


def _measure_wander(values: FloatArray) -> float | None:
    """Spread over the mean of groups of beats, ends left out: noise averages away, a muscle's wander stays."""
    means = _average_groups(values)
    return None if means is None else float(means.std(ddof=1) / means.mean())


def _measure_waver(values: FloatArray) -> float | None:
    """Spread of groups by successive differences, so that slow growth and fading are left out."""
    means = _average_groups(values)
    return None if means is None else measure_jitter(means)


def _average_groups(values: FloatArray) -> FloatArray | None:
    """Means of groups of beats, ends left out; ``None`` for a short bout."""
    steady = values[WANDER_MARGIN_BEATS:-WANDER_MARGIN_BEATS]
    n_groups = len(steady) // WANDER_GROUP_BEATS
    if n_groups < FEWEST_WANDER_GROUPS:
        return None
    groups = steady[: n_groups * WANDER_GROUP_BEATS].reshape(n_groups, WANDER_GROUP_BEATS)
    return np.asarray(groups.mean(axis=1), dtype=np.float64)


def _measure_stir(wide_g: FloatArray) -> float:
    """Upper quartile of the size of the band-passed movement in a flank; 0 where too little is known."""
    if len(wide_g) < FEWEST_FLANK_SAMPLES:
        return 0.0
    squares = wide_g[:, 0] ** 2 + wide_g[:, 1] ** 2 + wide_g[:, 2] ** 2
    place = STIR_QUARTERS * len(squares) // 4
    squares.partition(place)
    return float(np.sqrt(squares[place]))


def _measure_movement(low_g: FloatArray) -> float:
    """Root mean square of the movement in a flank, gravity taken out; 0 where too little is known."""
    if len(low_g) < FEWEST_FLANK_SAMPLES:
        return 0.0
    moved = low_g - low_g.sum(axis=0) / len(low_g)
    return float(np.sqrt((moved * moved).sum() / len(low_g)))


def _measure_sub_harmonics(low_g: FloatArray, fundamental_hz: float, working_hz: float) -> float:
    """Part of the power of all three axes that lies well below the fundamental, the path of a turn taken out."""
    n_samples = len(low_g)
    path = _make_path(n_samples)
    moved = (low_g - path @ (path.T @ low_g)) * make_hann(n_samples)[:, None]
    size = max(SPECTRUM_SIZE, 1 << (n_samples - 1).bit_length())
    spectrum = rfft(moved.T, size)
    power = (spectrum.real**2 + spectrum.imag**2).sum(axis=0)
    hz = working_hz / size
    lowest, highest = (int(np.ceil(edge_hz / hz)) for edge_hz in MOVEMENT_BAND_HZ)
    total = float(power[lowest:highest].sum())
    below = float(power[lowest : int(np.ceil(SUB_HARMONIC_RATIO * fundamental_hz / hz))].sum())
    return below / total if total > 0.0 else 0.0
