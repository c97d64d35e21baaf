"""One sentence for a person, out of whatever went wrong with a file."""

from __future__ import annotations

from clonus_sense.errors import ClonusSenseError


def refusal(error: ClonusSenseError | OSError) -> str:
    """Say why something was refused.

    Parameters
    ----------
    error
        Ours, whose text is written for a person, or the operating system's.

    Returns
    -------
    str
        One sentence or two.

    Examples
    --------
    >>> refusal(PermissionError(13, "Permission denied", "/night.csv"))
    '/night.csv: Permission denied; check the permissions of this file and its folder.'
    """
    if isinstance(error, ClonusSenseError):
        return str(error)
    where = f"{error.filename}: " if error.filename else ""
    return f"{where}{error.strerror or error}; {_advice(error)}."


def _advice(error: OSError) -> str:
    """Say what a person can do."""
    match error:
        case PermissionError():
            return "check the permissions of this file and its folder"
        case FileNotFoundError():
            return "check its name"
        case FileExistsError() | NotADirectoryError():
            return "choose another output folder"
        case IsADirectoryError():
            return "name a file in it"
        case _:
            return "check that the disk is there and has room"
