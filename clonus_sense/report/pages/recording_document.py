"""The page of one recording: one file, no script, nothing fetched from anywhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from clonus_sense.i18n import Translator, translator
from clonus_sense.model import Episode, EpisodeClass, Finding, Severity
from clonus_sense.report.analysis import Analysis
from clonus_sense.report.clock_labels import Clock, clock_of, elapsed
from clonus_sense.report.confidence import CONFIDENCE_NOTE, level_counts_of
from clonus_sense.report.glossary import GLOSSARY
from clonus_sense.report.pages.blocks import (
    Block,
    Cell,
    Facts,
    Heading,
    Paragraph,
    Picture,
    Preformatted,
    Section,
    Table,
    Terms,
)
from clonus_sense.report.pages.kit import render_sections
from clonus_sense.report.wording import HEADLINE, class_word, ended_by_word, finding_word, reason_word, recording_title
from clonus_sense.report.words.class_words import also_found_among
from clonus_sense.report.words.looks import looks_words, sureness
from clonus_sense.report.words.reasons import reason_lines


@dataclass(frozen=True, slots=True)
class EpisodePicture:
    """The picture of one episode, as it stands on the page.

    Parameters
    ----------
    number
        Number of the episode in the table, from 1.
    episode
        What it shows.
    png
        The picture.
    """

    number: int
    episode: Episode
    png: bytes


def build_recording_document(
    analysis: Analysis, night_png: bytes, pictures: Sequence[EpisodePicture], name: str, *, language: str
) -> str:
    """Build the page of one recording."""
    _ = translator(language)
    clock = clock_of(analysis.info)
    title = recording_title(analysis.info, analysis.duration_s, _) or name
    sections = [
        _night(analysis, night_png, _),
        _episode_table(analysis, pictures, clock, _),
        *_episode_pictures(analysis, pictures, clock, _),
        _gaps(analysis, clock, _),
        _findings(analysis, clock, _),
        _settings(analysis, _),
        _glossary(_),
    ]
    return render_sections(
        _(HEADLINE),
        sections,
        language=language,
        facts=title,
        title=f"{_(HEADLINE)} – {title}",
        file=name,
        first=_summary(analysis, _),
    )


def _summary(analysis: Analysis, _: Translator) -> list[Block]:
    """Say the headline numbers; the smaller classes stand beside them."""
    rhythmic = [e for e in analysis.episodes if e.episode_class is EpisodeClass.CLONUS]
    longest_s = max((e.duration_s for e in rhythmic), default=0.0)
    facts = [
        (_("Rhythmic movements"), f"{len(rhythmic)}", ""),
        (_("Total time"), f"{sum(e.duration_s for e in rhythmic):.1f} s", ""),
        (_("Longest"), f"{longest_s:.1f} s" if rhythmic else "–", ""),
        (_("Measured (h:min:s)"), elapsed(analysis.measured_s), ""),
        (_("Not measured (h:min:s)"), elapsed(max(0.0, analysis.duration_s - analysis.measured_s)), ""),
    ]
    told = [level_counts_of(rhythmic, _)] if rhythmic else []
    told.append(also_found_among(analysis.episodes, _))
    told.append(_("Please check that the sensor was worn: a sensor on the table records stillness."))
    return [Facts(facts), *(Paragraph(text, "small") for text in told if text)]


def _night(analysis: Analysis, night_png: bytes, _: Translator) -> Section:
    """Show the whole recording."""
    alt = _("Picture of the whole recording; movements in it: {n}.").format(n=len(analysis.episodes))
    return Section(_("The whole recording"), [Picture(night_png, alt)])


def _episode_table(analysis: Analysis, pictures: Sequence[EpisodePicture], clock: Clock, _: Translator) -> Section:
    """List every episode; its number leads to its picture where there is one."""
    title = _("Each movement")
    if not analysis.episodes:
        return Section(title, [Paragraph(_("No rhythmic movement was recorded in the measured time."))])
    columns = [
        Heading(_("No."), "number"),
        Heading(_("Start")),
        Heading(_("Looks")),
        Heading(_("Confidence")),
        Heading(_("Duration (s)"), "number"),
        Heading(_("Beats"), "number"),
        Heading(_("Frequency (Hz)"), "number"),
        Heading(_("Peak (g)"), "number"),
        Heading(_("RMS (g)"), "number"),
        Heading(_("Regularity"), "number"),
        Heading(_("Ended by")),
    ]
    pictured = {picture.number for picture in pictures}
    rows: list[list[Cell | str]] = [
        [
            Cell(f"{number}", link=f"movement-{number}") if number in pictured else f"{number}",
            clock.label(episode.onset_s),
            class_word(episode.episode_class, _),
            Cell(sureness(episode.episode_class, episode.confidence, _), folded=reason_lines(episode, _)),
            f"{episode.duration_s:.2f}",
            f"{episode.beats}",
            f"{episode.frequency_hz:.2f}",
            f"{episode.peak_g:.3f}",
            f"{episode.rms_g:.3f}",
            f"{episode.regularity:.2f}",
            ended_by_word(episode.ended_by, _),
        ]
        for number, episode in enumerate(analysis.episodes, start=1)
    ]
    return Section(title, [Table(columns, rows), Paragraph(_(CONFIDENCE_NOTE), "small")])


def _episode_pictures(
    analysis: Analysis, pictures: Sequence[EpisodePicture], clock: Clock, _: Translator
) -> list[Section]:
    """Show the pictures of episodes, and say which were chosen when there are too many."""
    if not pictures:
        return []
    blocks: list[Block] = []
    if len(pictures) < len(analysis.episodes):
        text = _(
            "{shown} of {all} movements are drawn: the longest, the strongest and the least certain ones. "
            "The table holds all of them."
        )
        blocks.append(Paragraph(text.format(shown=len(pictures), all=len(analysis.episodes))))
    blocks += [_episode_picture(picture, clock, _) for picture in pictures]
    return [Section(_("Pictures of movements"), blocks)]


def _episode_picture(picture: EpisodePicture, clock: Clock, _: Translator) -> Picture:
    """Show one episode with its main numbers as text."""
    episode = picture.episode
    caption = _("{looks}; {duration:.1f} s, {beats} beats, {frequency:.2f} Hz, peak {peak:.3f} g").format(
        looks=looks_words(episode.episode_class, episode.confidence, episode.evidence, _, with_number=True),
        duration=episode.duration_s,
        beats=episode.beats,
        frequency=episode.frequency_hz,
        peak=episode.peak_g,
    )
    return Picture(
        picture.png,
        _("Waveform, beats, spectrum and numbers of movement no. {number}.").format(number=picture.number),
        title=_("No. {number} at {time}").format(number=picture.number, time=clock.label(episode.onset_s)),
        caption=caption,
        anchor=f"movement-{picture.number}",
    )


def _gaps(analysis: Analysis, clock: Clock, _: Translator) -> Section:
    """List what was not measured."""
    title = _("Times not measured")
    if not analysis.gaps:
        return Section(title, [Paragraph(_("None: the recording has no gap."))])
    columns = [
        Heading(_("From")),
        Heading(_("To")),
        Heading(_("Length (s)"), "number"),
        Heading(_("Reason"), "sentence"),
    ]
    rows = [
        [clock.label(gap.start_s), clock.label(gap.end_s), f"{gap.duration_s:.1f}", reason_word(gap.reason, _)]
        for gap in analysis.gaps
    ]
    return Section(title, [Table(columns, rows)])


def _findings(analysis: Analysis, clock: Clock, _: Translator) -> Section:
    """List what a person must know before trusting the result."""
    title = _("About the data")
    if not analysis.findings:
        return Section(title, [Paragraph(_("Nothing to remark."))])
    columns = [Heading(""), Heading(_("What was noticed"), "sentence"), Heading(_("When"))]
    rows: list[list[Cell | str]] = [
        [
            _("mind this") if finding.severity is Severity.WARNING else _("note"),
            _finding_text(finding, _),
            _when(finding, clock, _),
        ]
        for finding in analysis.findings
    ]
    return Section(title, [Table(columns, rows)])


def _finding_text(finding: Finding, _: Translator) -> Cell:
    """Say what was found; the reader's sentences, made of facts, exist in English alone and follow its translation."""
    word = finding_word(finding.kind, _)
    if _.language == "en" or not word:
        return Cell(finding.text)
    return Cell(word, small=finding.text, small_language="en")


def _when(finding: Finding, clock: Clock, _: Translator) -> str:
    """Say what time a finding concerns."""
    edges_s = [at_s for at_s in (finding.start_s, finding.end_s) if at_s is not None]
    return "–".join(clock.label(at_s) for at_s in edges_s) or _("whole recording")


def _settings(analysis: Analysis, _: Translator) -> Section:
    """State what found the episodes, so that the result can be had again."""
    text = _("Found by clonus_sense {version} with these settings:").format(version=analysis.version)
    return Section(_("Settings and version"), [Paragraph(text), Preformatted(analysis.settings.as_toml())])


def _glossary(_: Translator) -> Section:
    """Explain each number."""
    pairs = [(f"{_(term.name)} ({_(term.unit)})" if term.unit else _(term.name), _(term.meaning)) for term in GLOSSARY]
    return Section(_("What the numbers mean"), [Terms(pairs)])
