"""``scan``: lists the sensors in range."""

from __future__ import annotations

import click

from clonus_sense.cli.console.check_lines import NOTHING_HEARD
from clonus_sense.cli.console.options import language_option, verbose_option
from clonus_sense.cli.console.printing import echo
from clonus_sense.i18n import translator


@click.command()
@click.option(
    "--seconds", type=click.FloatRange(1.0, 120.0), default=8.0, show_default=True, help="How long to listen."
)
@language_option
@verbose_option
def scan(*, seconds: float, language: str) -> None:
    """List the sensors that can be heard now.

    One line for each: name, kind, and the strength of its signal; above -70 dBm is good.
    """
    import asyncio

    from clonus_sense.sensors.families import recognise_family
    from clonus_sense.sensors.link import Radio

    _ = translator(language)
    heard = asyncio.run(Radio().hear(seconds))
    known = [(one, recognise_family(one.name or None, one.service_uuids)) for one in heard]
    lines = [f"{one.name}\t{family.name}\t{one.rssi_dbm} dBm" for one, family in known if family is not None]
    for line in lines:
        echo(line)
    if not lines:
        echo(_(NOTHING_HEARD), err=True)
