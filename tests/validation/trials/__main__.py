"""Runs the trials that were not run yet, for so many minutes at most, and writes their table."""

from __future__ import annotations

import logging
import sys
import tempfile
import time
from pathlib import Path

import click

from tests.validation.trials.registry import TRIALS
from tests.validation.trials.results import Results, table
from tests.validation.trials.trial import Outcome, Trial

ROOT = Path(__file__).parents[3]


@click.command(help=__doc__)
@click.option("--only", "keys", multiple=True, type=click.Choice([trial.key for trial in TRIALS]), help="This trial.")
@click.option("--number", type=int, help="Only this attempt, once more; writes nothing down.")
@click.option("--minutes", default=480.0, show_default=True, help="Begin no attempt after so long.")
@click.option("--results", default=ROOT / "results" / "trials.jsonl", type=click.Path(path_type=Path))
@click.option("--page", default=ROOT / "docs" / "trials.md", type=click.Path(path_type=Path))
def main(keys: tuple[str, ...], number: int | None, minutes: float, results: Path, page: Path) -> None:
    """Run the trials that were not run yet and write the page."""
    chosen = [trial for trial in TRIALS if not keys or trial.key in keys]
    if number is not None:
        for trial in chosen:
            click.echo(f"{trial.key} {number}: {attempt(trial, number)}")
        return
    results.parent.mkdir(parents=True, exist_ok=True)
    page.parent.mkdir(parents=True, exist_ok=True)
    done = Results(results)
    until_s = time.monotonic() + 60 * minutes
    for trial in chosen:
        for one in range(trial.n_attempts):
            if done.has(trial, one) or time.monotonic() > until_s:
                continue
            outcome = attempt(trial, one)
            done.add(trial, one, outcome)
            if not outcome.holds:
                click.echo(f"{trial.key} {one}: {outcome}", err=True)
    page.write_text(table(TRIALS, done), encoding="utf-8")
    click.echo(page)
    sys.exit(any(not outcome.holds for trial in TRIALS for outcome in done.of(trial).values()))


def attempt(trial: Trial, number: int) -> Outcome:
    """Do something once, in a folder of its own; a trial that breaks is a fault, too."""
    with tempfile.TemporaryDirectory(prefix="trial-") as folder:
        try:
            return trial.attempt(number, Path(folder))
        except Exception as error:
            return Outcome("the trial itself broke", holds=False, detail=f"{type(error).__name__}: {error}")


if __name__ == "__main__":
    logging.disable(logging.ERROR)  # thousands of wrong packets are meant
    main()
