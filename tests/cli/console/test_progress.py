import io
import sys

from clonus_sense.cli.console.progress import QUIET_S, show_progress


class Terminal(io.StringIO):
    def isatty(self):
        return True


def steps_shown(monkeypatch, *, seconds_per_step, stderr):
    """What stderr holds after three steps of something."""
    now_s = [0.0]
    monkeypatch.setattr(sys, "stderr", stderr)
    monkeypatch.setattr("clonus_sense.cli.console.progress.monotonic", lambda: now_s[0])
    with show_progress("night.csv") as on_progress:
        for share in (0.3, 0.6, 0.9):
            now_s[0] += seconds_per_step
            on_progress(share)
    return stderr.getvalue()


def test_bar_is_shown_once_something_takes_over_a_second(monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    assert "night.csv" in steps_shown(monkeypatch, seconds_per_step=QUIET_S, stderr=Terminal())


def test_what_is_done_at_once_shows_no_bar(monkeypatch):
    assert "night.csv" not in steps_shown(monkeypatch, seconds_per_step=QUIET_S / 10, stderr=Terminal())


def test_nothing_is_written_where_nobody_watches(monkeypatch):
    assert steps_shown(monkeypatch, seconds_per_step=QUIET_S, stderr=io.StringIO()) == ""
