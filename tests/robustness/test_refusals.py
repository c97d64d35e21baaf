"""What cannot be read is refused with one sentence and exit 1, and nothing is written."""

from __future__ import annotations

import errno
import gzip
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.robustness.nights import TEN_GIGABYTES, write
from tests.robustness.told import check_refused


def rows_moved(text: bytes) -> bytes:
    """Time and x have changed places."""
    head, names, rows = text.partition(b"time_s,x_g,y_g,z_g\n")
    moved = [b",".join((fields[1], fields[0], *fields[2:])) for fields in (r.split(b",") for r in rows.splitlines())]
    return head + names + b"\n".join(moved) + b"\n"


def without_values(text: bytes) -> bytes:
    head, names, rows = text.partition(b"time_s,x_g,y_g,z_g\n")
    return head + names + b"".join(row.split(b",")[0] + b",nan,nan,nan\n" for row in rows.splitlines())


def every_fourth_row(text: bytes) -> bytes:
    head, names, rows = text.replace(b"fs_hz: 50.0", b"fs_hz: 12.5").partition(b"time_s,x_g,y_g,z_g\n")
    return head + names + b"".join(rows.splitlines(keepends=True)[::4])


def one_sample_of(fs_hz: bytes) -> Callable[[bytes], bytes]:
    """Keep one sample, so that the stated rate alone tells the rate."""

    def rewrite(text: bytes) -> bytes:
        head, names, rows = text.replace(b"fs_hz: 50.0", b"fs_hz: " + fs_hz).partition(b"time_s,x_g,y_g,z_g\n")
        return head + names + rows.splitlines(keepends=True)[0]

    return rewrite


def before_the_start(text: bytes) -> bytes:
    head, names, rows = text.partition(b"time_s,x_g,y_g,z_g\n")
    fields = (row.split(b",", 1) for row in rows.splitlines())
    return head + names + b"".join(b"%.6f,%s\n" % (float(time_s) - 1e6, rest) for time_s, rest in fields)


@pytest.mark.parametrize(
    ("rewrite", "sentence"),
    [
        (lambda _text: b"", "the file is empty"),
        (lambda text: text[:40], "the file ends within its head"),
        (lambda text: text[: text.index(b"time_s") + 19], "a head but not one whole sample"),
        (lambda text: text[: text.index(b"time_s") + 30], "a head but not one whole sample"),
        (lambda text: text.replace(b"time_s,x_g,y_g,z_g", b"time_s,x_g,y_g"), "`z_g` is missing"),
        (lambda text: text.replace(b"recording/1", b"recording/2"), "update clonus_sense"),
        (rows_moved, "--columns"),
        (without_values, "not one readable sample"),
        (every_fourth_row, "12.5 Hz is too slow"),
        (one_sample_of(b"1e300"), "1e+300 Hz is faster than any accelerometer"),
        (one_sample_of(b"1e9"), "1e+09 Hz is faster than any accelerometer"),
        (one_sample_of(b"0"), "the head states no rate"),
        (before_the_start, "`time_s` lies before 0"),
        (lambda _text: b"Dear diary,\n\nslept well\n", "no table of numbers"),
        (
            lambda _text: b"<!doctype html>\n<html>Please log in</html>\n" * 50,
            "a web page or XML and no table of numbers",
        ),
        (lambda _text: b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40, "this is a picture"),
        (lambda text: gzip.compress(text)[:30], "the compressed file is cut off"),
    ],
)
def test_what_cannot_be_read_is_one_sentence(clonus_sense, short_text, tmp_path, rewrite, sentence):
    path = tmp_path / "a.csv"
    path.write_bytes(rewrite(short_text))
    check_refused(clonus_sense("detect", path, "--output", tmp_path / "results"), path, sentence)
    assert not (tmp_path / "results").exists()


def test_ten_gigabytes_of_nul_are_refused(clonus_sense, tmp_path):
    path = tmp_path / "a.csv"
    path.touch()
    os.truncate(path, TEN_GIGABYTES)
    check_refused(clonus_sense("detect", path, "--output", tmp_path / "results"), path, "NUL bytes")


@pytest.mark.parametrize("command", ["detect", "plot"])
def test_parquet_cut_off_is_refused(clonus_sense, short, tmp_path, command):
    path = write(tmp_path / "a.parquet", short)
    os.truncate(path, path.stat().st_size // 2)
    check_refused(clonus_sense(command, path, "--output", tmp_path / "results"), path, "copy it once more")
    assert not (tmp_path / "results").exists()


@pytest.mark.parametrize("command", ["detect", "plot", "replay"])
def test_folder_and_missing_file_are_refused(clonus_sense, tmp_path, command):
    output = () if command == "replay" else ("--output", tmp_path / "results")
    for path, sentence in ((tmp_path, "is a folder"), (tmp_path / "none.csv", "check its name")):
        check_refused(clonus_sense(command, path, *output), path, sentence)


def test_file_that_must_not_be_read_is_refused(clonus_sense, short_text, tmp_path, monkeypatch):
    path = tmp_path / "a.csv"
    path.write_bytes(short_text)
    open_any = Path.open

    def open_others(self, *arguments, **options):
        if self == path:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return open_any(self, *arguments, **options)

    monkeypatch.setattr(Path, "open", open_others)
    monkeypatch.setattr(os, "access", lambda place, mode, **_options: place != path or mode == os.F_OK)
    check_refused(clonus_sense("detect", path, "--output", tmp_path / "results"), path, "check the permissions")


@pytest.mark.parametrize("verb", ["detect", "add"])
def test_a_link_that_leads_to_itself_is_one_sentence(clonus_sense, tmp_path, verb):
    path = tmp_path / "a.csv"
    path.symlink_to(path)
    told = clonus_sense(verb, path, *(["--output", tmp_path / "results"] if verb == "detect" else []))
    check_refused(told, path, "a.csv")


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such names.")
@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_name_with_line_breaks_and_escapes_is_shown_on_one_line(clonus_sense, tmp_path, language):
    path = tmp_path / "a\nclonus-sense: all is well.\x1b[2J.csv"
    path.write_text("junk")
    told = clonus_sense("detect", path, "--output", tmp_path / "results", "--lang", language)
    assert told.code == 1
    [line] = told.err.splitlines()
    assert "a\\u000aclonus-sense: all is well.\\u001b[2J.csv" in line
