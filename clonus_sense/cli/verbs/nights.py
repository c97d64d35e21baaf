"""``nights``: lists the nights of the library."""

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
    from clonus_sense.review import ListedLeg, ListedNight


@click.command()
@person_option
@click.option(
    "--last",
    type=click.IntRange(min=1),
    metavar="N",
    help="Only the newest N nights of each person.",
)
@library_option
@language_option
@json_option
@verbose_option
def nights(*, person: str | None, last: int | None, library_path: Path | None, language: str, as_json: bool) -> None:
    """List the nights of the library and what was found."""
    from clonus_sense.cli.console.night_lines import library_line, night_lines
    from clonus_sense.cli.console.pasting import command_line, with_library
    from clonus_sense.cli.console.progress import show_progress
    from clonus_sense.library import Library
    from clonus_sense.review import list_undated, read_night_list

    _ = translator(language)
    with Library.open(library_path, must_exist=True) as library:
        with show_progress(_("Nights that changed")) as on_progress:
            listed = read_night_list(library, person=person, last=last, on_progress=on_progress)
        undated = list_undated(library, person=person)
        if as_json:
            echo(json.dumps([_record(night) for night in listed], ensure_ascii=False))
            return
        for night in listed:
            echo("\n".join(night_lines(night, _)))
        for recording in undated:
            command = command_line("correct", "start", str(recording.id), options=[("--from", "TIME")])
            text = _("recording {id} ({file}) has no date; give its start with `{command}`")
            echo(text.format(id=recording.id, file=recording.path.name, command=command))
        if not listed:
            echo(with_library(_("The library has no nights yet; add a recording with `clonus-sense add FILE`.")))
        echo(library_line(library, _))


def _record(night: ListedNight) -> dict[str, Any]:
    """Lay out a night for programs."""
    return {
        "name": night.name,
        "person": night.person,
        "start": night.span.start.astimezone(night.zone).isoformat(),
        "end": night.span.end.astimezone(night.zone).isoformat(),
        "legs": [_leg_record(leg, night) for leg in night.legs],
    }


def _leg_record(leg: ListedLeg, night: ListedNight) -> dict[str, Any]:
    """Lay out one leg of a night for programs."""
    return {
        "side": leg.side,
        "recordings": leg.recording_ids,
        "rest_start": leg.rest.start.astimezone(night.zone).isoformat() if leg.rest else None,
        "rest_end": leg.rest.end.astimezone(night.zone).isoformat() if leg.rest else None,
        "coverage": asdict(leg.coverage),
        "headline": asdict(leg.headline),
        "is_baseline": leg.is_baseline,
        "baselines": [{"name": one.name, "headline": asdict(one.figures)} for one in leg.baselines],
        "waking": asdict(leg.waking) if leg.waking else None,
    }
