"""``autostart``: starts the recorder again when the computer restarts at night."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from clonus_sense.cli.console.options import Conversation, language_option, verbose_option
from clonus_sense.cli.console.printing import echo
from clonus_sense.errors import SettingsError
from clonus_sense.i18n import translator


@click.command(context_settings={"ignore_unknown_options": True})
@click.option("--write", "is_written", is_flag=True, help="Write the file; without this option the file is only shown.")
@language_option
@verbose_option
@click.argument("options", nargs=-1, type=click.UNPROCESSED)
@click.pass_context
def autostart(context: click.Context, *, is_written: bool, language: str, options: tuple[str, ...]) -> None:
    """Start `record` whenever this computer starts.

    OPTIONS are those of `clonus-sense record`, such as --person P07 --until 07:00.  Shows the file for systemd, launchd
    or Task Scheduler and the commands that switch it on and off again.  A recorder that restarts during a night writes
    a new file of the same night.
    """
    from clonus_sense.host import autostart_for

    _ = translator(language)
    # Report a wrong option now, not at three in the night.
    record = context.ensure_object(Conversation).commands["record"]
    record.make_context("record", list(options), resilient_parsing=False).close()
    program = [sys.executable, "-m", "clonus_sense", "record", "--yes", *options]
    made = autostart_for(program, Path.home())
    if is_written:
        if made.path.exists() and made.path.read_text(encoding="utf-8") != made.text:
            raise SettingsError(f"{made.path}: a different file has this name already; remove it first.")
        made.path.parent.mkdir(parents=True, exist_ok=True)
        made.path.write_text(made.text, encoding="utf-8")
        echo(_("Written: {path}").format(path=made.path))
    else:
        echo(made.path)
        echo(made.text)
    echo(_("To switch it on:"))
    for command in made.commands:
        echo(f"  {command}")
    echo(_("To switch it off:"))
    for command in made.commands_off:
        echo(f"  {command}")
