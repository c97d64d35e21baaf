"""``correct``: a person's word on wear, rest window or start of a recording."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from clonus_sense.cli.console.options import (
    PROFESSIONS,
    language_option,
    library_option,
    movement_option,
    no_page_option,
    person_option,
    read_start,
    side_option,
    verbose_option,
)
from clonus_sense.cli.console.printing import echo
from clonus_sense.i18n import translator
from clonus_sense.terms import Profession, Verdict

if TYPE_CHECKING:
    from clonus_sense.library import Library
    from clonus_sense.night import UtcSpan
    from clonus_sense.report.shown_episodes import ShownEpisode


@click.command()
@click.argument("what", type=click.Choice(["worn", "rest", "start"]))
@click.argument("target")
@click.argument("answer", required=False, type=click.Choice(["throughout", "not-at-all", "off"]))
@click.option(
    "--from",
    "start_texts",
    multiple=True,
    metavar="TIME",
    help="Start by the clock of the night, HH:MM; or date and time. Repeat it with `worn NIGHT off`.",
)
@click.option("--to", "end_texts", multiple=True, metavar="TIME", help="End, written in the same way.")
@movement_option
@click.option("--by", "name", default="", metavar="NAME", help="Your name; optional.")
@click.option("--profession", type=click.Choice(PROFESSIONS), default="patient", show_default=True, help="As what.")
@click.option("--note", default="", metavar="TEXT", help="A note in your own words.")
@person_option
@side_option
@no_page_option
@library_option
@language_option
@verbose_option
def correct(
    *,
    what: str,
    target: str,
    answer: str | None,
    start_texts: tuple[str, ...],
    end_texts: tuple[str, ...],
    movement: str | None,
    name: str,
    profession: str,
    note: str,
    person: str | None,
    side: str | None,
    no_page: bool,
    library_path: Path | None,
    language: str,
) -> None:
    """Correct wear, the rest window, or the start of a recording.

    worn: TARGET is the date of the evening, or `last`.  Answer throughout, not-at-all, or off with --from and --to, or
    off with --movement for the half minutes of one movement.  An answer is about the whole night and replaces the one
    before.

    rest: TARGET is the date of the evening, or `last`; give --from and --to.

    start: TARGET is the number of a recording; give its date, time and offset with --from.

    Your word replaces the estimate.  The length of the night stays the same.
    """
    from clonus_sense.cli.console.night_lines import night_lines
    from clonus_sense.cli.console.redrawing import redrawing
    from clonus_sense.cli.console.words_kept import kept_word_line
    from clonus_sense.library import Library, Rater
    from clonus_sense.report.shown_episodes import find_shown
    from clonus_sense.review import answer_wear, find_night, find_span, list_entry, nights_of_recordings, say_about

    _ = translator(language)
    times = _pair_times(what, answer, start_texts, end_texts, movement)
    with Library.open(library_path, must_exist=True) as library:
        if what == "start":
            number = _number_of(target)
            with redrawing(library, [number], no_page=no_page, translate=_):
                _correct_start(library, number, start_texts[0], name or profession, note)
                echo(_("Recording {id} now begins at {start}.").format(id=target, start=start_texts[0]))
            return
        night = find_night(library, target, person=person)
        rater, spans = Rater(name, Profession(profession)), [find_span(night, *pair) for pair in times]
        if movement is not None:
            shown = find_shown(night, movement, side)
            side, times = shown.side, [*times, ("", "")]
            spans.append(half_minutes_of(shown))
        numbers = [recording.stored.id for recording in night.recordings]
        with redrawing(library, numbers, no_page=no_page, translate=_):
            if what == "worn":
                off = None if answer == "not-at-all" else spans
                said = answer_wear(library, night, off, rater, side=side, note=note)
                # The first word is about the whole night.
                times = [("", ""), *times]
            else:
                said = (say_about(library, night, spans[0], Verdict.REST, rater, side=side, note=note),)
            for words, typed in zip(said, times, strict=True):
                echo(kept_word_line(night, words, typed, _))
            # A word on the rest window may rename the night.
            for changed in nights_of_recordings(library, numbers):
                echo("\n".join(night_lines(list_entry(changed), _)))


def _pair_times(
    what: str, answer: str | None, start_texts: tuple[str, ...], end_texts: tuple[str, ...], movement: str | None
) -> list[tuple[str, str]]:
    """Pair each start with its end, and check how many this word takes."""
    if what == "worn" and answer is None:
        raise click.UsageError("Say how it was worn: throughout, not-at-all, or off with --from and --to.")
    if what != "worn" and answer is not None:
        raise click.UsageError(f"`{answer}` answers whether it was worn; `correct {what}` takes no such word.")
    if movement is not None and answer != "off":
        raise click.UsageError("--movement gives a time when the sensor was off; use it only with `worn NIGHT off`.")
    if what == "start":
        if len(start_texts) != 1 or end_texts:
            raise click.UsageError("Name the start of the recording with --from, such as 2026-11-05T22:30+09:00.")
        return []
    if answer in ("throughout", "not-at-all"):
        if start_texts or end_texts:
            raise click.UsageError(f"`{answer}` is about the whole night; leave out --from and --to, or answer off.")
        return []
    if len(start_texts) != len(end_texts) or not (start_texts or movement):
        raise click.UsageError("Give --from and --to, or --movement with its number on the page.")
    if what == "rest" and len(start_texts) > 1:
        raise click.UsageError("A night has one rest window; give --from and --to once.")
    return list(zip(start_texts, end_texts, strict=True))


def half_minutes_of(shown: ShownEpisode) -> UtcSpan:
    """Return the half minutes that a movement touches; wear is known per half minute."""
    from clonus_sense.night import UtcSpan

    episode, recording = shown.episode, shown.recording
    touched = [
        epoch for epoch in recording.epochs if epoch.start_s < episode.offset_s and episode.onset_s < epoch.end_s
    ]
    edges_s = [episode.onset_s, episode.offset_s, *(at_s for one in touched for at_s in (one.start_s, one.end_s))]
    return UtcSpan(recording.moment(min(edges_s)), recording.moment(max(edges_s)))


def _number_of(target: str) -> int:
    """Read the number of the recording whose start is corrected."""
    if not target.isdecimal():
        raise click.UsageError(
            "Give the number of a recording, and its start with --from, such as 2026-11-05T22:30+09:00."
        )
    return int(target)


def _correct_start(library: Library, number: int, start_text: str, corrected_by: str, reason: str) -> None:
    """Correct the start of a recording."""
    from clonus_sense.library import correct_start

    correct_start(library, number, read_start(start_text), corrected_by=corrected_by, reason=reason)
