"""Finds rhythmic 5-8 Hz movement (clonus) in ankle accelerometer recordings, whole nights included.

Public names are loaded at first use, so importing one part does not load another's libraries.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from clonus_sense.lazy import load_lazily
from clonus_sense.version import __version__ as __version__

if TYPE_CHECKING:
    from clonus_sense.config import DetectionSettings, read_settings
    from clonus_sense.detection import Detector
    from clonus_sense.errors import (
        ClonusSenseError,
        ColumnError,
        EvaluationError,
        NotARecordingError,
        RecordingError,
        SettingsError,
        SignalError,
    )
    from clonus_sense.evaluation import Evaluation, evaluate
    from clonus_sense.model import (
        EndedBy,
        Episode,
        EpisodeClass,
        Evidence,
        Finding,
        Gap,
        RecordingInfo,
        Rejection,
        SampleBatch,
        SensorIdentity,
        Severity,
        Site,
        Stretch,
        TimeMap,
    )
    from clonus_sense.recording import ForeignFormat, read_recording, stream_recording, write_recording
    from clonus_sense.simulate import NightPlan, simulate_night
    from clonus_sense.workflows import AnalysedRecording, analyse_recording


__all__ = [
    "AnalysedRecording",
    "ClonusSenseError",
    "ColumnError",
    "DetectionSettings",
    "Detector",
    "EndedBy",
    "Episode",
    "EpisodeClass",
    "Evaluation",
    "EvaluationError",
    "Evidence",
    "Finding",
    "ForeignFormat",
    "Gap",
    "NightPlan",
    "NotARecordingError",
    "RecordingError",
    "RecordingInfo",
    "Rejection",
    "SampleBatch",
    "SensorIdentity",
    "SettingsError",
    "Severity",
    "SignalError",
    "Site",
    "Stretch",
    "TimeMap",
    "analyse_recording",
    "evaluate",
    "read_recording",
    "read_settings",
    "simulate_night",
    "stream_recording",
    "write_recording",
]

# Module of each public name; names that are missing here are in the model.
_MODULES = {
    "AnalysedRecording": "workflows",
    "ClonusSenseError": "errors",
    "ColumnError": "errors",
    "DetectionSettings": "config",
    "Detector": "detection",
    "Evaluation": "evaluation",
    "EvaluationError": "errors",
    "ForeignFormat": "recording",
    "NightPlan": "simulate",
    "NotARecordingError": "errors",
    "RecordingError": "errors",
    "SettingsError": "errors",
    "SignalError": "errors",
    "analyse_recording": "workflows",
    "evaluate": "evaluation",
    "read_recording": "recording",
    "read_settings": "config",
    "simulate_night": "simulate",
    "stream_recording": "recording",
    "write_recording": "recording",
}


__getattr__ = load_lazily(__name__, __all__, _MODULES, usual="model")


def __dir__() -> list[str]:
    """List the public names, loaded or not."""
    return [*__all__, "__version__"]
