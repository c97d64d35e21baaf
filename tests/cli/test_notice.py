"""The fixed notice follows results; it never stands before an error."""

from __future__ import annotations

from pathlib import Path

import pytest

from clonus_sense.cli import run
from clonus_sense.i18n import notice

SAMPLE = Path(__file__).parents[2] / "recordings" / "short_night.csv.gz"


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_notice_is_the_last_line_after_results(language, tmp_path, capsys):
    assert run(["detect", str(SAMPLE), "--output", str(tmp_path), "--lang", language]) == 0
    assert capsys.readouterr().err.strip().splitlines()[-1] == notice(language)


@pytest.mark.parametrize(
    "arguments",
    [
        ["detect", "missing.csv", "--output", "results"],
        ["add", "missing.csv", "--library", "nights.db"],
        ["replay", "missing.csv"],
        ["plot", "missing.csv", "--output", "pictures"],
        ["plot", "missing.csv", "--output", "pictures", "--blind"],
        ["page", "last", "--library", "nights.db"],
        ["export", "--output", "out", "--library", "nights.db"],
        ["reanalyse", "--library", "nights.db"],
    ],
    ids=lambda arguments: " ".join(arguments[:1] + arguments[-1:]),
)
def test_an_error_stands_alone(arguments, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert run([*arguments, "--lang", "en"]) == 1
    error = capsys.readouterr().err
    assert "clonus-sense: " in error
    assert notice("en") not in error
