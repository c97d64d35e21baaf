"""The page of a night: drawn from the library and the recordings, private to the user."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from clonus_sense.config import DetectionSettings, parse_settings
from clonus_sense.errors import RecordingError, SettingsError, SignalError
from clonus_sense.files import write_text_atomically
from clonus_sense.library import StoredRecording, hash_recording
from clonus_sense.recording import ForeignFormat, how_it_was_read, known_until_s, read_recording
from clonus_sense.report.night_page import (
    EpisodePicture,
    NightPictures,
    ShownEpisode,
    build_night_page,
    choose_shown,
    list_shown,
)
from clonus_sense.report.pages import MARGIN_S, MOST_PICTURES
from clonus_sense.report.plots import NARROW, WIDE, figure_png, plot_episode, plot_legs, png
from clonus_sense.report.plots.episode import new_waveform_axes
from clonus_sense.report.window import Window, WindowOf
from clonus_sense.review import PersonNight
from clonus_sense.workflows.page_files import PageChoices

logger = logging.getLogger(__name__)

# Pages are about health, like the library that they are made from.
PRIVATE_MODE = 0o600
PRIVATE_FOLDER_MODE = 0o700


def write_night_page(
    night: PersonNight, choices: PageChoices, *, on_progress: Callable[[float], None] | None = None
) -> Path:
    """Draw a night and write its page; an older page of the same night is replaced.

    Parameters
    ----------
    night
        What to show.
    choices
        How.
    on_progress
        Is told the share that is done, 0 to 1.

    Returns
    -------
    Path
        The page, readable by its user alone.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    path = choices.path_of(night)
    for folder in (choices.folder, path.parent):
        # Each by itself: the names of folders are people's codes, and only the last one would be private.
        folder.mkdir(parents=True, exist_ok=True, mode=PRIVATE_FOLDER_MODE)
    text = build_night_page(
        night,
        _draw(night, choices, on_progress),
        language=choices.language,
        hide_personal=choices.hide_personal,
    )
    write_text_atomically(path, text, mode=PRIVATE_MODE)
    if on_progress:
        on_progress(1.0)
    logger.info("wrote %s", path)
    return path


def _draw(night: PersonNight, choices: PageChoices, on_progress: Callable[[float], None] | None) -> NightPictures:
    """Draw the night, and a choice of its episodes."""
    language = choices.language
    wide, narrow = (
        figure_png(plot_legs(night, layout=layout, language=language), language) for layout in (WIDE, NARROW)
    )
    chosen = choose_shown(list_shown(night), MOST_PICTURES)
    windows = {id(recording): _windows_of(recording.stored, choices.foreign) for recording in night.recordings}
    pictures = []
    for n_done, shown in enumerate(chosen):
        if on_progress:
            on_progress(n_done / len(chosen))
        pictures.append(EpisodePicture(shown, _draw_episode(shown, windows[id(shown.recording)], language)))
    return NightPictures(wide, narrow, tuple(pictures))


def _windows_of(stored: StoredRecording, foreign: ForeignFormat | None) -> WindowOf | None:
    """Give access to a recording's samples; ``None`` where its file is gone, unreadable, or holds another one now."""
    try:
        # Read now, once, so that what is wrong is noticed before anything is drawn.
        until_s = known_until_s(stored.path, stored.duration_s)
        recording = read_recording(stored.path, foreign=how_it_was_read(stored.info, foreign), until_s=until_s)
    except (RecordingError, SignalError, OSError) as error:
        logger.warning("no waveforms: %s", error)
        return None
    if hash_recording(recording) != stored.content_hash:
        logger.warning("no waveforms: %s holds another recording than when it was added.", stored.path)
        return None
    return lambda start_s, end_s: Window(start_s, end_s, tuple(recording.window(start_s, end_s)))


def _draw_episode(shown: ShownEpisode, windows: WindowOf | None, language: str) -> bytes | None:
    """Draw one episode; ``None`` where there are no samples of it."""
    if windows is None:
        return None
    recording, episode = shown.recording, shown.episode
    start_s = max(0.0, episode.onset_s - MARGIN_S)
    window = windows(start_s, min(recording.stored.duration_s, episode.offset_s + MARGIN_S))
    if not window.pieces:
        return None
    parts = plot_episode(
        window,
        episode,
        axes=new_waveform_axes(language),
        info=recording.stored.info,
        settings=_settings_of(shown),
        language=language,
    )
    return png(parts.raw, language)


def _settings_of(shown: ShownEpisode) -> DetectionSettings:
    """Take the settings that found it; the defaults where this version does not know them."""
    run = shown.recording.run
    try:
        return parse_settings(run.settings_toml) if run else DetectionSettings()
    except SettingsError:
        return DetectionSettings()
