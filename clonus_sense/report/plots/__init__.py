"""Pictures, each into axes of yours or into a new figure: a night, a recording, a single episode."""

from clonus_sense.report.plots.episode import EpisodeAxes, plot_episode
from clonus_sense.report.plots.legs import NARROW, WIDE, LegsLayout, plot_legs
from clonus_sense.report.plots.look import drawing, figure_png, png
from clonus_sense.report.plots.night import plot_night

__all__ = [
    "NARROW",
    "WIDE",
    "EpisodeAxes",
    "LegsLayout",
    "drawing",
    "figure_png",
    "plot_episode",
    "plot_legs",
    "plot_night",
    "png",
]
