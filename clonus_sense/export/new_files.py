"""New files that appear whole or not at all, and never in the place of another."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from clonus_sense.errors import ExportError
from clonus_sense.files import begin_part, remove_leftovers


def check_folder(folder: Path) -> None:
    """Refuse a folder in which an export would lie among other files, before anything is done for it."""
    nearest = next(place for place in (folder, *folder.absolute().parents) if place.exists())
    if not nearest.is_dir():
        raise ExportError(f"{nearest}: is a file and no folder; choose another output folder.")
    if not os.access(nearest, os.W_OK):
        raise ExportError(f"{nearest}: nothing may be written to this folder; choose another output folder.")
    for place in (folder, folder / "recordings"):
        remove_leftovers(place)
    # File managers leave hidden files of their own.
    if folder.exists() and any(not entry.name.startswith(".") for entry in folder.iterdir()):
        raise ExportError(
            f"{folder}: holds files already, and an export never lies among others or replaces one; choose a new "
            "folder."
        )


@contextmanager
def new_file(path: Path) -> Iterator[Path]:
    """Make a new file that appears whole when all is done, or not at all."""
    part = begin_part(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield part
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        if path.exists():
            raise ExportError(f"{path}: is there already, and an export never replaces a file; choose a new folder.")
        part.replace(path)
    except OSError as error:
        # A full disk is reported without any name, and nobody knows the name of the part.
        raise OSError(error.errno, error.strerror, str(path)) from error
    finally:
        part.unlink(missing_ok=True)  # Is gone where all went well.


def write_new(path: Path, content: bytes) -> None:
    """Write a new file whole or not at all; see :func:`new_file`."""
    with new_file(path) as part:
        part.write_bytes(content)
