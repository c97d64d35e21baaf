"""A night whose screen comes to grief, in processes of their own, and the screen that is put in its place."""

from __future__ import annotations

import contextlib
import errno
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import click
import pytest

from clonus_sense.cli.console.screens import PatientScreen, outlasting_the_screen
from clonus_sense.recording import EntryKind, ledger_path, read_ledger, read_recording

ROOT = Path(__file__).parents[3]
NIGHT_S = 30.0
HOURS_S = 1200.0
on_terminals = pytest.mark.skipif(sys.platform == "win32", reason="has neither these terminals nor signals")


def begin_night(folder, *, seconds=NIGHT_S, **streams):
    """Start a recorder; gives its process once samples come."""
    streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL} | streams
    command = [sys.executable, "-m", "tests.cli.console.quick_night", str(folder), str(seconds)]
    process = subprocess.Popen(command, cwd=ROOT, start_new_session=True, **streams)
    until_s = time.monotonic() + 60
    while not any(path.stat().st_size > 2000 for path in folder.glob("*_left.csv")):
        assert process.poll() is None, "ended before it began"
        assert time.monotonic() < until_s
        time.sleep(0.02)
    return process


def assert_all_is_kept(folder):
    """Every sample is in the file, the recording ended in order, and the morning's page is there."""
    (path,) = folder.glob("*_left.csv")
    assert read_recording(path).n_samples == int((folder / "came.txt").read_text())
    assert read_ledger(ledger_path(path))[-1].kind == EntryKind.ENDED
    assert (folder / "library.sqlite3").exists()
    (page,) = (folder / "pages").rglob("*.html")
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")
    return read_recording(path).duration_s


@on_terminals
def test_a_night_outlasts_a_terminal_that_is_closed_and_ends_at_its_time_with_its_page(tmp_path):
    ours, theirs = os.openpty()
    process = begin_night(tmp_path, stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    os.close(ours)  # each read and write now fails; the system sends SIGHUP only to the session's own terminal
    os.killpg(process.pid, signal.SIGHUP)
    os.killpg(process.pid, signal.SIGTSTP)
    assert process.wait(60) == 0
    assert assert_all_is_kept(tmp_path) == pytest.approx(NIGHT_S, abs=1.5)


@on_terminals
def test_a_night_outlasts_a_reader_that_goes_away_and_a_disk_that_takes_no_output(tmp_path):
    reading, writing = os.pipe()
    with Path("/dev/full").open("wb") as full:
        process = begin_night(tmp_path, stdout=full, stderr=writing)
    os.close(reading)
    os.close(writing)
    process.wait(60)
    assert assert_all_is_kept(tmp_path) == pytest.approx(NIGHT_S, abs=1.5)


@on_terminals
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_after_a_hangup_a_night_can_still_be_ended(tmp_path, number):
    # A terminal that nobody reads stands still when its buffer is full.
    ours, theirs = os.openpty()
    process = begin_night(tmp_path, seconds=HOURS_S, stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    os.set_blocking(ours, False)
    os.kill(process.pid, signal.SIGHUP)
    time.sleep(0.2)
    assert process.poll() is None
    os.kill(process.pid, number)
    until_s = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < until_s:
        with contextlib.suppress(OSError):
            os.read(ours, 1 << 16)
        time.sleep(0.05)
    assert process.wait(1) == 0
    os.close(ours)
    assert 1 < assert_all_is_kept(tmp_path) < HOURS_S / 2


class StoppedScreen:
    """A screen that takes nothing until it goes on."""

    encoding, errors = "utf-8", "strict"

    def __init__(self):
        self.goes_on = threading.Event()
        self.shown = []

    def isatty(self):
        return True

    def write(self, text):
        self.goes_on.wait()
        self.shown.append(text)

    def flush(self):
        pass


def test_a_screen_that_stands_still_holds_nothing_up_and_shows_the_newest_lines_when_it_goes_on(monkeypatch):
    stopped = StoppedScreen()
    monkeypatch.setattr(sys, "stderr", stopped)
    with outlasting_the_screen():
        assert sys.stderr.isatty()
        for number in range(5000):
            click.echo(str(number), err=True)
        stopped.goes_on.set()
    assert stopped.shown[-1] == "4999\n"
    assert len(stopped.shown) < 5000
    assert sys.stderr is stopped


class BrokenScreen(StoppedScreen):
    """A screen on which nothing can be written."""

    def __init__(self, error):
        super().__init__()
        self.error = error

    def isatty(self):
        raise self.error

    def write(self, text):
        raise self.error


@pytest.mark.parametrize(
    "error",
    [
        BrokenPipeError(errno.EPIPE, "Broken pipe"),
        OSError(errno.EIO, "Input/output error"),
        OSError(errno.ENOSPC, "No space left on device"),
        ValueError("I/O operation on closed file"),
        UnicodeEncodeError("cp932", "é", 0, 1, "illegal multibyte sequence"),
    ],
    ids=lambda error: type(error).__name__ + str(getattr(error, "errno", "")),
)
def test_a_screen_that_fails_is_no_concern_of_who_writes(monkeypatch, error):
    monkeypatch.setattr(sys, "stdout", BrokenScreen(error))
    with outlasting_the_screen():
        assert not sys.stdout.isatty()
        click.echo("page")
        print("page", flush=True)  # noqa: T201
    sys.stdout.write("what follows goes nowhere and fails no more")
    sys.stdout.flush()
    sys.stdout.close()


def test_without_a_stream_there_is_nothing_to_write_to():
    screen = PatientScreen(None)
    assert screen.write("page") == 4
    screen.wait(0)
    assert not screen.isatty()


@on_terminals
def test_the_signals_of_a_terminal_are_ignored_inside_and_as_before_afterwards():
    before = signal.getsignal(signal.SIGHUP)
    with outlasting_the_screen():
        os.kill(os.getpid(), signal.SIGHUP)
        assert signal.getsignal(signal.SIGTTOU) is signal.SIG_IGN
    assert signal.getsignal(signal.SIGHUP) is before
