"""``sensors``: which sensors there are drivers for, and how to prepare each."""

from __future__ import annotations

import json

import click

from clonus_sense.cli.options import json_option, language_option, verbose_option
from clonus_sense.i18n import translator


@click.command()
@language_option
@json_option
@verbose_option
def sensors(*, language: str, as_json: bool) -> None:
    """List the sensors that are supported and how to prepare each."""
    from clonus_sense.sensors.families import FAMILIES

    _ = translator(language)
    if as_json:
        listed = [
            {
                "key": family.key,
                "name": family.name,
                "rates_hz": family.rates_hz,
                "suits_nights": family.suits_nights,
                "tried_on_hardware": family.tried_on_hardware,
            }
            for family in FAMILIES
        ]
        click.echo(json.dumps(listed, ensure_ascii=False))
        return
    for family in FAMILIES:
        click.echo(f"{family.name} ({family.key})")
        nights = _("for nights at the ankle: yes") if family.suits_nights else _("for nights at the ankle: no")
        tried = _("tried on hardware") if family.tried_on_hardware else _("not tried on hardware by this project")
        rates = ", ".join(f"{rate:g}" for rate in family.rates_hz)
        click.echo(f"  {nights}; {rates} Hz; {tried}")
        for sentence in family.preparation:
            click.echo(f"  - {_(sentence)}")
