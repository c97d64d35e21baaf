import logging
import subprocess
import sys

import pytest

import clonus_sense as package
from clonus_sense.cli import commands, main


def test_version_is_that_of_the_package(clonus_sense):
    code, out, _ = clonus_sense("--version")
    assert code == 0
    assert out == f"clonus-sense, version {package.__version__}\n"


def test_overview_says_what_each_command_does_in_a_whole_sentence(clonus_sense):
    _, out, _ = clonus_sense("--help")
    for name in commands.commands:
        line = next(line for line in out.splitlines() if line.strip().startswith(f"{name} "))
        assert line.endswith(".")
        assert not line.endswith("...")


def test_module_runs_like_the_program():
    command = [sys.executable, "-m", "clonus_sense", "--version"]
    assert package.__version__ in subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_main_leaves_with_the_exit_code(tmp_path):
    with pytest.raises(SystemExit) as left:
        main(["replay", str(tmp_path / "missing.csv")])
    assert left.value.code == 1


@pytest.mark.parametrize("arguments", [("-v", "evaluate"), ("evaluate", "-v")])
def test_verbose_counts_on_either_side_of_the_command(clonus_sense, arguments):
    clonus_sense(*arguments)
    assert logging.getLogger("clonus_sense").level == logging.INFO
