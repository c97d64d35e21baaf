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
@click.option("--from", "start_text", metavar="TIME", help="Start by the clock of the night, HH:MM:SS.")
@click.option("--to", "end_text", metavar="TIME", help="End, likewise.")
@click.option("--verdict", type=click.Choice(VERDICTS), help="What it was.")
@click.option("--withdraw", type=int, metavar="N", help="Take back your own word with this number.")
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
    start_text: str | None,
    end_text: str | None,
    verdict: str | None,
    withdraw: int | None,
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
    from clonus_sense.cli.summary import episode_line
    from clonus_sense.library import Library, Profession, Rater, Verdict, about_episode
    from clonus_sense.review import find_night, find_span, say_about, take_back

    _ = translator(language)
    with Library.open(library_path, must_exist=True) as library:
        found = find_night(library, night, person=person)
        rater = Rater(name, Profession(profession))
        if withdraw is not None:
            take_back(library, found, withdraw, rater, note=note)
            text = _("Taken back: word {number}. What was said stays in the library's history.")
            click.echo(text.format(number=withdraw))
            return
        if start_text is None or end_text is None or verdict is None:
            raise click.UsageError("Say --from, --to and --verdict, or --withdraw with a word's number.")
        span = find_span(found, start_text, end_text)
        words = say_about(library, found, span, Verdict(verdict), rater, side=side, note=note)
        numbers = ", ".join(str(word.id) for word in words)
        text = _("Kept as word {numbers}, from {start} to {end} s of its recording; `--withdraw` takes it back.")
        edges = words[0].span
        click.echo(text.format(numbers=numbers, start=f"{edges.start_s:.1f}", end=f"{edges.end_s:.1f}"))
        for recording in found.recordings:
            said = [word for word in words if word.recording_id == recording.stored.id]
            for episode in recording.episodes:
                if about_episode(said, episode):
                    click.echo("  " + _("about: {movement}").format(movement=episode_line(episode, _)))
