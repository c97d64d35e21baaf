"""Each movement of a night: the table of all, and a choice of them with waveform, beats, spectrum and evidence."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from clonus_sense.i18n import Translator
from clonus_sense.library import Annotation
from clonus_sense.model import Episode
from clonus_sense.report.confidence import CONFIDENCE_NOTE
from clonus_sense.report.episode_numbers import number_rows
from clonus_sense.report.html import Column, fitting_image, paragraph, section, table
from clonus_sense.report.night_page.context import PageContext
from clonus_sense.report.night_page.shown import EpisodePicture, ShownEpisode
from clonus_sense.report.wording import class_word, ended_by_word, profession_word, verdict_word
from clonus_sense.report.words.reasons import evidence_title, folded_reasons, tell_reasons


def pictures_section(page: PageContext, shown: Sequence[ShownEpisode], pictures: Sequence[EpisodePicture]) -> str:
    """Show the chosen episodes, and say which were chosen when there are too many."""
    _ = page.translate
    if not pictures:
        return ""
    parts = []
    if len(pictures) < len(shown):
        text = _(
            "{shown} of {all} movements are drawn: the longest, the strongest and the least certain ones. "
            "The table holds all of them."
        )
        parts.append(paragraph(text.format(shown=len(pictures), all=len(shown))))
    if any(picture.png is None for picture in pictures):
        parts.append(
            paragraph(
                _(
                    "The waveform is missing where the recording's file is no longer in its place: add the file again "
                    "from where it lies now, and make the page anew."
                )
            )
        )
    parts += [_picture(picture, page) for picture in pictures]
    return section(_("Pictures of movements"), *parts, css_class="movements")


def table_section(page: PageContext, shown: Sequence[ShownEpisode], pictures: Sequence[EpisodePicture]) -> str:
    """List every episode; its number leads to its picture where there is one."""
    _ = page.translate
    title = _("Each movement")
    if not shown:
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
        Column(_("Regularity"), "number"),
        Column(_("Ended by")),
        Column(_("Counted in")),
        Column(_("What people say"), "sentence"),
    ]
    if not any(one.words for one in shown):
        columns.pop()
    drawn = {picture.shown.anchor for picture in pictures}
    rows = [_row(one, page, is_drawn=one.anchor in drawn)[: len(columns)] for one in shown]
    return section(title, table(columns, rows), paragraph(_(CONFIDENCE_NOTE), "small"))


def _row(one: ShownEpisode, page: PageContext, *, is_drawn: bool) -> list[str]:
    """Write the cells of one episode."""
    _ = page.translate
    episode, label = one.episode, escape(one.label(page.translate))
    return [
        f'<a href="#{escape(one.anchor)}">{label}</a>' if is_drawn else label,
        page.axis.label(one.placed.onset),
        escape(class_word(episode.episode_class, _)),
        folded_reasons(episode, _),
        f"{episode.duration_s:.2f}",
        f"{episode.beats}",
        f"{episode.frequency_hz:.2f}",
        f"{episode.peak_g:.3f}",
        f"{episode.regularity:.2f}",
        escape(ended_by_word(episode.ended_by, _)),
        escape(one.counted_word(_)),
        "<br>".join(escape(words_of(word, page)) for word in one.words),
    ]


def words_of(word: Annotation, page: PageContext) -> str:
    """Say a person's word on one line; names and notes stay out where personal data do."""
    _ = page.translate
    who = profession_word(word.rater.profession, _)
    if word.rater.name and not page.hide_personal:
        who = f"{word.rater.name} ({who})"
    note = f" – {word.note}" if word.note and not page.hide_personal else ""
    return f"{verdict_word(word.verdict, _)} · {who}{note}"


def _picture(picture: EpisodePicture, page: PageContext) -> str:
    """Show one episode: the picture at the left, its numbers and evidence at the right."""
    _ = page.translate
    one = picture.shown
    title = _("No. {number} at {time}").format(number=one.label(_), time=page.axis.label(one.placed.onset))
    alt = _("Waveform, beats and spectrum of movement no. {number}.").format(number=one.label(_))
    drawing = fitting_image(picture.png, alt) if picture.png else paragraph(_("no waveform at hand"), "none")
    words = "".join(paragraph(words_of(word, page), "small") for word in one.words)
    return (
        f'<figure class="movement" id="{escape(one.anchor)}">\n'
        f"<figcaption><h3>{escape(title)}</h3>{words}</figcaption>\n"
        f'<div class="drawing">{drawing}</div>\n<div class="facts-beside">{_numbers(one, page)}'
        f"{_evidence(one.episode, _)}</div>\n</figure>"
    )


def _numbers(one: ShownEpisode, page: PageContext) -> str:
    """Write the numbers of one episode."""
    _ = page.translate
    # The start is in the heading, by the clock of the night.
    rows = [row for row in number_rows(one.episode, page.axis.clock, _) if row.name != _("Start")]
    cells = "".join(f"<div><dt>{escape(row.name)}</dt><dd>{escape(row.value)}</dd></div>" for row in rows)
    return f'<dl class="numbers">{cells}</dl>'


def _evidence(episode: Episode, _: Translator) -> str:
    """Write each reason with its value and limit, and whether it spoke for this class."""
    reasons = tell_reasons(episode.evidence, _)
    if not reasons:
        return ""
    rows = "\n".join(
        f"<tr><td>{'●' if reason.is_met else '○'}</td><td>{escape(reason.sentence)}</td></tr>" for reason in reasons
    )
    head = f"<tr><th></th><th>{escape(evidence_title(episode, _))}</th></tr>"
    caption = escape(_("● met   ○ not met"))
    return f'<table class="evidence"><caption>{caption}</caption><thead>{head}</thead><tbody>{rows}</tbody></table>'
