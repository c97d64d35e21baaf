"""A recording as strips on which a person marks: its samples without posture, packed in parts of five minutes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from scipy.signal import butter, sosfiltfilt

from clonus_sense.model import FloatArray
from clonus_sense.report.main_axis import FEWEST_SAMPLES, ORDER, measured_rate_hz
from clonus_sense.report.pages.packed_signal import pack
from clonus_sense.report.window import WindowOf, WindowPiece

PART_S = 300.0
"""Seconds that the browser unpacks at once: one or two screens of strips."""

STEP_G = 0.001
"""Size of one packed step: a tenth of the weakest bout that the detector looks for."""

# Below it there is posture, which would set the scale of a strip in which the leg turns; beats are far above.
DRIFT_HZ = 1.0
# Seconds on either side of a part that the filter sees and the part does not hold.
AROUND_S = 5.0
# A strip of half a minute on a wide screen has 50 pixels a second; faster samples are thinned to a rate above this.
MOST_HZ = 100.0


def pack_parts(window_of: WindowOf, start_s: float, end_s: float) -> list[dict[str, object]]:
    """Pack a recording in parts of five minutes.

    Parameters
    ----------
    window_of
        Gives the samples from a start to an end, in seconds of the recording.
    start_s, end_s
        Time to pack, in seconds of the recording.

    Returns
    -------
    list of dict
        Each part with its start and end, in seconds, and its pieces without a gap, as ``samples.js`` reads them.
    """
    starts_s = np.arange(start_s, end_s, PART_S).tolist()
    return [_pack_part(window_of, from_s, min(from_s + PART_S, end_s)) for from_s in starts_s]


def _pack_part(window_of: WindowOf, from_s: float, to_s: float) -> dict[str, object]:
    """Pack one part; its filter begins before it, so that two parts meet without a step."""
    pieces = window_of(max(0.0, from_s - AROUND_S), to_s + AROUND_S).pieces
    return {"from_s": from_s, "to_s": to_s, "pieces": list(_pack_pieces(pieces, from_s, to_s))}


def _pack_pieces(pieces: Sequence[WindowPiece], from_s: float, to_s: float) -> Iterable[dict[str, object]]:
    """Pack the samples of each piece that lie in the part."""
    for piece in pieces:
        inside = (piece.times_s >= from_s) & (piece.times_s < to_s)
        if not inside.any():
            continue
        every = max(1, int(measured_rate_hz(piece.times_s) // MOST_HZ)) if len(piece.times_s) > 1 else 1
        times_s = piece.times_s[inside][::every]
        yield {
            "from_s": round(float(times_s[0]), 4),
            "to_s": round(float(times_s[-1]), 4),
            "n": len(times_s),
            "xyz": pack(_remove_posture(piece, every)[inside][::every], STEP_G),
        }


def _remove_posture(piece: WindowPiece, every: int) -> FloatArray:
    """Take out what changes more slowly than any beat, without delay, and what thinning would fold into the beats."""
    if len(piece.times_s) < FEWEST_SAMPLES:
        return np.asarray(piece.accel_g - piece.accel_g.mean(axis=0))
    rate_hz = measured_rate_hz(piece.times_s)
    padding = min(round(3 / DRIFT_HZ * rate_hz), len(piece.times_s) - 1)
    high = butter(ORDER, DRIFT_HZ, btype="highpass", fs=rate_hz, output="sos")
    moved_g = np.asarray(sosfiltfilt(high, piece.accel_g, axis=0, padlen=padding))
    if every == 1:
        return moved_g
    low = butter(ORDER, 0.4 * rate_hz / every, btype="lowpass", fs=rate_hz, output="sos")
    return np.asarray(sosfiltfilt(low, moved_g, axis=0, padlen=padding))
