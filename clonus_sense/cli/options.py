"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING

import click

from clonus_sense.i18n import LANGUAGES, choose_language

if TYPE_CHECKING:
    from clonus_sense.config import DetectionSettings

PROGRAM_NAME = "clonus-sense"

PATH = click.Path(path_type=Path, readable=False)
"""A path that may be missing or locked: what is wrong with it is said by what reads it, and other files go on."""


@dataclass
class Conversation:
    """How the program speaks in one call; each command line has its own, so that a refusal knows the language too.

    Parameters
    ----------
    language
        That of the environment, until ``--lang`` chooses another.
    owes_notice
        Whether the fixed notice must follow the results; :func:`promise_notice` sets it.
    """

    language: str = field(default_factory=choose_language)
    owes_notice: bool = False


def promise_notice() -> None:
    """Let the fixed notice follow the results of this command.

    It comes last, and after success alone: in front of an error it would push the error out of sight.
    """
    click.get_current_context().ensure_object(Conversation).owes_notice = True


def _choose_language(context: click.Context, _parameter: click.Parameter, value: str | None) -> str:
    """Take the language that was asked for, and remember it for what is said after the command has ended."""
    language = choose_language(value)
    context.ensure_object(Conversation).language = language
    return language


def _start_logging(context: click.Context, parameter: click.Parameter, is_verbose: bool) -> None:
    """Send the log to stderr; said once on any level of the command line, it counts."""
    import logging

    level = logging.INFO if is_verbose else logging.WARNING
    logging.basicConfig(format="%(levelname)s %(name)s: %(message)s")
    package = logging.getLogger("clonus_sense")
    if context.parent is None or is_verbose:
        package.setLevel(level)
        # What other libraries remark is for whoever asks; a patient reads our own sentences.
        logging.getLogger("bleak").setLevel(logging.INFO if is_verbose else logging.ERROR)


verbose_option = click.option(
    "-v",
    "--verbose",
    is_flag=True,
    expose_value=False,
    callback=_start_logging,
    help="Tell on stderr what is being done.",
)

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")

language_option = click.option(
    "--lang",
    "language",
    type=click.Choice(LANGUAGES),
    callback=_choose_language,
    is_eager=True,  # a refusal of another option speaks it already
    help="Language of what is printed and drawn.  [default: that of the environment]",
)

settings_option = click.option(
    "--settings", "settings_path", type=PATH, metavar="TOML", help="Settings of one person, such as band_low_hz = 4.0."
)


library_option = click.option(
    "--library", "library_path", type=PATH, metavar="FILE", help="The library.  [default: in your own data folder]"
)

person_option = click.option("--person", metavar="CODE", help="Whose; a code, no name is needed.")

side_option = click.option("--side", type=click.Choice(["left", "right"]), help="Which leg.")

pages_option = click.option(
    "--output", "pages_folder", type=PATH, metavar="DIR", help="Folder for pages.  [default: beside the library]"
)

private_option = click.option(
    "--no-personal-data", "hide_personal", is_flag=True, help="Leave out codes, names, notes, files and serial numbers."
)


FOREIGN_OPTIONS = (
    click.option("--columns", metavar="T,X,Y,Z", help="Foreign CSV: names or numbers of the columns to take."),
    click.option("--unit", metavar="UNIT", help="Foreign CSV: unit of acceleration; g, mg, m/s2 or raw:<lsb per g>."),
    click.option("--time-unit", type=click.Choice(["s", "ms", "us", "ns", "iso"]), help="Foreign CSV: unit of time."),
    click.option("--separator", type=click.Choice([",", ";", "tab", "space"]), help="Foreign CSV: between columns."),
    click.option("--decimal", type=click.Choice([".", ","]), help="Foreign CSV: decimal point or comma."),
    click.option(
        "--encoding", type=click.Choice(["utf-8", "cp932", "utf-16-le", "utf-16-be"]), help="Foreign CSV: encoding."
    ),
)
"""How a CSV file is written that another program made; what is not said is found out from the file."""


def foreign_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that describe a foreign CSV; the command gets them as one argument ``foreign``."""

    @wraps(command)
    def with_foreign_format(
        columns: str | None,
        unit: str | None,
        time_unit: str | None,
        separator: str | None,
        decimal: str | None,
        encoding: str | None,
        **options: object,
    ) -> None:
        foreign = None
        if any((columns, unit, time_unit, separator, decimal, encoding)):
            from clonus_sense.recording import ForeignFormat, parse_columns, parse_unit

            foreign = ForeignFormat(
                columns=parse_columns(columns) if columns else None,
                unit=parse_unit(unit) if unit else None,
                time_unit=time_unit,
                separator=separator,
                decimal_point=decimal,
                encoding=encoding,
            )
        command(foreign=foreign, **options)

    for option in reversed(FOREIGN_OPTIONS):
        with_foreign_format = option(with_foreign_format)
    return with_foreign_format


def read_settings_option(path: Path | None) -> DetectionSettings:
    """Read the settings that were named, else take the defaults."""
    from clonus_sense.config import DetectionSettings, read_settings

    return DetectionSettings() if path is None else read_settings(path)
