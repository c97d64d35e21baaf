"""Strips show every second of a recording at its place, and nothing of what a detector thinks of it."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from clonus_sense.report.plots import png
from clonus_sense.report.plots.strips import N_COLOURS, STRIP_S, plot_strips
from clonus_sense.report.window import Window
from tests.report.builders import make_episode, make_gap, make_info, make_pieces


def window(duration_s=75.0, episodes=(), gaps=(), start_s=0.0):
    return Window(start_s, duration_s, tuple(make_pieces(duration_s, episodes, gaps)))


def waveforms(strip):
    return [line for line in strip.lines if len(line.get_xdata()) > 100]


def test_every_second_has_its_place_and_the_last_strip_keeps_the_width_of_a_second():
    strips = plot_strips(window())
    assert [strip.get_xlim() for strip in strips] == [(0.0, 30.0), (30.0, 60.0), (60.0, 90.0)]
    assert [len(waveforms(strip)) for strip in strips] == [3, 3, 3]
    times_s = np.concatenate([waveforms(strip)[0].get_xdata() for strip in strips])
    assert len(times_s) == 75 * 50
    assert np.all(np.diff(times_s) > 0)


def test_posture_is_taken_out_and_a_bout_is_not():
    episode = make_episode(40.0, beats=24, peak_g=0.4)
    quiet, moved, _ = plot_strips(window(episodes=[episode]))
    # Gravity stands on z.
    assert all(np.abs(line.get_ydata()).max() < 0.01 for line in waveforms(quiet))
    assert np.abs(waveforms(moved)[2].get_ydata()).max() == pytest.approx(0.4, rel=0.1)
    assert moved.get_ylim()[1] > 0.4


def test_the_scale_is_said_and_noise_stays_small():
    quiet, *_ = plot_strips(window())
    assert quiet.get_ylim() == (-0.05, 0.05)
    assert [text.get_text() for text in quiet.texts] == ["0:00:00", "±0.05 g"]


def test_a_kick_does_not_press_the_rest_of_its_strip_flat():
    kick = make_episode(40.0, beats=2, peak_g=5.0)
    weak = make_episode(45.0, beats=30, peak_g=0.05)
    _, strip, _ = plot_strips(window(episodes=[kick, weak]))
    assert strip.get_ylim()[1] < 0.3


def test_strips_begin_at_the_clock_of_the_recording():
    strips = plot_strips(window(), info=make_info())
    assert [strip.texts[0].get_text() for strip in strips] == ["22:30:00", "22:30:30", "22:31:00"]


def test_what_was_not_measured_is_grey():
    first, second, third = plot_strips(window(gaps=[make_gap(20.0, 40.0)]))
    shaded = [[(p.get_x(), p.get_x() + p.get_width()) for p in strip.patches] for strip in (first, second, third)]
    assert shaded[0] == [pytest.approx((19.98, 30.0))]
    assert shaded[1] == [pytest.approx((30.0, 40.0))]
    assert shaded[2] == [pytest.approx((74.98, 90.0))]


def test_few_colours_keep_the_line_of_every_second_and_a_white_ground():
    strip = plot_strips(window(30.0))[0]
    pixels = np.asarray(Image.open(BytesIO(png(strip, "en", n_colours=N_COLOURS))).convert("RGB")).astype(int)
    assert pixels[0, 0].tolist() == [255, 255, 255]
    # Just below the upper edge of the strip, where no waveform is.
    row = pixels[round(0.15 * 120)].sum(axis=1) < 3 * 250
    assert np.count_nonzero(np.diff(row.astype(int)) == 1) >= 29


@pytest.mark.parametrize("language", ["en", "ja"])
def test_strips_are_drawn_also_where_nothing_was_measured(language):
    [strip] = plot_strips(Window(0.0, STRIP_S, ()), language=language)
    assert png(strip, language).startswith(b"\x89PNG")
