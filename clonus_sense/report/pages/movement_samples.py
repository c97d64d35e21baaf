"""Which samples lie near the movements of a night, and their waveforms."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from clonus_sense.model import FloatArray
from clonus_sense.report.main_axis import project_on_main_axis
from clonus_sense.report.window import Window, WindowPiece

# Seconds on either side of a movement: what it rose from, and what ended it.
AROUND_S = 30.0
# Spectra reach from rest to twice the band.
SPECTRUM_TO_HZ, SPECTRUM_STEP_HZ = 15.0, 0.1


Line: TypeAlias = tuple[FloatArray, FloatArray]
"""Times in seconds and acceleration in g of a piece without a gap."""


@dataclass(frozen=True, slots=True, eq=False)
class NearPiece:
    """The samples of a piece that lie near a movement."""

    times_s: FloatArray
    accel_g: FloatArray


def join_spans(movements_s: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    """Lay spans around movements.

    Parameters
    ----------
    movements_s
        Onset and offset of each, in seconds of their recording.

    Returns
    -------
    list of tuple
        Start and end in seconds, by time; none overlaps another, so that no sample is stored twice.

    Examples
    --------
    >>> join_spans([(900.0, 903.0), (100.0, 104.0), (150.0, 152.0)])
    [(70.0, 182.0), (870.0, 933.0)]
    """
    spans: list[tuple[float, float]] = []
    for onset_s, offset_s in sorted(movements_s):
        start_s, end_s = max(0.0, onset_s - AROUND_S), offset_s + AROUND_S
        if spans and start_s <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], end_s))
        else:
            spans.append((start_s, end_s))
    return spans


def cut_near(pieces: Sequence[WindowPiece], onset_s: float, offset_s: float) -> Window:
    """Cut out a movement and what is around it."""
    start_s, end_s = onset_s - AROUND_S, offset_s + AROUND_S
    near = []
    for piece in pieces:
        first, end = np.searchsorted(piece.times_s, (start_s, end_s))
        if end - first > 1:
            near.append(NearPiece(piece.times_s[first:end], piece.accel_g[first:end]))
    return Window(start_s, end_s, tuple(near))


def along_axis(pieces: Sequence[WindowPiece], axis: tuple[float, float, float]) -> list[Line]:
    """Band-pass pieces along an axis: times and acceleration of each."""
    return [
        (piece.times_s, project_on_main_axis(piece.times_s, piece.accel_g, axis))
        for piece in pieces
        if len(piece.times_s) > 1
    ]
