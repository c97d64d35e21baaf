"""Notices input that cannot give a right answer: stuck, clipped or wrongly scaled samples, a rate that is too low.

A wrong unit is refused; the others become findings.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from clonus_sense.detection.filters import LOWEST_GOOD_RATE_HZ
from clonus_sense.errors import SignalError
from clonus_sense.model import Finding, FloatArray, Severity

# At rest, most of any night, the sensor feels gravity alone.  The offset of a cheap sensor is less than 0.2 g.
REST_RANGE_G = (0.8, 1.2)
LOOKS_AT_ONCE = 256
# Two looks that differ by less than this part: the leg lay still at both.
STILL_OF_MAGNITUDE = 0.02
# Half a minute at rest, before a scale is called odd: a slow movement may look like one for some seconds.
FEWEST_REST_LOOKS = 60
# Five seconds at rest tell m/s² from g: no leg rests at 9.8 g.
FEWEST_UNIT_LOOKS = 10
# Gravity in m/s², with the few per cent that a cheap sensor's scale may be off.
REST_IN_METRES = (9.3, 10.3)
# Motion sensors end at 16 g, and none rests there.
BEYOND_ANY_SENSOR_G = 19.0
# A 32 g sensor that hangs at its limit on all three axes shows 55 g.  Up to here the verdict waits for the whole
# recording: a sensor that hangs for the first minute may measure the rest of the night.
BEYOND_ANY_HANGING_SENSOR_G = 60.0
# Half of the samples of a moving leg lie near 1 g, also in a run; in m/s² they lie near 10.
BEYOND_ANY_MOVEMENT_G = 6.0
# Noise moves the last digit of a sensor within seconds; coarse sensors of 16 mg may stand still for some.
STUCK_S = 60.0
# Often enough to see a stuck sensor or a wrong unit, at hardly any cost.
LOOK_EVERY_S = 0.5
# No leg reaches the same largest acceleration to the last digit five times: that is the limit of a sensor.
FEWEST_CLIPPED = 5
# Sensors are sold with a range of 2 g at least; some lose a little of it.
LOWEST_CLIP_G = 1.8
# Histogram of rest magnitudes: 5 mg wide up to 20 g, so that memory does not grow with the night.
MAGNITUDE_BINS_G = np.concatenate([np.arange(0.0, 20.0, 0.005), [BEYOND_ANY_HANGING_SENSOR_G, np.inf]])
IN_METRES = "they are in m/s² and not in g; say --unit m/s2, and --start where a date is needed."
IN_COUNTS = "they are raw counts or mg and not g; say --unit mg or --unit raw:<counts per g>."


class SignalChecker:
    """Looks at the samples as they pass and states once each what is wrong with them."""

    def __init__(self) -> None:
        self._magnitudes = np.zeros(len(MAGNITUDE_BINS_G) - 1, dtype=np.int64)
        self._moving_magnitudes = np.zeros_like(self._magnitudes)
        self._n_at_rest = 0
        self._magnitude_before_g = np.empty(0)  # of the last look, if any
        # The unit is judged after this many looks at rest, then after twice as many.  Counting looks gives any cut of
        # the same samples the same refusal.
        self._next_unit_check = FEWEST_UNIT_LOOKS
        self._wrong_unit = ""
        self._stuck_value: FloatArray | None = None
        self._n_stuck = 0
        self._longest_stuck = 0
        self._extremes_g = np.zeros((3, 2))  # the largest value of each axis upwards and downwards
        self._n_at_extreme = np.zeros((3, 2), dtype=np.int64)
        self._slowest_hz = np.inf
        self._looks: list[FloatArray] = []  # samples half a second apart, not yet counted
        self._n_looks = 0

    def look(self, accel_g: FloatArray, first_index: int, fs_hz: float) -> None:
        """Take in further samples of a stretch; costs a few passes over them."""
        if len(accel_g) == 0:
            return
        self._slowest_hz = min(self._slowest_hz, fs_hz)
        every = max(1, round(LOOK_EVERY_S * fs_hz))
        self._looks.append(accel_g[-first_index % every :: every].copy())
        self._n_looks += len(self._looks[-1])
        n_until_check = max(FEWEST_UNIT_LOOKS, self._next_unit_check - self._n_at_rest)
        if self._n_looks >= min(LOOKS_AT_ONCE, n_until_check):
            self._count_looks()
        self._look_for_clipping(accel_g)

    @property
    def knows_unit(self) -> bool:
        """Whether the sensor has rested long enough to tell the unit."""
        return self._n_at_rest >= FEWEST_REST_LOOKS

    def check_unit(self, *, at_end: bool = False) -> None:
        """Refuse values that can only be of another unit; a scale that is merely odd becomes a finding."""
        if at_end and not self._wrong_unit:
            if self._n_looks:
                self._count_looks()
            self._judge_unit(BEYOND_ANY_SENSOR_G)
            self._judge_unit_of_movement()
        if self._wrong_unit:
            raise SignalError(self._wrong_unit)

    def _count_looks(self) -> None:
        """Count the samples put aside; many at once cost hardly more than one."""
        looks = np.concatenate(self._looks)
        self._looks, self._n_looks = [], 0
        self._look_at_rest(looks)
        self._look_for_stuck(looks)

    def _look_at_rest(self, looks: FloatArray) -> None:
        """Count the magnitude where it hardly differs from the look before: there the sensor feels gravity alone."""
        magnitude_g = np.concatenate([self._magnitude_before_g, np.sqrt((looks * looks).sum(axis=1))])
        self._magnitude_before_g = magnitude_g[-1:]
        at_rest = np.abs(np.diff(magnitude_g)) <= STILL_OF_MAGNITUDE * magnitude_g[1:]
        self._moving_magnitudes += np.histogram(magnitude_g[1:][~at_rest], MAGNITUDE_BINS_G)[0]
        rest_g = magnitude_g[1:][at_rest]
        while self._n_at_rest + len(rest_g) >= self._next_unit_check:
            n_until_check = self._next_unit_check - self._n_at_rest
            self._count_rest(rest_g[:n_until_check])
            rest_g = rest_g[n_until_check:]
            self._judge_unit(BEYOND_ANY_HANGING_SENSOR_G)
            self._next_unit_check *= 2
        self._count_rest(rest_g)

    def _count_rest(self, rest_g: FloatArray) -> None:
        """Count magnitudes at rest."""
        self._magnitudes += np.histogram(rest_g, MAGNITUDE_BINS_G)[0]
        self._n_at_rest += len(rest_g)

    def _judge_unit(self, beyond_g: float) -> None:
        """Note a wrong unit of the magnitudes counted so far; the first judgement stands."""
        if self._wrong_unit or self._n_at_rest < FEWEST_UNIT_LOOKS:
            return
        rest_g = _find_middle(self._magnitudes)
        if REST_IN_METRES[0] <= rest_g <= REST_IN_METRES[1]:
            self._wrong_unit = f"at rest the values show {rest_g:.3g}, where a sensor feels 1 g: {IN_METRES}"
        elif rest_g >= beyond_g:
            self._wrong_unit = (
                f"at rest the values show {BEYOND_ANY_SENSOR_G:g} or more, where a sensor feels 1 g: {IN_COUNTS}"
            )

    def _judge_unit_of_movement(self) -> None:
        """Note a wrong unit of a recording in which the leg never rests long enough."""
        if self._wrong_unit or int(self._moving_magnitudes.sum()) < FEWEST_UNIT_LOOKS:
            return
        middle_g = _find_middle(self._moving_magnitudes)
        if middle_g >= BEYOND_ANY_MOVEMENT_G:
            unit = IN_METRES if middle_g < BEYOND_ANY_SENSOR_G else IN_COUNTS
            self._wrong_unit = (
                f"half of the values lie above {middle_g:.2g}, where a leg that moves shows about 1 g: {unit}"
            )

    def _look_for_stuck(self, looks: FloatArray) -> None:
        """Count successive looks that equal the one before to the last digit on all axes."""
        before = looks[:1] if self._stuck_value is None else self._stuck_value
        same = (np.concatenate([before, looks[:-1]]) == looks).all(axis=1)
        breaks = np.flatnonzero(~same)
        runs = np.diff(np.concatenate([[-1 - self._n_stuck], breaks, [len(looks)]])) - 1
        self._longest_stuck = max(self._longest_stuck, int(runs.max()))
        self._n_stuck = int(runs[-1])
        self._stuck_value = looks[-1:]

    def _look_for_clipping(self, accel_g: FloatArray) -> None:
        """Count how often each axis stands at its largest value so far, on either side."""
        for axis in range(3):
            column = accel_g[:, axis]
            for side, extreme in enumerate((float(column.max()), -float(column.min()))):
                if extreme < max(LOWEST_CLIP_G, self._extremes_g[axis, side]):
                    continue
                if extreme > self._extremes_g[axis, side]:
                    self._extremes_g[axis, side], self._n_at_extreme[axis, side] = extreme, 0
                self._n_at_extreme[axis, side] += int((column == (extreme if side == 0 else -extreme)).sum())

    def findings(self) -> tuple[Finding, ...]:
        """State the findings so far, in sentences for people."""
        if self._n_looks:
            self._count_looks()
        return tuple(
            finding
            for finding in (self._judge_rate(), self._judge_scale(), self._judge_stuck(), self._judge_clipping())
            if finding is not None
        )

    def _judge_rate(self) -> Finding | None:
        if self._slowest_hz >= LOWEST_GOOD_RATE_HZ:
            return None
        return Finding(
            Severity.WARNING,
            "slow-rate",
            f"Sampled at {self._slowest_hz:g} Hz: rhythms near 8 Hz may be missed and strengths read low; "
            "50 Hz or more is advised.",
        )

    def _judge_scale(self) -> Finding | None:
        if not self.knows_unit:
            return None
        rest_g = _find_middle(self._magnitudes)
        if REST_RANGE_G[0] <= rest_g <= REST_RANGE_G[1]:
            return None
        return Finding(
            Severity.WARNING,
            "wrong-scale",
            f"At rest the sensor should feel 1 g, but it felt about {rest_g:.2g} g: the unit may be wrong or gravity "
            "taken out, so strengths and the absence of episodes cannot be trusted.",
        )

    def _judge_stuck(self) -> Finding | None:
        stuck_s = self._longest_stuck * LOOK_EVERY_S
        if stuck_s < STUCK_S:
            return None
        return Finding(
            Severity.WARNING,
            "constant",
            f"The samples did not change at all for {stuck_s:.0f} s: the sensor may have been stuck, and nothing can "
            "be said about that time.",
        )

    def _judge_clipping(self) -> Finding | None:
        clipped = self._n_at_extreme >= FEWEST_CLIPPED
        if not clipped.any():
            return None
        return Finding(
            Severity.WARNING,
            "clipped",
            f"The sensor reached its limit of {self._extremes_g[clipped].max():.3g} g "
            f"{int(self._n_at_extreme[clipped].sum())} times: strengths there are larger than reported; choose a "
            "larger range.",
        )


def _find_middle(counts: NDArray[np.int64]) -> float:
    """Find the middle magnitude of a histogram, in g."""
    total = np.cumsum(counts)
    return float(MAGNITUDE_BINS_G[int(np.searchsorted(total, (total[-1] + 1) // 2))])
