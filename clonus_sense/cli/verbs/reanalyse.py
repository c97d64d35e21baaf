"""``reanalyse``: analyses nights of the library again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from clonus_sense.cli.console.options import (
    PROGRAM_NAME,
    foreign_options,
    language_option,
    library_option,
    no_page_option,
    person_option,
    promise_notice,
    read_settings_option,
    settings_option,
    verbose_option,
)
from clonus_sense.cli.console.printing import echo
from clonus_sense.cli.console.progress import show_progress
from clonus_sense.cli.console.redrawing import redrawing
from clonus_sense.cli.console.refusals import refusal
from clonus_sense.errors import ClonusSenseError
from clonus_sense.i18n import translator

if TYPE_CHECKING:
    from clonus_sense.recording import ForeignFormat


@click.command()
@click.argument("night", required=False)
@person_option
@no_page_option
@library_option
@settings_option
@foreign_options
@language_option
@verbose_option
@click.pass_context
def reanalyse(
    context: click.Context,
    *,
    night: str | None,
    person: str | None,
    no_page: bool,
    library_path: Path | None,
    settings_path: Path | None,
    foreign: ForeignFormat | None,
    language: str,
) -> None:
    """Analyse nights again and show the differences.

    NIGHT is the date of the evening, or `last`; without it all nights are analysed.  People's words stay with their
    times.  Pages that show a change are drawn again.
    """
    from clonus_sense.cli.console.recording_lines import kept_lines
    from clonus_sense.library import Library
    from clonus_sense.review import find_night, list_nights
    from clonus_sense.workflows import reanalyse_recording

    _ = translator(language)
    settings = read_settings_option(settings_path) if settings_path else None
    promise_notice()
    is_any_refused = False
    with Library.open(library_path, must_exist=True) as library:
        chosen = [find_night(library, night, person=person)] if night else list_nights(library, person=person)
        # A recording of 30 hours belongs to two nights; analyse it once.
        recordings = {one.stored.id: one.stored for each in chosen for one in each.recordings}
        with redrawing(library, recordings, no_page=no_page, foreign=foreign, translate=_):
            for number, stored in recordings.items():
                try:
                    with show_progress(stored.path.name) as on_progress:
                        kept = reanalyse_recording(
                            library, number, settings=settings, foreign=foreign, on_progress=on_progress
                        )
                except (ClonusSenseError, OSError) as error:
                    is_any_refused = True
                    echo(f"{PROGRAM_NAME}: {refusal(error, _)}", err=True)
                    continue
                echo("\n".join(kept_lines(kept, _)))
    if is_any_refused:
        context.exit(1)
