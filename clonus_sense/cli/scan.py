"""``scan``: which sensors can be heard now."""

from __future__ import annotations

import asyncio

import click

from clonus_sense.cli.options import language_option, verbose_option
from clonus_sense.i18n import translator


@click.command()
@click.option("--seconds", type=click.FloatRange(1.0, 300.0), default=15.0, show_default=True, help="How long.")
@click.option("--all", "with_others", is_flag=True, help="Other devices too.")
@language_option
@verbose_option
@click.pass_context
def scan(context: click.Context, *, seconds: float, with_others: bool, language: str) -> None:
    """Listen for sensors and list those that can be heard."""
    from clonus_sense.sensors.families import recognise_family
    from clonus_sense.sensors.link.survey import survey

    _ = translator(language)
    heard = asyncio.run(survey(seconds))
    shown = 0
    for one in heard.devices:
        family = recognise_family(one.name or None, one.service_uuids)
        if family is None and not with_others:
            continue
        shown += 1
        strength = f"{one.rssi_dbm} dBm" if one.rssi_dbm is not None else "–"
        what = family.name if family else _("no sensor of ours")
        click.echo(f"{one.name or '–'}  {strength}  {what}")
    if heard.trouble:
        click.echo(heard.trouble, err=True)
        context.exit(1)
    if not shown:
        click.echo(_("No sensor was heard; switch it on, bring it near, close its maker's app, and try again."))
        context.exit(1)
