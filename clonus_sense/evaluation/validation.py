"""Writes the page that says how well detection works: ``clonus_sense/evaluation/VALIDATION.md``.

``python -m clonus_sense.evaluation.validation DEV NIGHTS --simulated NIGHTS.csv`` fits and judges out of fold, scores,
and writes the page; no number on it is typed by hand.  ``NIGHTS.csv`` is the table of
:mod:`~clonus_sense.evaluation.simulated_nights`.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from clonus_sense.evaluation.calibration import Calibration, measure_calibration
from clonus_sense.evaluation.comparison import evaluate
from clonus_sense.evaluation.exactness import ErrorSize
from clonus_sense.evaluation.fitting import (
    N_SIMULATED_NIGHTS,
    collect_candidates,
    collect_simulated,
    fit_decision,
    join_candidates,
    weigh_candidates,
    write_detections,
)
from clonus_sense.evaluation.intervals import Interval
from clonus_sense.evaluation.scores import APART_CLASSES, ClassScore, Evaluation
from clonus_sense.evaluation.simulated_nights import describe_counts, read_counts

PAGE = Path(__file__).with_name("VALIDATION.md")
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


def validate(cases: Path, nights: Path, simulated: Path | None, *, n_simulated: int = N_SIMULATED_NIGHTS) -> Validated:
    """Judge every case by weights that never saw its fold, and score.

    Parameters
    ----------
    cases, nights
        Folders of cases with their recordings.
    simulated
        Table of simulated nights.
    n_simulated
        Simulated nights to learn from.

    Returns
    -------
    Validated
        Everything that stands on the page.
    """
    known = join_candidates([collect_candidates(cases), collect_candidates(nights)])
    candidates = join_candidates([known, collect_simulated(range(n_simulated))]) if n_simulated else known
    decide = cache(lambda fold: fit_decision(candidates.select(candidates.fold != fold)))
    counts = read_counts(simulated) if simulated is not None else []
    with TemporaryDirectory() as folder:
        found = Path(folder)
        for part in (cases, nights):
            write_detections(part, found / part.name, decide)
        return Validated(
            evaluate(found / cases.name, cases),
            evaluate(found / cases.name, cases, folds=[UNTOUCHED_FOLD]),
            evaluate(found / nights.name, nights),
            measure_calibration(weigh_candidates(known, decide), known.is_true, known.recording),
            describe_counts(counts) if counts else "No simulated nights were counted.",
        )


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
person. Measures, rules and limits were chosen on folds 1 to 4; an earlier version had been chosen looking at all
of them, so that fold 0 is nearly, not wholly, untouched. A bout counts from five beats up; three or four beats
count neither for nor against. A match is one-to-one by largest overlap, truth widened by 0.5 s. *False* touches
no truth. Intervals are 90 %, recordings drawn with replacement; precision and F1 count false detections and
splits."""

HOW_TO_REPEAT = """## How to repeat this

```sh
python -m clonus_sense.evaluation.simulated_nights nights.csv --first-seed 5000 --nights 100   # in parts, if wanted
python -m clonus_sense.evaluation.validation DEV NIGHTS --simulated nights.csv
```

On your own recordings: mark what you see in a CSV with `onset_s,offset_s`, and
`clonus-sense evaluate results annotation.csv --misses --false`.
"""


def _write_headline(validated: Validated) -> str:
    """Write the headline figures of cases, fold 0 and nights side by side."""
    columns = [validated.cases, validated.untouched, validated.nights]
    jiggles = [_find_class(e, "jiggle") for e in columns]
    rows = [
        ("cases, hours", *(f"{e.n_cases}, {_number(e.hours, 1)} h" for e in columns)),
        ("bouts of 5 beats or more found", *(f"{e.n_found} of {e.n_reference}" for e in columns)),
        ("sensitivity", *(f"{_number(e.sensitivity, 2)} {_interval(e.sensitivity_interval)}" for e in columns)),
        ("precision", *(_number(e.precision, 2) for e in columns)),
        ("F1", *(_number(e.f1, 2) for e in columns)),
        ("on quiet background", *(_found_in(e, "inj-rest") for e in columns)),
        ("**inside walking, stairs, exercise**", *(_found_in(e, "inj-activity") for e in columns)),
        ("false per 8 h", *(_number(e.false_per_8h, 1) for e in columns)),
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
        (kind, share.name or "none", f"{share.n_found} of {share.n_bouts}", _number(share.sensitivity, 2))
        for kind, shares in kinds
        for share in shares
        if share.n_bouts
    ]
    return _write_table(rows, ("by", "", "found", "share"))


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
            "█" * round(20 * (b.true_share or 0.0)),
        )
        for b in calibration.bins
    ]
    table = _write_table(rows, ("confidence", "candidates", "mean", "true", ""))
    return (
        "Of candidates with a confidence of 0.8, eight in ten should be true. Out of fold the mean distance between "
        f"the two is {calibration.error:.3f} "
        f"(90 % interval {calibration.interval.low:.3f}-{calibration.interval.high:.3f}). "
        "It holds for this mix of cases: where clonus is rarer among as much other movement, the same confidence is "
        "right less often."
        f"\n\n{table}"
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


def _interval(interval: Interval | None) -> str:
    """Write an interval, nothing where there is none."""
    return "" if interval is None else f"({interval.low:.2f}-{interval.high:.2f})"


def _size(error: ErrorSize, unit: str) -> str:
    """Median and 95th percentile as text."""
    return f"{_number(error.median, 3)} / {_number(error.p95, 2)} {unit}"


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the page that says how well detection works."""
    parser = ArgumentParser(prog="python -m clonus_sense.evaluation.validation", description=main.__doc__)
    parser.add_argument("cases", type=Path, help="folder of cases with cases.json and their recordings")
    parser.add_argument("nights", type=Path, help="folder of whole nights, laid out alike")
    parser.add_argument("--simulated", type=Path, help="table written by clonus_sense.evaluation.simulated_nights")
    parser.add_argument("--learned-nights", type=int, default=N_SIMULATED_NIGHTS, help="as in fitting (default 16)")
    parser.add_argument(
        "--output", type=Path, default=PAGE, help=f"where the page goes (default {PAGE.name} in the package)"
    )
    options = parser.parse_args(arguments)
    validated = validate(options.cases, options.nights, options.simulated, n_simulated=options.learned_nights)
    options.output.write_text(write_page(validated), encoding="utf-8")
    sys.stdout.write(f"{options.output}\n")


if __name__ == "__main__":
    main()
