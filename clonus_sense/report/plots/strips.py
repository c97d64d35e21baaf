"""A part of a recording as strips of half a minute, one below the other, on which a person marks by the second."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MultipleLocator
from scipy.signal import butter, sosfiltfilt

from clonus_sense.i18n import translator
from clonus_sense.model import FloatArray, RecordingInfo
from clonus_sense.report.clock_labels import clock_of
from clonus_sense.report.main_axis import FEWEST_SAMPLES, ORDER, measured_rate_hz
from clonus_sense.report.plots.look import (
    AXIS_COLOURS,
    GAP,
    MUTED,
    RULE,
    SMALL_SIZE,
    drawing,
    new_figure,
    text_font,
)
from clonus_sense.report.window import Window, WindowPiece

STRIP_S = 30.0
"""Seconds of a strip: the epoch of sleep laboratories.  A beat of 6 Hz is 6 pixels wide."""

STRIPS_PER_PICTURE = 10
"""Five minutes: a picture fits on a screen, and on a page of A4 lying on its side."""

# 1200 x 972 pixels, about the width of the page on a screen.
WIDTH_IN, STRIP_IN, DPI = 10.0, 0.8, 120
TOP_IN = 0.1

# Edges of a strip as shares of the width: the clock stands at its left, the scale at its right.
LEFT, RIGHT = 0.075, 0.935

N_COLOURS = 32
"""Three axes and greys need no more: so, and with lines without soft edges, a night of noise takes 7 MB, not 25."""

# Share of a strip's height that the waveform takes; the rest holds its seconds.
WAVEFORM_SHARE = 0.72

# Below it there is posture, which would set the scale of a strip in which the leg is turned; beats are far above.
DRIFT_HZ = 1.0

# A strip shows at least this much either way, so that noise stays small, and at most so many times what most of it
# holds: a kick would else press a weak bout beside it into a line.
SMALLEST_SCALE_G = 0.05
SCALE_RATIO = 3.0


def plot_strips(window: Window, *, info: RecordingInfo | None = None, language: str = "en") -> list[Axes]:
    """Draw a part of a recording as strips, with nothing of what a detector thinks of it."""
    _ = translator(language)
    clock = clock_of(info)
    # The last strip is shorter where the recording ends; it keeps the width of a second.
    n_strips = max(1, int(np.ceil((window.end_s - window.start_s) / STRIP_S - 1e-9)))
    height_in = n_strips * STRIP_IN + TOP_IN
    moved = [_remove_posture(piece) for piece in window.pieces]
    with drawing(language):
        figure = new_figure(WIDTH_IN, height_in, DPI)
        strips = []
        for number in range(n_strips):
            bottom_in = height_in - TOP_IN - (number + WAVEFORM_SHARE) * STRIP_IN
            place = (LEFT, bottom_in / height_in, RIGHT - LEFT, WAVEFORM_SHARE * STRIP_IN / height_in)
            strip = figure.add_axes(place)
            start_s = window.start_s + number * STRIP_S
            scale_g = _draw_strip(strip, moved, start_s, min(window.end_s, start_s + STRIP_S))
            for x, align, words in (
                (-0.008, "right", clock.label(start_s)),
                (1.008, "left", _("±{value:.2f} g").format(value=scale_g)),
            ):
                strip.text(
                    x, 0.5, words, transform=strip.transAxes, ha=align, va="center", color=MUTED,
                    font=text_font(language, SMALL_SIZE),
                )  # fmt: skip
            strips.append(strip)
    return strips


@dataclass(frozen=True, slots=True, eq=False)
class _Moved:
    """A piece without posture; shapes ``(n_samples,)`` and ``(n_samples, 3)``."""

    times_s: FloatArray
    accel_g: FloatArray


def _remove_posture(piece: WindowPiece) -> _Moved:
    """Take out what changes more slowly than any beat, without delay."""
    if len(piece.times_s) < FEWEST_SAMPLES:
        return _Moved(piece.times_s, piece.accel_g - piece.accel_g.mean(axis=0))
    rate_hz = measured_rate_hz(piece.times_s)
    sos = butter(ORDER, DRIFT_HZ, btype="highpass", fs=rate_hz, output="sos")
    padding = min(round(3 / DRIFT_HZ * rate_hz), len(piece.times_s) - 1)
    return _Moved(piece.times_s, np.asarray(sosfiltfilt(sos, piece.accel_g, axis=0, padlen=padding)))


def _draw_strip(ax: Axes, pieces: Sequence[_Moved], start_s: float, end_s: float) -> float:
    """Draw the three axes of some seconds and return the scale in g."""
    ax.set_xlim(start_s, start_s + STRIP_S)
    ax.spines[:].set_visible(False)
    ax.tick_params(which="both", length=0, labelsize=SMALL_SIZE - 1, labelcolor=MUTED, pad=1)
    ax.xaxis.set_major_locator(MultipleLocator(5.0))
    # One object for all seconds: ticks would take most of the time of drawing.
    seconds = np.arange(start_s, start_s + STRIP_S + 1)
    widths = np.where(seconds % 5 == 0, 0.8, 0.35)
    ax.vlines(seconds, 0, 1, transform=ax.get_xaxis_transform(), color=RULE, linewidth=widths, zorder=0.5)
    ax.yaxis.set_visible(False)
    cuts = [(piece.times_s >= start_s) & (piece.times_s < end_s) for piece in pieces]
    inside = [(p.times_s[cut], p.accel_g[cut]) for p, cut in zip(pieces, cuts, strict=True) if cut.any()]
    _shade_unmeasured(ax, [times_s for times_s, _ in inside], start_s)
    if not inside:
        ax.set_ylim(-SMALLEST_SCALE_G, SMALLEST_SCALE_G)
        return SMALLEST_SCALE_G
    for times_s, accel_g in inside:
        for axis, colour in enumerate(AXIS_COLOURS):
            ax.plot(times_s, accel_g[:, axis], color=colour, linewidth=0.5, antialiased=False)
    # The axis that moves most: a bout lies on one, and shall set the scale from a second and a half on.
    sizes_g = np.abs(np.concatenate([accel_g for _, accel_g in inside])).max(axis=1)
    # Rounded up to what the label says.
    scale_g = max(SMALLEST_SCALE_G, float(np.ceil(100 * SCALE_RATIO * np.percentile(sizes_g, 95)) / 100))
    ax.set_ylim(-scale_g, scale_g)
    return scale_g


def _shade_unmeasured(ax: Axes, measured: Sequence[FloatArray], start_s: float) -> None:
    """Shade what was not measured; the step from one sample to the next is no gap."""
    step_s = max((float(np.median(np.diff(times_s))) for times_s in measured if len(times_s) > 1), default=0.0)
    edges_s = [start_s, *(edge for times_s in measured for edge in (times_s[0], times_s[-1])), start_s + STRIP_S]
    for before_s, after_s in zip(edges_s[::2], edges_s[1::2], strict=True):
        if after_s - before_s > 1.5 * step_s:
            ax.axvspan(before_s, after_s, color=GAP, linewidth=0, zorder=0.4)
