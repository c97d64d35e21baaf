"""The command line: commands in ``verbs``, shared parts in ``console``.

Results go to stdout, everything else to stderr.

======  ==================================================================
exit    meaning
======  ==================================================================
0       done
1       refused, with a sentence that says what, where and what to do
2       wrong usage
130     stopped with Ctrl-C
======  ==================================================================
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from clonus_sense.cli.console.options import PROGRAM_NAME, Conversation, verbose_option
from clonus_sense.cli.console.printing import echo
from clonus_sense.cli.console.process import flush_results, prepare_process
from clonus_sense.cli.console.refusals import refusal
from clonus_sense.cli.verbs.add import add
from clonus_sense.cli.verbs.annotate import annotate
from clonus_sense.cli.verbs.app import app
from clonus_sense.cli.verbs.autostart import autostart
from clonus_sense.cli.verbs.backup import backup
from clonus_sense.cli.verbs.baseline import baseline
from clonus_sense.cli.verbs.correct import correct
from clonus_sense.cli.verbs.delete import delete
from clonus_sense.cli.verbs.demo import demo
from clonus_sense.cli.verbs.detect import detect
from clonus_sense.cli.verbs.doctor import doctor
from clonus_sense.cli.verbs.erase import erase
from clonus_sense.cli.verbs.evaluate import evaluate
from clonus_sense.cli.verbs.export import export
from clonus_sense.cli.verbs.import_review import import_review
from clonus_sense.cli.verbs.move import move
from clonus_sense.cli.verbs.nights import nights
from clonus_sense.cli.verbs.page import page
from clonus_sense.cli.verbs.people import people
from clonus_sense.cli.verbs.plot import plot
from clonus_sense.cli.verbs.reanalyse import reanalyse
from clonus_sense.cli.verbs.record import record
from clonus_sense.cli.verbs.replay import replay
from clonus_sense.cli.verbs.report import report
from clonus_sense.cli.verbs.restore import restore
from clonus_sense.cli.verbs.scan import scan
from clonus_sense.cli.verbs.sensors import sensors
from clonus_sense.cli.verbs.settings import settings
from clonus_sense.cli.verbs.simulate import simulate
from clonus_sense.cli.verbs.undelete import undelete
from clonus_sense.errors import ClonusSenseError
from clonus_sense.i18n import choose_language, notice, translator
from clonus_sense.version import __version__

REFUSED = 1
STOPPED = 130
"""The exit code by which shells report Ctrl-C."""


GROUPS: dict[str, tuple[click.Command, ...]] = {
    "A night": (app, record, add, nights, page, report, demo),
    "Review": (annotate, import_review, correct, baseline, reanalyse, settings, move),
    "Files": (detect, replay, plot, evaluate, simulate, export),
    "Sensors": (sensors, scan, doctor, autostart),
    "Library": (people, delete, undelete, erase, backup, restore),
}
"""The commands, grouped by task, in the order in which a person needs them."""


class GroupedCommands(click.Group):
    """Lists its commands below the headings of :data:`GROUPS`."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write each heading with its commands."""
        limit = formatter.width - 6 - max(map(len, self.commands))
        for heading, group in GROUPS.items():
            with formatter.section(heading):
                formatter.write_dl([(str(command.name), command.get_short_help_str(limit)) for command in group])


@click.group(cls=GroupedCommands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "--version", prog_name=PROGRAM_NAME)
@verbose_option
def commands() -> None:
    """Find rhythmic 5-8 Hz movement in recordings of an ankle accelerometer.

    This software is not a medical device.
    """


for group in GROUPS.values():
    for command in group:
        commands.add_command(command)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and leave the process with its exit code."""
    prepare_process()
    code = run(arguments)
    error = flush_results()
    # A command that failed has already reported the full disk.
    if error is not None and code == 0:
        echo(f"{PROGRAM_NAME}: {refusal(error, translator(choose_language()))}", err=True)
        code = REFUSED
    sys.exit(code)


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command line."""
    conversation = Conversation(commands=commands.commands)
    try:
        # When the reader of our output goes away (`| head`), click exits with 1 and prints nothing.
        outcome = commands.main(args=arguments, prog_name=PROGRAM_NAME, standalone_mode=False, obj=conversation)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.Abort:
        _ = translator(conversation.language)
        echo(_("Stopped."), err=True)
        return STOPPED
    except (ClonusSenseError, OSError) as error:
        echo(f"{PROGRAM_NAME}: {refusal(error, translator(conversation.language), conversation)}", err=True)
        return REFUSED
    if isinstance(outcome, int) and outcome:
        return outcome
    if conversation.owes_notice:
        echo(notice(conversation.language), err=True)
    return 0
