"""``demo``: a simulated night from a virtual sensor, with no hardware."""

from __future__ import annotations

import sys
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from clonus_sense.cli.console.options import PATH, Conversation, language_option, promise_notice, verbose_option
from clonus_sense.cli.console.printing import echo
from clonus_sense.cli.console.progress import show_progress
from clonus_sense.i18n import translator

if TYPE_CHECKING:
    from clonus_sense.recorder import RecorderStatus

# Local time of the evening before.
BEDTIME = time(22, 30)


@click.command()
@click.option("--hours", type=click.FloatRange(0.2, 24.0), default=8.0, show_default=True, help="Length of the night.")
@click.option("--output", type=PATH, metavar="DIR", help="Folder for the demo.  [default: `demo` in your data folder]")
@language_option
@verbose_option
@click.pass_context
def demo(context: click.Context, *, hours: float, output: Path | None, language: str) -> None:
    """Record a simulated night from a virtual sensor.

    Only the leg and the radio are simulated; link, file, detector, library and page are the real ones.  Eight hours
    pass in about half a minute.  The demo has its own library, apart from your nights.  The last line is the path of
    the night's page.
    """
    import platformdirs

    from clonus_sense.cli.console.night_lines import library_line, night_lines
    from clonus_sense.host.facts import zone_name
    from clonus_sense.library import Library
    from clonus_sense.review import list_entry
    from clonus_sense.workflows import PageChoices, default_pages_folder
    from clonus_sense.workflows.demonstration import record_demonstration

    _ = translator(language)
    promise_notice()
    folder = output or platformdirs.user_data_path("clonus_sense", appauthor=False) / "demo"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    now = datetime.now().astimezone()
    start = datetime.combine(now.date() - timedelta(days=1), BEDTIME).astimezone()
    if sys.platform == "linux":
        echo(_("A virtual sensor on a mock of BlueZ: bleak runs as with a real one."), err=True)
    else:
        echo(_("A virtual sensor below bleak's own API, for there is no D-Bus here."), err=True)
    with show_progress(_("recording")) as on_progress:

        def tell(status: RecorderStatus) -> None:
            on_progress(min(status.elapsed_s / (hours * 3600), 1.0))

        shown = record_demonstration(folder, start, timezone=zone_name(), hours=hours, on_status=tell)
    text = _("Simulated: {n} bouts of five beats and more; the sensor was lost {lost} times.")
    echo(text.format(n=shown.n_bouts, lost=shown.n_drop_outs))
    # Imported late: this loads the plotting libraries.
    from clonus_sense.workflows.recorded_nights import take_in

    path = folder / "library.sqlite3"
    # Printed commands name the library of the demo.
    context.ensure_object(Conversation).library_path = path
    with Library.open(path) as library:
        with show_progress(_("page")) as on_progress:
            taken = take_in(
                library, shown.recordings, PageChoices(default_pages_folder(library), language), on_progress=on_progress
            )
        for night in taken.nights:
            echo("\n".join(night_lines(list_entry(night), _)))
        echo(library_line(library, _))
    for recording in shown.recordings:
        echo(recording.path)
    for page in taken.pages:
        echo(page)
