"""A recording without detections, for a person who marks it before seeing what a detector found."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from clonus_sense.files import write_text_atomically
from clonus_sense.i18n import Translator, translator
from clonus_sense.model import RecordingInfo
from clonus_sense.report.clock_labels import clock_of, elapsed
from clonus_sense.report.pages.kit import browser_script, render
from clonus_sense.report.pages.page_clock import clock_changes, origin_ms
from clonus_sense.report.pages.strip_samples import STEP_G, pack_parts
from clonus_sense.report.window import WindowOf
from clonus_sense.report.wording import recording_title

LONGEST_S = 24 * 3600.0
"""A night and its day, some 10 MB at 50 Hz; larger pages open slowly."""

GRAIN_S = 60.0
"""A page begins at a whole minute of the recording, so that the lines of two people's pages agree."""

LONGEST_NOTE = 500
"""Characters of a note on a mark."""


@dataclass(frozen=True, slots=True)
class BlindRecording:
    """The recording that the page shows."""

    name: str
    info: RecordingInfo
    start_s: float
    end_s: float
    window_of: WindowOf

    @property
    def shown_s(self) -> tuple[float, float]:
        """Start and end of the page, in seconds of the recording."""
        first_s = self.start_s // GRAIN_S * GRAIN_S
        return first_s, min(max(self.end_s, first_s + 1.0), first_s + LONGEST_S)


def write_blind_page(recording: BlindRecording, directory: Path, *, language: str = "en") -> Path:
    """Write the page of a recording without detections."""
    directory.mkdir(parents=True, exist_ok=True)
    page = directory / f"{recording.name}.blind.html"
    write_text_atomically(page, build_blind_page(recording, language=language))
    return page


def build_blind_page(recording: BlindRecording, *, language: str) -> str:
    """Build the page of a recording without detections, with its samples inside."""
    _ = translator(language)
    clock = clock_of(recording.info)
    from_s, to_s = recording.shown_s
    heading = _("Recording without detections")
    cut_words = ""
    if to_s < recording.end_s:
        text = _("Shown are the first {length} (h:min:s), to keep this page small; --from shows what comes after.")
        cut_words = text.format(length=elapsed(to_s - from_s))
    file_name = f"{recording.name}.annotation.csv"
    data = {
        "file_name": file_name,
        "step_g": STEP_G,
        "origin_ms": origin_ms(clock),
        "clock_changes": clock_changes(clock, recording.end_s),
        "parts": pack_parts(recording.window_of, from_s, to_s),
        "words": _words(_),
    }
    context = {
        "title": f"{heading} – {recording.name}",
        "heading": heading,
        "facts": recording_title(recording.info, recording.end_s, _),
        "file": recording.name,
        "file_name": file_name,
        "cut_words": cut_words,
        "longest_note": LONGEST_NOTE,
    }
    scripts = (browser_script("blind.js"),)
    return render("blind.html.jinja", context, language=language, scripts=scripts, data={"blind-data": data})


def _words(_: Translator) -> dict[str, str]:
    """Sentences that the browser says; it fills in the numbers."""
    return {
        "counts": _("Marks: {n}. Lines seen: {seen} of {all}."),
        "unsaved": _("Not saved."),
        "not_free": _("Not kept: a mark ends after it begins, by 0.2 s or more, and touches no other mark."),
        "begin_first": _("Press “starts here” first, at the beginning of the movement."),
        "nothing_to_undo": _("There is nothing to undo."),
        "no_table": _(
            "Not opened: this is no table of marks of this recording, or its marks overlap those that are here."
        ),
    }
