"""The sensor between movement and samples: true rate, noise, resolution and range."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from clonus_sense.errors import SettingsError
from clonus_sense.model import FloatArray


@dataclass(frozen=True, slots=True)
class SimulatedSensor:
    """An accelerometer with the faults of real ones.

    Parameters
    ----------
    fs_hz
        Nominal rate, in Hz.
    rate_error
        Relative error of the rate; 0.02 is 2 % fast.
    noise_g
        Standard deviation of white noise on each axis, in g.
    step_g
        Resolution in g; 0 leaves the values unchanged.
    range_g
        Largest value of the output, in g.

    Raises
    ------
    SettingsError
        If a value is out of range.

    Examples
    --------
    >>> SimulatedSensor(fs_hz=50.0, rate_error=0.02).sample_times_s(0.1)
    array([0.      , 0.019608, 0.039216, 0.058824, 0.078431, 0.098039])
    """

    fs_hz: float = 52.0
    rate_error: float = 0.0
    noise_g: float = 0.003
    step_g: float = 0.000488
    range_g: float = 16.0

    def __post_init__(self) -> None:
        if not 1.0 <= self.fs_hz <= 10_000.0:
            raise SettingsError(f"fs_hz of the simulated sensor is {self.fs_hz}; it must lie between 1 and 10000.")
        if not abs(self.rate_error) <= 0.1:
            raise SettingsError(f"rate_error is {self.rate_error}; it is a ratio and must lie between -0.1 and 0.1.")
        for name in ("noise_g", "step_g"):
            if not 0.0 <= getattr(self, name) <= 1.0:
                raise SettingsError(f"{name} is {getattr(self, name)}; it must lie between 0 and 1.")
        if not self.range_g > 0:
            raise SettingsError(f"range_g is {self.range_g}; it must be positive.")

    @property
    def true_fs_hz(self) -> float:
        """True sampling rate."""
        return self.fs_hz * (1.0 + self.rate_error)

    def sample_times_s(self, duration_s: float) -> FloatArray:
        """Return the true times of all samples in ``[0, duration_s)``, rounded to 1 µs as in every recording."""
        n_samples = int(np.ceil(round(duration_s * self.true_fs_hz, 6)))
        return np.round(np.arange(n_samples) / self.true_fs_hz, 6)

    def measure(self, accel_g: FloatArray, rng: np.random.Generator) -> FloatArray:
        """Add noise, clip to the range and round to steps.

        Parameters
        ----------
        accel_g
            True acceleration, in g, shape ``(n_samples, 3)``.
        rng
            Generator of the noise.

        Returns
        -------
        FloatArray
            Output of the sensor, in g, shape ``(n_samples, 3)``.
        """
        return self.quantise(accel_g + self.noise_g * rng.standard_normal(accel_g.shape))

    def quantise(self, accel_g: FloatArray) -> FloatArray:
        """Clip to the range and round to steps, without noise; in g, shape ``(n_samples, 3)``."""
        clipped_g = np.clip(accel_g, -self.range_g, self.range_g)
        return np.round(clipped_g / self.step_g) * self.step_g if self.step_g > 0 else clipped_g
