"""Where the app finds and keeps everything: beside the library, in the user's private folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from clonus_sense.library import default_path


@dataclass(frozen=True, slots=True)
class Place:
    """The files that an app works on.

    Parameters
    ----------
    library_path
        The library.
    """

    library_path: Path

    @property
    def recordings(self) -> Path:
        """Folder of the recorder's files."""
        return self.library_path.parent / "recordings"

    @property
    def remembered(self) -> Path:
        """File with the sensors of the last night, each with its person and leg."""
        return self.recordings / "sensors.json"

    @property
    def folder(self) -> Path:
        """The app's own folder: one for each library, because a folder may hold two."""
        return self.library_path.parent / f"{self.library_path.stem}.app"

    @property
    def choices(self) -> Path:
        """File with the choices."""
        return self.folder / "choices.json"


def find_place(library_path: Path | None = None) -> Place:
    """Return the place of a library; ``None`` takes the user's own."""
    return Place((default_path() if library_path is None else library_path).absolute())
