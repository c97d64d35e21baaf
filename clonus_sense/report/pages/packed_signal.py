"""The acceleration of a recording, packed for a browser: an overview of all of it, and samples of chosen times.

How to use it
-------------
In Python, :func:`pack_part` packs what one recording measured; a *lane* of a page is a list of such parts.  In the
browser, ``signal.js`` reads lanes: ``new PackedSignal(lanes)`` has ``samples(fromS, toS, widthPx, view)``, which gives
for each lane either samples, or the smallest and largest value in columns of about a pixel, and says what times the
page holds nothing of.  ``night_signal.js`` draws them.  Another source with the same method, such as one that fetches
from a server, takes the place of ``PackedSignal``.

How it is packed
----------------
Samples are counted through all pieces of a recording.  The overview holds bins of ``bin`` samples, counted from the
start of each piece; blocks hold the samples themselves.  A value is a whole number of steps.  Differences from value to
value are small, and their low and high bytes stand apart: both deflate well.
"""

from __future__ import annotations

import base64
import zlib
from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from clonus_sense.model import FloatArray
from clonus_sense.report.main_axis import band_pass, describe_band, measured_rate_hz
from clonus_sense.report.window import WindowPiece

# Steps of the packed values, in g: half the noise of a usual sensor, and a twentieth of the weakest beat.
RAW_STEP_G, BAND_STEP_G = 0.002, 0.001
# Largest value that two bytes hold.
_MOST = 32767
# A block is inflated in a few milliseconds, and lasts two to three minutes.
BLOCK_SAMPLES = 16_384
# An overview without samples behind it: its bins are as wide as a pixel of a laptop while an hour or more is shown.
OVERVIEW_BINS = 4000
# An overview with samples behind it: below it, one window of a page holds two to five blocks.
FINE_BIN_SAMPLES = 64
# For wide bins means of neighbours at this rate are enough: they take 2 % from a beat of 6 Hz, and half of the time.
ENOUGH_HZ = 50.0
# Times lie on straight lines between knots to this, a fifth of a sample at 100 Hz, on no fewer samples than these.
KNOT_TOLERANCE_S, FEWEST_BETWEEN_KNOTS = 0.002, 256


def pack(values_g: FloatArray, step_g: float) -> str:
    """Pack values.

    Parameters
    ----------
    values_g
        Acceleration, in g, shape ``(n_values, n_columns)``.
    step_g
        What one step stands for.

    Returns
    -------
    str
        Base64 of a zlib stream; ``signal.js`` reads it.
    """
    whole = np.clip(np.round(values_g / step_g), -_MOST, _MOST).astype(np.int16)
    # Differences wrap around in 16 bits, and so does their sum.
    steps = np.diff(whole, axis=0, prepend=np.zeros((1, whole.shape[1]), np.int16)).astype("<i2")
    planes = np.ascontiguousarray(steps.T).view(np.uint8).reshape(-1, 2).T
    # Noise repeats nothing but its high bytes: searching further takes three times as long and gains nothing.
    deflate = zlib.compressobj(strategy=zlib.Z_RLE)
    packed = deflate.compress(np.ascontiguousarray(planes).tobytes()) + deflate.flush()
    return base64.b64encode(packed).decode("ascii")


def unpack(text: str, n_columns: int, step_g: float) -> FloatArray:
    """Unpack values, as the browser does.

    Examples
    --------
    >>> unpack(pack(np.array([[0.1, -0.2], [0.1004, 5.0]]), 0.001), 2, 0.001).tolist()
    [[0.1, -0.2], [0.1, 5.0]]
    """
    raw = np.frombuffer(zlib.decompress(base64.b64decode(text)), np.uint8).reshape(2, -1)
    steps: NDArray[np.int16] = np.ascontiguousarray(raw.T).view("<i2").reshape(n_columns, -1)
    return np.cumsum(steps, axis=1, dtype=np.int16).T * np.float64(step_g)


def pack_part(
    pieces: Sequence[WindowPiece], *, shift_s: float = 0.0, spans: Sequence[tuple[float, float]] | None = None
) -> dict[str, object]:
    """Pack a recording.

    Parameters
    ----------
    pieces
        All of its samples, by time.
    shift_s
        Where the recording starts on the axis of the page.
    spans
        Times of the recording whose samples go with the overview, by time and none overlapping; ``None`` for all.

    Returns
    -------
    dict
        A record for ``signal.js``, ready for JSON.
    """
    pieces = [piece for piece in pieces if len(piece.times_s)]
    if not pieces:
        return {"shift_s": shift_s, "pieces": [], "blocks": []}
    firsts = np.cumsum([0, *(len(piece.times_s) for piece in pieces)])
    longest = max(pieces, key=lambda piece: len(piece.times_s))
    rate_hz = measured_rate_hz(longest.times_s) if len(longest.times_s) > 1 else 1.0
    every = FINE_BIN_SAMPLES if spans is None else max(1, -(-int(firsts[-1]) // OVERVIEW_BINS))
    n_joined = max(1, min(int(rate_hz // ENOUGH_HZ), every // FINE_BIN_SAMPLES))
    every += -every % n_joined
    low_high = _overview(pieces, rate_hz, every, n_joined)
    return {
        "shift_s": shift_s,
        "rate_hz": round(rate_hz, 6),
        "pieces": [_knots(int(first), piece.times_s) for first, piece in zip(firsts, pieces, strict=False)],
        "bin": every,
        "band": pack(low_high[:, :2], BAND_STEP_G),
        "raw": pack(low_high[:, 2:], RAW_STEP_G),
        "steps_g": {"band": BAND_STEP_G, "raw": RAW_STEP_G},
        "filter": describe_band(rate_hz),
        "blocks": [
            {"first": first, "n": end - first, "xyz": pack(_samples(pieces, firsts, first, end), RAW_STEP_G)}
            for first, end in _blocks(pieces, firsts, spans)
        ],
    }


def _knots(first: int, times_s: FloatArray) -> list[float]:
    """Lay knots between which the times of a piece are straight: index, seconds, index, seconds and so on."""
    ends = [0, len(times_s) - 1] if len(times_s) > 1 else [0]
    places = list(ends[:1])
    open_parts = [(ends[0], ends[-1])] if len(ends) > 1 else []
    while open_parts:
        start, end = open_parts.pop()
        # Times bend over many samples: one in eight shows it.
        at = np.arange(start, end, 8)
        straight_s = times_s[start] + (at - start) * ((times_s[end] - times_s[start]) / max(1, end - start))
        if end - start > FEWEST_BETWEEN_KNOTS and np.abs(straight_s - times_s[at]).max() > KNOT_TOLERANCE_S:
            middle = (start + end) // 2
            open_parts += [(middle, end), (start, middle)]
        else:
            places.append(end)
    return [number for place in places for number in (first + place, round(float(times_s[place]), 4))]


def _overview(pieces: Sequence[WindowPiece], rate_hz: float, every: int, n_joined: int) -> FloatArray:
    """Find the lowest and highest value in each bin, a row each: band-passed over all axes, then raw x, y and z.

    The band is that of the means of ``n_joined`` samples, of which a bin holds a whole number.
    """
    raw_starts = _bin_starts([len(piece.times_s) for piece in pieces], every)
    band_starts = _bin_starts([-(-len(piece.times_s) // n_joined) for piece in pieces], every // n_joined)
    bands: list[FloatArray] = []
    raws: list[FloatArray] = []
    # One axis after the other, so that a night takes no more than a copy of one.
    for axis in range(3):
        columns = [np.ascontiguousarray(piece.accel_g[:, axis]) for piece in pieces]
        filtered = [band_pass(_join(column, n_joined), rate_hz / n_joined) for column in columns]
        for values, starts, kept in ((columns, raw_starts, raws), (filtered, band_starts, bands)):
            joined = values[0] if len(values) == 1 else np.concatenate(values)
            kept += [np.minimum.reduceat(joined, starts), np.maximum.reduceat(joined, starts)]
    return np.column_stack([np.min(bands[::2], axis=0), np.max(bands[1::2], axis=0), *raws])


def _bin_starts(lengths: Sequence[int], every: int) -> NDArray[np.int64]:
    """Lay bins over pieces, counted from the start of each."""
    firsts = np.cumsum([0, *lengths])
    return np.concatenate([np.arange(first, end, every) for first, end in pairwise(firsts)])


def _join(along_g: FloatArray, n_joined: int) -> FloatArray:
    """Replace neighbours by their mean; those that are left at the end have their own."""
    whole = len(along_g) // n_joined * n_joined
    means = np.asarray(sum(along_g[at:whole:n_joined] for at in range(n_joined))) / n_joined
    return means if whole == len(along_g) else np.append(means, along_g[whole:].mean())


def _blocks(
    pieces: Sequence[WindowPiece], firsts: NDArray[np.int64], spans: Sequence[tuple[float, float]] | None
) -> list[tuple[int, int]]:
    """Divide the samples of some spans into blocks: first sample and the one after the last."""
    if spans is None:
        ranges = [(0, int(firsts[-1]))]
    else:
        ranges = [(_index_at(pieces, firsts, start_s), _index_at(pieces, firsts, end_s)) for start_s, end_s in spans]
    return [
        (start, min(start + BLOCK_SAMPLES, end)) for first, end in ranges for start in range(first, end, BLOCK_SAMPLES)
    ]


def _index_at(pieces: Sequence[WindowPiece], firsts: NDArray[np.int64], at_s: float) -> int:
    """Find the number of the first sample at or after a time."""
    last = max(0, bisect_right(pieces, at_s, key=lambda piece: float(piece.times_s[0])) - 1)
    return int(firsts[last] + np.searchsorted(pieces[last].times_s, at_s))


def _samples(pieces: Sequence[WindowPiece], firsts: NDArray[np.int64], first: int, end: int) -> FloatArray:
    """Take samples by their numbers, over the ends of pieces; shape ``(end - first, 3)``."""
    holding = slice(int(np.searchsorted(firsts, first, side="right")) - 1, int(np.searchsorted(firsts, end)))
    parts = [
        piece.accel_g[max(0, first - int(at)) : end - int(at)]
        for piece, at in zip(pieces[holding], firsts[holding], strict=False)
    ]
    return parts[0] if len(parts) == 1 else np.concatenate(parts)
