"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from clonus_sense.cli.console.printing import show_controls
from clonus_sense.errors import SettingsError
from clonus_sense.i18n import LANGUAGES, choose_language
from clonus_sense.showable import EARLIEST, LATEST, is_showable_date
from clonus_sense.terms import SIDES, Profession, Site

if TYPE_CHECKING:
    from clonus_sense.config import DetectionSettings
    from clonus_sense.recording import ForeignFormat

PROGRAM_NAME = "clonus-sense"

SITES = tuple(site.value for site in Site)

PROFESSIONS = tuple(profession.value for profession in Profession)

PATH = click.Path(path_type=Path, readable=False)
"""A path that may be missing or locked: its reader reports that, and other files go on."""


@dataclass
class Conversation:
    """Language, notice and library of one call, kept here so that a refusal knows them too."""

    language: str = field(default_factory=choose_language)
    owes_notice: bool = False
    library_path: Path | None = None
    commands: Mapping[str, click.Command] = field(default_factory=dict)


def promise_notice() -> None:
    """Print the fixed notice after the results of this command.

    The notice comes last, and only after success: before an error it would push the error out of sight.
    """
    click.get_current_context().ensure_object(Conversation).owes_notice = True


def _choose_language(context: click.Context, _parameter: click.Parameter, value: str | None) -> str:
    """Choose the language, and remember it for lines printed after the command."""
    language = choose_language(value)
    context.ensure_object(Conversation).language = language
    return language


def _choose_library(context: click.Context, _parameter: click.Parameter, value: Path | None) -> Path | None:
    """Take the named library, and remember it for printed commands."""
    context.ensure_object(Conversation).library_path = value
    return value


def _start_logging(context: click.Context, parameter: click.Parameter, is_verbose: bool) -> None:
    """Send the log to stderr; ``--verbose`` counts before and after the command."""
    import logging

    level = logging.INFO if is_verbose else logging.WARNING

    class Shown(logging.Formatter):
        """Shows control characters: log lines hold names of strangers' sensors."""

        def format(self, record: logging.LogRecord) -> str:
            return show_controls(super().format(record))

    handler = logging.StreamHandler()
    handler.setFormatter(Shown("%(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(handlers=[handler])
    package = logging.getLogger("clonus_sense")
    if context.parent is None or is_verbose:
        package.setLevel(level)
        # Warnings of other libraries show only with --verbose; a patient reads our own sentences.
        logging.getLogger("bleak").setLevel(logging.INFO if is_verbose else logging.ERROR)


verbose_option = click.option(
    "-v",
    "--verbose",
    is_flag=True,
    expose_value=False,
    callback=_start_logging,
    help="Print each step on stderr.",
)

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")

language_option = click.option(
    "--lang",
    "language",
    type=click.Choice(LANGUAGES),
    callback=_choose_language,
    is_eager=True,  # needed by the refusal of another option
    help="Language of lines and pages.  [default: that of the environment]",
)

settings_option = click.option(
    "--settings", "settings_path", type=PATH, metavar="TOML", help="Settings of one person, such as band_low_hz = 4.0."
)


library_option = click.option(
    "--library",
    "library_path",
    type=PATH,
    metavar="FILE",
    callback=_choose_library,
    is_eager=True,  # needed by the refusal of another option
    help="The library.  [default: in your data folder]",
)

person_option = click.option("--person", metavar="CODE", help="The person's code; a name is not needed.")

side_option = click.option("--side", type=click.Choice(SIDES), help="The leg.")

movement_option = click.option(
    "--movement",
    metavar="NUMBER",
    help="A movement's number on the page, such as 7, L7 or R7, instead of --from and --to.",
)

pages_option = click.option(
    "--output", "pages_folder", type=PATH, metavar="DIR", help="Folder for pages.  [default: beside the library]"
)

no_page_option = click.option("--no-page", is_flag=True, help="Make no page; outdated pages are removed.")

private_option = click.option(
    "--no-personal-data", "hide_personal", is_flag=True, help="Leave out codes, names, notes, files and serial numbers."
)


FOREIGN_OPTIONS = (
    click.option(
        "--columns",
        metavar="T,X,Y,Z",
        help="Foreign CSV: names or numbers of the columns to take; DATE+TIME,X,Y,Z or X,Y,Z.",
    ),
    click.option(
        "--unit", metavar="UNIT", help="Foreign CSV: unit of acceleration; g, mg, m/s2, gal, raw:<lsb per g>."
    ),
    click.option(
        "--time-unit",
        metavar="UNIT",
        help="Foreign CSV: unit of time; s, ms, us, ns, min, days, ticks:<per second>, iso.",
    ),
    click.option(
        "--time-format", metavar="FORMAT", help="Foreign CSV: how dates are written, such as '%d.%m.%Y %H:%M:%S.%f'."
    ),
    click.option(
        "--rate", "rate_hz", type=float, metavar="HZ", help="Foreign CSV: rows per second, if no column holds the time."
    ),
    click.option(
        "--rows", metavar="COLUMN=TEXT", help="Foreign CSV: take only the rows of one sensor, such as sensor=acc."
    ),
    click.option(
        "--timezone",
        metavar="ZONE",
        help="Zone of the person; Asia/Tokyo or +09:00.  [default: the file's, the computer's]",
    ),
    click.option("--start", metavar="TIME", help="Start with offset, if the file does not say."),
    click.option("--separator", type=click.Choice([",", ";", "tab", "space"]), help="Foreign CSV: between columns."),
    click.option(
        "--decimal", "decimal_point", type=click.Choice([".", ","]), help="Foreign CSV: decimal point or comma."
    ),
    click.option(
        "--encoding", type=click.Choice(["utf-8", "cp932", "utf-16-le", "utf-16-be"]), help="Foreign CSV: encoding."
    ),
)
"""The format of another program's CSV file; omitted options are read from the file."""


FOREIGN_NAMES = (
    *("columns", "unit", "time_unit", "time_format", "rate_hz", "rows", "timezone", "start"),
    *("separator", "decimal_point", "encoding"),
)
"""Names of the arguments that these options become, as :class:`ForeignFormat` has them."""


def foreign_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that describe a foreign CSV; the command gets them as one argument ``foreign``."""

    @wraps(command)
    def with_foreign_format(**options: object) -> None:
        said: dict[str, Any] = {name: value for name in FOREIGN_NAMES if (value := options.pop(name)) is not None}
        foreign = None
        if said:
            from clonus_sense.recording import ForeignFormat, parse_columns, parse_unit

            for name, parse in (("columns", parse_columns), ("unit", parse_unit), ("start", read_start)):
                if name in said:
                    said[name] = parse(said[name])
            foreign = ForeignFormat(**said)
        command(foreign=foreign, **options)

    for option in reversed(FOREIGN_OPTIONS):
        with_foreign_format = option(with_foreign_format)
    return with_foreign_format


def read_start(text: str) -> datetime:
    """Read a start with its offset."""
    try:
        start = datetime.fromisoformat(text)
    except ValueError as error:
        raise SettingsError(f"`{text}` is not a date and time; write it like 2026-11-05T22:30+09:00.") from error
    if start.tzinfo is None:
        raise SettingsError(f"`{text}` has no offset from UTC; write it like 2026-11-05T22:30+09:00.")
    if not is_showable_date(start):
        raise SettingsError(
            f"`{text}` is outside the dates of recordings; give one from {EARLIEST.year} to {LATEST.year}."
        )
    return start


def refuse_one_start_for_several(foreign: ForeignFormat | None, paths: Sequence[Path]) -> None:
    """Refuse one ``--start`` for several files."""
    if foreign is not None and foreign.start is not None and len(paths) > 1:
        raise SettingsError(
            f"--start is the start of one recording, and there are {len(paths)} files; run the command once for each "
            f"file with its own --start, {paths[0].name} first."
        )


def read_settings_option(path: Path | None) -> DetectionSettings:
    """Read the named settings, else take the defaults."""
    from clonus_sense.config import DetectionSettings, read_settings

    return DetectionSettings() if path is None else read_settings(path)
