"""``settings``: shows a person's settings, and the effect of others before they are taken."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from clonus_sense.cli.console.options import (
    SITES,
    foreign_options,
    json_option,
    language_option,
    library_option,
    promise_notice,
    read_settings_option,
    settings_option,
    verbose_option,
)
from clonus_sense.cli.console.pasting import command_line
from clonus_sense.cli.console.printing import echo
from clonus_sense.errors import SettingsError
from clonus_sense.i18n import Translator, translator

if TYPE_CHECKING:
    from clonus_sense.config import DetectionSettings
    from clonus_sense.library import Library, Person
    from clonus_sense.recording import ForeignFormat
    from clonus_sense.review import PersonNight, Suggestion

# Short enough to wait for, and enough nights to see whether they agree.
N_LAST_NIGHTS = 3


@click.command()
@click.argument("person")
@click.option("--band-low", type=float, metavar="HZ", help="Lowest accepted frequency.")
@click.option("--band-high", type=float, metavar="HZ", help="Highest accepted frequency.")
@click.option("--placement", type=click.Choice(SITES), help="Where the sensor sits; overrides the recordings.")
@click.option("--floor", type=float, metavar="G", help="Smallest amplitude of a beat (half of its peak-to-peak).")
@click.option("--default", "from_default", is_flag=True, help="Start from the defaults, not from the present settings.")
@click.option("--from-baseline", is_flag=True, help="Start from the settings that the baseline nights suggest.")
@settings_option
@click.option("--night", metavar="NIGHT", help="Show the effect on this night.  [default: on the latest ones]")
@click.option(
    "--last",
    "n_last",
    type=click.IntRange(1),
    default=N_LAST_NIGHTS,
    show_default=True,
    help="Number of latest nights.",
)
@click.option("--yes", is_flag=True, help="Take the settings without asking; the effect is still shown first.")
@library_option
@foreign_options
@language_option
@json_option
@verbose_option
@click.pass_context
def settings(
    context: click.Context,
    *,
    person: str,
    band_low: float | None,
    band_high: float | None,
    placement: str | None,
    floor: float | None,
    from_default: bool,
    from_baseline: bool,
    settings_path: Path | None,
    night: str | None,
    n_last: int,
    yes: bool,
    library_path: Path | None,
    foreign: ForeignFormat | None,
    language: str,
    as_json: bool,
) -> None:
    """Show a person's settings, or change them.

    For new settings, nights of the library are analysed with the present settings and with the new ones.  You see how
    many movements would come, go and stay, for each night and in total, and are then asked.  Without a terminal the
    settings are taken only with --yes.  Earlier results keep the settings with which they were found.
    """
    from clonus_sense.cli.console.settings_lines import changed_names, settings_lines, suggestion_words
    from clonus_sense.library import Library, find_person

    _ = translator(language)
    with Library.open(library_path, must_exist=True) as library:
        known = find_person(library, person)
        present, is_readable = _present(known, starts_anew=from_default or settings_path is not None)
        start = _start(present, settings_path, from_default=from_default)
        if from_baseline:
            suggestion = _suggestion(library, person)
            echo(suggestion_words(suggestion, _), err=as_json)
            start = suggestion.apply_to(start)
        proposed = _with_said(start, band_low, band_high, placement, floor)
        if proposed == present and is_readable:
            if as_json:
                echo(json.dumps({"person": person, "settings": asdict(present)}, ensure_ascii=False))
                return
            echo("\n".join([person, *(f"  {line}" for line in settings_lines(present, _))]))
            return
        # Imported late: only a trial needs the detector and its libraries.
        from clonus_sense.cli.console.settings_preview import Proposal, analyse_nights, effects_as_json, print_effects

        promise_notice()
        proposal = Proposal(present, proposed, _each_alone(present, proposed, changed_names(present, proposed)))
        nights = _nights(library, person, night, n_last)
        found, refused = analyse_nights(nights, proposal, known, foreign, _)
        if not as_json:
            print_effects(person, proposal, nights, found, _)
        if nights and not found:
            raise SettingsError(
                f"{person}: none of these nights could be analysed, so no effect can be shown; "
                "the settings were not changed."
            )
        is_taken = _is_wanted(_, yes=yes)
        if is_taken:
            _take(library, person, proposed)
        if as_json:
            echo(effects_as_json(person, proposal, nights, found, refused, is_taken=is_taken))
            return
        echo(_taken_words(person, bool(nights), _) if is_taken else _("The settings were not changed."))


def _present(person: Person, *, starts_anew: bool) -> tuple[DetectionSettings, bool]:
    """Read the present settings and whether they are readable; they need not be if they are replaced."""
    from clonus_sense.config import DetectionSettings

    try:
        return person.settings, True
    except SettingsError as error:
        if starts_anew:
            return DetectionSettings(), False
        command = command_line("settings", person.code, options=[("--default", None)])
        raise SettingsError(f"{person.code}: {error} `{command}` goes back to the defaults.") from error


def _start(present: DetectionSettings, settings_path: Path | None, *, from_default: bool) -> DetectionSettings:
    """Choose the starting settings: a file, the defaults, or the present ones."""
    from clonus_sense.config import DetectionSettings

    if settings_path is not None:
        return read_settings_option(settings_path)
    return DetectionSettings() if from_default else present


def _suggestion(library: Library, person: str) -> Suggestion:
    """Suggest settings from a person's baseline nights; without one, say how to mark it."""
    from clonus_sense.review import list_baseline_nights, suggest_settings

    nights = list_baseline_nights(library, person)
    if not nights:
        command = command_line("baseline", "NIGHT", options=[("--person", person)])
        raise SettingsError(f"{person}: has no baseline night yet; mark one with `{command}`.")
    return suggest_settings(nights)


def _with_said(
    start: DetectionSettings,
    band_low: float | None,
    band_high: float | None,
    placement: str | None,
    floor: float | None,
) -> DetectionSettings:
    """Apply the single values of the options; a value out of range is refused."""
    from clonus_sense.model import Site

    said: dict[str, Any] = {
        "band_low_hz": band_low,
        "band_high_hz": band_high,
        "placement": Site(placement) if placement else None,
        "floor_g": floor,
    }
    return replace(start, **{name: value for name, value in said.items() if value is not None})


def _each_alone(
    present: DetectionSettings, proposed: DetectionSettings, names: Sequence[str]
) -> tuple[tuple[str, DetectionSettings], ...]:
    """Change one setting at a time if several change; skip one that is not allowed alone."""
    alone = []
    for name in names if len(names) > 1 else ():
        try:
            alone.append((name, replace(present, **{name: getattr(proposed, name)})))
        except SettingsError:
            continue
    return tuple(alone)


def _nights(library: Library, person: str, night: str | None, n_last: int) -> tuple[PersonNight, ...]:
    """Choose the nights on which the effect is shown."""
    from clonus_sense.review import find_night, list_nights

    if night is not None:
        return (find_night(library, night, person=person),)
    return list_nights(library, person=person)[-n_last:]


def _is_wanted(_: Translator, *, yes: bool) -> bool:
    """Ask whether to take the settings; without a terminal the answer is no."""
    if yes:
        return True
    if not sys.stdin.isatty():
        echo(_("There is no terminal to ask at; add --yes to take these settings."), err=True)
        return False
    return click.confirm(_("Take these settings?"), default=False, err=True)


def _take(library: Library, code: str, proposed: DetectionSettings) -> None:
    """Store the settings with the person; defaults are stored as none, so that better defaults apply later."""
    from clonus_sense.config import DetectionSettings
    from clonus_sense.library import change_person, find_person

    toml = "" if proposed == DetectionSettings() else proposed.as_toml()
    with library.writing():
        change_person(library, replace(find_person(library, code), settings_toml=toml))


def _taken_words(person: str, has_nights: bool, _: Translator) -> str:
    """Say that the settings apply from now on, and how to apply them to earlier nights."""
    taken = _("Taken: these settings apply to each new analysis of {person}.").format(person=person)
    if not has_nights:
        return taken
    stays = _("Earlier results and pages keep their settings; `{command}` analyses and draws them again.")
    return f"{taken} {stays.format(command=command_line('reanalyse', options=[('--person', person)]))}"
