"""Draws the page of a night from the library and the recordings; the page is private to the user."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from clonus_sense.errors import RecordingError, SignalError
from clonus_sense.files import write_text_atomically
from clonus_sense.library import StoredRecording, hash_recording
from clonus_sense.recording import ForeignFormat, how_it_was_read, known_until_s, read_recording
from clonus_sense.report.pages.night_document import build_night_document
from clonus_sense.report.pages.nights_document import build_nights_document
from clonus_sense.report.window import Window, WindowOf
from clonus_sense.review import PersonNight, SeveralNights
from clonus_sense.workflows.page_files import PageChoices

logger = logging.getLogger(__name__)

# Pages hold health data, like the library.
PRIVATE_MODE = 0o600
PRIVATE_FOLDER_MODE = 0o700


def write_night_page(
    night: PersonNight, choices: PageChoices, *, on_progress: Callable[[float], None] | None = None
) -> Path:
    """Draw a night and write its page; an older page of the night is replaced.

    Parameters
    ----------
    on_progress
        Called with the finished share, 0 to 1.

    Returns
    -------
    Path
        The page, readable only by its user.

    Raises
    ------
    OSError
        If the page cannot be written.
    """
    window_of = {one.stored.id: windows_of(one.stored, choices.foreign) for one in night.recordings}
    if on_progress:
        on_progress(0.5)
    text = build_night_document(
        night, window_of, language=choices.language, hide_personal=choices.hide_personal, whole=choices.whole
    )
    path = _write_private(choices.path_of(night), text, choices)
    if on_progress:
        on_progress(1.0)
    return path


def write_nights_page(found: SeveralNights, choices: PageChoices, *, made_at: datetime) -> Path:
    """Write the page of several nights of one person; it leads to the pages of the nights that there are.

    Parameters
    ----------
    made_at
        When the page is made; later changes of the library are not on it.

    Returns
    -------
    Path
        The page, readable only by its user.

    Raises
    ------
    OSError
        If the page cannot be written.
    """
    # A page without personal data leaves the folder alone, so it leads nowhere.
    own = {} if choices.hide_personal else {night.name: choices.path_of_person(night) for night in found.nights}
    text = build_nights_document(
        found,
        {name: quote(page.name) for name, page in own.items() if page.exists()},
        made_at=made_at,
        language=choices.language,
        hide_personal=choices.hide_personal,
    )
    return _write_private(choices.path_of_several(found), text, choices)


def _write_private(path: Path, text: str, choices: PageChoices) -> Path:
    """Write a page that only its user may read; an older one is replaced."""
    for folder in (choices.folder, path.parent):
        # One by one, because the mode applies only to the last folder, and folder names are people's codes.
        folder.mkdir(parents=True, exist_ok=True, mode=PRIVATE_FOLDER_MODE)
    write_text_atomically(path, text, mode=PRIVATE_MODE)
    logger.info("wrote %s", path)
    return path


def windows_of(stored: StoredRecording, foreign: ForeignFormat | None) -> WindowOf | None:
    """Give access to a recording's samples; ``None`` if its file is missing, unreadable or another recording."""
    try:
        # Read once before drawing, to find errors early.
        until_s = known_until_s(stored.path, stored.duration_s)
        recording = read_recording(stored.path, foreign=how_it_was_read(stored.info, foreign), until_s=until_s)
    except (RecordingError, SignalError, OSError) as error:
        logger.warning("no waveforms: %s", error)
        return None
    if hash_recording(recording) != stored.content_hash:
        logger.warning("no waveforms: %s no longer holds the recording that was added.", stored.path)
        return None
    return lambda start_s, end_s: Window(start_s, end_s, tuple(recording.window(start_s, end_s)))
