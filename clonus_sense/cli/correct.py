"""``correct``: a person's word on wear, on the rest window and on the date of a recording."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from clonus_sense.cli.options import language_option, library_option, person_option, side_option, verbose_option
from clonus_sense.i18n import translator

if TYPE_CHECKING:
    from clonus_sense.library import Library

PROFESSIONS = (
    "patient",
    "carer",
    "physiotherapist",
    "occupational therapist",
    "physician",
    "nurse",
    "researcher",
    "other",
)


@click.command()
@click.argument("what", type=click.Choice(["worn", "not-worn", "rest", "start"]))
@click.argument("target")
@click.option("--from", "start_text", metavar="TIME", help="Start by the clock of the night, HH:MM; or date and time.")
@click.option("--to", "end_text", metavar="TIME", help="End, likewise.")
@click.option("--by", "name", default="", metavar="NAME", help="Who says it; may stay empty.")
@click.option("--profession", type=click.Choice(PROFESSIONS), default="patient", show_default=True, help="As what.")
@click.option("--note", default="", metavar="TEXT", help="Why, or more, in your own words.")
@person_option
@side_option
@library_option
@language_option
@verbose_option
def correct(
    *,
    what: str,
    target: str,
    start_text: str | None,
    end_text: str | None,
    name: str,
    profession: str,
    note: str,
    person: str | None,
    side: str | None,
    library_path: Path | None,
    language: str,
) -> None:
    """Say what only a person knows about wear, rest and date.

    WHAT is worn, not-worn or rest of a night, with TARGET the date of its evening, or `last`, and --from and --to; or
    start, with TARGET the number of a recording and --from its date, time and offset.  A person's word wins over every
    estimate, and no length changes.
    """
    from clonus_sense.cli.night_lines import night_lines
    from clonus_sense.library import Library, Profession, Rater, Verdict
    from clonus_sense.review import find_night, find_span, nights_of_recordings, say_about

    _ = translator(language)
    with Library.open(library_path, must_exist=True) as library:
        if what == "start":
            _correct_start(library, target, start_text, name or profession, note)
            click.echo(_("Recording {id} begins at {start} now.").format(id=target, start=start_text))
            return
        if start_text is None or end_text is None:
            raise click.UsageError("Say --from and --to.")
        night = find_night(library, target, person=person)
        verdict = {"worn": Verdict.WORN, "not-worn": Verdict.NOT_WORN, "rest": Verdict.REST}[what]
        say_about(
            library,
            night,
            find_span(night, start_text, end_text),
            verdict,
            Rater(name, Profession(profession)),
            side=side,
            note=note,
        )
        # A word on the rest may have given the night another name.
        numbers = {recording.stored.id for recording in night.recordings}
        for changed in nights_of_recordings(library, numbers):
            click.echo("\n".join(night_lines(changed, _)))


def _correct_start(library: Library, target: str, start_text: str | None, corrected_by: str, reason: str) -> None:
    """Set the right start of a recording."""
    from clonus_sense.cli.options import read_start
    from clonus_sense.library import correct_start

    if not target.isdecimal() or start_text is None:
        raise click.UsageError(
            "Name the number of a recording, and its start with --from, such as 2026-11-05T22:30+09:00."
        )
    correct_start(library, int(target), read_start(start_text), corrected_by=corrected_by, reason=reason)
