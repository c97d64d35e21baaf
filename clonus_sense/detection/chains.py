"""Chains: beats of a candidate that follow one another one period apart."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from clonus_sense.detection.beats import Beats
from clonus_sense.detection.candidates import Candidate
from clonus_sense.model import FloatArray

# A beat reaches a fifth of the bout's strong beats: our labelled cases define a beat in the same way.
BEAT_OF_STRONG_BEATS = 0.2
# Beats of a weak bout lie around the floor: inside a bout a beat may fall this far below it.
INNER_OF_FLOOR = 0.6
# Strong beats: one kick inside a bout does not move the 90th percentile.
STRONG_QUANTILE = 0.9
# A ripple between two beats is no beat and does not separate them.
RIPPLE_OF_STRONG_BEATS = 0.1
# Neighbouring beats of one bout are this many median periods apart: first intervals run 25 % longer (Boyraz 2015),
# and a double peak of a strong second harmonic stands at half a period.
INTERVAL_OF_PERIOD = (0.6, 1.5)
# A bout that dies away does not slow down (the last intervals of the reflex-loop model get shorter): a later peak is
# the leg coming to rest.
LONGEST_LAST_INTERVAL = 1.3
# First intervals up to 25 % longer, and the jitter of a weak peak.
LONGEST_FIRST_INTERVAL = 1.4
# No bout begins faster than it goes on: a closer peak before the first beat is a kick that rings, or the filter's echo
# of a sudden start.
SHORTEST_FIRST_INTERVAL = 0.7
FEWEST_BEATS_OF_CHAIN = 3
# Beats in the last 0.3 s of a window could still change with later samples; they serve as context.
UNSETTLED_S = 0.3
# Peaks up to this far outside the runs count as core: runs hold whole samples, beats lie between them.
CORE_MARGIN_S = 0.12


def find_strong(amplitude_g: FloatArray, quantile: float = STRONG_QUANTILE) -> float:
    """Find the amplitude of the strong beats: numpy's percentile, without its cost."""
    ordered = np.sort(amplitude_g)
    place = quantile * (len(ordered) - 1)
    left = int(place)
    right = min(left + 1, len(ordered) - 1)
    return float(ordered[left] + (place - left) * (ordered[right] - ordered[left]))


def find_chains(beats: Beats, candidate: Candidate, working_hz: float, floor_g: float) -> list[Beats]:
    """Find the chains of at least three of the window's peaks that touch the core, in order of time."""
    margin = CORE_MARGIN_S * working_hz
    core = (beats.position >= candidate.core_start - margin) & (beats.position <= candidate.core_end + margin)
    if core.sum() < FEWEST_BEATS_OF_CHAIN:
        return []
    strong_g = find_strong(beats.amplitude_g[core])
    settled = len(candidate.wide_g) - (0.0 if candidate.is_cut else UNSETTLED_S * working_hz)
    least_g = BEAT_OF_STRONG_BEATS * strong_g
    is_beat = (beats.amplitude_g >= max(least_g, INNER_OF_FLOOR * floor_g)) & (beats.position <= settled)
    is_edge = beats.amplitude_g >= max(least_g, floor_g)
    if (is_beat & core).sum() < FEWEST_BEATS_OF_CHAIN:
        return []
    # A peak too small to be a beat separates two beats; a ripple does not.
    kept = is_beat | (beats.amplitude_g > RIPPLE_OF_STRONG_BEATS * strong_g) | (beats.position > settled)
    beats, is_beat, is_edge, core = (
        Beats(beats.position[kept], beats.amplitude_g[kept]),
        is_beat[kept],
        is_edge[kept],
        core[kept],
    )
    in_core = beats.position[is_beat & core]
    period = np.sort(in_core[1:] - in_core[:-1])[(len(in_core) - 1) // 2]
    intervals = (beats.position[1:] - beats.position[:-1]) / period
    shortest, longest = INTERVAL_OF_PERIOD
    linked = is_beat[1:] & is_beat[:-1] & (intervals >= shortest) & (intervals <= longest)
    framed = np.concatenate([[False], linked, [False]])
    edges = (framed[1:] != framed[:-1]).nonzero()[0]
    chains = [
        _trim(intervals, is_edge, first, last)
        for first, last in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)
    ]
    return [
        Beats(beats.position[chain], beats.amplitude_g[chain])
        for chain in chains
        if chain.stop - chain.start >= FEWEST_BEATS_OF_CHAIN and core[chain].any()
    ]


def _trim(intervals: FloatArray, is_edge: NDArray[np.bool_], first: int, last: int) -> slice:
    """Leave out beats below the floor at either end, and one that stands too far from its neighbour."""
    tall = np.flatnonzero(is_edge[first : last + 1])
    if len(tall) == 0:
        return slice(first, first)
    first, last = first + int(tall[0]), first + int(tall[-1])
    if first == last:
        return slice(first, first)
    if intervals[last - 1] > LONGEST_LAST_INTERVAL:
        last -= 1
    if first < last and not SHORTEST_FIRST_INTERVAL <= intervals[first] <= LONGEST_FIRST_INTERVAL:
        first += 1
    return slice(first, last + 1)
