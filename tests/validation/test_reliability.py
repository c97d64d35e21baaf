"""The reliability plot shows each bin where it belongs, and an empty one as empty."""

import numpy as np
import pytest

from clonus_sense.evaluation.intervals import FigureInterval
from clonus_sense.report.plots import png
from tests.validation.calibration import Calibration, ConfidenceBin
from tests.validation.reliability import plot_reliability

CALIBRATION = Calibration(
    (
        ConfidenceBin(0.0, 0.5, 40, 0.1, 0.05, FigureInterval(0.02, 0.12)),
        ConfidenceBin(0.5, 0.8, 0, None, None),
        ConfidenceBin(0.8, 1.0, 7, 0.9, 1.0, None),
    ),
    0.05,
    FigureInterval(0.04, 0.06),
)


def points_of(ax, marker):
    return [tuple(zip(*line.get_data(), strict=True)) for line in ax.lines if line.get_marker() == marker]


def test_each_bin_stands_at_its_confidence_and_its_share():
    ax = plot_reliability(CALIBRATION)
    assert points_of(ax, "o") == [((0.1, 0.05),), ((0.9, 1.0),)]
    assert [text.get_text() for text in ax.texts] == ["n = 40", "n = 7"]


def test_intervals_are_drawn_where_there_are_some():
    assert points_of(plot_reliability(CALIBRATION), "_") == [((0.1, 0.02), (0.1, 0.12))]


def test_a_bin_without_candidates_is_tinted():
    [span] = [patch for patch in plot_reliability(CALIBRATION).patches if patch.get_width() == pytest.approx(0.3)]
    assert span.get_x() == 0.5


def test_no_number_is_cut_off_and_the_picture_is_the_same_each_time():
    ax = plot_reliability(CALIBRATION)
    picture = png(ax, "en")
    figure = ax.figure
    for text in ax.texts:
        box = text.get_window_extent()
        assert np.all(np.array([box.x0, box.y0]) >= 0)
        assert box.x1 <= figure.bbox.x1
    assert picture == png(plot_reliability(CALIBRATION), "en")
