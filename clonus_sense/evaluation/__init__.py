"""Detections scored against truth or against the annotation of a therapist."""

from clonus_sense.evaluation.bouts import Case, DetectedBout, ReferenceBout
from clonus_sense.evaluation.cases import read_bouts, read_cases
from clonus_sense.evaluation.comparison import evaluate, read_detections
from clonus_sense.evaluation.exactness import ErrorSize, Exactness
from clonus_sense.evaluation.groups import Share
from clonus_sense.evaluation.intervals import Interval
from clonus_sense.evaluation.matched import MatchedBout, MatchedCase, match_case
from clonus_sense.evaluation.matching import Matching, match_bouts
from clonus_sense.evaluation.scores import ClassScore, Evaluation, score_cases

__all__ = [
    "Case",
    "ClassScore",
    "DetectedBout",
    "ErrorSize",
    "Evaluation",
    "Exactness",
    "Interval",
    "MatchedBout",
    "MatchedCase",
    "Matching",
    "ReferenceBout",
    "Share",
    "evaluate",
    "match_bouts",
    "match_case",
    "read_bouts",
    "read_cases",
    "read_detections",
    "score_cases",
]
