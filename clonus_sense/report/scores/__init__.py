"""What an evaluation looks like: the page of misses and false detections, and the reliability plot."""

from clonus_sense.report.scores.logged import Said, read_said
from clonus_sense.report.scores.moment_plot import plot_moment
from clonus_sense.report.scores.pages import Drawer, WindowsOf, write_agreement_page, write_evaluation_page
from clonus_sense.report.scores.reliability import plot_reliability

__all__ = [
    "Drawer",
    "Said",
    "WindowsOf",
    "plot_moment",
    "plot_reliability",
    "read_said",
    "write_agreement_page",
    "write_evaluation_page",
]
