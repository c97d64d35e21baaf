"""Truth: the beats of a movement, measured without noise.

A beat is a maximum of dorsiflexion whose acceleration, half peak-to-peak on the main axis, is at least 20 % of the
bout's 90th percentile and at least 10 mg.  Onset is half a period before the first beat, offset half a period after the
last.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.signal import find_peaks

from clonus_sense.model import FloatArray
from clonus_sense.simulate.movement import STEP_S, JointMovement
from clonus_sense.simulate.placement import compute_acceleration
from clonus_sense.terms import Placement

# Smallest beat relative to the bout's 90th percentile: the last swings of a damped foot are no beats.
SMALLEST_BEAT_RATIO = 0.2

# Smallest beat: no wearable sensor could tell a smaller one from noise.
SMALLEST_BEAT_G = 0.010

# A maximum with less prominence relative to the whole excursion is a shoulder of a beat, not a beat.
SHOULDER_RATIO = 0.02

# Beats further apart belong to two bouts (the joining pause of the default settings).
JOINING_PAUSE_S = 1.0

# One or two swings are a passive leg.
FEWEST_BEATS = 3

TRUTH_COLUMNS = ("onset_s", "offset_s", "frequency_hz", "beats", "peak_g", "kind")


@dataclass(frozen=True, slots=True)
class TruthBout:
    """A simulated bout of clonus.

    Parameters
    ----------
    onset_s, offset_s
        Half a local period before the first and after the last beat, in seconds since the start of the recording.
    frequency_hz
        ``(beats - 1) / (last beat - first beat)``.
    peak_g
        Largest half peak-to-peak of a beat on the main axis, in g.
    beat_times_s
        Time of each beat, in seconds since the start of the recording.
    kind
        ``generator|placement|tag|signal to background in dB``.
    """

    onset_s: float
    offset_s: float
    frequency_hz: float
    peak_g: float
    beat_times_s: tuple[float, ...]
    kind: str

    @property
    def beats(self) -> int:
        """Number of beats."""
        return len(self.beat_times_s)


def find_bouts(
    movement: JointMovement, placement: Placement, gravity_g: FloatArray, *, start_s: float = 0.0, kind: str = ""
) -> tuple[TruthBout, ...]:
    """Find the bouts of three beats or more in a movement.

    Parameters
    ----------
    movement
        Rotation of the ankle.
    placement
        Placement of the sensor, which determines the size of a beat in g.
    gravity_g
        Acceleration at rest, in g, on segment axes, shape ``(3,)``.
    start_s
        Start of the movement, in seconds since the start of the recording.
    kind
        ``kind`` of every bout.

    Returns
    -------
    tuple[TruthBout, ...]
        In order of time.

    Examples
    --------
    >>> from clonus_sense.simulate.reflex_loop import DAMPED, simulate_reflex_loop
    >>> (bout,) = find_bouts(simulate_reflex_loop(DAMPED, 4.0), Placement.FOOT, np.array([1.0, 0.0, 0.0]))
    >>> bout.beats
    5
    """
    on_axis_g = _on_main_axis(compute_acceleration(movement, placement, gravity_g))
    excursion_rad = float(np.ptp(movement.angle_rad))
    maxima, _ = find_peaks(movement.angle_rad, prominence=SHOULDER_RATIO * excursion_rad)
    if len(maxima) < FEWEST_BEATS:
        return ()
    half_spans_g = _half_peak_to_peak(on_axis_g, maxima)
    smallest_g = max(SMALLEST_BEAT_RATIO * float(np.percentile(half_spans_g, 90)), SMALLEST_BEAT_G)
    large = half_spans_g >= smallest_g
    times_s, half_spans_g = _between_steps(movement.angle_rad, maxima[large]) * STEP_S, half_spans_g[large]
    cuts = np.flatnonzero(np.diff(times_s) > JOINING_PAUSE_S) + 1
    runs = zip(np.split(times_s, cuts), np.split(half_spans_g, cuts), strict=True)
    return tuple(
        _bout_of(start_s + beats_s, float(spans_g.max()), kind)
        for beats_s, spans_g in runs
        if len(beats_s) >= FEWEST_BEATS
    )


def signal_to_background_db(bout_g: FloatArray, background_g: FloatArray, noise_g: float) -> float:
    """Compute the ratio of a bout to its background plus noise, over three axes, in dB."""
    # 0.01 mg is below the noise of any sensor and keeps the ratio finite without simulated noise.
    background_power = max(float(background_g.var(axis=0).sum()) + 3 * noise_g**2, 1e-10)
    return float(10 * np.log10(bout_g.var(axis=0).sum() / background_power))


def write_truth(path: Path, bouts: tuple[TruthBout, ...]) -> None:
    """Write truth as CSV with the columns of :data:`TRUTH_COLUMNS`; without bouts only the header.

    Parameters
    ----------
    path
        New file, usually ``NAME.truth.csv`` beside ``NAME.csv``.
    """
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(TRUTH_COLUMNS)
        for bout in bouts:
            times = (f"{bout.onset_s:.3f}", f"{bout.offset_s:.3f}")
            writer.writerow([*times, f"{bout.frequency_hz:.3f}", bout.beats, f"{bout.peak_g:.4f}", bout.kind])


def _bout_of(beats_s: FloatArray, peak_g: float, kind: str) -> TruthBout:
    """Build the bout of a run of beats."""
    return TruthBout(
        onset_s=float(beats_s[0] - (beats_s[1] - beats_s[0]) / 2),
        offset_s=float(beats_s[-1] + (beats_s[-1] - beats_s[-2]) / 2),
        frequency_hz=float((len(beats_s) - 1) / (beats_s[-1] - beats_s[0])),
        peak_g=peak_g,
        beat_times_s=tuple(beats_s.tolist()),
        kind=kind,
    )


def _on_main_axis(accel_g: FloatArray) -> FloatArray:
    """Project on the direction of largest variance."""
    centred_g = accel_g - accel_g.mean(axis=0)
    _, vectors = np.linalg.eigh(centred_g.T @ centred_g)
    return np.asarray(centred_g @ vectors[:, -1])


def _half_peak_to_peak(on_axis_g: FloatArray, maxima: np.ndarray[tuple[int], np.dtype[np.intp]]) -> FloatArray:
    """Compute half the range of the acceleration in one local period around each maximum."""
    before, after = (
        np.diff(maxima, prepend=2 * maxima[0] - maxima[1]),
        np.diff(maxima, append=2 * maxima[-1] - maxima[-2]),
    )
    # Maxima far apart are not one period, so half of the shorter neighbouring interval is used.
    reach = np.minimum(before, after) // 2
    return np.array([np.ptp(on_axis_g[max(0, at - r) : at + r + 1]) / 2 for at, r in zip(maxima, reach, strict=True)])


def _between_steps(angle_rad: FloatArray, maxima: np.ndarray[tuple[int], np.dtype[np.intp]]) -> FloatArray:
    """Locate each maximum between grid points, at the vertex of the parabola through it and its neighbours."""
    left, top, right = angle_rad[maxima - 1], angle_rad[maxima], angle_rad[maxima + 1]
    return np.asarray(maxima + 0.5 * (left - right) / (left - 2 * top + right))
