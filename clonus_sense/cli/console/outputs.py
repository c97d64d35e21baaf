"""Existing results are replaced only on request."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click

from clonus_sense.errors import RecordingError

replace_option = click.option("--replace", "may_replace", is_flag=True, help="Replace existing results.")


def check_may_write(paths: Iterable[Path], *, may_replace: bool) -> None:
    """Refuse to replace results without ``--replace``."""
    present = next((path for path in paths if path.exists()), None)
    if present is not None and not may_replace:
        raise RecordingError(f"{present}: exists already; choose another name or folder, or add --replace.")
