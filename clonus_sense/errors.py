"""All errors of clonus_sense, on one screen.

::

    ClonusSenseError             any refusal of this package
    ├── SettingsError            a setting of a person is missing, misspelt or out of range
    ├── RecordingError           a recording cannot be read or written
    │   ├── DiskFullError        the disk is full; the write can be tried again
    │   ├── NotARecordingError   the file is not a recording
    │   └── ColumnError          a column, unit or line of a foreign CSV does not fit
    ├── SignalError              samples that no detector can work on (not finite, rate too low)
    ├── EvaluationError          detections and cases that cannot be compared
    ├── LibraryError             the library of people and nights cannot be read or changed
    │   └── DamagedLibraryError  its file is damaged or not a database
    ├── NightError               a night or a recording that cannot be placed in time
    ├── ReviewFileError          a file of verdicts that cannot be taken
    ├── FormError                a form of the app whose fields do not fit
    ├── ExportError              nights that cannot be exported as asked
    ├── RecorderError            a night cannot be recorded: the sensor is in use, or the folder fails
    └── SensorError              a sensor cannot be used
        ├── SensorNotFoundError  no such sensor can be heard
            ├── SensorLostError      the sensor no longer answers
            ├── SensorRefusedError   the sensor, or the system's Bluetooth, refuses
            └── PacketError          bytes from a sensor cannot be decoded; drivers count them and continue

Every message is one sentence or two: what, where, what to do.  The command line prints it and exits with 1.
"""


class ClonusSenseError(Exception):
    """Root of all errors of this package; its text is written for a person."""


class SettingsError(ClonusSenseError):
    """A setting is missing, misspelt or out of range."""


class RecordingError(ClonusSenseError):
    """A recording cannot be read or written."""


class DiskFullError(RecordingError):
    """The disk is full; the file is whole, and the write can be tried again."""


class NotARecordingError(RecordingError):
    """The file is not a recording in any known format."""


class ColumnError(RecordingError):
    """A column, unit or line of a foreign CSV does not fit."""


class SignalError(ClonusSenseError):
    """The samples cannot be analysed: not finite, or sampled too slowly."""


class EvaluationError(ClonusSenseError):
    """Detections and cases cannot be compared."""


class LibraryError(ClonusSenseError):
    """The library of people and nights cannot be read or changed as requested."""


class DamagedLibraryError(LibraryError):
    """The library's file is damaged or not a database; a backup can replace it."""


class NightError(ClonusSenseError):
    """A night, or a recording of one, cannot be placed in time as requested."""


class ReviewFileError(ClonusSenseError):
    """A file of verdicts, saved from a page, cannot be taken."""


class FormError(ClonusSenseError):
    """The fields of a form of the app do not fit."""


class ReportError(ClonusSenseError):
    """A report cannot be made."""


class ExportError(ClonusSenseError):
    """Nights or recordings cannot be exported as requested."""


class RecorderError(ClonusSenseError):
    """A night cannot be recorded as requested."""


class SensorError(ClonusSenseError):
    """A sensor cannot be used as requested."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class SensorNotFoundError(SensorError):
    """No such sensor can be heard."""


class SensorLostError(SensorError):
    """The sensor no longer answers."""


class SensorRefusedError(SensorError):
    """The sensor, or the system's Bluetooth, refuses a request."""

    def __init__(self, text: str, *, status: int | None = None) -> None:
        super().__init__(text)
        self.status = status


class PacketError(SensorError):
    """Bytes from a sensor cannot be decoded; a driver counts them and continues."""
