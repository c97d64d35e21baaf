"""The recorder of a night: from the sensors' links to files on disk, with a ledger of all events."""

from clonus_sense.recorder.backfill_file import merge_backfill
from clonus_sense.recorder.night_recorder import NightRecorder, RecordedNight
from clonus_sense.recorder.plan import PlannedSensor, RecorderPlan
from clonus_sense.recorder.preflight import Preflight, SensorSignal
from clonus_sense.recorder.recording_files import FinishedRecording
from clonus_sense.recorder.remembered import RememberedSensor, read_remembered, remember
from clonus_sense.recorder.reserve import RESERVED_BYTES
from clonus_sense.recorder.status import RecorderStatus, SensorStatus

__all__ = [
    "RESERVED_BYTES",
    "FinishedRecording",
    "NightRecorder",
    "PlannedSensor",
    "Preflight",
    "RecordedNight",
    "RecorderPlan",
    "RecorderStatus",
    "RememberedSensor",
    "SensorSignal",
    "SensorStatus",
    "merge_backfill",
    "read_remembered",
    "remember",
]
