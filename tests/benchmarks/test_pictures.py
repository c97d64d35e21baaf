"""How long the picture of a night takes beside drawing every sample."""

from __future__ import annotations

from io import BytesIO

import pytest

from clonus_sense.config import DetectionSettings
from clonus_sense.report.plots.look import new_figure, png
from clonus_sense.report.plots.night import DPI, HEIGHT_IN, WIDTH_IN, plot_night
from clonus_sense.session import analyse_recording

from .figures import Figure, compare


@pytest.fixture(scope="module")
def analysis(night_file):
    return analyse_recording(night_file, DetectionSettings()).analysis


def test_picture_of_the_night(night, analysis, check):
    def draw_overview() -> None:
        png(plot_night(analysis.overview, analysis.episodes, analysis.gaps, info=analysis.info), "en")

    def draw_every_sample() -> None:
        figure = new_figure(WIDTH_IN, HEIGHT_IN, DPI)
        figure.add_subplot().plot(night.times_s, night.accel_g)
        figure.savefig(BytesIO(), format="png")

    draw_overview()  # The first picture of a process looks for its fonts.
    measured = compare(draw_overview, draw_every_sample, n_pairs=5)
    check(
        Figure("picture of the night", measured.ratio, 0.5, "a plain plot of every sample", f"{measured.work_s:.2f} s")
    )
