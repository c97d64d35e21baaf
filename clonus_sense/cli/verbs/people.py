"""``people``: lists, adds and changes the people of the library."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from clonus_sense.cli.console.options import (
    SITES,
    json_option,
    language_option,
    library_option,
    read_settings_option,
    settings_option,
    verbose_option,
)
from clonus_sense.cli.console.pasting import command_line
from clonus_sense.cli.console.printing import echo
from clonus_sense.errors import LibraryError
from clonus_sense.i18n import Translator, translator
from clonus_sense.terms import SIDES

if TYPE_CHECKING:
    from clonus_sense.library import Library, Person


@click.command()
@click.argument("code", required=False)
@click.option("--affected-side", type=click.Choice([*SIDES, "both"]), help="Affected side.")
@click.option("--cause", metavar="TEXT", help="The cause, in the person's own words.")
@click.option("--placement", type=click.Choice(SITES), help="Where the sensor usually sits.")
@settings_option
@library_option
@language_option
@json_option
@verbose_option
def people(
    *,
    code: str | None,
    affected_side: str | None,
    cause: str | None,
    placement: str | None,
    settings_path: Path | None,
    library_path: Path | None,
    language: str,
    as_json: bool,
) -> None:
    """List the people of the library, or add or change one.

    CODE alone shows one person.  CODE with options adds or changes that person.  Settings apply to later analyses.
    """
    from clonus_sense.cli.console.night_lines import library_line
    from clonus_sense.library import Library, add_person, change_person, find_person, list_people, list_recordings

    _ = translator(language)
    with Library.open(library_path, must_exist=code is None) as library:
        if code is not None:
            known = next((one for one in list_people(library) if one.code == code), None)
            is_said = any(said is not None for said in (affected_side, cause, placement, settings_path))
            if known is None and not is_said:
                # Showing an unknown code is a typing error, not a new person.
                find_person(library, code)
            if settings_path is not None and known and list_recordings(library, person=code):
                command = command_line("settings", code, options=[("--settings", str(settings_path))])
                raise LibraryError(
                    f"{code}: has recordings already; `{command}` first shows what these settings change in them."
                )
            person = _changed(known, code, affected_side, cause, placement)
            if settings_path is not None:
                person = replace(person, settings_toml=read_settings_option(settings_path).as_toml())
            if known is None:
                add_person(library, person)
            elif person != known:
                change_person(library, person)
        listed = [one for one in list_people(library) if code in (None, one.code)]
        if as_json:
            echo(json.dumps([asdict(one) for one in listed], ensure_ascii=False))
            return
        for one in listed:
            echo("\n".join(_lines(library, one, _)))
        if not listed:
            echo(_("The library has no people yet."))
        echo(library_line(library, _))


def _changed(
    known: Person | None, code: str, affected_side: str | None, cause: str | None, placement: str | None
) -> Person:
    """Apply the given options to a person."""
    from clonus_sense.library import Person
    from clonus_sense.model import Site

    person = known or Person(code)
    if affected_side is not None:
        person = replace(person, affected_side=affected_side)
    if cause is not None:
        person = replace(person, cause=cause)
    if placement is not None:
        person = replace(person, usual_placement=Site(placement))
    return person


def _lines(library: Library, person: Person, _: Translator) -> list[str]:
    """Describe a person."""
    from clonus_sense.library import list_recordings
    from clonus_sense.report.wording import SITE_WORDS

    sides = {"left": _("left"), "right": _("right"), "both": _("both"), "": "–"}
    placement = _(SITE_WORDS[person.usual_placement]) if person.usual_placement else "–"
    n_recordings = len(list_recordings(library, person=person.code))
    counted = _("1 recording") if n_recordings == 1 else _("{n} recordings").format(n=n_recordings)
    text = _("{code}: affected side {side}, sensor usually at {placement}, {recordings}")
    lines = [text.format(code=person.code, side=sides[person.affected_side], placement=placement, recordings=counted)]
    if person.cause:
        lines.append(f"  {person.cause}")
    lines += [f"  {line}" for line in person.settings_toml.splitlines()]
    return lines
