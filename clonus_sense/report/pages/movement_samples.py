"""The samples that a page carries: raw and band-passed acceleration around each movement, packed for a browser.

Movements that lie near each other share one segment, so that no sample is stored twice.  A value is a whole number of
milligrams.  Differences from sample to sample are small, and their low and high bytes stand apart: both deflate well.
"""

from __future__ import annotations

import base64
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from clonus_sense.model import FloatArray
from clonus_sense.report.main_axis import project_on_main_axis
from clonus_sense.report.window import Window, WindowPiece

# Seconds on either side of a movement: what it rose from, and what ended it.
AROUND_S = 30.0
# One value of the packed samples, in g: a fifth of the weakest beat that the detector takes.
STEP_G = 0.001
# Largest value that two bytes hold.
_MOST = 32767
# Spectra reach from rest to twice the band.
SPECTRUM_TO_HZ, SPECTRUM_STEP_HZ = 15.0, 0.1


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


def pack(values_g: FloatArray) -> str:
    """Pack samples.

    Parameters
    ----------
    values_g
        Acceleration, in g, shape ``(n_samples, n_axes)``.

    Returns
    -------
    str
        Base64 of a zlib stream; ``samples.js`` reads it.
    """
    whole = np.clip(np.round(values_g / STEP_G), -_MOST, _MOST).astype(np.int16)
    # Differences wrap around in 16 bits, and so does their sum.
    steps = np.diff(whole, axis=0, prepend=np.zeros((1, whole.shape[1]), np.int16)).astype("<i2")
    planes = np.ascontiguousarray(steps.T).view(np.uint8).reshape(-1, 2).T
    return base64.b64encode(zlib.compress(np.ascontiguousarray(planes).tobytes(), 9)).decode("ascii")


def unpack(text: str, n_axes: int) -> FloatArray:
    """Unpack samples, as the browser does.

    Examples
    --------
    >>> unpack(pack(np.array([[0.1, -0.2], [0.1004, 5.0]])), 2).tolist()
    [[0.1, -0.2], [0.1, 5.0]]
    """
    raw = np.frombuffer(zlib.decompress(base64.b64decode(text)), np.uint8).reshape(2, -1)
    steps: NDArray[np.int16] = np.ascontiguousarray(raw.T).view("<i2").reshape(n_axes, -1)
    return np.cumsum(steps, axis=1, dtype=np.int16).T * np.float64(STEP_G)


def pieces_record(window: Window) -> list[dict[str, object]]:
    """Lay out the raw samples of a window for the browser, a record for each piece without a gap."""
    return [
        {
            "from_s": round(float(piece.times_s[0]), 4),
            "to_s": round(float(piece.times_s[-1]), 4),
            "n": len(piece.times_s),
            "xyz": pack(piece.accel_g),
        }
        for piece in window.pieces
        if len(piece.times_s)
    ]


def band_records(window: Window, axis: tuple[float, float, float], start_s: float, end_s: float) -> list[object]:
    """Band-pass a part of a window along a movement's main axis, for the browser."""
    records: list[object] = []
    for piece in window.pieces:
        inside = (piece.times_s >= start_s) & (piece.times_s <= end_s)
        if inside.sum() < 2:
            continue
        along_g = project_on_main_axis(piece.times_s, piece.accel_g, axis)[inside]
        times_s = piece.times_s[inside]
        records.append(
            {
                "from_s": round(float(times_s[0]), 4),
                "to_s": round(float(times_s[-1]), 4),
                "n": len(times_s),
                "g": pack(along_g[:, None]),
            }
        )
    return records


def along_axis(pieces: Sequence[WindowPiece], axis: tuple[float, float, float]) -> list[tuple[FloatArray, FloatArray]]:
    """Band-pass pieces along an axis: times and acceleration of each."""
    return [
        (piece.times_s, project_on_main_axis(piece.times_s, piece.accel_g, axis))
        for piece in pieces
        if len(piece.times_s) > 1
    ]
