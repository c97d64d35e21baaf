"""Movement, posture, wear and the estimated rest window, for each half minute, in one pass with numpy only."""

from clonus_sense.activity.builder import ActivityBuilder
from clonus_sense.activity.epoch import EPOCH_S, Epoch, WearState
from clonus_sense.activity.posture import (
    measure_angles_deg,
)
from clonus_sense.activity.rest_window import RestWindow, find_rest_windows
from clonus_sense.activity.wear import (
    WearAnswer,
    WearSpan,
    apply_answers,
    find_wear_spans,
    judge_wear,
)

__all__ = [
    "EPOCH_S",
    "ActivityBuilder",
    "Epoch",
    "RestWindow",
    "WearAnswer",
    "WearSpan",
    "WearState",
    "apply_answers",
    "find_rest_windows",
    "find_wear_spans",
    "judge_wear",
    "measure_angles_deg",
]
