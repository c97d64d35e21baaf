"""Evaluations and recordings of which every moment is known."""

from __future__ import annotations

import numpy as np

from clonus_sense.evaluation import Case, DetectedBout, ReferenceBout, match_case, score_cases
from clonus_sense.report.window import Window
from tests.report.builders import MadePiece

FS_HZ = 50.0


def bout(onset_s, *, length_s=2.0, **facts):
    return ReferenceBout(float(onset_s), float(onset_s + length_s), **facts)


def hit(onset_s, length_s=2.0):
    return DetectedBout(float(onset_s), float(onset_s + length_s), 12, 6.0)


def evaluate_one(bouts, detections, name="night"):
    return score_cases([match_case(Case(name, "night", tuple(bouts), 3600.0), tuple(detections))])


def rhythm(start_s, end_s, *, axis=(0.0, 1.0, 0.0), peak_g=0.2, kick_at_s=None):
    """6 Hz along an axis over gravity on another one."""
    times_s = np.arange(round(start_s * FS_HZ), round(end_s * FS_HZ)) / FS_HZ
    accel_g = peak_g * np.sin(2 * np.pi * 6 * times_s)[:, None] * np.array(axis)
    accel_g[:, 0] += 1.0
    if kick_at_s is not None:
        accel_g[np.abs(times_s - kick_at_s) < 0.05] += 20 * peak_g * np.array(axis)
    return Window(start_s, end_s, (MadePiece(times_s, accel_g),))
