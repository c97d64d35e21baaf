"""The picture of a moment: the right axis, a scale that shows it, and bars where marks and detections are."""

import numpy as np
import pytest
from matplotlib.colors import to_hex

from clonus_sense.model import EpisodeClass
from clonus_sense.report.plots import png
from clonus_sense.report.scores.logged import Said
from clonus_sense.report.scores.moment_plot import MARKED, MARKED_TINT, REJECTED, main_axis_of, plot_moment
from clonus_sense.report.scores.moments import Moment
from clonus_sense.report.window import Window

from .builders import bout, rhythm


def bars(ax):
    """Begin, end and colour of each bar above the waveform."""
    patches = [patch for patch in ax.patches if patch.get_y() > 1.0]
    return [(p.get_x(), round(p.get_x() + p.get_width(), 3), to_hex(p.get_facecolor())) for p in patches]


def test_the_waveform_is_raw_and_along_the_axis_that_moves():
    axis = (0.0, 0.6, 0.8)
    window = rhythm(7.0, 15.0, axis=axis)
    moment = Moment("night", bout(10), ((10.0, 12.0),))
    assert main_axis_of(window, moment) == pytest.approx(axis, abs=0.02)
    [line] = [line for line in plot_moment(window, moment).lines if len(line.get_xdata()) > 100]
    assert len(line.get_xdata()) == 400
    # 50 samples a second meet the peak of 6 Hz at least to 2 %.
    assert np.ptp(line.get_ydata()) == pytest.approx(0.4, rel=0.02)


def test_gravity_along_the_axis_does_not_move_the_waveform_away_from_zero():
    moment = Moment("night", bout(10), ())
    [line] = [line for line in plot_moment(rhythm(7.0, 15.0, axis=(1.0, 0.0, 0.0)), moment).lines]
    assert np.median(line.get_ydata()) == pytest.approx(0.0, abs=0.01)


def test_the_axis_of_the_detector_comes_first_but_only_at_the_moment_itself():
    window = rhythm(7.0, 15.0)
    here, beside = Said(10.0, 11.0, axis=(1.0, 0.0, 0.0)), Said(13.0, 14.0, axis=(1.0, 0.0, 0.0))
    assert main_axis_of(window, Moment("night", bout(10), (), (here,))) == (1.0, 0.0, 0.0)
    assert main_axis_of(window, Moment("night", bout(10), (), (beside,))) == pytest.approx((0.0, 1.0, 0.0), abs=0.02)


def test_marks_and_detections_are_bars_cut_at_the_edges():
    said = (
        Said(9.5, 12.0, EpisodeClass.CLONUS),
        Said(13.0, 14.0, is_rejected=True),
        Said(14.0, 19.0, EpisodeClass.UNCERTAIN),
        Said(90.0, 91.0),
    )
    ax = plot_moment(rhythm(7.0, 15.0), Moment("night", bout(10), ((10.0, 12.0), (40.0, 42.0)), said))
    drawn = bars(ax)
    assert (10.0, 12.0, MARKED) in drawn
    assert (13.0, 14.0, REJECTED) in drawn
    assert sorted((start, end) for start, end, _ in drawn) == [(9.5, 12.0), (10.0, 12.0), (13.0, 14.0), (14.0, 15.0)]
    assert [text.get_text() for text in ax.texts] == ["g", "rhythmic", "uncertain"]
    assert MARKED_TINT in {to_hex(patch.get_facecolor()) for patch in ax.patches if patch.get_y() == 0}


def test_a_kick_beside_a_weak_bout_does_not_press_it_flat():
    low_g, high_g = plot_moment(rhythm(7.0, 15.0, kick_at_s=14.0), Moment("night", bout(10), ())).get_ylim()
    assert 0.2 < high_g < 0.6
    assert low_g < -0.2


def test_noise_stays_small():
    low_g, high_g = plot_moment(rhythm(7.0, 15.0, peak_g=0.001), Moment("night", bout(10), ())).get_ylim()
    assert (low_g, high_g) == (-0.02, 0.02)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_time_without_samples_is_drawn_as_such(language):
    ax = plot_moment(Window(7.0, 15.0, ()), Moment("night", bout(10), ()), language=language)
    assert png(ax, language).startswith(b"\x89PNG")
    assert [(p.get_x(), p.get_width()) for p in ax.patches] == [(7.0, 8.0)]
