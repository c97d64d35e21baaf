import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from clonus_sense.config import DetectionSettings
from clonus_sense.model import Evidence
from clonus_sense.report.plots import EpisodeAxes, plot_episode, png
from clonus_sense.report.words.evidence import EVIDENCE_WORDS

from ..builders import cut_window, make_episode, make_gap, make_info, make_pieces

EPISODE = make_episode(10.0, beats=12, frequency_hz=6.0, peak_g=0.4)


def draw(episode=EPISODE, gaps=(), *, margin_s=2.0, **options):
    pieces = make_pieces(60.0, [episode], gaps)
    window = cut_window(pieces, episode.onset_s - margin_s, episode.offset_s + margin_s)
    return plot_episode(window, episode, info=make_info(), **options)


def beat_markers(axes):
    """Times and heights of all marked beats."""
    points = [line.get_xydata() for line in axes.main.get_lines() if line.get_marker() == "o"]
    return np.concatenate(points)


def texts(ax):
    return [text.get_text() for text in ax.texts]


def spans(ax):
    """Left and right edge of every shaded time."""
    return [(patch.get_x(), patch.get_x() + patch.get_width()) for patch in ax.patches]


def test_each_beat_is_marked_at_its_time_on_the_signal():
    points = beat_markers(draw())
    np.testing.assert_allclose(points[:, 0], EPISODE.beat_times_s)
    # Beats of the made signal are its maxima, of the height of the peak.
    assert np.abs(points[1:-1, 1] - 0.4).max() < 0.06


def test_raw_axes_are_drawn_as_measured():
    lines = draw().raw.get_lines()
    assert len(lines) == 3
    assert lines[0].get_ydata().tolist() == [0.0] * len(lines[0].get_ydata())
    assert lines[2].get_ydata().max() == pytest.approx(1.4, abs=0.02)
    assert lines[2].get_xdata()[0] == 8.0


def test_the_episode_lies_on_a_tinted_ground():
    axes = draw()
    for ax in (axes.raw, axes.main):
        assert spans(ax) == [(10.0, 12.0)]


def test_lines_break_at_a_gap_and_it_is_shaded():
    axes = draw(gaps=[make_gap(10.5, 11.0)])
    assert len(axes.raw.get_lines()) == 6
    shaded = spans(axes.raw)[1:]
    np.testing.assert_allclose(shaded, [(10.48, 11.0)])
    assert not ((beat_markers(axes)[:, 0] > 10.5) & (beat_markers(axes)[:, 0] < 11.0)).any()


def test_a_gap_that_lasts_to_the_end_of_the_window_is_shaded():
    axes = draw(gaps=[make_gap(12.2, 30.0)])
    np.testing.assert_allclose(spans(axes.raw)[1:], [(12.18, 14.0)])


def test_the_spectrum_shows_the_band_and_the_fundamental():
    axes = draw(settings=DetectionSettings(band_low_hz=4.0, band_high_hz=9.0))
    assert spans(axes.spectrum) == [(4.0, 9.0)]
    fundamental, curve = axes.spectrum.get_lines()
    assert fundamental.get_xdata() == [6.0, 6.0]
    assert curve.get_xdata()[np.argmax(curve.get_ydata())] == pytest.approx(6.0, abs=0.06)
    assert texts(axes.spectrum) == ["6.00 Hz"]
    assert "4–9 Hz" in axes.spectrum.get_xlabel()


def test_numbers_and_evidence_are_written():
    written = texts(draw().numbers)
    for text in (
        "2.00 s",
        "12",
        "6.00 Hz",
        "-0.10 Hz",
        "0.400 g",
        "0.280 g",
        "0.97",
        "high (0.90)",
        "rhythmic",
        "stillness",
    ):
        assert text in written
    assert written[written.index("beats even") :][:2] == ["beats even", "10 % (≤ 57 %)"]
    assert written[written.index("slower movement beneath it") :][:2] == ["slower movement beneath it", "90 % (≤ 20 %)"]


def test_a_test_that_was_met_is_told_by_a_filled_dot():
    dots = [line for line in draw().numbers.get_lines() if line.get_marker() == "o"]
    assert [dot.get_markerfacecolor() != "#ffffff" for dot in dots] == [True, False]


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("passed", [True, False])
def test_the_words_of_a_reason_never_run_into_its_numbers(language, passed):
    names = [name for name in EVIDENCE_WORDS if name != "confidence"]
    for first in range(0, len(names), 8):
        # A limit of 37.4 % and a value that differs in the third digit, or 8.5 Hz or g: as long as numbers become.
        evidence = [
            Evidence(name, 0.374 + (2e-4 if EVIDENCE_WORDS[name].at_least == passed else -2e-4), 0.374, passed)
            for name in names[first : first + 8]
        ]
        axes = draw(make_episode(10.0, evidence=tuple(evidence)), language=language)
        canvas = FigureCanvasAgg(axes.raw.figure)
        rows: dict[float, list] = {}
        for text in axes.numbers.texts:
            rows.setdefault(text.get_position()[1], []).append(text.get_window_extent(canvas.get_renderer()))
        pairs = [row for row in rows.values() if len(row) == 2]
        assert len(pairs) >= 12
        assert all(left.x1 < right.x0 for left, right in pairs)


def test_an_episode_without_evidence_has_numbers_alone():
    axes = draw(make_episode(10.0, evidence=()))
    assert "Evidence" not in texts(axes.numbers)
    assert "2.00 s" in texts(axes.numbers)


def test_many_tests_still_fit():
    episode = make_episode(10.0, evidence=tuple(Evidence(f"test {k}", 1.0, 2.0, True) for k in range(30)))
    lowest = min(text.get_position()[1] for text in draw(episode).numbers.texts)
    assert lowest > 0.0


def test_of_a_long_episode_the_first_beats_are_shown_and_that_is_said():
    episode = make_episode(10.0, beats=180, frequency_hz=6.0)
    axes = draw(episode)
    assert axes.main.get_xlim() == (9.0, 22.0)
    assert axes.main.get_title(loc="left") == "Main axis, 3–12 Hz (g), each beat marked; the first 12 s"
    assert beat_markers(axes)[:, 0].max() <= 22.0
    assert axes.raw.get_xlim() == (8.0, 42.0)


@pytest.mark.parametrize(("beats", "has_labels"), [(12, False), (180, True)])
def test_times_stand_below_the_raw_axes_only_where_the_axes_below_show_others(beats, has_labels):
    axes = draw(make_episode(10.0, beats=beats, frequency_hz=6.0))
    assert bool(len(axes.raw.get_xticks())) is has_labels
    assert len(axes.main.get_xticks()) > 0


def test_beats_found_without_the_steps_are_said_to_be():
    found = make_episode(10.0, evidence=(Evidence("stride_likeness", 0.9, 0.86, False, -0.1),))
    assert draw(found).main.get_title(loc="left").endswith("steps included; beats as found without them")
    assert draw().main.get_title(loc="left").endswith("each beat marked")


def test_many_samples_keep_their_extremes():
    episode = make_episode(20.0, beats=12, peak_g=1.5)
    pieces = make_pieces(140.0, [episode])
    axes = plot_episode(cut_window(pieces, 0.0, 140.0), episode)
    assert not axes.raw.get_lines()
    vertices = axes.raw.collections[2].get_paths()[0].vertices
    assert vertices[:, 1].max() == pytest.approx(2.5, abs=0.02)


def test_a_window_without_samples_can_be_drawn():
    axes = plot_episode(cut_window([], 8.0, 14.0), EPISODE)
    assert png(axes.raw, "en").startswith(b"\x89PNG")


def test_every_text_is_japanese_on_request():
    axes = draw(language="ja")
    assert axes.raw.get_title(loc="left") == "センサーの3軸の加速度(G)"
    assert {"持続時間", "拍数", "周波数", "律動的", "静止", "判定の根拠"} <= set(texts(axes.numbers))
    assert png(axes.raw, "ja").startswith(b"\x89PNG")


def test_axes_of_ones_own_are_filled():
    figure = Figure()
    own = EpisodeAxes(*figure.subplots(2, 2).ravel())
    assert draw(axes=own) is own
    assert own.spectrum.get_lines()


@pytest.mark.parametrize("language", ["en", "ja"])
def test_nothing_is_cut_off(language):
    axes = draw(language=language)
    png(axes.raw, language)
    figure = axes.raw.figure
    renderer = figure.canvas.get_renderer()
    boxes = [ax.get_tightbbox(renderer) for ax in (axes.raw, axes.main, axes.spectrum)]
    boxes += [text.get_window_extent(renderer) for text in axes.numbers.texts]
    for box in boxes:
        assert box.x0 >= 0
        assert box.y0 >= 0
        assert box.x1 <= figure.bbox.width
        assert box.y1 <= figure.bbox.height
