"""Everything that clonus_sense refuses, on one screen.

::

    ClonusSenseError             anything that this package refuses
    ├── SettingsError            a setting of a person is missing, misspelt or out of range
    ├── RecordingError           a recording cannot be read or written
    │   ├── DiskFullError        there is no room to write on; it can be tried again
    │   ├── NotARecordingError   this file is something else
    │   └── ColumnError          a column, unit or line of a foreign CSV does not fit
    ├── SignalError              samples that no detector can work on (not finite, rate too low)
    ├── EvaluationError          detections and cases that cannot be compared
    ├── LibraryError             the library of people and nights cannot be read or changed
    │   └── DamagedLibraryError  its file is damaged, or no database any more
    ├── NightError               a night or a recording that cannot be placed in time
    ├── ExportError              nights that cannot be exported as asked
    ├── RecorderError            a night cannot be recorded: another recorder has the sensor, or no place to write to
    └── SensorError              a sensor cannot be used
        ├── SensorNotFoundError  no such sensor can be heard
        ├── SensorLostError      the sensor was there and does not answer any more
        ├── SensorRefusedError   the sensor, or the system's Bluetooth, says no
        └── PacketError          bytes from a sensor that make no sense; drivers count it and go on

Every message is one sentence or two: what, where, what to do.  The command line prints it and exits with 1.
"""


class ClonusSenseError(Exception):
    """Root of all errors of this package; its text is written for a person."""


class SettingsError(ClonusSenseError):
    """A setting is missing, misspelt or out of range."""


class RecordingError(ClonusSenseError):
    """A recording cannot be read or written."""


class DiskFullError(RecordingError):
    """There is no room for what is to be written; the file is whole, and it can be tried again."""


class NotARecordingError(RecordingError):
    """The file is not a recording in any format that we know."""


class ColumnError(RecordingError):
    """A column, unit or line of a foreign CSV does not fit."""


class SignalError(ClonusSenseError):
    """The samples cannot be analysed: not finite, or sampled too slowly."""


class EvaluationError(ClonusSenseError):
    """Detections and cases cannot be compared."""


class LibraryError(ClonusSenseError):
    """The library of people and nights cannot be read or changed as asked."""


class DamagedLibraryError(LibraryError):
    """The file of the library is damaged, or no database any more; a backup can take its place."""


class NightError(ClonusSenseError):
    """A night, or a recording of one, cannot be placed in time as asked."""


class ExportError(ClonusSenseError):
    """Nights or recordings cannot be exported as asked."""


class RecorderError(ClonusSenseError):
    """A night cannot be recorded as asked."""


class SensorError(ClonusSenseError):
    """A sensor cannot be used as asked."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class SensorNotFoundError(SensorError):
    """No such sensor can be heard."""


class SensorLostError(SensorError):
    """The sensor was there and does not answer any more."""


class SensorRefusedError(SensorError):
    """The sensor, or the system's Bluetooth, refuses what was asked."""

    def __init__(self, text: str, *, status: int | None = None) -> None:
        super().__init__(text)
        self.status = status


class PacketError(SensorError):
    """Bytes from a sensor that make no sense; a driver counts it and goes on."""
