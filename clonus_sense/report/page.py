"""The page of one recording as HTML text: plain, self-contained, no script, nothing fetched from anywhere."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from importlib import resources

from clonus_sense.i18n import Translator, notice, translator
from clonus_sense.model import Episode, EpisodeClass, Finding, Severity
from clonus_sense.report.analysis import Analysis
from clonus_sense.report.clock import Clock, clock_of, elapsed
from clonus_sense.report.glossary import GLOSSARY
from clonus_sense.report.wording import HEADLINE, class_word, ended_by_word, finding_word, reason_word, recording_title


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


@dataclass(frozen=True, slots=True)
class _Column:
    """Head of a table's column; numbers stand at its right edge, sentences may take several lines."""

    name: str
    css_class: str = ""


def build_page(
    analysis: Analysis, night_png: bytes, pictures: Sequence[EpisodePicture], name: str, *, language: str
) -> str:
    """Build the page of one recording.

    Parameters
    ----------
    analysis
        What is reported.
    night_png
        Picture of the whole recording.
    pictures
        Pictures of all episodes or of a choice, in order.
    name
        Name of the recording's file.
    language
        Language of every text.

    Returns
    -------
    str
        A whole HTML document with the pictures inside.
    """
    _ = translator(language)
    clock = clock_of(analysis.info)
    headline = escape(_(HEADLINE))
    title = escape(recording_title(analysis.info, analysis.duration_s, _) or name)
    style = resources.files("clonus_sense.report").joinpath("page.css").read_text(encoding="utf-8")
    body = [
        f"<header>\n<h1>{headline}</h1>",
        f'<p class="facts">{title}<br><span class="small">{escape(name)}</span></p>\n</header>',
        "<main>",
        _summary(analysis, _),
        _paragraph(notice(language), "notice"),
        _night(analysis, night_png, _),
        _episode_table(analysis, pictures, clock, _),
        _episode_pictures(analysis, pictures, clock, _),
        _gaps(analysis, clock, _),
        _findings(analysis, clock, _),
        _settings(analysis, _),
        _glossary(_),
        "</main>",
    ]
    head = [
        '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{headline} – {title}</title>",
        f"<style>\n{style}</style>",
    ]
    lines = ["<!doctype html>", f'<html lang="{language}">', "<head>", *head, "</head>", "<body>", *body, "</body>"]
    return "\n".join(line for line in [*lines, "</html>"] if line) + "\n"


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
            _paragraph(_("Beside these: {counts}.").format(counts=", ".join(beside)), "small"),
            _paragraph(_("Please check that the sensor was worn: a sensor on the table records stillness."), "small"),
        ]
    )


def _night(analysis: Analysis, night_png: bytes, _: Translator) -> str:
    """Show the whole recording."""
    alt = _("Picture of the whole recording; movements in it: {n}.").format(n=len(analysis.episodes))
    return _section(_("The whole recording"), f"<figure>{_image(night_png, alt)}</figure>")


def _episode_table(analysis: Analysis, pictures: Sequence[EpisodePicture], clock: Clock, _: Translator) -> str:
    """List every episode; its number leads to its picture where there is one."""
    title = _("Each movement")
    if not analysis.episodes:
        return _section(title, _paragraph(_("No rhythmic movement was recorded in the measured time.")))
    columns = [
        _Column(_("No."), "number"),
        _Column(_("Start")),
        _Column(_("Looks")),
        _Column(_("Duration (s)"), "number"),
        _Column(_("Beats"), "number"),
        _Column(_("Frequency (Hz)"), "number"),
        _Column(_("Peak (g)"), "number"),
        _Column(_("RMS (g)"), "number"),
        _Column(_("Regularity"), "number"),
        _Column(_("Confidence"), "number"),
        _Column(_("Ended by")),
    ]
    pictured = {picture.number for picture in pictures}
    rows = []
    for number, episode in enumerate(analysis.episodes, start=1):
        cells = [
            f'<a href="#movement-{number}">{number}</a>' if number in pictured else f"{number}",
            clock.label(episode.onset_s),
            escape(class_word(episode.episode_class, _)),
            f"{episode.duration_s:.2f}",
            f"{episode.beats}",
            f"{episode.frequency_hz:.2f}",
            f"{episode.peak_g:.3f}",
            f"{episode.rms_g:.3f}",
            f"{episode.regularity:.2f}",
            f"{episode.confidence:.2f}",
            escape(ended_by_word(episode.ended_by, _)),
        ]
        rows.append(cells)
    return _section(title, _table(columns, rows))


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
        parts.append(_paragraph(text.format(shown=len(pictures), all=len(analysis.episodes))))
    parts += [_episode_picture(picture, clock, _) for picture in pictures]
    return _section(_("Pictures of movements"), *parts)


def _episode_picture(picture: EpisodePicture, clock: Clock, _: Translator) -> str:
    """Show one episode with its main numbers as text."""
    episode = picture.episode
    title = _("No. {number} at {time}").format(number=picture.number, time=clock.label(episode.onset_s))
    caption = _(
        "{looks}, {duration:.1f} s, {beats} beats, {frequency:.2f} Hz, peak {peak:.3f} g, confidence {confidence:.2f}"
    ).format(
        looks=class_word(episode.episode_class, _),
        duration=episode.duration_s,
        beats=episode.beats,
        frequency=episode.frequency_hz,
        peak=episode.peak_g,
        confidence=episode.confidence,
    )
    alt = _("Waveform, beats, spectrum and numbers of movement no. {number}.").format(number=picture.number)
    return (
        f'<figure id="movement-{picture.number}">\n<figcaption><h3>{escape(title)}</h3>{escape(caption)}</figcaption>\n'
        f"{_image(picture.png, alt)}</figure>"
    )


def _gaps(analysis: Analysis, clock: Clock, _: Translator) -> str:
    """List what was not measured."""
    title = _("Times not measured")
    if not analysis.gaps:
        return _section(title, _paragraph(_("None: the recording has no gap.")))
    columns = [
        _Column(_("From")),
        _Column(_("To")),
        _Column(_("Length (s)"), "number"),
        _Column(_("Reason"), "sentence"),
    ]
    rows = [
        [clock.label(gap.start_s), clock.label(gap.end_s), f"{gap.duration_s:.1f}", escape(reason_word(gap.reason, _))]
        for gap in analysis.gaps
    ]
    return _section(title, _table(columns, rows))


def _findings(analysis: Analysis, clock: Clock, _: Translator) -> str:
    """List what a person must know before trusting the result."""
    title = _("About the data")
    if not analysis.findings:
        return _section(title, _paragraph(_("Nothing to remark.")))
    columns = [_Column(""), _Column(_("What was noticed"), "sentence"), _Column(_("When"))]
    rows = []
    for finding in analysis.findings:
        kind = _("mind this") if finding.severity is Severity.WARNING else _("note")
        rows.append([escape(kind), _finding_text(finding, _), escape(_when(finding, clock, _))])
    return _section(title, _table(columns, rows))


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
    return _section(_("Settings and version"), _paragraph(text), f"<pre>{escape(analysis.settings.as_toml())}</pre>")


def _glossary(_: Translator) -> str:
    """Explain each number."""
    lines = []
    for term in GLOSSARY:
        name = f"{_(term.name)} ({_(term.unit)})" if term.unit else _(term.name)
        lines.append(f"<div><dt>{escape(name)}</dt><dd>{escape(_(term.meaning))}</dd></div>")
    return _section(_("What the numbers mean"), '<dl class="terms">', *lines, "</dl>")


def _section(title: str, *parts: str) -> str:
    """Put parts of HTML under a heading."""
    return "\n".join(["<section>", f"<h2>{escape(title)}</h2>", *parts, "</section>"])


def _paragraph(text: str, css_class: str = "") -> str:
    """Make a paragraph of plain text."""
    attribute = f' class="{css_class}"' if css_class else ""
    return f"<p{attribute}>{escape(text)}</p>"


def _table(columns: Sequence[_Column], rows: Iterable[Sequence[str]]) -> str:
    """Make a table of cells that are HTML already; a wide one scrolls by itself."""
    attributes = [f' class="{column.css_class}"' if column.css_class else "" for column in columns]
    names = [escape(column.name) for column in columns]
    head = "".join(f'<th scope="col"{a}>{name}</th>' for a, name in zip(attributes, names, strict=True))
    lines = [
        "<tr>" + "".join(f"<td{a}>{cell}</td>" for a, cell in zip(attributes, row, strict=True)) + "</tr>"
        for row in rows
    ]
    body = "\n".join(lines)
    return f'<div class="wide"><table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table></div>'


def _image(png: bytes, alt: str) -> str:
    """Put a picture into the page itself, so that one file holds everything."""
    data = base64.b64encode(png).decode("ascii")
    return f'<div class="wide"><img src="data:image/png;base64,{data}" alt="{escape(alt)}"></div>'
