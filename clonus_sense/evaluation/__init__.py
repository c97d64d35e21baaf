"""Scores detections against simulated truth or the annotations of a therapist."""

from clonus_sense.evaluation.accuracy import evaluate, read_detections
from clonus_sense.evaluation.agreement import Agreement, Difference, Figure, LoneBout, RatedRecording, measure_agreement
from clonus_sense.evaluation.cases import find_recording, read_bouts, read_cases
from clonus_sense.evaluation.exactness import ErrorSize, Exactness
from clonus_sense.evaluation.groups import Share
from clonus_sense.evaluation.intervals import FigureInterval
from clonus_sense.evaluation.matched import MatchedBout, MatchedCase, match_case
from clonus_sense.evaluation.matching import Matching, match_bouts
from clonus_sense.evaluation.raters import read_rated
from clonus_sense.evaluation.scored_bouts import Case, DetectedBout, ReferenceBout
from clonus_sense.evaluation.scores import ClassScore, Evaluation, score_cases

__all__ = [
    "Agreement",
    "Case",
    "ClassScore",
    "DetectedBout",
    "Difference",
    "ErrorSize",
    "Evaluation",
    "Exactness",
    "Figure",
    "FigureInterval",
    "LoneBout",
    "MatchedBout",
    "MatchedCase",
    "Matching",
    "RatedRecording",
    "ReferenceBout",
    "Share",
    "evaluate",
    "find_recording",
    "match_bouts",
    "match_case",
    "measure_agreement",
    "read_bouts",
    "read_cases",
    "read_detections",
    "read_rated",
    "score_cases",
]
