"""Results of trials: a line for each attempt in a file that a stopped run goes on with, and the table made of them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path

from tests.validation.trials.trial import Outcome, Trial

HEAD = """# Trials

What the program is put through, how often, and what it did. Made by one command, which goes on where it was stopped:

```sh
python -m tests.validation.trials
```

An attempt is repeated with `--only TRIAL --number N`; its number decides all chance in it.

| what was tried | how often | what it did |
|---|---|---|
"""


class Results:
    """The attempts that were made, by trial and number.

    Parameters
    ----------
    path
        One JSON object a line; need not exist.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._outcomes: dict[tuple[str, int], Outcome] = {}
        if path.exists():
            for line in path.read_text(encoding="utf-8").splitlines():
                facts = json.loads(line)
                attempt = facts.pop("trial"), facts.pop("number")
                self._outcomes[attempt] = Outcome(**facts)

    def has(self, trial: Trial, number: int) -> bool:
        """Tell whether an attempt was made."""
        return (trial.key, number) in self._outcomes

    def add(self, trial: Trial, number: int, outcome: Outcome) -> None:
        """Write down an attempt."""
        self._outcomes[trial.key, number] = outcome
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"trial": trial.key, "number": number} | asdict(outcome)) + "\n")

    def of(self, trial: Trial) -> dict[int, Outcome]:
        """Give the attempts of a trial by their numbers."""
        return {number: outcome for (key, number), outcome in sorted(self._outcomes.items()) if key == trial.key}


def table(trials: Sequence[Trial], results: Results) -> str:
    """Write the page with the table of all trials."""
    return HEAD + "".join(_row(trial, results.of(trial)) for trial in trials)


def _row(trial: Trial, outcomes: dict[int, Outcome]) -> str:
    """Write a row: what the attempts did, the most frequent first; at last what breaks a promise, with numbers."""
    good = Counter(outcome.says for outcome in outcomes.values() if outcome.holds)
    bad = Counter(outcome.says for outcome in outcomes.values() if not outcome.holds)
    said = [f"{n} × {says}" for says, n in good.most_common()]
    said += [f"**{n} × {says}** ({_numbers(outcomes, says)})" for says, n in bad.most_common()]
    n_open = trial.n_attempts - len(outcomes)
    said += [f"{n_open} not tried yet"] if n_open else []
    return f"| {trial.tried} (`{trial.key}`) | {len(outcomes)} | {'; '.join(said)} |\n"


def _numbers(outcomes: dict[int, Outcome], says: str) -> str:
    """List some numbers of attempts that did the same."""
    return _some([str(number) for number, outcome in outcomes.items() if outcome.says == says])


def _some(numbers: Iterable[str]) -> str:
    """Put up to five of them behind one another."""
    listed = list(numbers)
    return ", ".join(listed[:5]) + (", …" if len(listed) > 5 else "")
