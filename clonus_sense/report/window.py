"""The samples around one episode, as a picture of it needs them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from clonus_sense.model import FloatArray


class WindowPiece(Protocol):
    """Some consecutive samples without a gap; what a recording's ``window`` gives fits."""

    @property
    def times_s(self) -> FloatArray:
        """Time of each sample, in seconds since the start of the recording, shape ``(n_samples,)``."""

    @property
    def accel_g(self) -> FloatArray:
        """Acceleration, in g, shape ``(n_samples, 3)``."""


@dataclass(frozen=True, slots=True, eq=False)
class Window:
    """A stretch of time of a recording."""

    start_s: float
    end_s: float
    pieces: tuple[WindowPiece, ...]


WindowOf: TypeAlias = Callable[[float, float], Window]
"""Gives the window of a recording from a start to an end, in seconds."""
