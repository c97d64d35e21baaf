import colorsys
import io
import subprocess
import sys
from itertools import pairwise

import matplotlib as mpl
import pytest
from matplotlib.colors import to_rgb
from PIL import Image

from clonus_sense.report.plots import look, plot_night, png

from ..builders import make_analysis, make_episode

COLOURS = [
    look.INK, look.MUTED, look.SIGNAL, look.ACCENT, *look.AXIS_COLOURS,
    *[style.edge for style in look.CLASS_STYLES.values()],
]  # fmt: skip


def draw(language="en"):
    analysis, _window_of = make_analysis(120.0, [make_episode()])
    return plot_night(analysis.overview, analysis.episodes, (), info=analysis.info, language=language)


def lightness(colour):
    red, green, blue = to_rgb(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("colour", COLOURS)
def test_no_colour_is_red_or_green(colour):
    hue, _lightness, saturation = colorsys.rgb_to_hls(*to_rgb(colour))
    degrees = hue * 360
    assert saturation < 0.2 or 25 < degrees < 60 or 190 < degrees < 290


def test_axes_and_classes_can_be_told_apart_in_grey():
    axes = sorted(lightness(colour) for colour in look.AXIS_COLOURS)
    assert min(b - a for a, b in pairwise(axes)) > 0.1
    assert len({style.marker for style in look.CLASS_STYLES.values()}) == 4
    assert len({style.face for style in look.CLASS_STYLES.values()}) == 3


def test_drawing_leaves_the_settings_of_other_pictures_alone():
    before = mpl.rcParams.copy()
    png(draw("ja"), "ja")
    assert mpl.rcParams.copy() == before


def test_importing_the_plots_changes_no_settings_and_opens_no_pyplot():
    program = (
        "import sys, matplotlib; before = matplotlib.rcParams.copy(); import clonus_sense.report.plots; "
        "assert matplotlib.rcParams.copy() == before; assert 'matplotlib.pyplot' not in sys.modules; "
        "assert 'matplotlib_fontja' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_the_same_picture_has_the_same_bytes():
    assert png(draw(), "en") == png(draw(), "en")


def test_the_ground_is_white():
    picture = Image.open(io.BytesIO(png(draw(), "en"))).convert("RGB")
    assert picture.size == (1600, 544)
    assert picture.getpixel((0, 0)) == (255, 255, 255)


def test_axes_without_a_figure_are_refused():
    ax = draw()
    ax.remove()
    with pytest.raises(ValueError, match="taken out of their figure"):
        png(ax, "en")
