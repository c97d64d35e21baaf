"""Rhythmic movement found in acceleration: filters, axis, beats, rhythm, verdict.  numpy and scipy only."""

from clonus_sense.detection.detector import Detector
from clonus_sense.detection.pipeline import check_unit, detect_batches, push_through, shown_to

__all__ = ["Detector", "check_unit", "detect_batches", "push_through", "shown_to"]
