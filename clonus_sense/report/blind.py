"""A recording without detections, for a person who marks it before seeing what a detector found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from clonus_sense.files import write_text_atomically
from clonus_sense.i18n import translator
from clonus_sense.model import RecordingInfo
from clonus_sense.report.clock_labels import clock_of, elapsed
from clonus_sense.report.pages.blocks import Block, Paragraph, Picture, Section, Steps
from clonus_sense.report.pages.kit import render_sections
from clonus_sense.report.plots import png
from clonus_sense.report.plots.strips import N_COLOURS, STRIP_S, STRIPS_PER_PICTURE, plot_strips
from clonus_sense.report.window import WindowOf
from clonus_sense.report.wording import recording_title

ANNOTATION_COLUMNS = ("onset_s", "offset_s", "beats", "label", "note")
"""Head of an annotation: the first two must be filled in, the others as far as known."""

PICTURE_S = STRIP_S * STRIPS_PER_PICTURE

MOST_PICTURES = 144
"""Twelve hours: a night with its evening, some 10 MB; larger pages open slowly."""


@dataclass(frozen=True, slots=True)
class BlindFiles:
    """What was written: the page, and the empty table in which to mark.

    ``has_marks`` says that there was a table already, which stays as it is.
    """

    page: Path
    annotation: Path
    has_marks: bool


@dataclass(frozen=True, slots=True)
class BlindRecording:
    """What is shown."""

    name: str
    info: RecordingInfo
    start_s: float
    end_s: float
    window_of: WindowOf

    @property
    def starts_s(self) -> tuple[float, ...]:
        """Start of each picture: whole strips since the start of the recording, so that two people's pages agree."""
        first = int(self.start_s // STRIP_S)
        last = max(first + 1, -int(-self.end_s // STRIP_S))
        return tuple(number * STRIP_S for number in range(first, last, STRIPS_PER_PICTURE))


def write_blind_page(
    recording: BlindRecording,
    directory: Path,
    *,
    language: str = "en",
    on_progress: Callable[[float], None] | None = None,
) -> BlindFiles:
    """Draw a recording without detections, and lay an empty annotation beside it."""
    directory.mkdir(parents=True, exist_ok=True)
    starts_s = recording.starts_s[:MOST_PICTURES]
    pictures = []
    for n_done, start_s in enumerate(starts_s):
        window = recording.window_of(start_s, min(start_s + PICTURE_S, recording.end_s))
        strips = plot_strips(window, info=recording.info, language=language)
        pictures.append(png(strips[0], language, n_colours=N_COLOURS))
        if on_progress:
            on_progress((n_done + 1) / len(starts_s))
    files = BlindFiles(
        directory / f"{recording.name}.blind.html",
        annotation := directory / f"{recording.name}.annotation.csv",
        has_marks=annotation.exists(),
    )
    if not files.has_marks:
        write_text_atomically(annotation, ",".join(ANNOTATION_COLUMNS) + "\n")
    write_text_atomically(files.page, build_blind_page(recording, pictures, annotation.name, language=language))
    return files


def build_blind_page(recording: BlindRecording, pictures: Sequence[bytes], annotation: str, *, language: str) -> str:
    """Build the page of a recording without detections."""
    _ = translator(language)
    clock = clock_of(recording.info)
    title = _("Recording without detections")
    about = recording_title(recording.info, recording.end_s, _)
    how_to = (
        _("Mark before you look at what was detected, and without asking the other person."),
        _(
            "For each movement that repeats evenly write one line into {file}: onset_s and offset_s in seconds, as "
            "below the waveform. Decimals are welcome: 1203.5."
        ).format(file=annotation),
        _("beats: their number, if you counted them. Otherwise leave it empty."),
        _("label: `unsure` where you are not sure; `not` where it only looks rhythmic. Otherwise leave it empty."),
        _("A recording in which you find nothing keeps its table with the first line alone."),
    )
    reading = _(
        "Each strip is half a minute: at its left the time of its start, at its right its scale, and a fine line for "
        "each second. The three axes of the sensor are drawn without posture (below 1 Hz). Each strip has its own "
        "scale: stronger movement is cut off. Grey was not measured."
    )
    blocks: list[Block] = [Steps(how_to), Paragraph(reading, "small")]
    if len(recording.starts_s) > len(pictures):
        text = _("Shown are the first {length} (h:min:s), to keep this page small; --from shows what comes after.")
        blocks.append(Paragraph(text.format(length=elapsed(len(pictures) * PICTURE_S))))
    for start_s, picture in zip(recording.starts_s, pictures, strict=False):
        end_s = min(start_s + PICTURE_S, recording.end_s)
        name = _("{start}–{end} ({start_s:.0f}–{end_s:.0f} s)").format(
            start=clock.label(start_s), end=clock.label(end_s), start_s=start_s, end_s=end_s
        )
        blocks.append(Picture(picture, _("Waveform of {title}").format(title=name), caption=name, css_class="strips"))
    return render_sections(
        title,
        [Section(_("How to mark"), blocks)],
        language=language,
        facts=about,
        title=f"{title} – {recording.name}",
        file=recording.name,
    )
