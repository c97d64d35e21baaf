"""What an erasure has to do, written down beside the library before anything is done, so that a second one finishes.

The library forgets a person in the first step; where their pages and files lie must outlive it.
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
    """What is to be cleaned of a person.

    Parameters
    ----------
    person
        The person's code.
    files
        Files of their recordings, which are told and never touched.
    page_folders
        Folders in which pages of all people lie.
    pages
        Pages that go.
    filed_before
        Recordings of others, by number, whose pages name the person.
    """

    person: str
    files: tuple[str, ...] = ()
    page_folders: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()
    filed_before: tuple[int, ...] = ()

    def joined(self, other: ErasurePlan | None) -> ErasurePlan:
        """Add what another plan for the same person holds."""
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
    """Read the erasures of a library that are not finished.

    Parameters
    ----------
    library_path
        The library's file.

    Returns
    -------
    tuple of ErasurePlan
        Empty where all are finished; what makes no sense is passed over with a warning, for it must keep nobody from
        being erased.
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
    """Write an erasure down beside those that are not finished; it is on the disk when this returns.

    Parameters
    ----------
    library_path
        The library's file.
    plan
        What is to be done; takes the place of an older plan for the same person.

    Raises
    ------
    LibraryError
        If it cannot be written.
    """
    _write(library_path, [*_others(library_path, plan.person), plan])


def strike_plan(library_path: Path, person: str) -> None:
    """Strike an erasure that is finished.

    Parameters
    ----------
    library_path
        The library's file.
    person
        Code of the person who was erased.

    Raises
    ------
    LibraryError
        If the file cannot be changed.
    """
    _write(library_path, _others(library_path, person))


def _others(library_path: Path, person: str) -> list[ErasurePlan]:
    """Read the plans for everybody else."""
    return [one for one in read_plans(library_path) if one.person != person]


def _write(library_path: Path, plans: list[ErasurePlan]) -> None:
    """Replace the file, whole or not at all; without a plan there is none."""
    path = erasures_path(library_path)
    with file_failures_as_sentences(path):
        if not plans:
            path.unlink(missing_ok=True)
            return
        part = begin_part(path)
        try:
            create_private(part)
            with part.open("wb") as file:
                # Names of files need not be text; as escapes they survive.
                file.write(json.dumps([asdict(one) for one in plans], ensure_ascii=True).encode())
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)  # Is gone where all went well.
