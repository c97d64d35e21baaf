"""The page of an evaluation: figures as a table, and every moment on which both sides differ as a small picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from clonus_sense.i18n import Translator, translator
from clonus_sense.report.pages.blocks import Block, Facts, Heading, Legend, Paragraph, Picture, Pictures, Section, Table
from clonus_sense.report.pages.kit import render_sections
from clonus_sense.report.scores.logged import Said
from clonus_sense.report.scores.moments import Moment
from clonus_sense.report.wording import class_word
from clonus_sense.report.words.looks import looks_words
from clonus_sense.report.words.reasons import reasons_for, tell_reasons

MOST_LISTED = 500
"""Moments without a picture that a table lists: as many as anybody scrolls through; the command line prints all."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One figure at the top of the page, with its interval in words; empty where there is none."""

    name: str
    value: str
    interval: str = ""


@dataclass(frozen=True, slots=True)
class FactTable:
    """A table of figures: a heading, columns, and cells of plain text."""

    title: str
    columns: tuple[Heading, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class MomentGroup:
    """Moments of one kind."""

    title: str
    meaning: str
    moments: tuple[Moment, ...]
    pictures: Mapping[int, bytes]
    nothing_said: str = ""


@dataclass(frozen=True, slots=True)
class ScoresContent:
    """Everything that the page shows; texts are in its language already."""

    title: str
    compared: str
    facts: tuple[Fact, ...]
    remarks: tuple[str, ...]
    tables: tuple[FactTable, ...]
    groups: tuple[MomentGroup, ...]
    legend: tuple[tuple[str, str], ...]


def build_scores_page(content: ScoresContent, *, language: str) -> str:
    """Build the page of an evaluation."""
    _ = translator(language)
    first: list[Block] = [Facts([(fact.name, fact.value, fact.interval) for fact in content.facts])]
    first += [Paragraph(remark, "small") for remark in content.remarks]
    sections = [Section(one.title, [Table(one.columns, one.rows)]) for one in content.tables if one.rows]
    sections += [_group(group, content.legend, _) for group in content.groups]
    return render_sections(content.title, sections, language=language, facts=content.compared, first=first)


def _group(group: MomentGroup, legend: Sequence[tuple[str, str]], _: Translator) -> Section:
    """Show the moments of one kind: pictures of those that were drawn, the rest as a table."""
    title = f"{group.title} ({len(group.moments)})"
    if not group.moments:
        return Section(title, [Paragraph(_("None."))])
    blocks: list[Block] = [Paragraph(group.meaning)]
    if group.pictures:
        if len(group.pictures) < len(group.moments):
            text = _(
                "{shown} of {all} are drawn: from every recording in turn, the strongest first. The others are listed "
                "below."
            )
            blocks.append(Paragraph(text.format(shown=len(group.pictures), all=len(group.moments))))
        text = _(
            "Raw acceleration along the main axis. The scale fits the moment: stronger movement around it is cut off."
        )
        pictures = [
            _picture(group.moments[number], png, group.nothing_said, _) for number, png in group.pictures.items()
        ]
        blocks += [Paragraph(text, "small"), Legend(legend), Pictures(pictures)]
    rest = [moment for number, moment in enumerate(group.moments) if number not in group.pictures]
    if rest:
        blocks.append(_list_moments(rest[:MOST_LISTED], _))
    if len(rest) > MOST_LISTED:
        text = _("{n} more are not listed here, to keep this page small; the command line lists all.")
        blocks.append(Paragraph(text.format(n=len(rest) - MOST_LISTED)))
    return Section(title, blocks)


def _picture(moment: Moment, png: bytes, nothing_said: str, _: Translator) -> Picture:
    """Show one moment with what is known of it and what the detector said."""
    title = _("{recording}, {onset:.1f}–{offset:.1f} s").format(
        recording=moment.recording, onset=moment.bout.onset_s, offset=moment.bout.offset_s
    )
    said = tuple(_said(one, _) for one in moment.said) or (((nothing_said,),) if nothing_said else ())
    alt = _("Waveform of {title}").format(title=title)
    return Picture(png, alt, title=title, caption=bout_words(moment, _), said=said, fits=True)


def bout_words(moment: Moment, _: Translator) -> str:
    """Say what is known of a moment: beats, frequency, strength and kind."""
    bout = moment.bout
    words = [
        "" if bout.beats is None else _("{n} beats").format(n=bout.beats),
        "" if bout.frequency_hz is None else f"{bout.frequency_hz:.2f} Hz",
        "" if bout.peak_g is None else _("{value:.3f} g").format(value=bout.peak_g),
        bout.kind.replace("|", " · "),
    ]
    return ", ".join(filter(None, words))


def _said(said: Said, _: Translator) -> tuple[str, ...]:
    """Say what the detector made of a time, and what spoke for and against it."""
    when = _("{onset:.1f}–{offset:.1f} s").format(onset=said.onset_s, offset=said.offset_s)
    words = [f"{when}: {_looks(said, _)}"]
    if said.beats is not None:
        words.append(_("{n} beats").format(n=said.beats))
    if said.frequency_hz is not None:
        words.append(f"{said.frequency_hz:.2f} Hz")
    lines = [", ".join(words)]
    against = [reason.sentence for reason in tell_reasons(said.evidence, _) if not reason.is_met]
    spoke_for = reasons_for(said.evidence, _)
    if against:
        lines.append(_("Against it: {reasons}").format(reasons=_("; ").join(against)))
    if spoke_for:
        lines.append(_("For it: {reasons}").format(reasons=_("; ").join(spoke_for)))
    return tuple(lines)


def _looks(said: Said, _: Translator) -> str:
    """Say what a detector called it, and how sure it was, as far as it says so."""
    if said.episode_class is not None and said.confidence is not None:
        return looks_words(said.episode_class, said.confidence, said.evidence, _, with_number=True)
    if said.is_rejected:
        word = _("looked at and rejected")
    else:
        word = class_word(said.episode_class, _) if said.episode_class else _("detected")
    confidence = "" if said.confidence is None else ", " + _("confidence {value:.2f}").format(value=said.confidence)
    return word + confidence


def _list_moments(moments: Sequence[Moment], _: Translator) -> Table:
    """List moments without pictures."""
    columns = [
        Heading(_("Recording")),
        Heading(_("Onset (s)"), "number"),
        Heading(_("Offset (s)"), "number"),
        Heading(_("What is known of it"), "sentence"),
    ]
    rows = [
        [
            moment.recording,
            f"{moment.bout.onset_s:.1f}",
            f"{moment.bout.offset_s:.1f}",
            bout_words(moment, _),
        ]
        for moment in moments
    ]
    return Table(columns, rows)
