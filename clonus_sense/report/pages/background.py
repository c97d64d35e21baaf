"""What stands behind the numbers: gaps, people's words, changes, findings, settings, the false rate, the glossary."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from clonus_sense.i18n import Translator
from clonus_sense.library import Filing, Marker
from clonus_sense.model import Finding, Severity
from clonus_sense.night.utc_span import UtcSpan, clip, subtract
from clonus_sense.report.duration_words import length_words
from clonus_sense.report.glossary import GLOSSARY, NIGHT_GLOSSARY
from clonus_sense.report.measured import MEASURED
from clonus_sense.report.pages.blocks import Block, Cell, Heading, Paragraph, Preformatted, Section, Table, Terms
from clonus_sense.report.pages.page_context import PageContext, words_of
from clonus_sense.report.wording import (
    class_word,
    finding_word,
    marker_word,
    place_words,
    reason_word,
    side_word,
)
from clonus_sense.review import LegNight, LegRecording

# A page lists so many gaps, the longest; a night of a bad radio has hundreds, and nobody reads them.
MOST_GAPS = 40


@dataclass(frozen=True, slots=True)
class _Hole:
    """A time in which a leg was not measured, and why."""

    side: str
    span: UtcSpan
    reason: str


def gaps_section(page: PageContext) -> Section:
    """List what was not measured, with reasons."""
    _ = page.translate
    title = _("Times not measured")
    holes = sorted((hole for leg in page.night.legs for hole in _holes(leg)), key=lambda hole: hole.span)
    if not holes:
        return Section(title, [Paragraph(_("None: the recording has no gap."))])
    longest = sorted(holes, key=lambda hole: hole.span.length, reverse=True)[:MOST_GAPS]
    parts: list[Block] = []
    if len(holes) > len(longest):
        text = _("The {shown} longest of {all}; all of them together last {length}.")
        total_s = sum(hole.span.length_s for hole in holes)
        parts.append(Paragraph(text.format(shown=len(longest), all=len(holes), length=length_words(total_s, _))))
    columns = [Heading(_("Leg")), Heading(_("From")), Heading(_("To")), Heading(_("Length (s)"), "number")]
    columns.append(Heading(_("Reason"), "sentence"))
    rows = [
        [
            side_word(hole.side, _),
            page.axis.label(hole.span.start),
            page.axis.label(hole.span.end),
            f"{hole.span.length_s:.1f}",
            reason_word(hole.reason, _),
        ]
        for hole in holes
        if hole in longest
    ]
    return Section(title, [*parts, Table(columns, rows)])


def _holes(leg: LegNight) -> list[_Hole]:
    """Find the gaps of a leg's recordings, and the times between them."""
    part = leg.summary.part.span
    holes = [
        _Hole(leg.side, span, gap.reason)
        for recording in leg.recordings
        for gap in recording.stored.gaps
        for span in clip([UtcSpan(recording.moment(gap.start_s), recording.moment(gap.end_s))], part)
    ]
    between = subtract([part], [recording.span.span for recording in leg.recordings])
    return holes + [_Hole(leg.side, span, "no recording") for span in between]


def words_section(page: PageContext) -> Section | None:
    """List what people said and marked, and how the night was filed and dated before."""
    _ = page.translate
    lines: list[tuple[datetime, list[Cell | str]]] = []
    for recording in page.night.recordings:
        for word in recording.annotations:
            moment = recording.moment(word.span.start_s)
            lines.append((moment, [page.axis.label(moment), Cell(words_of(word, page), small=f"#{word.id}")]))
        for marker in recording.markers:
            moment = recording.moment(marker.at_s)
            lines.append((moment, [page.axis.label(moment), _marker_words(marker, page)]))
    parts: list[Block] = []
    if lines:
        columns = [Heading(_("When")), Heading(_("What was said or marked"), "sentence")]
        parts.append(Table(columns, [cells for _moment, cells in sorted(lines, key=lambda line: line[0])]))
    parts += [Paragraph(text, "small") for recording in page.night.recordings for text in _traces(recording, page)]
    return Section(_("What people say"), parts) if parts else None


def _marker_words(marker: Marker, page: PageContext) -> str:
    """Say what was marked."""
    note = f" – {marker.text}" if marker.text and not page.hide_personal else ""
    return f"{marker_word(marker.kind, page.translate)}{note}"


def _traces(recording: LegRecording, page: PageContext) -> list[str]:
    """Say how a recording was filed and dated before."""
    _ = page.translate
    traces = []
    for move in recording.moves:
        before, after = (_filing_words(filing, page) for filing in (move.before, move.after))
        text = _("Filed anew on {day}: before {before}, since then {after}.")
        traces.append(text.format(day=f"{move.moved_at:%Y-%m-%d}", before=before, after=after))
    for correction in recording.start_corrections:
        before_start = f"{correction.before:%Y-%m-%d %H:%M}" if correction.before else "–"
        text = _("Start corrected on {day}: before {before}, since then {after}. No length changed.")
        traces.append(
            text.format(
                day=f"{correction.corrected_at:%Y-%m-%d}",
                before=before_start,
                after=f"{correction.after:%Y-%m-%d %H:%M}",
            )
        )
    return traces


def _filing_words(filing: Filing, page: PageContext) -> str:
    """Name a person and a leg."""
    _ = page.translate
    person = filing.person if filing.person and not page.hide_personal else "–"
    return f"{person}, {side_word(filing.side, _)}"


def changes_section(page: PageContext) -> Section | None:
    """Say which movements came and went with the newest analysis."""
    _ = page.translate
    rows = []
    for recording in page.night.recordings:
        if recording.changes is None:
            continue
        changed = [(_("came"), episode) for episode in recording.changes.came]
        changed += [(_("went"), episode) for episode in recording.changes.went]
        changed += [
            (_("was: {looks}").format(looks=class_word(pair.old.episode_class, _)), pair.new)
            for pair in recording.changes.reclassified
        ]
        rows += [
            (
                recording.moment(episode.onset_s),
                [
                    page.axis.label(recording.moment(episode.onset_s)),
                    side_word(recording.span.side, _),
                    what,
                    class_word(episode.episode_class, _),
                    f"{episode.duration_s:.1f}",
                ],
            )
            for what, episode in changed
            if page.night.span.holds(recording.moment(max(episode.onset_s, 0.0)))
        ]
    if all(recording.changes is None for recording in page.night.recordings):
        return None
    title = _("Changes since the analysis before")
    if not rows:
        return Section(title, [Paragraph(_("None: the same movements were found."))])
    columns = [
        Heading(_("When")),
        Heading(_("Leg")),
        Heading(""),
        Heading(_("Looks")),
        Heading(_("Duration (s)"), "number"),
    ]
    note = Paragraph(_("What people said stays with its time, whatever an analysis finds there."), "small")
    return Section(title, [Table(columns, [cells for _moment, cells in sorted(rows, key=lambda row: row[0])]), note])


def findings_section(page: PageContext) -> Section:
    """List what a person must know before trusting the result."""
    _ = page.translate
    rows: list[list[Cell | str]] = []
    for recording in page.night.recordings:
        findings = (*recording.stored.findings, *(recording.run.findings if recording.run else ()))
        rows += [
            [
                side_word(recording.span.side, _),
                _("mind this") if finding.severity is Severity.WARNING else _("note"),
                _finding_text(finding, page),
                _when(finding, recording, page),
            ]
            for finding in findings
        ]
    title = _("About the data")
    if not rows:
        return Section(title, [Paragraph(_("Nothing to remark."))])
    columns = [Heading(_("Leg")), Heading(""), Heading(_("What was noticed"), "sentence"), Heading(_("When"))]
    return Section(title, [Table(columns, rows)])


def _finding_text(finding: Finding, page: PageContext) -> Cell:
    """Say what was found; the reader's sentences, made of facts, exist in English alone and follow its translation.

    They may quote what a person wrote into the file, and stay out where personal data do.
    """
    _ = page.translate
    word = finding_word(finding.kind, _)
    if page.hide_personal:
        return Cell(word or finding.kind)
    if _.language == "en" or not word:
        return Cell(finding.text)
    return Cell(word, small=finding.text, small_language="en")


def _when(finding: Finding, recording: LegRecording, page: PageContext) -> str:
    """Say what time a finding concerns."""
    edges_s = [at_s for at_s in (finding.start_s, finding.end_s) if at_s is not None]
    labels = [page.axis.label(recording.moment(at_s)) for at_s in edges_s]
    return "–".join(labels) or page.translate("whole recording")


def origin_section(page: PageContext) -> Section:
    """State what recorded, what found the episodes with which settings, and how often that is wrong."""
    _ = page.translate
    columns = [
        Heading(_("Leg")),
        Heading(_("From")),
        Heading(_("Place")),
        Heading(_("Sensor"), "sentence"),
        Heading(_("Rate (Hz)"), "number"),
        Heading(_("Found by"), "sentence"),
    ]
    rows = [_origin_cells(recording, page) for recording in page.night.recordings]
    blocks = [Table(columns, rows), *_settings_texts(page.night.recordings, _), Paragraph(false_rate_words(_))]
    return Section(_("Where the numbers come from"), blocks)


def _origin_cells(recording: LegRecording, page: PageContext) -> list[str]:
    """Name one recording, its sensor and its analysis."""
    _ = page.translate
    info, run = recording.stored.info, recording.run
    # What a file calls its sensor is free text, the family too.
    sensor = [] if page.hide_personal else [info.sensor.family, info.sensor.name, info.sensor.serial]
    file = "" if page.hide_personal else f" · {recording.stored.path.name}"
    found_by = f"clonus_sense {run.version}, {run.finished_at:%Y-%m-%d}" if run else _("not analysed")
    return [
        side_word(info.side, _),
        page.axis.label(recording.moment(0.0)),
        place_words(info, _) or "–",
        (" ".join(part for part in sensor if part) or "–") + file,
        f"{info.fs_hz:g}",
        found_by,
    ]


def _settings_texts(recordings: Iterable[LegRecording], _: Translator) -> list[Block]:
    """Write the settings of the analyses, each once."""
    texts = dict.fromkeys(recording.run.settings_toml.strip() for recording in recordings if recording.run)
    return [Paragraph(_("With these settings:")), *map(Preformatted, texts)] if texts else []


def false_rate_words(_: Translator) -> str:
    """Say how often the detector is wrong, as measured."""
    text = _(
        "How often this is wrong, as measured: in {daily_h:.1f} hours of daily life {daily:.1f} movements per 8 hours "
        "were wrongly called rhythmic; in {night_h:.0f} hours of simulated nights it was {night:.2f}. On a quiet "
        "background {found:.0f} of 100 bouts of five beats and more were found, inside walking or exercise "
        "{moving:.0f} of 100. The bouts were simulated: nobody's clonus was ever measured with this software, and "
        "there is no clinical validation."
    )
    return text.format(
        daily_h=MEASURED.daily_life_h,
        daily=MEASURED.daily_life_per_8h,
        night_h=MEASURED.night_h,
        night=MEASURED.night_per_8h,
        found=100 * MEASURED.found_ratio,
        moving=100 * MEASURED.found_in_movement_ratio,
    )


def glossary_section(page: PageContext) -> Section:
    """Explain every number with its unit and formula."""
    _ = page.translate
    pairs = [
        (f"{_(term.name)} ({_(term.unit)})" if term.unit else _(term.name), _(term.meaning))
        for term in (*NIGHT_GLOSSARY, *GLOSSARY)
    ]
    return Section(_("What the numbers mean"), [Terms(pairs)])
