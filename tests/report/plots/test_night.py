from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure

from clonus_sense.model import EpisodeClass
from clonus_sense.report.plots import plot_night, png

from ..builders import make_analysis, make_episode, make_gap, make_info

EPISODES = (
    make_episode(600.0, beats=20, peak_g=0.5),
    make_episode(900.0, beats=60, peak_g=0.05),
    make_episode(1500.0, beats=4, peak_g=0.2, episode_class=EpisodeClass.BRIEF),
    make_episode(3000.0, beats=30, peak_g=2.0, episode_class=EpisodeClass.UNCERTAIN),
)
GAPS = (make_gap(1000.0, 1400.0), make_gap(2000.0, 2001.0))


def draw(episodes=EPISODES, gaps=GAPS, **options):
    analysis, _window_of = make_analysis(3600.0, episodes, gaps)
    return plot_night(analysis.overview, episodes, gaps, info=analysis.info, **options)


def markers(lane):
    """All markers of a lane as (time, height), in order of time."""
    offsets = [part.get_offsets() for part in lane.collections if isinstance(part, PathCollection)]
    return sorted(tuple(point) for part in offsets for point in np.asarray(part))


def texts(ax):
    return [text.get_text() for text in ax.texts]


def z_band(movement):
    """The band of the last axis, drawn after the gaps and the two others."""
    shading, _x, _y, z = movement.collections
    assert len(shading.get_paths()) == len(GAPS)
    return z


def legend_labels(ax):
    return [text.get_text() for text in ax.get_legend().get_texts()]


def test_each_episode_is_marked_at_its_time_with_duration_and_peak():
    duration, peak, _movement = draw().child_axes
    middles_s = [(e.onset_s + e.offset_s) / 2 for e in EPISODES]
    np.testing.assert_allclose(markers(duration), list(zip(middles_s, [e.duration_s for e in EPISODES], strict=True)))
    np.testing.assert_allclose(markers(peak), list(zip(middles_s, [e.peak_g for e in EPISODES], strict=True)))


def test_classes_differ_in_shape_and_are_counted_in_the_legend():
    ax = draw()
    shapes = {len(part.get_paths()[0].vertices) for part in ax.child_axes[0].collections if hasattr(part, "get_sizes")}
    assert len(shapes) >= 2
    assert legend_labels(ax) == ["rhythmic (2)", "brief (1)", "uncertain (1)", "not measured"]


def test_every_marker_lies_inside_the_limits():
    for lane in draw().child_axes[:2]:
        bottom, top = lane.get_ylim()
        assert all(bottom < height < top for _time, height in markers(lane))


def test_lanes_share_the_whole_time():
    assert {lane.get_xlim() for lane in draw().child_axes} == {(0.0, 3600.0)}


def test_gaps_are_shaded_where_they_are_in_every_lane():
    for lane in draw().child_axes:
        boxes = [path.get_extents() for path in lane.collections[0].get_paths()]
        assert [(box.x0, box.x1) for box in boxes] == [(1000.0, 1400.0), (2000.0, 2009.0)]


def test_a_wide_gap_says_that_nothing_was_measured_and_a_narrow_one_has_no_room():
    assert texts(draw().child_axes[2]).count("not measured") == 1


def test_nothing_is_drawn_as_movement_inside_a_gap():
    movement = draw().child_axes[2]
    times_s = np.concatenate([path.vertices[:, 0] for path in z_band(movement).get_paths()])
    assert not ((times_s > 1003.0) & (times_s < 1397.0)).any()


def test_movement_reaches_its_smallest_and_largest_value():
    movement = draw().child_axes[2]
    heights_g = np.concatenate([path.vertices[:, 1] for path in z_band(movement).get_paths()])
    # Gravity of 1 g, and the strongest episode of 2 g both ways, as far as samples hit its maximum.
    assert (heights_g.min(), heights_g.max()) == pytest.approx((-1.0, 3.0), abs=0.03)
    bottom, top = movement.get_ylim()
    assert bottom < -1.0
    assert top > 3.0


def test_time_is_local_and_labelled_under_the_last_lane_alone():
    ax = draw()
    duration, _peak, movement = ax.child_axes
    labels = [label.get_text() for label in movement.get_xticklabels()]
    assert labels[:3] == ["22:30", "22:35", "22:40"]
    assert movement.get_xlabel() == "Local time (Asia/Tokyo)"
    assert not duration.xaxis.get_visible()


def test_without_facts_time_runs_from_the_start():
    analysis, _window_of = make_analysis(3600.0)
    ax = plot_night(analysis.overview, (), ())
    assert ax.child_axes[2].get_xlabel() == "Time since the start (h:min)"
    assert ax.get_title(loc="left") == "Rhythmic movement (5–8 Hz)"


def test_a_clock_change_is_said():
    analysis, _window_of = make_analysis(3600.0)
    info = make_info(start=datetime(2025, 10, 26, 2, 30, tzinfo=ZoneInfo("Europe/Berlin")), timezone="Europe/Berlin")
    ax = plot_night(analysis.overview, (), (), info=info)
    assert ax.child_axes[2].get_xlabel() == "Local time (Europe/Berlin) – the clocks change in this time"


def test_a_quiet_night_says_that_nothing_was_recorded():
    ax = draw(episodes=(), gaps=())
    assert texts(ax.child_axes[0]) == ["no rhythmic movement recorded"]
    assert ax.get_legend() is None


def test_every_text_is_japanese_on_request():
    ax = draw(language="ja")
    titles = [lane.get_title(loc="left") for lane in ax.child_axes]
    assert titles == ["動き1回ごとの持続時間(秒)", "動き1回ごとの最大加速度(G)", "センサーの3軸の加速度(G)"]
    assert ax.get_title(loc="left") == "律動的な動き(5〜8 Hz) · 2025年11月5日(水) · P01 · 左足首"
    assert legend_labels(ax) == ["律動的 (2)", "短い(3〜4拍) (1)", "区別できない (1)", "計測できなかった時間"]
    # Every sign has a shape: a missing one is a warning, and warnings are errors here.
    assert png(ax, "ja").startswith(b"\x89PNG")


def test_an_axes_of_ones_own_is_filled():
    figure = Figure()
    own = figure.add_subplot()
    assert draw(ax=own) is own
    assert len(own.child_axes) == 3


def test_a_recording_without_samples_can_be_drawn():
    analysis, _window_of = make_analysis(0.0)
    assert png(plot_night(analysis.overview, (), ()), "en").startswith(b"\x89PNG")


@pytest.mark.parametrize("language", ["en", "ja"])
def test_no_label_is_cut_off(language):
    ax = draw(language=language)
    png(ax, language)
    figure = ax.figure
    for part in [ax.title, ax._left_title, *ax.child_axes]:
        box = part.get_tightbbox(figure.canvas.get_renderer())
        assert box.x0 >= 0
        assert box.y0 >= 0
        assert box.x1 <= figure.bbox.width
        assert box.y1 <= figure.bbox.height


def test_a_formula_in_a_code_is_plain_text():
    analysis, _window_of = make_analysis(60.0, info=make_info(person=r"$\frac{1}"))
    ax = plot_night(analysis.overview, (), (), info=analysis.info)
    assert r"$\frac{1}" in ax.get_title(loc="left")
    assert png(ax, "en").startswith(b"\x89PNG")
