import io
import json
import sys

import pytest

from clonus_sense.library import Library, list_annotations, standing
from tests.review.made import MadeLeg, add_leg, at
from tests.review.review_files import ITO, as_bytes, review, verdict


@pytest.fixture
def recording(library_path):
    with Library.open(library_path) as library:
        return add_leg(library, MadeLeg(episodes=(at(4.0), at(5.0))))


@pytest.fixture
def file(tmp_path, recording):
    """Write a review file of verdicts on the recording."""

    def write(*verdicts, keys=()):
        path = tmp_path / "review.json"
        said = [one | {"recording": recording.content_hash} for one in verdicts]
        path.write_bytes(as_bytes(review(*said, keys=(recording.content_hash, *keys))))
        return path

    return write


@pytest.fixture
def said(library_path):
    def standing_words():
        with Library.open(library_path) as library:
            return [(word.rater.name, word.verdict) for word in standing(list_annotations(library, 1))]

    return standing_words


def answer(monkeypatch, text):
    """Let somebody at a terminal type this."""
    keyboard = io.StringIO(text)
    keyboard.isatty = lambda: True
    monkeypatch.setattr(sys, "stdin", keyboard)


def test_it_says_who_says_what_and_takes_it(run, file, said):
    path = file(verdict(1, note="a\nb"), verdict(2, reviewer=ITO, verdict="unsure"), keys=("f" * 32,))
    code, lines, errors = run("import-review", path, "--yes", "--no-page")
    assert (code, errors) == (0, "")
    assert lines == [
        "Ito (physician), as stated and not checked:",
        "  recording 1 of P07, Left leg, 2026-11-05 22:00:",
        "    02:00:00–02:00:04: unsure (new)",
        "Sato (physiotherapist), as stated and not checked:",
        "  recording 1 of P07, Left leg, 2026-11-05 22:00:",
        "    02:00:00–02:00:04: rhythmic movement – a / b (new)",
        "Not in this library, left out: recording of 2026-11-05 22:00, Left leg (0 words).",
        "Taken: 2 words.",
    ]
    assert said() == [("Sato", "rhythmic"), ("Ito", "unsure")]


def test_page_is_redrawn_after_it(run, file, tmp_path):
    code, lines, _ = run("page", "last")
    assert code == 0
    code, lines, _ = run("import-review", file(verdict(note="伸展時")), "--yes")
    assert code == 0
    page = tmp_path / "data" / "pages" / "P07" / "2026-11-05.html"
    assert lines[-1] == str(page)
    assert "伸展時" in page.read_text(encoding="utf-8")


def test_taken_twice_is_once(run, file, said):
    path = file(verdict())
    run("import-review", path, "--yes", "--no-page")
    code, lines, _ = run("import-review", path, "--yes", "--no-page")
    assert code == 0
    assert lines[-2:] == ["    02:00:00–02:00:04: rhythmic movement (taken before)", "There is nothing to take."]
    assert said() == [("Sato", "rhythmic")]


@pytest.mark.parametrize(("typed", "code", "n_words"), [("y\n", 0, 1), ("n\n", 130, 0), ("\n", 130, 0)])
def test_it_asks_before_it_writes(run, file, said, monkeypatch, typed, code, n_words):
    answer(monkeypatch, typed)
    assert run("import-review", file(verdict()), "--no-page")[0] == code
    assert len(said()) == n_words


def test_where_nobody_can_be_asked_nothing_is_written(run, file, said):
    code, _, errors = run("import-review", file(verdict()), "--no-page")
    assert code == 1
    assert "say --yes to take these words" in errors
    assert said() == []


def test_pasted_text_is_read_from_standard_input(run, file, said, monkeypatch):
    content = file(verdict()).read_bytes()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content), encoding="utf-8"))
    code, lines, _ = run("import-review", "-", "--yes", "--no-page")
    assert (code, lines[-1]) == (0, "Taken: 1 words.")
    assert said() == [("Sato", "rhythmic")]


@pytest.mark.parametrize(
    ("option", "words"),
    [
        ("--same-person", [("Sato", "unsure")]),
        ("--other-person", [("Sato", "rhythmic"), ("Sato (2)", "unsure")]),
    ],
)
def test_equal_names_are_one_person_or_two(run, file, said, option, words):
    run("import-review", file(verdict(1)), "--yes", "--no-page")
    later = file(verdict(2, verdict="unsure", said_at="2026-11-07T08:00:00+01:00"))
    code, _, errors = run("import-review", later, "--yes", "--no-page")
    assert code == 1
    assert "Sato (physiotherapist) has words in this library already; say --same-person or --other-person" in errors
    assert run("import-review", later, "--yes", "--no-page", option)[0] == 0
    assert said() == words


@pytest.mark.parametrize(("typed", "name"), [("y\ny\n", "Sato"), ("n\ny\n", "Sato (2)")])
def test_it_asks_whether_equal_names_are_one_person(run, file, said, monkeypatch, typed, name):
    run("import-review", file(verdict(1)), "--yes", "--no-page")
    answer(monkeypatch, typed)
    later = file(verdict(2, verdict="unsure", said_at="2026-11-07T08:00:00+01:00"))
    assert run("import-review", later, "--no-page")[0] == 0
    assert said()[-1] == (name, "unsure")


@pytest.mark.parametrize(
    "content",
    [b"", b'{"format"', b"0" * 10_000_000, b"\x1f\x8b", json.dumps({"format": "clonus-sense-review/9"}).encode()],
)
def test_broken_file_gets_one_sentence_and_changes_nothing(run, file, tmp_path, said, content):
    path = tmp_path / "broken.json"
    path.write_bytes(content)
    code, lines, errors = run("import-review", path, "--yes", "--no-page")
    assert (code, lines) == (1, [])
    assert errors.startswith("clonus-sense: broken.json: ")
    assert len(errors.splitlines()) == 1
    assert said() == []


def test_missing_file_gets_one_sentence(run, recording, tmp_path):
    code, _, errors = run("import-review", tmp_path / "none.json", "--yes")
    assert code == 1
    assert len(errors.splitlines()) == 1


def test_in_japanese(run, file):
    code, lines, _ = run("import-review", file(verdict()), "--yes", "--no-page", "--lang", "ja")
    assert code == 0
    assert lines == [
        "Sato (理学療法士(PT))、本人の申告(未確認):",
        "  記録1、P07、左脚、2026-11-05 22:00:",
        "    02:00:00–02:00:04:律動的な動き(新規)",
        "記入1件を取り込みました。",
    ]
