"""The page of one recording as HTML text: plain, self-contained, no script, nothing fetched from anywhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from clonus_sense.i18n import Translator, notice, translator
from clonus_sense.model import Episode, EpisodeClass, Finding, Severity
from clonus_sense.report.analysis import Analysis
from clonus_sense.report.clock_labels import Clock, clock_of, elapsed
from clonus_sense.report.confidence import CONFIDENCE_NOTE, level_counts_of
from clonus_sense.report.glossary import GLOSSARY
from clonus_sense.report.html import Column, document, image, paragraph, section, table
from clonus_sense.report.wording import HEADLINE, class_word, ended_by_word, finding_word, reason_word, recording_title
from clonus_sense.report.words.looks import looks_words
from clonus_sense.report.words.reasons import folded_reasons


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


def build_page(
    analysis: Analysis, night_png: bytes, pictures: Sequence[EpisodePicture], name: str, *, language: str
) -> str:
    """Build the page of one recording."""
    _ = translator(language)
    clock = clock_of(analysis.info)
    title = recording_title(analysis.info, analysis.duration_s, _) or name
    body = [
        f"<header>\n<h1>{escape(_(HEADLINE))}</h1>",
        f'<p class="facts">{escape(title)}<br><span class="small">{escape(name)}</span></p>\n</header>',
        "<main>",
        _summary(analysis, _),
        paragraph(notice(language), "notice"),
        _night(analysis, night_png, _),
        _episode_table(analysis, pictures, clock, _),
        _episode_pictures(analysis, pictures, clock, _),
        _gaps(analysis, clock, _),
        _findings(analysis, clock, _),
        _settings(analysis, _),
        _glossary(_),
        "</main>",
    ]
    return document(f"{_(HEADLINE)} – {title}", body, language=language)


def _summary(analysis: Analysis, _: Translator) -> str:
    """Build the headline numbers; the smaller classes stand beside them."""
    rhythmic = [e for e in analysis.episodes if e.episode_class is EpisodeClass.CLONUS]
    longest_s = max((e.duration_s for e in rhythmic), default=0.0)
    facts = [
        (_("Rhythmic movements"), f"{len(rhythmic)}"),
        (_("Total time"), f"{sum(e.duration_s for e in rhythmic):.1f} s"),
        (_("Longest"), f"{longest_s:.1f} s" if rhythmic else "–"),
        (_("Measured (h:min:s)"), elapsed(analysis.measured_s)),
        (_("Not measured (h:min:s)"), elapsed(max(0.0, analysis.duration_s - analysis.measured_s))),
    ]
    cells = "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in facts)
    beside = [
        f"{class_word(c, _)} {sum(e.episode_class is c for e in analysis.episodes)}"
        for c in EpisodeClass
        if c is not EpisodeClass.CLONUS
    ]
    return "\n".join(
        [
            f'<dl class="summary">{cells}</dl>',
            paragraph(level_counts_of(rhythmic, _), "small") if rhythmic else "",
            paragraph(_("Beside these: {counts}.").format(counts=", ".join(beside)), "small"),
            paragraph(_("Please check that the sensor was worn: a sensor on the table records stillness."), "small"),
        ]
    )


def _night(analysis: Analysis, night_png: bytes, _: Translator) -> str:
    """Show the whole recording."""
    alt = _("Picture of the whole recording; movements in it: {n}.").format(n=len(analysis.episodes))
    return section(_("The whole recording"), f"<figure>{image(night_png, alt)}</figure>")


def _episode_table(analysis: Analysis, pictures: Sequence[EpisodePicture], clock: Clock, _: Translator) -> str:
    """List every episode; its number leads to its picture where there is one."""
    title = _("Each movement")
    if not analysis.episodes:
        return section(title, paragraph(_("No rhythmic movement was recorded in the measured time.")))
    columns = [
        Column(_("No."), "number"),
        Column(_("Start")),
        Column(_("Looks")),
        Column(_("Confidence")),
        Column(_("Duration (s)"), "number"),
        Column(_("Beats"), "number"),
        Column(_("Frequency (Hz)"), "number"),
        Column(_("Peak (g)"), "number"),
        Column(_("RMS (g)"), "number"),
        Column(_("Regularity"), "number"),
        Column(_("Ended by")),
    ]
    pictured = {picture.number for picture in pictures}
    rows = []
    for number, episode in enumerate(analysis.episodes, start=1):
        cells = [
            f'<a href="#movement-{number}">{number}</a>' if number in pictured else f"{number}",
            clock.label(episode.onset_s),
            escape(class_word(episode.episode_class, _)),
            folded_reasons(episode, _),
            f"{episode.duration_s:.2f}",
            f"{episode.beats}",
            f"{episode.frequency_hz:.2f}",
            f"{episode.peak_g:.3f}",
            f"{episode.rms_g:.3f}",
            f"{episode.regularity:.2f}",
            escape(ended_by_word(episode.ended_by, _)),
        ]
        rows.append(cells)
    return section(title, table(columns, rows), paragraph(_(CONFIDENCE_NOTE), "small"))


def _episode_pictures(analysis: Analysis, pictures: Sequence[EpisodePicture], clock: Clock, _: Translator) -> str:
    """Show the pictures of episodes, and say which were chosen when there are too many."""
    if not pictures:
        return ""
    parts = []
    if len(pictures) < len(analysis.episodes):
        text = _(
            "{shown} of {all} movements are drawn: the longest, the strongest and the least certain ones. "
            "The table holds all of them."
        )
        parts.append(paragraph(text.format(shown=len(pictures), all=len(analysis.episodes))))
    parts += [_episode_picture(picture, clock, _) for picture in pictures]
    return section(_("Pictures of movements"), *parts)


def _episode_picture(picture: EpisodePicture, clock: Clock, _: Translator) -> str:
    """Show one episode with its main numbers as text."""
    episode = picture.episode
    title = _("No. {number} at {time}").format(number=picture.number, time=clock.label(episode.onset_s))
    caption = _("{looks}; {duration:.1f} s, {beats} beats, {frequency:.2f} Hz, peak {peak:.3f} g").format(
        looks=looks_words(episode.episode_class, episode.confidence, episode.evidence, _, with_number=True),
        duration=episode.duration_s,
        beats=episode.beats,
        frequency=episode.frequency_hz,
        peak=episode.peak_g,
    )
    alt = _("Waveform, beats, spectrum and numbers of movement no. {number}.").format(number=picture.number)
    return (
        f'<figure id="movement-{picture.number}">\n<figcaption><h3>{escape(title)}</h3>{escape(caption)}</figcaption>\n'
        f"{image(picture.png, alt)}</figure>"
    )


def _gaps(analysis: Analysis, clock: Clock, _: Translator) -> str:
    """List what was not measured."""
    title = _("Times not measured")
    if not analysis.gaps:
        return section(title, paragraph(_("None: the recording has no gap.")))
    columns = [
        Column(_("From")),
        Column(_("To")),
        Column(_("Length (s)"), "number"),
        Column(_("Reason"), "sentence"),
    ]
    rows = [
        [clock.label(gap.start_s), clock.label(gap.end_s), f"{gap.duration_s:.1f}", escape(reason_word(gap.reason, _))]
        for gap in analysis.gaps
    ]
    return section(title, table(columns, rows))


def _findings(analysis: Analysis, clock: Clock, _: Translator) -> str:
    """List what a person must know before trusting the result."""
    title = _("About the data")
    if not analysis.findings:
        return section(title, paragraph(_("Nothing to remark.")))
    columns = [Column(""), Column(_("What was noticed"), "sentence"), Column(_("When"))]
    rows = []
    for finding in analysis.findings:
        kind = _("mind this") if finding.severity is Severity.WARNING else _("note")
        rows.append([escape(kind), _finding_text(finding, _), escape(_when(finding, clock, _))])
    return section(title, table(columns, rows))


def _finding_text(finding: Finding, _: Translator) -> str:
    """Say what was found; the reader's sentences, made of facts, exist in English alone and follow its translation."""
    word = finding_word(finding.kind, _)
    if _.language == "en" or not word:
        return escape(finding.text)
    return f'{escape(word)}<br><span class="small" lang="en">{escape(finding.text)}</span>'


def _when(finding: Finding, clock: Clock, _: Translator) -> str:
    """Say what time a finding concerns."""
    edges_s = [at_s for at_s in (finding.start_s, finding.end_s) if at_s is not None]
    return "–".join(clock.label(at_s) for at_s in edges_s) or _("whole recording")


def _settings(analysis: Analysis, _: Translator) -> str:
    """State what found the episodes, so that the result can be had again."""
    text = _("Found by clonus_sense {version} with these settings:").format(version=analysis.version)
    return section(_("Settings and version"), paragraph(text), f"<pre>{escape(analysis.settings.as_toml())}</pre>")


def _glossary(_: Translator) -> str:
    """Explain each number."""
    lines = []
    for term in GLOSSARY:
        name = f"{_(term.name)} ({_(term.unit)})" if term.unit else _(term.name)
        lines.append(f"<div><dt>{escape(name)}</dt><dd>{escape(_(term.meaning))}</dd></div>")
    return section(_("What the numbers mean"), '<dl class="terms">', *lines, "</dl>")
