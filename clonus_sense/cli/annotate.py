"""``annotate``: a person's word on a movement, kept with its time and not with what a detector found."""

from __future__ import annotations

from pathlib import Path

import click

from clonus_sense.cli.correct import PROFESSIONS
from clonus_sense.cli.options import language_option, library_option, person_option, side_option, verbose_option
from clonus_sense.i18n import translator

VERDICTS = ("rhythmic", "not rhythmic", "unsure", "judged as clonus", "note")


@click.command()
@click.argument("night")
@click.option("--from", "start_text", metavar="TIME", required=True, help="Start by the clock of the night, HH:MM:SS.")
@click.option("--to", "end_text", metavar="TIME", required=True, help="End, likewise.")
@click.option("--verdict", type=click.Choice(VERDICTS), required=True, help="What it was.")
@click.option("--by", "name", default="", metavar="NAME", help="Who says it; needed for `judged as clonus`.")
@click.option("--profession", type=click.Choice(PROFESSIONS), required=True, help="As what.")
@click.option("--note", default="", metavar="TEXT", help="More, in your own words.")
@person_option
@side_option
@library_option
@language_option
@verbose_option
def annotate(
    *,
    night: str,
    start_text: str,
    end_text: str,
    verdict: str,
    name: str,
    profession: str,
    note: str,
    person: str | None,
    side: str | None,
    library_path: Path | None,
    language: str,
) -> None:
    """Say what a movement of a night was.

    NIGHT is the date of the evening, or `last`.  The word belongs to this time: it stays, whatever a later analysis
    finds there.  Only a clinician who gives a name can judge a movement as clonus.
    """
    from clonus_sense.library import Library, Profession, Rater, Verdict
    from clonus_sense.review import find_night, find_span, say_about

    _ = translator(language)
    with Library.open(library_path) as library:
        found = find_night(library, night, person=person)
        words = say_about(
            library,
            found,
            find_span(found, start_text, end_text),
            Verdict(verdict),
            Rater(name, Profession(profession)),
            side=side,
            note=note,
        )
        click.echo(
            _("Kept with the recordings: {ids}.").format(ids=", ".join(str(word.recording_id) for word in words))
        )
