"""Writes ``docs/VALIDATION.md``, the page about the accuracy of detection.

``python -m tests.validation.validation DEV NIGHTS --simulated NIGHTS.csv`` fits and judges out of fold, scores, and
writes the page and its figure; no number on it is typed by hand.  ``NIGHTS.csv`` is the table of
:mod:`~tests.validation.simulated_nights`.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from clonus_sense.evaluation.accuracy import evaluate
from clonus_sense.report.plots import png
from tests.validation.calibration import measure_calibration
from tests.validation.fitting import N_SIMULATED_NIGHTS, fit_decisions, weigh_kinds, write_detections
from tests.validation.labelled import LabelledKinds, collect_candidates, collect_injected, collect_simulated
from tests.validation.reliability import plot_reliability
from tests.validation.simulated_nights import describe_counts, read_counts
from tests.validation.validation_page import FIGURE_NAME, UNTOUCHED_FOLD, Validated, write_page

PAGE = Path(__file__).parents[2] / "docs" / "VALIDATION.md"


def validate(cases: Path, nights: Path, simulated: Path | None, *, n_simulated: int = N_SIMULATED_NIGHTS) -> Validated:
    """Judge every case by weights fitted without its fold, and score.

    Parameters
    ----------
    cases, nights
        Folders of cases with their recordings.
    simulated
        Table of simulated nights.
    n_simulated
        Number of simulated nights for the fit.
    """
    known = LabelledKinds.join([collect_candidates(cases), collect_candidates(nights)])
    learned = [known, collect_injected(cases)]
    if n_simulated:
        learned.append(collect_simulated(range(n_simulated)))
    candidates = LabelledKinds.join(learned)
    decide = cache(lambda fold: fit_decisions(candidates.without_fold(fold)))
    counts = read_counts(simulated) if simulated is not None else []
    with TemporaryDirectory() as folder:
        found = Path(folder)
        for part in (cases, nights):
            write_detections(part, found / part.name, decide)
        return Validated(
            evaluate(found / cases.name, cases),
            evaluate(found / cases.name, cases, folds=[UNTOUCHED_FOLD]),
            evaluate(found / nights.name, nights),
            measure_calibration(
                weigh_kinds(known, decide),
                np.concatenate([known.plain.is_true, known.in_gait.is_true]),
                np.concatenate([known.plain.recording, known.in_gait.recording]),
            ),
            describe_counts(counts) if counts else "No simulated nights were counted.",
        )


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the page about the accuracy of detection."""
    parser = ArgumentParser(prog="python -m tests.validation.validation", description=main.__doc__)
    parser.add_argument("cases", type=Path, help="folder of cases with cases.json and their recordings")
    parser.add_argument("nights", type=Path, help="folder of whole nights, laid out alike")
    parser.add_argument("--simulated", type=Path, help="table written by tests.validation.simulated_nights")
    parser.add_argument("--learned-nights", type=int, default=N_SIMULATED_NIGHTS, help="as in fitting (default 16)")
    parser.add_argument(
        "--output", type=Path, default=PAGE, help=f"where the page goes (default {PAGE.name} in the package)"
    )
    options = parser.parse_args(arguments)
    validated = validate(options.cases, options.nights, options.simulated, n_simulated=options.learned_nights)
    figure = options.output.with_name(FIGURE_NAME)
    figure.write_bytes(png(plot_reliability(validated.calibration), "en"))
    options.output.write_text(write_page(validated), encoding="utf-8")
    sys.stdout.write(f"{options.output}\n{figure}\n")


if __name__ == "__main__":
    main()
