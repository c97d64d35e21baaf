"""``sensors``: lists the supported sensors and how to prepare each."""

from __future__ import annotations

import click

from clonus_sense.cli.console.options import language_option
from clonus_sense.cli.console.printing import echo
from clonus_sense.i18n import message, translator

SUITS = message("suits whole nights at the ankle")
SUITS_NOT = message("not for whole nights at the ankle")
NOT_TRIED = message("its driver has not been tried on a real sensor yet")


@click.command()
@language_option
def sensors(*, language: str) -> None:
    """List the sensors that are supported.

    For each: its rates, whether it suits whole nights, and how to prepare it.
    """
    from clonus_sense.sensors.families import FAMILIES

    _ = translator(language)
    for family in FAMILIES:
        rates = ", ".join(f"{rate_hz:g}" for rate_hz in sorted(family.rates_hz))
        echo(f"{family.key}: {family.name}, {rates} Hz")
        echo(f"  {_(SUITS if family.suits_nights else SUITS_NOT)}")
        if not family.tried_on_hardware:
            echo(f"  {_(NOT_TRIED)}")
        for step in family.preparation:
            echo(f"  - {_(step)}")
