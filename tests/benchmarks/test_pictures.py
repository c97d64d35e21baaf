"""How long the picture and the page of a night take beside drawing plainly with matplotlib."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest

from clonus_sense.config import DetectionSettings
from clonus_sense.library import Library
from clonus_sense.recording import write_recording
from clonus_sense.report.plots.episode import WAVEFORM_DPI, WAVEFORM_HEIGHT_IN, WAVEFORM_WIDTH_IN
from clonus_sense.report.plots.look import new_figure, png
from clonus_sense.report.plots.night import DPI, HEIGHT_IN, WIDTH_IN, plot_night
from clonus_sense.report.shown_episodes import list_shown
from clonus_sense.review import list_nights
from clonus_sense.workflows import PageChoices, analyse_recording, keep_recording, write_night_page

from .figures import Figure, compare
from .nights import N_EPISODES, make_night


@pytest.fixture(scope="module")
def analysis(night_file):
    return analyse_recording(night_file, DetectionSettings()).analysis


def test_picture_of_the_night(night, analysis, note):
    def draw_overview() -> None:
        png(plot_night(analysis.overview, analysis.episodes, analysis.gaps, info=analysis.info), "en")

    def draw_every_sample() -> None:
        figure = new_figure(WIDTH_IN, HEIGHT_IN, DPI)
        figure.add_subplot().plot(night.times_s, night.accel_g)
        figure.savefig(BytesIO(), format="png")

    draw_overview()  # The first picture of a process looks for its fonts.
    measured = compare(draw_overview, draw_every_sample, n_pairs=5)
    figure = note(
        Figure("picture of the night", measured.ratio, 0.5, "a plain plot of every sample", f"{measured.work_s:.2f} s")
    )
    assert figure.ratio <= figure.limit


# Largest page in bytes: what a clinic's transfer takes, and what opens at once.
@pytest.mark.parametrize(("n_planned", "limit", "most_bytes"), [(25, 0.7, 3_500_000), (300, 1.5, 9_000_000)])
def test_page_of_the_night(n_planned, limit, most_bytes, note, tmp_path):
    made = make_night(n_planned)
    write_recording(tmp_path / "night.csv", made.info, made.times_s, made.accel_g)
    with Library.open(tmp_path / "library.sqlite3") as library:
        keep_recording(library, tmp_path / "night.csv")
        (night,) = list_nights(library)
    n_shown = len(list_shown(night))
    times_s = np.arange(400) / 100

    def write_page() -> None:
        write_night_page(night, PageChoices(tmp_path))

    def draw_plainly() -> None:
        for _ in range(N_EPISODES):
            figure = new_figure(WAVEFORM_WIDTH_IN, WAVEFORM_HEIGHT_IN, WAVEFORM_DPI)
            for place in (1, 2, 3):
                figure.add_subplot(3, 1, place).plot(times_s, np.sin(times_s))
            figure.savefig(BytesIO(), format="png")

    write_page()
    size = PageChoices(tmp_path).path_of(night).stat().st_size
    measured = compare(write_page, draw_plainly, n_pairs=3)
    name = f"page of a night with {n_shown} movements, its file read"
    absolute = f"{measured.work_s:.1f} s, {size / 1e6:.1f} MB"
    figure = note(Figure(name, measured.ratio, limit, f"{N_EPISODES} plain figures of three axes", absolute))
    assert n_shown >= n_planned
    assert size < most_bytes
    assert figure.ratio <= figure.limit
