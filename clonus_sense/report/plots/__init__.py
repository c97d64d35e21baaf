"""Pictures: :func:`plot_night` and :func:`plot_episode`, each into axes of yours or into a new figure."""

from clonus_sense.report.plots.episode import EpisodeAxes, plot_episode
from clonus_sense.report.plots.look import drawing, png
from clonus_sense.report.plots.night import plot_night

__all__ = ["EpisodeAxes", "drawing", "plot_episode", "plot_night", "png"]
