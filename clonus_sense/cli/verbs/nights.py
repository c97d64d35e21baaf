"""``nights``: what the library holds, night by night."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from clonus_sense.cli.console.options import json_option, language_option, library_option, person_option, verbose_option
from clonus_sense.cli.console.printing import echo
from clonus_sense.i18n import translator

if TYPE_CHECKING:
    from clonus_sense.review import LegNight, PersonNight


@click.command()
@person_option
@library_option
@language_option
@json_option
@verbose_option
def nights(*, person: str | None, library_path: Path | None, language: str, as_json: bool) -> None:
    """List the nights of the library and what was found."""
    from clonus_sense.cli.console.night_lines import library_line, night_lines
    from clonus_sense.cli.console.pasting import command_line, with_library
    from clonus_sense.library import Library
    from clonus_sense.review import list_nights, list_undated

    _ = translator(language)
    with Library.open(library_path, must_exist=True) as library:
        listed = list_nights(library, person=person)
        undated = list_undated(library, person=person)
        if as_json:
            echo(json.dumps([_record(night) for night in listed], ensure_ascii=False))
            return
        for night in listed:
            echo("\n".join(night_lines(night, _)))
        for recording in undated:
            command = command_line("correct", "start", str(recording.id), options=[("--from", "TIME")])
            text = _("recording {id} ({file}) has no date; say when it began with `{command}`")
            echo(text.format(id=recording.id, file=recording.path.name, command=command))
        if not listed:
            echo(with_library(_("There is no night yet; add a recording with `clonus-sense add FILE`.")))
        echo(library_line(library, _))


def _record(night: PersonNight) -> dict[str, Any]:
    """Lay out a night for programs."""
    return {
        "name": night.name,
        "person": night.person,
        "start": night.span.start.astimezone(night.zone).isoformat(),
        "end": night.span.end.astimezone(night.zone).isoformat(),
        "legs": [_leg_record(leg, night) for leg in night.legs],
    }


def _leg_record(leg: LegNight, night: PersonNight) -> dict[str, Any]:
    """Lay out one leg of a night for programs."""
    rest = leg.summary.night.night.span if leg.summary.night else None
    return {
        "side": leg.side,
        "recordings": [recording.stored.id for recording in leg.recordings],
        "rest_start": rest.start.astimezone(night.zone).isoformat() if rest else None,
        "rest_end": rest.end.astimezone(night.zone).isoformat() if rest else None,
        "coverage": asdict(leg.summary.coverage),
        "headline": asdict(leg.summary.headline),
        "is_baseline": leg.is_baseline,
        "baselines": [{"name": one.name, "headline": asdict(one.figures)} for one in leg.baselines],
        "waking": asdict(leg.summary.waking) if leg.summary.waking else None,
    }
