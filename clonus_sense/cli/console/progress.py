"""A progress bar on stderr for steps of over a second."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

from clonus_sense.cli.console.process import stoppable

QUIET_S = 1.0
"""Shorter steps show no bar: it would only flicker."""


@contextmanager
def show_progress(description: str) -> Iterator[Callable[[float], None]]:
    """Show a bar during a long step if stderr is a terminal.  Ctrl-C always ends the step."""
    with stoppable() as pressed, _bar(description) as show:

        def update(share_done: float) -> None:
            if pressed:
                raise KeyboardInterrupt
            show(share_done)

        yield update


@contextmanager
def _bar(description: str) -> Iterator[Callable[[float], None]]:
    """Show a bar on a terminal; elsewhere nothing."""
    if not sys.stderr.isatty():
        yield lambda _share_done: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    started_s = monotonic()
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TimeRemainingColumn())
    progress = Progress(*columns, console=Console(stderr=True), transient=True)
    task = progress.add_task(description, total=1.0)

    def update(share_done: float) -> None:
        if monotonic() - started_s >= QUIET_S:
            progress.start()
        progress.update(task, completed=share_done)

    try:
        yield update
    finally:
        progress.stop()
