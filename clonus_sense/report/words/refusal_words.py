"""One sentence for a person about an error."""

from __future__ import annotations

from clonus_sense.errors import (
    ClonusSenseError,
    ColumnError,
    EvaluationError,
    ExportError,
    FormError,
    LibraryError,
    NightError,
    NotARecordingError,
    RecorderError,
    RecordingError,
    ReportError,
    ReviewFileError,
    SensorError,
    SettingsError,
    SignalError,
)
from clonus_sense.i18n import Translator, message

KINDS: tuple[tuple[type[Exception], str], ...] = (
    (NotARecordingError, message("This file is not a recording.")),
    (ColumnError, message("The columns or units of this file do not fit.")),
    (RecordingError, message("This file cannot be read or written.")),
    (SignalError, message("This recording cannot be analysed.")),
    (SettingsError, message("A setting is wrong.")),
    (EvaluationError, message("These files cannot be compared.")),
    (LibraryError, message("The library cannot be read or changed like this.")),
    (NightError, message("This night or time cannot be found.")),
    (ReviewFileError, message("This review file cannot be taken.")),
    (FormError, message("This form cannot be read.")),
    (ExportError, message("This cannot be exported.")),
    (ReportError, message("This report cannot be made.")),
    (RecorderError, message("The night cannot be recorded like this.")),
    (SensorError, message("The sensor cannot be used.")),
    (ClonusSenseError, message("This cannot be done.")),
    (OSError, message("A file or folder cannot be used.")),
)
"""A general sentence for each error; narrower kinds first."""


def refusal_words(error: ClonusSenseError | OSError, _: Translator, facts: str = "") -> str:
    """Say why something was refused; ``facts`` replaces the error's own text.

    Another language gets a general sentence, then the facts in English, unless the error can be told in it.
    """
    if isinstance(error, SensorError) and (told := _(error.text)) != str(error):
        return told
    facts = facts or (_facts(error) if isinstance(error, OSError) else str(error))
    kind = next(text for error_type, text in KINDS if isinstance(error, error_type))
    return facts if _.language == "en" else f"{_(kind)} [{facts}]"


def _facts(error: OSError) -> str:
    """Say which file the operating system refused, why, and what to do."""
    where = f"{error.filename}: " if error.filename else ""
    return f"{where}{error.strerror or error}; {_advice(error)}."


def _advice(error: OSError) -> str:
    """Say what a person can do."""
    match error:
        case PermissionError():
            return "check the permissions of this file and its folder"
        case FileNotFoundError():
            return "check its name"
        case FileExistsError() | NotADirectoryError() | IsADirectoryError():
            return "choose another output folder"
        case _:
            return "check that the disk is there and has room"
