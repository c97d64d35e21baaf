"""The reliability plot: how often candidates of each confidence were true."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.ticker import MultipleLocator

from clonus_sense.report.plots.look import (
    BAND,
    MUTED,
    RULE,
    SIGNAL,
    SMALL_SIZE,
    TEXT_SIZE,
    drawing,
    new_figure,
    text_font,
    tidy,
)
from tests.validation.calibration import Calibration, ConfidenceBin

# 660 x 600 pixels: a third of a page's width, sharp on a dense screen.
WIDTH_IN, HEIGHT_IN, DPI = 4.4, 4.0, 150

# The documents that hold it are written in English alone.
LANGUAGE = "en"


def plot_reliability(calibration: Calibration, *, ax: Axes | None = None) -> Axes:
    """Draw the share of true candidates over their confidence, with a 90 % interval for each bin.

    Parameters
    ----------
    calibration
        Confidences beside what was true.
    ax
        Where to draw; ``None`` makes a new figure.

    Returns
    -------
    Axes
        The axes.  A point on the diagonal means what it says; one above it is right more often than it says.
    """
    with drawing(LANGUAGE):
        if ax is None:
            # Room for labels whose size is known.
            ax = new_figure(WIDTH_IN, HEIGHT_IN, DPI).add_axes((0.13, 0.13, 0.83, 0.79))
        tidy(ax, "Share of candidates that are true, with 90 % interval", LANGUAGE)
        ax.set(xlim=(0, 1), ylim=(-0.02, 1.04))
        for axis in (ax.xaxis, ax.yaxis):
            axis.set_major_locator(MultipleLocator(0.2))
        for edge in [b.low for b in calibration.bins[1:]]:
            ax.axvline(edge, color=RULE, linewidth=0.5)
        ax.plot([0, 1], [0, 1], color=MUTED, linewidth=1.0, linestyle=(0, (4, 3)))
        for one in calibration.bins:
            _draw_bin(ax, one)
        ax.set_xlabel("Mean confidence of the candidates", font=text_font(LANGUAGE, TEXT_SIZE))
    return ax


def _draw_bin(ax: Axes, one: ConfidenceBin) -> None:
    """Draw one bin as a point with its interval and the number of its candidates; an empty one as an empty field."""
    if one.mean_confidence is None or one.true_share is None:
        ax.axvspan(one.low, one.high, color=BAND, linewidth=0, zorder=0.3)
        return
    if one.interval is not None:
        ends = [one.interval.low, one.interval.high]
        ax.plot([one.mean_confidence] * 2, ends, color=SIGNAL, linewidth=1.6, marker="_", ms=9, clip_on=False)
    ax.plot([one.mean_confidence], [one.true_share], "o", color=SIGNAL, ms=6, clip_on=False, zorder=3)
    # Beside the point, and never across an edge of the figure.
    is_right = one.mean_confidence > 0.5
    ax.annotate(
        f"n = {one.n}",
        (one.mean_confidence, one.true_share),
        xytext=(-8 if is_right else 8, -4 if is_right else 4),
        textcoords="offset points",
        ha="right" if is_right else "left",
        va="top" if is_right else "bottom",
        color=MUTED,
        font=text_font(LANGUAGE, SMALL_SIZE),
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.0},  # the diagonal stops for it
    )
