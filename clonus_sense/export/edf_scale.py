"""Scale from acceleration to the 16-bit numbers of EDF, without clipping and with a known step."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_UP, Decimal

import numpy as np
from numpy.typing import NDArray

from clonus_sense.model import FloatArray

LOWEST, HIGHEST = -(1 << 15), (1 << 15) - 1
# A header number has 8 characters, one of them for the sign of the lowest value.
_NUMBER_CHARACTERS = 7
# Our recordings hold 4 decimals if the sensor's step is unknown.
_FILE_STEP_G = 1e-4
# Margin above the largest value, so that no sample gets the lowest number.
_MARGIN_RATIO = Decimal("1.0001")


@dataclass(frozen=True, slots=True)
class EdfScale:
    """The four header numbers that map 16-bit numbers to g; the lowest number means "no sample"."""

    digital_min: int
    digital_max: int
    physical_min: str
    physical_max: str

    @property
    def step_g(self) -> float:
        """Step between two numbers, in g; the largest error is half a step."""
        return (float(self.physical_max) - float(self.physical_min)) / (self.digital_max - self.digital_min)

    def encode(self, accel_g: FloatArray) -> NDArray[np.int16]:
        """Convert acceleration in g to the nearest numbers."""
        steps = np.rint((accel_g - float(self.physical_min)) / self.step_g) + self.digital_min
        return steps.astype("<i2")


def choose_scale(peak_g: float, *, step_g: float | None, range_g: float | None) -> EdfScale:
    """Choose a scale for all samples: the sensor's exact steps if they reach far enough, else its range or the peak."""
    in_steps = _in_steps(Decimal(repr(float(step_g or _FILE_STEP_G))), peak_g)
    if in_steps is not None:
        return in_steps
    reach = Decimal(repr(float(max(peak_g, range_g or 0.0)))) * _MARGIN_RATIO
    text = _short(reach)
    return EdfScale(LOWEST, HIGHEST, f"-{text}", text)


def _in_steps(step_g: Decimal, peak_g: float) -> EdfScale | None:
    """Use the sensor's step if header and samples allow it."""
    # The largest number of steps with both ends exact in the header.
    lowest = next((n for n in range(-LOWEST, 0, -1) if _is_short(n * step_g)), 0)
    highest = next((n for n in range(min(HIGHEST, lowest - 1), 0, -1) if _is_short(n * step_g)), 0)
    if not highest or peak_g > float(highest * step_g):
        return None
    return EdfScale(-lowest, highest, f"-{_plain(lowest * step_g)}", _plain(highest * step_g))


def _is_short(number: Decimal) -> bool:
    """Return whether a number can be written exactly."""
    return len(_plain(number)) <= _NUMBER_CHARACTERS


def _plain(number: Decimal) -> str:
    """Write a number without exponent and trailing zeros."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _short(number: Decimal) -> str:
    """Write a number in the available characters, rounded up."""
    decimals = max(0, _NUMBER_CHARACTERS - 1 - max(1, number.adjusted() + 1))
    return _plain(number.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_UP))
