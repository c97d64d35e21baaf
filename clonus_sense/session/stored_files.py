"""The file of a recording that the library knows, which may be gone or hold another recording since."""

from __future__ import annotations

from clonus_sense.errors import LibraryError, RecordingError
from clonus_sense.library import StoredRecording


def check_is_there(stored: StoredRecording) -> None:
    """Refuse a recording whose file is gone.

    Raises
    ------
    RecordingError
        If there is no file where the recording lay.
    """
    if not stored.path.exists():
        raise RecordingError(
            f"{stored.path}: recording {stored.id} is no longer there; bring the file back, or name its new place "
            "with `clonus-sense add FILE`."
        )


def check_is_the_same(stored: StoredRecording, content_hash: str) -> None:
    """Refuse a file that holds another recording now.

    Parameters
    ----------
    stored
        As the library knows it.
    content_hash
        Of what was read from its file just now.

    Raises
    ------
    LibraryError
        If it holds other samples than when it was added.
    """
    if content_hash != stored.content_hash:
        raise LibraryError(
            f"{stored.path}: holds other samples than recording {stored.id} when it was added; bring the old file "
            "back, or add this one as a new recording with `clonus-sense add FILE`."
        )
