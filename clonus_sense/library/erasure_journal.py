"""Journal of erasures: a plan is written beside the library before the first step, so that a second call can finish.

The first step deletes the person from the library; the paths of their pages and files are needed after this.
"""

from __future__ import annotations

import json
import logging
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from clonus_sense.files import begin_part
from clonus_sense.library.sqlite_connection import file_failures_as_sentences
from clonus_sense.library.store import create_private, erasures_path

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ErasurePlan:
    """Files and pages to clean of a person.

    Parameters
    ----------
    files
        Files of their recordings; they are reported and never touched.
    page_folders
        Folders with the pages of all people.
    pages
        Pages to delete.
    filed_before
        Numbers of recordings of others whose pages name the person.
    """

    person: str
    files: tuple[str, ...] = ()
    page_folders: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()
    filed_before: tuple[int, ...] = ()

    def joined(self, other: ErasurePlan | None) -> ErasurePlan:
        """Join with another plan for the same person."""
        if other is None:
            return self
        return ErasurePlan(
            self.person,
            tuple(sorted({*self.files, *other.files})),
            tuple(sorted({*self.page_folders, *other.page_folders})),
            tuple(sorted({*self.pages, *other.pages})),
            tuple(sorted({*self.filed_before, *other.filed_before})),
        )


def read_plans(library_path: Path) -> tuple[ErasurePlan, ...]:
    """Read the unfinished erasures of a library.

    Returns
    -------
    tuple of ErasurePlan
        Empty if all are finished. An unreadable plan is skipped with a warning, because it must not prevent other
        erasures.
    """
    path = erasures_path(library_path)
    try:
        return tuple(
            ErasurePlan(
                str(one["person"]),
                tuple(map(str, one["files"])),
                tuple(map(str, one["page_folders"])),
                tuple(map(str, one["pages"])),
                tuple(map(int, one["filed_before"])),
            )
            for one in json.loads(path.read_bytes())
        )
    except FileNotFoundError:
        return ()
    except (OSError, ValueError, TypeError, KeyError) as error:
        logger.warning("%s: cannot be read (%s); erase the person once more.", path, error)
        return ()


def write_plan(library_path: Path, plan: ErasurePlan) -> None:
    """Add an erasure to the unfinished ones; it is on the disk when this function returns.

    Parameters
    ----------
    plan
        Replaces an older plan for the same person.

    Raises
    ------
    LibraryError
        If the file cannot be written.
    """
    _write(library_path, [*_others(library_path, plan.person), plan])


def strike_plan(library_path: Path, person: str) -> None:
    """Remove the plan of a finished erasure.

    Raises
    ------
    LibraryError
        If the file cannot be changed.
    """
    _write(library_path, _others(library_path, person))


def _others(library_path: Path, person: str) -> list[ErasurePlan]:
    """Read the plans for all other people."""
    return [one for one in read_plans(library_path) if one.person != person]


def _write(library_path: Path, plans: list[ErasurePlan]) -> None:
    """Replace the file atomically; without a plan there is no file."""
    path = erasures_path(library_path)
    with file_failures_as_sentences(path):
        if not plans:
            path.unlink(missing_ok=True)
            return
        part = begin_part(path)
        try:
            create_private(part)
            with part.open("wb") as file:
                # File names may hold bytes that are no valid text; ASCII escapes keep them.
                file.write(json.dumps([asdict(one) for one in plans], ensure_ascii=True).encode())
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)  # No longer exists after success.
