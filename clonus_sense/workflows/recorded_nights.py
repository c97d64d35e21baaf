"""Takes a recorded night from the recorder's files into the library, and makes its page."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from clonus_sense.errors import ClonusSenseError
from clonus_sense.library import Library
from clonus_sense.recorder import FinishedRecording
from clonus_sense.review import PersonNight, nights_of_recordings
from clonus_sense.workflows.keeping import Kept, keep_recording
from clonus_sense.workflows.night_pages import write_night_page
from clonus_sense.workflows.outdated_pages import find_outdated, take_away
from clonus_sense.workflows.page_files import PageChoices

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class NightInLibrary:
    """Result for a recorded night; ``refused`` holds a sentence for each recording or page that failed."""

    kept: tuple[Kept, ...]
    refused: tuple[str, ...]
    nights: tuple[PersonNight, ...]
    pages: tuple[Path, ...]


def take_in(
    library: Library,
    recordings: Sequence[FinishedRecording],
    choices: PageChoices,
    *,
    on_progress: Callable[[float], None] | None = None,
) -> NightInLibrary:
    """Analyse and store recordings and make their pages; a failed recording does not stop the others."""
    kept: list[Kept] = []
    refused: list[str] = []
    for recording in recordings:
        try:
            kept.append(keep_recording(library, recording.path))
        except ClonusSenseError as error:
            logger.warning("%s", error)
            refused.append(str(error))
    numbers = {one.recording.id for one in kept}
    outdated = find_outdated(library, numbers, choices, wanted=choices)
    take_away(outdated, choices.folder)
    pages: list[Path] = []
    # The night's own page is last in the list; it is drawn first because somebody waits for it.
    for night, one in reversed(outdated.to_draw):
        try:
            pages.insert(0, write_night_page(night, one, on_progress=on_progress))
        except (ClonusSenseError, OSError) as error:
            logger.warning("%s", error)
            refused.append(f"The page of {night.name} could not be made: {error}")
    return NightInLibrary(tuple(kept), tuple(refused), nights_of_recordings(library, numbers), tuple(pages))
