"""``doctor``: checks this computer and Bluetooth."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import click

from clonus_sense.cli.console.check_lines import NOTHING_HEARD, check_line
from clonus_sense.cli.console.options import language_option, verbose_option
from clonus_sense.cli.console.printing import echo
from clonus_sense.errors import SensorError
from clonus_sense.i18n import Translator, translator

if TYPE_CHECKING:
    from clonus_sense.host import Check

LISTEN_S = 6.0


@click.command()
@language_option
@verbose_option
@click.pass_context
def doctor(context: click.Context, *, language: str) -> None:
    """Check Bluetooth and this computer before a night.

    Checks disk, power, lid, clock and time zone, listens for sensors for a few seconds, and tries to keep the computer
    awake.  The exit code is 1 if a night cannot be recorded.
    """
    from importlib.metadata import version

    from clonus_sense.host import Grade, check_host, check_wakefulness, kept_awake, read_host_facts
    from clonus_sense.library import default_path
    from clonus_sense.version import __version__

    _ = translator(language)
    echo(f"clonus_sense {__version__}, bleak {version('bleak')}")
    checks = list(check_host(read_host_facts(default_path().parent, datetime.now().astimezone()), _))
    with kept_awake() as awake:
        checks.append(check_wakefulness(awake, _))
    checks += _bluetooth(_)
    for check in checks:
        echo(check_line(check))
    if any(check.grade is Grade.STOP for check in checks):
        context.exit(1)


def _bluetooth(_: Translator) -> list[Check]:
    """Listen for a few seconds and report the sensors heard, or the failure."""
    import asyncio

    from clonus_sense.host import Check, Grade
    from clonus_sense.sensors.families import recognise_family
    from clonus_sense.sensors.link import Radio

    try:
        heard = asyncio.run(Radio().hear(LISTEN_S))
    except SensorError as error:
        return [Check("bluetooth", Grade.STOP, _("Bluetooth: {trouble}").format(trouble=_(error.text)))]
    text = _("Bluetooth works; devices heard: {n}.").format(n=len(heard))
    checks = [Check("bluetooth", Grade.GOOD, text)]
    ours = [one.name for one in heard if recognise_family(one.name or None, one.service_uuids)]
    if ours:
        checks.append(Check("sensor", Grade.GOOD, _("Sensors heard: {names}.").format(names=", ".join(ours))))
    else:
        checks.append(Check("sensor", Grade.MIND, _(NOTHING_HEARD)))
    return checks
