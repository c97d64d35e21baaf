"""What an evaluation looks like: the page of misses and false detections, and the reliability plot."""

from clonus_sense.report.scores.reliability import plot_reliability

__all__ = ["plot_reliability"]
