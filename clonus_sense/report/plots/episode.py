"""The picture of one episode: raw axes, the main axis with its beats, the spectrum, the numbers and the evidence."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FixedFormatter, FixedLocator, MaxNLocator, MultipleLocator, NullLocator

from clonus_sense.config import DetectionSettings
from clonus_sense.i18n import Translator, translator
from clonus_sense.model import Episode, FloatArray, RecordingInfo
from clonus_sense.report.clock_labels import Clock, clock_of
from clonus_sense.report.episode_numbers import number_rows
from clonus_sense.report.main_axis import compute_spectrum, project_on_main_axis
from clonus_sense.report.pixel_columns import compute_columns
from clonus_sense.report.plots.look import (
    ACCENT,
    AXIS_COLOURS,
    AXIS_NAMES,
    BAND,
    GAP,
    INK,
    MUTED,
    RULE,
    SIGNAL,
    SMALL_SIZE,
    TEXT_SIZE,
    TITLE_SIZE,
    drawing,
    new_figure,
    text_font,
    tidy,
)
from clonus_sense.report.window import Window, WindowPiece
from clonus_sense.report.words.reasons import evidence_title, tell_reasons

# 1300 x 832 pixels.
WIDTH_IN, HEIGHT_IN, DPI = 10.0, 6.4, 130

# Edges of the parts as shares of the figure, with room for labels whose size is known; an automatic layout would double
# the drawing time, and a night may hold forty pictures.
MARGINS = {"left": 0.05, "right": 0.975, "bottom": 0.075, "top": 0.955}

# 780 x 725 pixels: twice the width of a small telephone, half a page of A4.
WAVEFORM_WIDTH_IN, WAVEFORM_HEIGHT_IN, WAVEFORM_DPI = 5.2, 4.83, 150
WAVEFORM_MARGINS = {"left": 0.085, "right": 0.955, "bottom": 0.1, "top": 0.945}

# The main axis is shown over this long at most; beats of a longer episode could not be told apart.
LONGEST_DETAIL_S = 12.0

# Pieces with more samples are drawn as smallest and largest value per pixel column.
MANY_SAMPLES = 5000

# Share of the height that one row of text takes, when there is room.
ROW_HEIGHT = 0.036

# The longest words of a reason and its numbers stand side by side in this size.
REASON_SIZE = 6.5

DEFAULT_SETTINGS = DetectionSettings()


@dataclass(frozen=True, slots=True)
class EpisodeAxes:
    """The parts of the picture of an episode; the numbers are left out where they stand beside it as text."""

    raw: Axes
    main: Axes
    spectrum: Axes
    numbers: Axes | None


def plot_episode(
    window: Window,
    episode: Episode,
    *,
    axes: EpisodeAxes | None = None,
    info: RecordingInfo | None = None,
    settings: DetectionSettings = DEFAULT_SETTINGS,
    language: str = "en",
) -> EpisodeAxes:
    """Draw one episode in four parts, or in three without its numbers.

    Parameters
    ----------
    window
        The samples of the episode and of some seconds around it.
    episode
        What was found there.
    axes
        Where to draw; ``None`` makes a new figure with all parts, :func:`new_waveform_axes` one without the numbers.
    info
        Gives the local time; without it, time runs from the start of the recording.
    settings
        Give the accepted band in the spectrum.
    language
        Language of every text.

    Returns
    -------
    EpisodeAxes
        The parts.
    """
    _ = translator(language)
    with drawing(language):
        parts = axes or _new_axes()
        clock = clock_of(info)
        tidy(parts.raw, _("Acceleration on the three axes of the sensor (g)"), language)
        _draw_raw(parts.raw, window, episode, language)
        if _detail_of(window, episode) == (window.start_s, window.end_s):
            # The main axis below shows the same time; labels once are half the work of drawing.
            parts.raw.xaxis.set_major_locator(NullLocator())
        else:
            _label_time(parts.raw, clock, window.start_s, window.end_s, _)
        _draw_main_axis(parts.main, window, episode, clock, _)
        _draw_spectrum(parts.spectrum, window, episode, settings, _)
        for ax in (parts.raw, parts.main, parts.spectrum):
            ax.yaxis.set_major_locator(MaxNLocator(4))
        if parts.numbers is not None:
            _write_numbers(parts.numbers, episode, clock, _)
    return parts


def _new_axes() -> EpisodeAxes:
    """Lay out a new figure: three pictures at the left, the numbers at the right over the whole height."""
    figure = new_figure(WIDTH_IN, HEIGHT_IN, DPI)
    grid = figure.add_gridspec(
        3, 2, width_ratios=(1.0, 0.46), height_ratios=(1.0, 1.0, 0.85), wspace=0.12, hspace=0.42, **MARGINS
    )
    raw, main, spectrum = (figure.add_subplot(grid[row, 0]) for row in range(3))
    return EpisodeAxes(raw, main, spectrum, figure.add_subplot(grid[:, 1]))


def new_waveform_axes(language: str) -> EpisodeAxes:
    """Lay out a new figure for the waveform and the spectrum alone, readable on a telephone as well."""
    with drawing(language):
        figure = new_figure(WAVEFORM_WIDTH_IN, WAVEFORM_HEIGHT_IN, WAVEFORM_DPI)
        grid = figure.add_gridspec(3, 1, height_ratios=(1.0, 1.0, 0.85), hspace=0.42, **WAVEFORM_MARGINS)
        raw, main, spectrum = (figure.add_subplot(grid[row, 0]) for row in range(3))
    return EpisodeAxes(raw, main, spectrum, None)


def _draw_raw(ax: Axes, window: Window, episode: Episode, language: str) -> None:
    """Draw the three axes as measured, the episode on a tinted ground."""
    ax.set_xlim(window.start_s, window.end_s)
    ax.axvspan(episode.onset_s, episode.offset_s, color=BAND, linewidth=0, zorder=0.4)
    _shade_unmeasured(ax, window)
    for piece in window.pieces:
        _draw_lines(ax, piece.times_s, piece.accel_g, AXIS_COLOURS)
    for axis, (name, colour) in enumerate(zip(AXIS_NAMES, AXIS_COLOURS, strict=True)):
        ax.annotate(
            name,
            (1, 1.0 - 0.25 * axis),
            xycoords="axes fraction",
            xytext=(5, 0),
            textcoords="offset points",
            color=colour,
            va="top",
            font=text_font(language, TITLE_SIZE),
        )


def _was_found_in_steps(episode: Episode) -> bool:
    """Tell whether an episode was found in what is left of a walk, by what was measured on it."""
    return any(test.name == "stride_likeness" for test in episode.evidence)


def _draw_main_axis(ax: Axes, window: Window, episode: Episode, clock: Clock, _: Translator) -> None:
    """Draw the band-passed main axis and mark every beat that lies in the part shown."""
    start_s, end_s = _detail_of(window, episode)
    title = _("Main axis, 3–12 Hz (g), each beat marked")
    if end_s < episode.offset_s:
        title = _("Main axis, 3–12 Hz (g), each beat marked; the first {seconds:.0f} s").format(
            seconds=end_s - episode.onset_s
        )
    elif _was_found_in_steps(episode):
        title = _("Main axis, 3–12 Hz (g), steps included; beats as found without them")
    tidy(ax, title, _.language)
    ax.set_xlim(start_s, end_s)
    ax.axvspan(episode.onset_s, episode.offset_s, color=BAND, linewidth=0, zorder=0.4)
    _shade_unmeasured(ax, window)
    beats_s = np.array([beat for beat in episode.beat_times_s if start_s <= beat <= end_s])
    for piece in window.pieces:
        signal_g = project_on_main_axis(piece.times_s, piece.accel_g, episode.axis)
        shown = (piece.times_s >= start_s) & (piece.times_s <= end_s)
        if not shown.any():
            continue
        times_s, signal_g = piece.times_s[shown], signal_g[shown]
        _draw_lines(ax, times_s, signal_g[:, None], (SIGNAL,))
        here_s = beats_s[(beats_s >= times_s[0]) & (beats_s <= times_s[-1])]
        ax.plot(
            here_s,
            np.interp(here_s, times_s, signal_g),
            linestyle="",
            marker="o",
            ms=4.5,
            mfc="#ffffff",
            mec=ACCENT,
            mew=1.3,
            zorder=4,
            clip_on=False,
        )
    _label_time(ax, clock, start_s, end_s, _)


def _detail_of(window: Window, episode: Episode) -> tuple[float, float]:
    """Choose the part of the window in which beats can be told apart."""
    if episode.duration_s <= LONGEST_DETAIL_S:
        return window.start_s, window.end_s
    start_s = max(window.start_s, episode.onset_s - 1.0)
    return start_s, min(window.end_s, episode.onset_s + LONGEST_DETAIL_S)


def _draw_spectrum(ax: Axes, window: Window, episode: Episode, settings: DetectionSettings, _: Translator) -> None:
    """Draw the spectrum of the main axis inside the episode, with the accepted band and the fundamental."""
    tidy(ax, _("Spectrum of the main axis (g)"), _.language)
    spectrum = compute_spectrum(window, episode)
    highest_hz = min(20.0, float(spectrum.frequency_hz[-1])) if len(spectrum.frequency_hz) else 20.0
    ax.set_xlim(0, highest_hz)
    ax.xaxis.set_major_locator(MultipleLocator(2.0))
    ax.axvspan(settings.band_low_hz, settings.band_high_hz, color=BAND, linewidth=0, zorder=0.4)
    ax.axvline(episode.frequency_hz, color=ACCENT, linewidth=1.2, linestyle=(0, (4, 2)))
    ax.plot(spectrum.frequency_hz, spectrum.amplitude_g, color=SIGNAL, linewidth=1.2)
    ax.set_ylim(bottom=0)
    ax.annotate(
        f"{episode.frequency_hz:.2f} Hz",
        (episode.frequency_hz, 1),
        xycoords=ax.get_xaxis_transform(),
        xytext=(4, -2),
        textcoords="offset points",
        va="top",
        font=text_font(_.language, SMALL_SIZE),
    )
    label = _("Frequency (Hz); tinted: accepted band {low:g}–{high:g} Hz")
    ax.set_xlabel(
        label.format(low=settings.band_low_hz, high=settings.band_high_hz), font=text_font(_.language, SMALL_SIZE)
    )


def _write_numbers(ax: Axes, episode: Episode, clock: Clock, _: Translator) -> None:
    """Write the numbers of the episode, and below them each test with its limit."""
    ax.axis("off")
    ax.set(xlim=(0, 1), ylim=(0, 1))
    rows = number_rows(episode, clock, _)
    reasons = tell_reasons(episode.evidence, _)
    n_rows = len(rows) + len(reasons) + 4
    step = min(ROW_HEIGHT, 1.0 / n_rows)
    size = TEXT_SIZE if step > 0.8 * ROW_HEIGHT else SMALL_SIZE * max(0.6, step / ROW_HEIGHT)
    font, y = text_font(_.language, size), 1.0
    for row in rows:
        ax.text(0.0, y, row.name, va="top", color=MUTED, font=font)
        ax.text(1.0, y, row.value, va="top", ha="right", font=font)
        y -= step
    if not reasons:
        return
    y -= step
    ax.text(0.0, y, evidence_title(episode, _), va="top", color=INK, font=font)
    ax.text(0.92, y, _("value (limit)"), va="top", ha="right", color=MUTED, font=font)
    y -= step
    ax.axhline(y + 0.2 * step, color=RULE, linewidth=0.8)
    font = text_font(_.language, min(size, REASON_SIZE))
    for reason in reasons:
        ax.text(0.0, y, reason.words, va="top", font=font)
        ax.text(0.92, y, reason.numbers, va="top", ha="right", color=MUTED, font=font)
        ax.plot(0.98, y - 0.25 * step, "o", ms=5, mfc=SIGNAL if reason.is_met else "#ffffff", mec=SIGNAL, clip_on=False)
        y -= step
    ax.text(0.0, y - 0.3 * step, _("● met   ○ not met"), va="top", color=MUTED, font=font)


def _draw_lines(ax: Axes, times_s: FloatArray, values: FloatArray, colours: tuple[str, ...]) -> None:
    """Draw each column of values as a line, long ones as smallest and largest value per pixel column."""
    if len(times_s) > MANY_SAMPLES:
        ends_s = np.append(times_s[1:], times_s[-1] + np.median(np.diff(times_s)))
        edges_s = np.linspace(times_s[0], ends_s[-1], 1001)
        columns = compute_columns(times_s, ends_s, values, values, edges_s)
        for axis, colour in enumerate(colours):
            ax.fill_between(columns.centres, columns.low[:, axis], columns.high[:, axis], color=colour, linewidth=0.7)
        return
    for axis, colour in enumerate(colours):
        ax.plot(times_s, values[:, axis], color=colour, linewidth=1.1)


def _shade_unmeasured(ax: Axes, window: Window) -> None:
    """Shade the time between the pieces of the window."""
    before_s = window.start_s
    for piece in window.pieces:
        _shade_hole(ax, before_s, float(piece.times_s[0]), piece)
        before_s = float(piece.times_s[-1])
    if window.pieces:
        _shade_hole(ax, before_s, window.end_s, window.pieces[-1])


def _shade_hole(ax: Axes, start_s: float, end_s: float, piece: WindowPiece) -> None:
    """Shade from start to end, unless that is no more than the step from one sample to the next."""
    step_s = float(np.median(np.diff(piece.times_s))) if len(piece.times_s) > 1 else 0.0
    if end_s - start_s > 1.5 * step_s:
        ax.axvspan(start_s, end_s, color=GAP, linewidth=0, zorder=0.5)


def _label_time(ax: Axes, clock: Clock, start_s: float, end_s: float, _: Translator) -> None:
    """Label round times."""
    ticks = clock.ticks(start_s, end_s, at_most=8)
    ax.xaxis.set_major_locator(FixedLocator([tick.at_s for tick in ticks]))
    ax.xaxis.set_major_formatter(FixedFormatter([tick.label for tick in ticks]))
