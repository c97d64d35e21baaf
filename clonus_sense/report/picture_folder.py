"""Writes the pictures and the page of one recording into a folder."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from pathlib import Path

from clonus_sense.files import write_bytes_atomically, write_text_atomically
from clonus_sense.report.analysis import Analysis
from clonus_sense.report.drawn_episodes import choose_episodes
from clonus_sense.report.log import pictures_folder
from clonus_sense.report.pages.recording_document import EpisodePicture, build_recording_document
from clonus_sense.report.plots import plot_episode, plot_night, png
from clonus_sense.report.window import WindowOf

logger = logging.getLogger(__name__)

# As many as a therapist would ever open; they keep the page near 5 MB, which most mail boxes take.
MOST_PICTURES = 40

# Seconds shown before and after an episode: enough to see what it rose from and what ended it.
MARGIN_S = 2.0

_EPISODE_PICTURE = re.compile(r"episode_\d{3,}\.png")


def write_pictures(
    analysis: Analysis,
    window_of: WindowOf,
    directory: Path,
    stem: str,
    *,
    language: str = "en",
    on_progress: Callable[[float], None] | None = None,
) -> Path:
    """Draw a recording and its episodes and write a page that holds everything."""
    folder = pictures_folder(directory, stem)
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        if _EPISODE_PICTURE.fullmatch(old.name):
            old.unlink()
    night_png = _draw_night(analysis, language)
    write_bytes_atomically(folder / "night.png", night_png)
    chosen = choose_episodes(analysis.episodes, MOST_PICTURES)
    pictures = []
    for n_done, number in enumerate(chosen):
        if on_progress:
            on_progress(n_done / len(chosen))
        picture = EpisodePicture(
            number + 1, analysis.episodes[number], _draw_episode(analysis, window_of, number, language)
        )
        write_bytes_atomically(folder / f"episode_{picture.number:03d}.png", picture.png)
        pictures.append(picture)
    page = folder / "index.html"
    # Written last: where there is a page, its pictures are whole.
    write_text_atomically(page, build_recording_document(analysis, night_png, pictures, stem, language=language))
    if on_progress:
        on_progress(1.0)
    logger.info("wrote %d pictures and %s", len(pictures) + 1, page)
    return page


def _draw_night(analysis: Analysis, language: str) -> bytes:
    """Draw the whole recording as PNG."""
    ax = plot_night(analysis.overview, analysis.episodes, analysis.gaps, info=analysis.info, language=language)
    return png(ax, language)


def _draw_episode(analysis: Analysis, window_of: WindowOf, number: int, language: str) -> bytes:
    """Draw the episode with this number, counted from 0, as PNG."""
    episode = analysis.episodes[number]
    window = window_of(max(0.0, episode.onset_s - MARGIN_S), min(analysis.duration_s, episode.offset_s + MARGIN_S))
    parts = plot_episode(window, episode, info=analysis.info, settings=analysis.settings, language=language)
    return png(parts.raw, language)
