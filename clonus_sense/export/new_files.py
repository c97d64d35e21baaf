"""Writes new files atomically and never replaces a file."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from clonus_sense.errors import ExportError
from clonus_sense.files import begin_part, remove_leftovers


def check_folder(folder: Path) -> None:
    """Refuse an output folder that is a file, is read-only or holds files."""
    nearest = next(place for place in (folder, *folder.absolute().parents) if place.exists())
    if not nearest.is_dir():
        raise ExportError(f"{nearest}: this is a file and no folder; choose another output folder.")
    if not os.access(nearest, os.W_OK):
        raise ExportError(f"{nearest}: this folder is read-only; choose another output folder.")
    for place in (folder, folder / "recordings"):
        remove_leftovers(place)
    # File managers leave hidden files.
    if folder.exists() and any(not entry.name.startswith(".") for entry in folder.iterdir()):
        raise ExportError(
            f"{folder}: the folder holds files already, and an export needs an empty one; choose a new folder."
        )


@contextmanager
def new_file(path: Path) -> Iterator[Path]:
    """Give a temporary path in the same folder; the new file appears only when the block succeeds."""
    part = begin_part(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield part
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        if path.exists():
            raise ExportError(
                f"{path}: the file exists already, and an export never replaces a file; choose a new folder."
            )
        part.replace(path)
    except OSError as error:
        # A full disk is reported without a name, and the user does not know the temporary one.
        raise OSError(error.errno, error.strerror, str(path)) from error
    finally:
        part.unlink(missing_ok=True)  # No longer exists after success.


def write_new(path: Path, content: bytes) -> None:
    """Write a new file atomically; see :func:`new_file`."""
    with new_file(path) as part:
        part.write_bytes(content)
