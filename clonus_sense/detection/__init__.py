"""Rhythmic movement found in acceleration: filters, axis, beats, rhythm, verdict.  numpy and scipy only."""

from clonus_sense.detection.detector import Detector

__all__ = ["Detector"]
