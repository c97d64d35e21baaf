"""What an evaluation looks like: the page of misses and false detections."""

from clonus_sense.report.scores.logged import Said, read_said
from clonus_sense.report.scores.moment_plot import plot_moment
from clonus_sense.report.scores.score_page_files import Drawer, WindowsOf, write_agreement_page, write_evaluation_page

__all__ = [
    "Drawer",
    "Said",
    "WindowsOf",
    "plot_moment",
    "read_said",
    "write_agreement_page",
    "write_evaluation_page",
]
