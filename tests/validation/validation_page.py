"""The text of ``VALIDATION.md``, made of what was measured: how well detection works, on what, what nobody tried."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from clonus_sense.evaluation.exactness import ErrorSize
from clonus_sense.evaluation.groups import SIGNAL_GROUPS_DB, Share, group_by_value
from clonus_sense.evaluation.intervals import FigureInterval
from clonus_sense.evaluation.scores import APART_CLASSES, ClassScore, Evaluation
from tests.validation.calibration import Calibration

FIGURE_NAME = "reliability.png"
"""Lies beside the page."""

# The fold that nothing was tuned on.
UNTOUCHED_FOLD = 0


@dataclass(frozen=True, slots=True, eq=False)
class Validated:
    """Everything that stands on the page.

    Parameters
    ----------
    cases, untouched, nights
        Scores of the cases, of those of fold 0 alone, and of the whole nights, each judged out of fold.
    calibration
        Of the confidences of all candidates, out of fold.
    simulated
        What the simulated nights have in common.
    """

    cases: Evaluation
    untouched: Evaluation
    nights: Evaluation
    calibration: Calibration
    simulated: str


def write_page(validated: Validated) -> str:
    """Write the page as Markdown.

    Parameters
    ----------
    validated
        Everything that stands on it.

    Returns
    -------
    str
        The text.
    """
    return "\n\n".join(
        (
            INTRODUCTION,
            "## Result",
            _write_headline(validated),
            SMALL_PRINT,
            "## Where bouts are found and where not",
            _write_groups(validated.cases),
            "## How strong beside the movement around it",
            write_signal_to_background(validated.cases),
            "## What was false",
            _write_false(validated.cases),
            _write_table(
                _class_rows(validated.cases), ("class", "cases", "hours", "bouts", "found", "false", "per 8 h")
            ),
            "## Simulated nights of unseen seeds",
            f"Each with another person, sensor, noise and placement.\n\n{validated.simulated}",
            "## What a confidence means",
            _write_calibration(validated.calibration),
            "## Every miss",
            _write_misses(validated),
            HOW_TO_REPEAT,
        )
    )


INTRODUCTION = """# Validation

**Nobody's clonus was ever measured with this software. There is no clinical validation**, and there is no public
labelled recording of clonus to measure it on. What follows says how well the detector finds *simulated* clonus of
known truth, added to real recordings of legs or inside simulated nights, and how often it finds something in real
recordings of legs in which nothing should be found. It is evidence about a method on a bench, not about a
patient.

This page is written by a command (last section); no number is typed by hand.

What was tried: real walking, stairs, running, freezing of gait, lying, sitting, standing, cycling, gym, jumping
and falls, from foot, ankle and lower leg, at 20 to 128 Hz; simulated clonus added to quiet recordings and to
walking; three whole simulated nights. What was **never** tried: a person with clonus, a wheelchair, a vehicle, a
child, a night in a hospital bed, two raters, any comparison with EMG or video."""

SMALL_PRINT = """Figures are out of fold: each person's cases are judged by weights that were fitted without that
person; for the search inside walks, bouts of our own simulation added to the walks of the other people were learned
from as well. Measures, rules and limits were first chosen on folds 1 to 4; those of the search inside walks, of
knocks inside bouts, of how a bout begins and of what is as weak as tremor were chosen looking at all folds, so that
fold 0 is not untouched. A bout counts from five beats up; three or four beats count neither for nor against. A match
is one-to-one by largest overlap, truth widened by 0.5 s. *False* touches no truth. Intervals are 90 %, recordings
drawn with replacement; where every recording agrees, the outer end is the exact one of that many trials, or of no
false alarm in that time. Precision and F1 count false detections and splits."""

HOW_TO_REPEAT = """## How to repeat this

```sh
python -m tests.validation.simulated_nights nights.csv --first-seed 9000 --nights 1000   # in parts, if wanted
python -m tests.validation.validation DEV NIGHTS --simulated nights.csv
```

On your own recordings: `clonus-sense plot night.csv --output marks --blind` makes a page without detections; mark
what you see, save the table into `marks`, and `clonus-sense evaluate results marks --recordings . --page check.html`
shows what was missed and what was found besides. Two people's marks: `clonus-sense evaluate --raters A B`.
"""


SIGNAL_TO_BACKGROUND = """How much stronger an added bout is than the movement around it, as the cases state it; 0 dB is
equally strong. Where all bouts of a cell were found, or none, the interval takes each recording for one trial."""


def _write_headline(validated: Validated) -> str:
    """Write the headline figures of cases, fold 0 and nights side by side."""
    columns = [validated.cases, validated.untouched, validated.nights]
    jiggles = [_find_class(e, "jiggle") for e in columns]
    rows = [
        ("cases, hours", *(f"{e.n_cases}, {_number(e.hours, 1)} h" for e in columns)),
        ("bouts of 5 beats or more found", *(f"{e.n_found} of {e.n_reference}" for e in columns)),
        ("sensitivity", *(f"{_number(e.sensitivity, 2)} {_interval(e.sensitivity_interval)}" for e in columns)),
        ("precision", *(_number(e.precision, 2) for e in columns)),
        ("… 90 % interval", *(_bounds(e.precision_interval, 2) for e in columns)),
        ("F1", *(_number(e.f1, 2) for e in columns)),
        ("… 90 % interval", *(_bounds(e.f1_interval, 2) for e in columns)),
        ("on quiet background", *(_found_in(e, "inj-rest") for e in columns)),
        ("**inside walking, stairs, exercise**", *(_found_in(e, "inj-activity") for e in columns)),
        ("false per 8 h", *(_number(e.false_per_8h, 1) for e in columns)),
        ("… 90 % interval", *(_bounds(e.false_per_8h_interval, 1) for e in columns)),
        ("onset error, median / 95 %", *(_size(e.exactness.onset_error_s, "s") for e in columns)),
        ("offset error", *(_size(e.exactness.offset_error_s, "s") for e in columns)),
        ("frequency error", *(_size(e.exactness.frequency_error_hz, "Hz") for e in columns)),
        ("beats within 1", *(_number(e.exactness.beats_within_1_ratio, 2) for e in columns)),
        ("leg bouncings called clonus", *("-" if score is None else str(score.n_false) for score in jiggles)),
    ]
    return _write_table(rows, ("", "all cases", f"fold {UNTOUCHED_FOLD} alone", "whole simulated nights"))


def _write_groups(evaluation: Evaluation) -> str:
    """Write the share found of each group of bouts."""
    kinds = (
        ("tag", evaluation.by_tag),
        ("strength", evaluation.by_amplitude),
        ("beats", evaluation.by_beats),
        ("frequency, Hz", evaluation.by_frequency),
        ("placement", evaluation.by_placement),
    )
    rows = [
        (kind, share.name, f"{share.n_found} of {share.n_bouts}", _share(share))
        for kind, shares in kinds
        for share in shares
        if share.n_bouts
    ]
    return _write_table(rows, ("by", "", "found", "share"))


BACKGROUNDS = (("rest", "inj-rest"), ("activity", "inj-activity"))
"""Class of recordings whose bouts were added to rest, and of those whose bouts were added to activity."""


def write_signal_to_background(evaluation: Evaluation) -> str:
    """Write the share found by signal to background, apart for bouts in rest and in activity.

    Parameters
    ----------
    evaluation
        Scores of the cases.

    Returns
    -------
    str
        A sentence and a Markdown table.
    """
    bouts = {
        name: [m for case in evaluation.cases if case.case.case_class == of for m in case.bouts if m.bout.is_headline]
        for name, of in BACKGROUNDS
    }
    by_background = [
        group_by_value(bouts[name], SIGNAL_GROUPS_DB, lambda bout: bout.signal_to_background_db)
        for name, _ in BACKGROUNDS
    ]
    rows = [
        (
            shares[0].name.replace("<", "below").replace(">=", "from"),
            *(f"{share.n_found} of {share.n_bouts}: {_share(share)}" if share.n_bouts else "-" for share in shares),
        )
        for shares in zip(*by_background, strict=True)
    ]
    table = _write_table(rows, ("signal to background, dB", *(f"in {name}" for name, _ in BACKGROUNDS)))
    return f"{SIGNAL_TO_BACKGROUND}\n\n{table}"


def _class_rows(evaluation: Evaluation) -> list[tuple[str, ...]]:
    """Write the figures of each class of recordings, those kept apart last."""
    scores = sorted(evaluation.by_class, key=lambda score: (score.is_apart, score.name))
    return [
        (
            score.name + (" (apart)" if score.is_apart else ""),
            str(score.n_cases),
            _number(score.hours, 2),
            str(score.n_reference),
            str(score.n_found),
            str(score.n_false),
            _number(score.false_per_8h, 1),
        )
        for score in scores
    ]


def _write_false(evaluation: Evaluation) -> str:
    """List each false detection of the classes that count."""
    lines = [
        f"* `{case.case.name}` ({case.case.case_class}), {found.onset_s:.1f}-{found.offset_s:.1f} s"
        for case in evaluation.cases
        if case.case.case_class not in APART_CLASSES
        for found in case.false
    ]
    return "\n".join(lines) or "Nothing in the classes that count."


def _write_calibration(calibration: Calibration) -> str:
    """Write how far confidences can be believed."""
    rows = [
        (
            f"{b.low:.1f}-{b.high:.1f}",
            str(b.n),
            _number(b.mean_confidence, 2),
            _number(b.true_share, 2),
            _bounds(b.interval, 2),
        )
        for b in calibration.bins
    ]
    table = _write_table(rows, ("confidence", "candidates", "mean", "true", "90 % interval"))
    return (
        "Of candidates with a confidence of 0.8, eight in ten should be true. Out of fold the mean distance between "
        f"the two is {calibration.error:.3f} "
        f"(90 % interval {calibration.interval.low:.3f}-{calibration.interval.high:.3f}). "
        "It holds for this mix of cases: where clonus is rarer among as much other movement, the same confidence is "
        "right less often."
        f"\n\n![Share of true candidates over their confidence, with intervals]({FIGURE_NAME})\n\n{table}"
    )


def _write_misses(validated: Validated) -> str:
    """List each bout of five beats or more that was not found; `kind` ends with signal to background in dB."""
    rows = [
        (missed.case.name, f"{missed.bout.onset_s:.1f}", str(missed.bout.beats), missed.bout.kind.replace("|", ", "))
        for evaluation in (validated.cases, validated.nights)
        for missed in evaluation.misses
    ]
    return _write_table(rows, ("recording", "at, s", "beats", "generator, placement, tag, signal to background (dB)"))


def _find_class(evaluation: Evaluation, name: str) -> ClassScore | None:
    """Find the score of a class."""
    return next((score for score in evaluation.by_class if score.name == name), None)


def _found_in(evaluation: Evaluation, name: str) -> str:
    """Write what was found in a class."""
    score = _find_class(evaluation, name)
    if score is None or not score.n_reference:
        return "-"
    return f"{score.n_found} of {score.n_reference}: {_number(score.sensitivity, 2)}"


def _write_table(rows: Sequence[Sequence[str]], header: Sequence[str]) -> str:
    """Write a Markdown table."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def _number(value: float | None, n_digits: int) -> str:
    """Write a number, or that it is unknown."""
    return "-" if value is None else f"{value:.{n_digits}f}"


def _interval(interval: FigureInterval | None) -> str:
    """Write an interval in brackets, nothing where there is none."""
    return "" if interval is None else f"({_bounds(interval, 2)})"


def _bounds(interval: FigureInterval | None, n_digits: int) -> str:
    """Write both ends of an interval, or that there is none."""
    return "-" if interval is None else f"{interval.low:.{n_digits}f}-{interval.high:.{n_digits}f}"


def _share(share: Share) -> str:
    """Write the share found with its interval."""
    return f"{_number(share.sensitivity, 2)} {_interval(share.interval)}".rstrip()


def _size(error: ErrorSize, unit: str) -> str:
    """Median and 95th percentile as text."""
    return f"{_number(error.median, 3)} / {_number(error.p95, 2)} {unit}"
