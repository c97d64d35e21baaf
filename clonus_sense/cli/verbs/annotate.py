"""``annotate``: a person's word on a movement, kept with its time and apart from the detector's results."""

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
    side_option,
    verbose_option,
)
from clonus_sense.cli.console.printing import echo
from clonus_sense.i18n import translator
from clonus_sense.terms import Profession, Verdict

if TYPE_CHECKING:
    from clonus_sense.night import UtcSpan
    from clonus_sense.review import PersonNight

VERDICTS = tuple(verdict.value for verdict in Verdict if verdict.is_about_movement or verdict is Verdict.NOTE)


@click.command()
@click.argument("night")
@click.option("--from", "start_text", metavar="TIME", help="Start by the clock of the night, HH:MM:SS.")
@click.option("--to", "end_text", metavar="TIME", help="End, likewise.")
@movement_option
@click.option("--verdict", type=click.Choice(VERDICTS), help="What it was.")
@click.option("--withdraw", type=int, multiple=True, metavar="N", help="Take back your own word with this number.")
@click.option("--by", "name", default="", metavar="NAME", help="Who says it; needed for `judged as clonus`.")
@click.option("--profession", type=click.Choice(PROFESSIONS), required=True, help="As what.")
@click.option("--note", default="", metavar="TEXT", help="More, in your own words.")
@person_option
@side_option
@no_page_option
@library_option
@language_option
@verbose_option
def annotate(
    *,
    night: str,
    start_text: str | None,
    end_text: str | None,
    movement: str | None,
    verdict: str | None,
    withdraw: tuple[int, ...],
    name: str,
    profession: str,
    note: str,
    person: str | None,
    side: str | None,
    no_page: bool,
    library_path: Path | None,
    language: str,
) -> None:
    """Say what a movement of a night was.

    NIGHT is the date of the evening, or `last`.  Give the movement's number on the page, or a time.  Your word stays
    with that time, whatever a later analysis finds there.  Only a clinician who gives a name can call a movement
    clonus.
    """
    from clonus_sense.cli.console.redrawing import redrawing
    from clonus_sense.cli.console.words_kept import kept_word_line, movement_lines
    from clonus_sense.library import Library, Rater
    from clonus_sense.review import find_night, say_about, take_back

    _ = translator(language)
    with Library.open(library_path, must_exist=True) as library:
        found = find_night(library, night, person=person)
        rater = Rater(name, Profession(profession))
        with redrawing(library, [one.stored.id for one in found.recordings], no_page=no_page, translate=_):
            if withdraw:
                with library.writing():
                    for number in withdraw:
                        take_back(library, found, number, rater, note=note)
                text = _("Withdrawn: word {number}. It stays in the library's history.")
                echo(text.format(number=_(", ").join(map(str, withdraw))))
                return
            if verdict is None:
                raise click.UsageError("Give --verdict, or --withdraw with the number of a word.")
            span, leg = _span_said(found, start_text, end_text, movement, side)
            words = say_about(library, found, span, Verdict(verdict), rater, side=leg, note=note)
            echo(kept_word_line(found, words, (start_text or "", end_text or ""), _))
            for line in movement_lines(found, words, _):
                echo(f"  {line}")


def _span_said(
    night: PersonNight, start_text: str | None, end_text: str | None, movement: str | None, side: str | None
) -> tuple[UtcSpan, str | None]:
    """Find the time, and the leg where it is known, of the two times or the movement given."""
    from clonus_sense.night import UtcSpan
    from clonus_sense.report.shown_episodes import find_shown
    from clonus_sense.review import find_span

    if movement is None:
        if start_text is None or end_text is None:
            raise click.UsageError("Give --from and --to, or --movement with its number on the page.")
        return find_span(night, start_text, end_text), side
    if start_text is not None or end_text is not None:
        raise click.UsageError("Give either --movement or --from and --to, not both.")
    shown = find_shown(night, movement, side)
    moments = [shown.recording.moment(at_s) for at_s in (shown.episode.onset_s, shown.episode.offset_s)]
    return UtcSpan(*moments), shown.side
