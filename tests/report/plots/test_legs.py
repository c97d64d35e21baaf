import io

import numpy as np
import pytest
from matplotlib.collections import PathCollection
from PIL import Image

from clonus_sense.activity import Epoch, WearState
from clonus_sense.library import Library, Marker, MarkerKind, add_markers
from clonus_sense.model import EpisodeClass
from clonus_sense.report.plots import NARROW, WIDE, figure_png, plot_legs
from clonus_sense.report.plots.legs import find_usual_direction
from clonus_sense.review import list_nights
from tests.review.made import ON_SIDE, UP, MadeLeg, add_leg, at


@pytest.fixture
def library(tmp_path):
    with Library.open(tmp_path / "library.sqlite3") as opened:
        yield opened


def lanes_of(figure):
    """Lanes of the first leg by what they show."""
    strip, duration, peak, movement, posture = figure.axes[:5]
    return {"strip": strip, "duration": duration, "peak": peak, "movement": movement, "posture": posture}


def heights(lane):
    return sorted(float(y) for y in markers(lane)[:, 1])


def markers(lane):
    """Where the markers of episodes stand, one row each."""
    return np.concatenate([dots.get_offsets() for dots in lane.collections if isinstance(dots, PathCollection)])


def bars(strip):
    """Start and length in hours of each state's bars."""
    return [
        [(round(box.get_extents().x0 / 3600, 6), round(box.get_extents().width / 3600, 6)) for box in c.get_paths()]
        for c in strip.collections
    ]


def test_each_episode_stands_in_both_lanes_at_its_time(library):
    add_leg(library, MadeLeg(episodes=(at(2, 4.0, peak_g=0.25), at(5, 8.0, peak_g=0.5))))
    lanes = lanes_of(plot_legs(list_nights(library)[0]))
    assert heights(lanes["duration"]) == pytest.approx([4.0, 8.0])
    assert heights(lanes["peak"]) == pytest.approx([0.25, 0.5])
    assert list(markers(lanes["peak"])[:, 0]) == pytest.approx([2 * 3600 + 2, 5 * 3600 + 4])


def test_the_strip_shows_three_states(library):
    add_leg(library, MadeLeg(gaps_h=((2.0, 3.0),), unconfirmed_h=((6.0, 8.0),)))
    worn, unconfirmed, unmeasured = bars(lanes_of(plot_legs(list_nights(library)[0]))["strip"])
    assert worn == [(0.0, 2.0), (3.0, 3.0), (8.0, 2.0)]
    assert unconfirmed == [(6.0, 2.0)]
    assert unmeasured == [(2.0, 1.0)]


def test_legs_share_one_time_axis(library):
    add_leg(library, MadeLeg(side="left", length_h=10))
    add_leg(library, MadeLeg(side="right", start="2026-11-05 23:00", length_h=10, rest_h=((0, 8),)))
    figure = plot_legs(list_nights(library)[0])
    assert len(figure.axes) == 10
    assert {lane.get_xlim() for lane in figure.axes} == {(0.0, 11 * 3600.0)}
    [_worn, _unconfirmed, unmeasured] = bars(figure.axes[5])
    assert unmeasured == [(0.0, 1.0)]


def test_classes_that_occur_and_marks_are_explained(library):
    recording = add_leg(library, MadeLeg(episodes=(at(2), at(3, 1.0, EpisodeClass.BRIEF))))
    add_markers(library, recording.id, [Marker(3600.0, MarkerKind.FELT)])
    figure = plot_legs(list_nights(library)[0])
    assert [text.get_text() for text in figure.legends[0].get_texts()] == [
        "rhythmic",
        "brief",
        "measured and worn",
        "wear not confirmed",
        "not measured",
        "rest window (estimated)",
        "marked by the person",
    ]


def test_nothing_found_is_said(library):
    add_leg(library, MadeLeg())
    texts = [text.get_text() for text in lanes_of(plot_legs(list_nights(library)[0]))["duration"].texts]
    assert texts == ["no rhythmic movement recorded"]


def test_posture_is_the_angle_to_where_the_leg_lay_most(library):
    add_leg(library, MadeLeg(length_h=3, rest_h=((0, 3),)))
    [line] = lanes_of(plot_legs(list_nights(library)[0]))["posture"].lines
    # Half an hour on the side, then an hour each.
    assert line.get_ydata()[[0, 70, 200]] == pytest.approx([0.0, 90.0, 0.0])


def test_the_usual_direction_is_that_of_most_epochs_and_none_without_any():
    def lying(number, gravity, state=WearState.MEASURED_AND_WORN):
        return Epoch(30.0 * number, 30.0, 0.01, gravity, None, still=False, state=state)

    epochs = [lying(k, UP if k % 3 else ON_SIDE) for k in range(30)]
    assert find_usual_direction(epochs) == UP
    table = [lying(k, ON_SIDE, WearState.WEAR_NOT_CONFIRMED) for k in range(100)]
    assert find_usual_direction([*epochs, *table]) == UP
    assert find_usual_direction([]) is None


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize(("layout", "width"), [(WIDE, 1600), (NARROW, 779)], ids=["wide", "narrow"])
def test_every_text_stays_inside_the_picture(library, language, layout, width):
    episodes = tuple(at(2 + k, 4.0, episode_class) for k, episode_class in enumerate(EpisodeClass))
    add_leg(library, MadeLeg(unconfirmed_h=((6, 7),), episodes=episodes))
    add_leg(library, MadeLeg(side="right", gaps_h=((2, 3),)))
    figure = plot_legs(list_nights(library)[0], layout=layout, language=language)
    picture = Image.open(io.BytesIO(figure_png(figure, language)))
    assert abs(picture.width - width) <= 1
    boxes = [text.get_window_extent() for legend in figure.legends for text in legend.get_texts()]
    boxes += [lane.title.get_window_extent() for lane in figure.axes]
    boxes += [lane._left_title.get_window_extent() for lane in figure.axes]
    for box in boxes:
        assert box.x0 >= 0
        assert box.x1 <= picture.width + 1
    # Nothing is drawn over the legend: lanes begin below it.
    lowest = min(text.get_window_extent().y0 for text in figure.legends[0].get_texts())
    assert all(lane._left_title.get_window_extent().y1 <= lowest for lane in figure.axes)


def test_a_sheared_picture_would_show(library):
    # The ground of the strip's row is the same at both ends only if rows of pixels have their true length.
    add_leg(library, MadeLeg())
    pixels = np.asarray(
        Image.open(io.BytesIO(figure_png(plot_legs(list_nights(library)[0], layout=NARROW), "en"))).convert("RGB")
    )
    assert (pixels[:, 0] == 255).all()
    assert (pixels[:, -1] == 255).all()
