"""The samples that a page carries: raw and band-passed acceleration around each movement, packed for a browser.

Movements that lie near each other share one segment, so that no sample is stored twice.  A value is a whole number of
steps.  Differences from sample to sample are small, and their low and high bytes stand apart: both deflate well.
"""

from __future__ import annotations

import base64
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from clonus_sense.model import FloatArray
from clonus_sense.report.main_axis import project_on_main_axis
from clonus_sense.report.window import Window, WindowPiece

# Seconds on either side of a movement: what it rose from, and what ended it.
AROUND_S = 30.0
# Steps of the packed samples, in g: half the noise of a usual sensor, and a twentieth of the weakest beat.
RAW_STEP_G, BAND_STEP_G = 0.002, 0.001
# Largest value that two bytes hold.
_MOST = 32767
# Spectra reach from rest to twice the band.
SPECTRUM_TO_HZ, SPECTRUM_STEP_HZ = 15.0, 0.1


Line: TypeAlias = tuple[FloatArray, FloatArray]
"""Times in seconds and acceleration in g of a piece without a gap."""


@dataclass(frozen=True, slots=True, eq=False)
class NearPiece:
    """The samples of a piece that lie near a movement."""

    times_s: FloatArray
    accel_g: FloatArray


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of one recording that holds one movement or several."""

    recording_at: int
    start_s: float
    end_s: float


def join_segments(spans: Iterable[tuple[int, float, float]], lengths_s: Sequence[float]) -> list[Segment]:
    """Lay segments around movements.

    Parameters
    ----------
    spans
        Of each movement the place of its recording, and its onset and offset in seconds of that recording.
    lengths_s
        Length of each recording, in seconds.

    Returns
    -------
    list of Segment
        By recording and time; none overlaps another of its recording.

    Examples
    --------
    >>> join_segments([(0, 100.0, 104.0), (0, 150.0, 152.0), (0, 900.0, 903.0)], [3600.0])
    [Segment(recording_at=0, start_s=70.0, end_s=182.0), Segment(recording_at=0, start_s=870.0, end_s=933.0)]
    """
    segments: list[Segment] = []
    for at, onset_s, offset_s in sorted(spans):
        start_s, end_s = max(0.0, onset_s - AROUND_S), min(lengths_s[at], offset_s + AROUND_S)
        last = segments[-1] if segments else None
        if last is not None and last.recording_at == at and start_s <= last.end_s:
            segments[-1] = Segment(at, last.start_s, max(last.end_s, end_s))
        else:
            segments.append(Segment(at, start_s, end_s))
    return segments


def pack(values_g: FloatArray, step_g: float) -> str:
    """Pack samples.

    Parameters
    ----------
    values_g
        Acceleration, in g, shape ``(n_samples, n_axes)``.
    step_g
        What one step stands for.

    Returns
    -------
    str
        Base64 of a zlib stream; ``samples.js`` reads it.
    """
    whole = np.clip(np.round(values_g / step_g), -_MOST, _MOST).astype(np.int16)
    # Differences wrap around in 16 bits, and so does their sum.
    steps = np.diff(whole, axis=0, prepend=np.zeros((1, whole.shape[1]), np.int16)).astype("<i2")
    planes = np.ascontiguousarray(steps.T).view(np.uint8).reshape(-1, 2).T
    # Noise repeats nothing: the usual search for repeats takes twenty times as long and gains no more.
    deflate = zlib.compressobj(4, strategy=zlib.Z_FILTERED)
    packed = deflate.compress(np.ascontiguousarray(planes).tobytes()) + deflate.flush()
    return base64.b64encode(packed).decode("ascii")


def unpack(text: str, n_axes: int, step_g: float) -> FloatArray:
    """Unpack samples, as the browser does.

    Examples
    --------
    >>> unpack(pack(np.array([[0.1, -0.2], [0.1004, 5.0]]), 0.001), 2, 0.001).tolist()
    [[0.1, -0.2], [0.1, 5.0]]
    """
    raw = np.frombuffer(zlib.decompress(base64.b64decode(text)), np.uint8).reshape(2, -1)
    steps: NDArray[np.int16] = np.ascontiguousarray(raw.T).view("<i2").reshape(n_axes, -1)
    return np.cumsum(steps, axis=1, dtype=np.int16).T * np.float64(step_g)


def pieces_record(window: Window) -> list[dict[str, object]]:
    """Lay out the raw samples of a window for the browser, a record for each piece without a gap."""
    return [
        {
            "from_s": round(float(piece.times_s[0]), 4),
            "to_s": round(float(piece.times_s[-1]), 4),
            "n": len(piece.times_s),
            "xyz": pack(piece.accel_g, RAW_STEP_G),
        }
        for piece in window.pieces
        if len(piece.times_s)
    ]


def band_record(line: Line) -> dict[str, object]:
    """Lay out a band-passed line for the browser."""
    times_s, along_g = line
    return {
        "from_s": round(float(times_s[0]), 4),
        "to_s": round(float(times_s[-1]), 4),
        "n": len(times_s),
        "g": pack(along_g[:, None], BAND_STEP_G),
    }


def along_axis(pieces: Sequence[WindowPiece], axis: tuple[float, float, float]) -> list[Line]:
    """Band-pass pieces along an axis: times and acceleration of each."""
    return [
        (piece.times_s, project_on_main_axis(piece.times_s, piece.accel_g, axis))
        for piece in pieces
        if len(piece.times_s) > 1
    ]
