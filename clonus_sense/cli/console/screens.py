"""Screens that cannot end a night.

While a night is recorded, standard output and standard error go through here.  A write never waits and never fails: a
stopped screen (Ctrl-S, a click into a Windows console), a reader that is gone, a full disk or a terminal that hung up
costs lines on that screen, and no samples.
"""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

# Lines kept for a stopped screen: an hour of the status line.
_MOST_WAITING = 3600
# How long the program waits at the end for a stopped screen to continue.
_LAST_LINES_S = 60.0


@contextlib.contextmanager
def outlasting_the_screen() -> Iterator[None]:
    """Let output and the terminal fail inside the block without an effect on the program.

    Signals of a terminal that hangs up or stops a program are ignored, as under ``nohup``.  Ctrl-C still interrupts.
    """
    with _terminal_signals_ignored(), _wrapped("stdout") as out, _wrapped("stderr") as err:
        handlers = [one for one in logging.getLogger().handlers if isinstance(one, logging.StreamHandler)]
        streams = [one.stream for one in handlers]
        for handler in handlers:
            handler.setStream(err)
        try:
            yield
        finally:
            for handler, stream in zip(handlers, streams, strict=True):
                handler.setStream(stream)
            until_s = time.monotonic() + _LAST_LINES_S
            for screen in (out, err):
                screen.wait(until_s - time.monotonic())


@contextlib.contextmanager
def _terminal_signals_ignored() -> Iterator[None]:
    """Ignore what a terminal sends to a program that it loses or stops."""
    # SIGTTOU and SIGTTIN would stop a recorder in the background when it listens to keys.
    names = ("SIGHUP", "SIGTSTP", "SIGTTIN", "SIGTTOU")
    numbers = [getattr(signal, name) for name in names if hasattr(signal, name)]
    before = [signal.signal(number, signal.SIG_IGN) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)


@contextlib.contextmanager
def _wrapped(name: str) -> Iterator[PatientScreen]:
    """Put a patient screen in the place of a stream of ``sys``."""
    stream: TextIO | None = getattr(sys, name)
    screen = PatientScreen(stream)
    setattr(sys, name, screen)
    try:
        yield screen
    finally:
        # Python flushes a stream once more at its end, and reports what cannot be written then.
        setattr(sys, name, Path(os.devnull).open("w") if screen.has_failed else stream)  # noqa: SIM115 - stays open


class PatientScreen:
    """A stream whose writes are carried out by a thread of its own, as far as they can be."""

    def __init__(self, stream: TextIO | None) -> None:
        self._stream = stream
        self._waiting: deque[str] = deque(maxlen=_MOST_WAITING)
        self._changed = threading.Condition()
        self._is_idle = True
        self.encoding: str = getattr(stream, "encoding", None) or "utf-8"
        self.errors: str = getattr(stream, "errors", None) or "backslashreplace"
        self.has_failed = False
        if stream is not None:
            threading.Thread(target=self._write_all, name="screen", daemon=True).start()

    def isatty(self) -> bool:
        """Whether somebody may be looking."""
        try:
            return self._stream is not None and self._stream.isatty()
        except (OSError, ValueError):
            return False

    def write(self, text: str) -> int:
        """Take text without waiting; where much waits already the oldest gives way."""
        if not isinstance(text, str):
            raise TypeError("a screen shows text")  # asked by click, which would rather write bytes
        if self._stream is not None:
            with self._changed:
                self._waiting.append(text)
                self._changed.notify_all()
        return len(text)

    def flush(self) -> None:
        """Do nothing: the thread writes at once, and nobody may wait for it."""

    def wait(self, for_s: float) -> None:
        """Wait until all is written, or for so long."""
        with self._changed:
            self._changed.wait_for(lambda: not self._waiting and self._is_idle, timeout=max(0.0, for_s))

    def _write_all(self) -> None:
        """Write what comes, for as long as the program runs."""
        assert self._stream is not None
        while True:
            with self._changed:
                self._is_idle = True
                self._changed.notify_all()
                self._changed.wait_for(lambda: bool(self._waiting))
                self._is_idle = False
                text = self._waiting.popleft()
            try:
                self._stream.write(text)
                self._stream.flush()
                self.has_failed = False
            except (OSError, ValueError):
                # Nobody is there to be told; a disk may have room again later.
                self.has_failed = True
