"""``report``: a PDF of several nights, from a library with recordings."""

import io
from datetime import timedelta
from pathlib import Path

import pytest
from pypdf import PdfReader

from tests.workflows.made import START, write_minute


@pytest.fixture
def two_nights(run, tmp_path):
    """Two short nights of P07; each holds a bout in its minute, and the first lost its file."""
    paths = [write_minute(tmp_path / f"{k}.csv", start=START + timedelta(days=k), seed=k) for k in (0, 1)]
    for path in paths:
        assert run("add", path, "--no-page")[0] == 0
    assert run("correct", "rest", "2026-11-05", "--from", "22:30", "--to", "22:31")[0] == 0
    return paths


def text_of(path):
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(Path(path).read_bytes())).pages]


def test_the_report_lies_beside_the_pages_is_private_and_draws_its_movements(run, two_nights, library_path, drawn):
    code, [path], errors = run("report", "--since", "2026-11-05", "--until", "2026-11-05")
    assert (code, errors.count("not a medical device")) == (0, 1)
    assert Path(path) == library_path.parent / "pages" / "P07" / "nights_2026-11-05_2026-11-05.pdf"
    assert Path(path).stat().st_mode & 0o077 == 0
    first, second = text_of(path)
    assert "Person: P07" in first
    assert "median length, longest, strongest, least certain" in second


def test_without_the_recording_the_report_says_so(run, two_nights):
    two_nights[0].unlink()
    code, [path], _ = run("report", "--until", "2026-11-05", "--lang", "ja")
    assert code == 0
    assert "波形" in text_of(path)[1].replace(" ", "")


def test_an_own_file_is_not_overwritten_unless_asked_and_personal_data_stay_out(run, two_nights, tmp_path):
    own = tmp_path / "mine.pdf"
    own.write_bytes(b"mine")
    code, _, errors = run("report", "--output", own, "--no-personal-data")
    assert code == 1
    assert "mine.pdf" in errors
    assert own.read_bytes() == b"mine"
    assert run("report", "--output", own, "--no-personal-data", "--replace")[0] == 0
    assert "P07" not in " ".join(text_of(own))
