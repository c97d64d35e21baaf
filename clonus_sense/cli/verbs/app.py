"""``app``: opens the app in the browser."""

from __future__ import annotations

from pathlib import Path

import click

from clonus_sense.cli.console.options import language_option, library_option, promise_notice, verbose_option
from clonus_sense.cli.console.printing import echo
from clonus_sense.errors import SettingsError
from clonus_sense.i18n import translator

# Each is the whole of the extra to somebody who lacks it.
EXTRA = ("starlette", "uvicorn", "reportlab")
INSTALL = "pip install 'clonus-sense[app]'"


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), metavar="N", help="Port of this computer.  [default: as before]")
@click.option("--no-browser", "is_quiet", is_flag=True, help="Open no browser; print the file that opens the app.")
@library_option
@language_option
@verbose_option
def app(*, port: int | None, is_quiet: bool, library_path: Path | None, language: str) -> None:
    """Open the app for tonight and the nights.

    The app runs on this computer alone and answers only its own pages.  Ctrl-C closes it; a recording that it started
    goes on, and the next start of the app finds the recording again.
    """
    _ = translator(language)
    check_extra()
    from clonus_sense.app.place import find_place
    from clonus_sense.app.serving import open_in_browser, serve

    promise_notice()

    def ready(path: Path) -> None:
        if is_quiet or not open_in_browser(path):
            echo(_("Open this file in a browser of this computer; it is private to you:"), err=True)
            echo(path)
        if not is_quiet:
            echo(_("The app is open in the browser. Ctrl-C closes it; a recording goes on."), err=True)

    if not serve(find_place(library_path), language, port=port, on_ready=ready):
        echo(_("The app was running already."), err=True)


def check_extra() -> None:
    """Refuse without the libraries of the app."""
    from importlib.util import find_spec

    missing = [name for name in EXTRA if find_spec(name) is None]
    if missing:
        raise SettingsError(f"The app needs {', '.join(missing)}; install with: {INSTALL}")
