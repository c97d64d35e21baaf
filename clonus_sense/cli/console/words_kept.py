"""Printed lines about a kept word: its text, its time, and how to withdraw it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from clonus_sense.cli.console.pasting import command_line
from clonus_sense.i18n import Translator
from clonus_sense.library import Annotation, about_episode
from clonus_sense.night import UtcSpan
from clonus_sense.report.shown_episodes import list_shown
from clonus_sense.report.wording import class_word, verdict_word
from clonus_sense.review import PersonNight, clock_text, typed_text

TENTH_US = 100_000


def kept_word_line(night: PersonNight, words: Sequence[Annotation], typed: tuple[str, str], _: Translator) -> str:
    """Confirm a kept word, with its time in the clock in which it was typed."""
    span = _span_of(night, words)
    start, end = (
        typed_text(night, moment, text) if text else clock_text(night, _to_tenth(moment))
        for moment, text in zip((span.start, span.end), typed, strict=True)
    )
    first = words[0]
    options = [("--withdraw", str(word.id)) for word in words]
    options += [("--by", first.rater.name)] if first.rater.name else []
    options += [("--profession", first.rater.profession.value), ("--person", night.person)]
    text = _("Kept as word {numbers}: {verdict}, {start}–{end}. `{command}` withdraws it.")
    return text.format(
        numbers=_(", ").join(str(word.id) for word in words),
        verdict=verdict_word(first.verdict, _),
        start=start,
        end=end,
        command=command_line("annotate", night.name, options=options),
    )


def movement_lines(night: PersonNight, words: Sequence[Annotation], _: Translator) -> list[str]:
    """Name the movements of some words, each with its number on the page."""
    lines = []
    for one in list_shown(night):
        said = [word for word in words if word.recording_id == one.recording.stored.id]
        if about_episode(said, one.episode):
            text = _("about: movement {number} at {time}, {duration:.1f} s, {beats} beats, {looks}")
            lines.append(
                text.format(
                    number=one.label(_),
                    time=clock_text(night, _to_tenth(one.placed.onset)),
                    duration=one.episode.duration_s,
                    beats=one.episode.beats,
                    looks=class_word(one.episode.episode_class, _),
                )
            )
    return lines


def _span_of(night: PersonNight, words: Sequence[Annotation]) -> UtcSpan:
    """Return the UTC span from the first to the last word."""
    recordings = {one.stored.id: one for one in night.recordings}
    moments = [
        recordings[word.recording_id].moment(at_s) for word in words for at_s in (word.span.start_s, word.span.end_s)
    ]
    return UtcSpan(min(moments), max(moments))


def _to_tenth(moment: datetime) -> datetime:
    """Round a moment to a tenth of a second, the resolution of a page's clock."""
    tenths = round(moment.microsecond / TENTH_US)
    return moment.replace(microsecond=0) + timedelta(microseconds=tenths * TENTH_US)
