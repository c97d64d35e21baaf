import pytest
from click.testing import CliRunner

from tests.validation.trials import __main__ as trials
from tests.validation.trials.library_verbs import VERBS, call, make_library
from tests.validation.trials.results import Results, table
from tests.validation.trials.trial import Outcome, Trial


def made_of(outcomes):
    """A trial that does these, and the numbers of the attempts that it made."""
    made = []

    def attempt(number, folder):
        made.append(number)
        (folder / "anything").touch()
        return outcomes[number]

    return Trial("shake", "a shake", len(outcomes), attempt), made


def test_equal_outcomes_are_counted_and_those_that_break_a_promise_stand_last_with_their_numbers(tmp_path):
    outcomes = [Outcome("went on", holds=True)] * 3 + [Outcome("fell", holds=False, detail="hard")]
    trial, _made = made_of(outcomes)
    results = Results(tmp_path / "trials.jsonl")
    for number, outcome in enumerate(outcomes):
        results.add(trial, number, outcome)
    assert table([trial], results).endswith("| a shake (`shake`) | 4 | 3 × went on; **1 × fell** (3) |\n")


def test_a_stopped_run_goes_on_and_says_by_its_exit_code_whether_all_promises_hold(tmp_path, monkeypatch):
    trial, made = made_of([Outcome("went on", holds=True)] * 3)
    monkeypatch.setattr(trials, "TRIALS", (trial,))
    Results(tmp_path / "trials.jsonl").add(trial, 1, Outcome("fell", holds=False))
    arguments = ["--results", tmp_path / "trials.jsonl", "--page", tmp_path / "trials.md"]
    ended = CliRunner().invoke(trials.main, [str(one) for one in arguments])
    assert (ended.exit_code, made) == (1, [0, 2])
    ended = CliRunner().invoke(trials.main, [str(one) for one in arguments])
    assert made == [0, 2]
    assert "| 3 | 2 × went on; **1 × fell** (1) |" in (tmp_path / "trials.md").read_text(encoding="utf-8")


def test_a_trial_that_breaks_is_a_fault(tmp_path):
    trial = Trial("shake", "a shake", 1, lambda _number, _folder: 1 / 0)
    assert trials.attempt(trial, 0) == Outcome("the trial itself broke", False, "ZeroDivisionError: division by zero")


@pytest.mark.night
def test_each_verb_does_its_work_where_nothing_stands_in_its_way(tmp_path):
    for name, verb in VERBS.items():
        folder = tmp_path / name
        make_library(folder)
        code, told = call(folder, verb(folder, 0))
        assert code == 0, f"{name}: {told}"
