"""Pictures, each into axes of yours or into a new figure: a night, a recording, a single episode."""

from clonus_sense.report.plots.episode import EpisodeAxes, plot_episode
from clonus_sense.report.plots.look import drawing, figure_png, png
from clonus_sense.report.plots.night import plot_night

__all__ = [
    "EpisodeAxes",
    "drawing",
    "figure_png",
    "plot_episode",
    "plot_night",
    "png",
]
