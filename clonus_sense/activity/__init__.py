"""Movement, posture, wear and the rest window (estimated), per half minute and in one pass.  numpy only."""

from clonus_sense.activity.builder import ActivityBuilder
from clonus_sense.activity.epoch import EPOCH_S, Epoch, WearState
from clonus_sense.activity.posture import (
    PostureChange,
    compute_posture_changes_per_hour,
    find_posture_changes,
    measure_angles_deg,
)
from clonus_sense.activity.rest_window import NoRestReason, RestWindow, estimate_rest_window, find_rest_windows
from clonus_sense.activity.wear import (
    WearAnswer,
    WearSpan,
    WearTimes,
    apply_answers,
    find_wear_spans,
    judge_wear,
    measure_wear,
)

__all__ = [
    "EPOCH_S",
    "ActivityBuilder",
    "Epoch",
    "NoRestReason",
    "PostureChange",
    "RestWindow",
    "WearAnswer",
    "WearSpan",
    "WearState",
    "WearTimes",
    "apply_answers",
    "compute_posture_changes_per_hour",
    "estimate_rest_window",
    "find_posture_changes",
    "find_rest_windows",
    "find_wear_spans",
    "judge_wear",
    "measure_angles_deg",
    "measure_wear",
]
