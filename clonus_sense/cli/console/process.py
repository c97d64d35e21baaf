"""The process around a command: streams, file permissions, Ctrl-C.

Closed output, a full disk, another encoding, or Ctrl-C in the middle of a drawing must not end in a traceback.
"""

from __future__ import annotations

import codecs
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

PRIVATE_UMASK = 0o077
"""Recordings, logs and pages are health data: files get 0600 and folders 0700."""

# Replaced before escaping: ASCII has a look-alike for each.
LOOK_ALIKES = str.maketrans({"–": "-", "—": "-", "−": "-", "…": "...", "×": "x", "≤": "<=", "≥": ">=", "✓": "+"})

ENCODING_ERRORS = "clonus_sense.escape"


def prepare_process() -> None:
    """Make new files private, and let the streams take every text."""
    os.umask(PRIVATE_UMASK)
    # All pictures go into files; a backend from the environment must not matter.
    os.environ["MPLBACKEND"] = "agg"
    codecs.register_error(ENCODING_ERRORS, _escape)
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        # Python sets a stream to None if it was closed at the start.
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115  # lives as long as we do
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors=ENCODING_ERRORS)


def flush_results() -> OSError | None:
    """Flush stdout, and return the error if that fails."""
    try:
        sys.stdout.flush()
    except OSError as error:
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115  # lives as long as the process
        return OSError(error.errno, error.strerror, "standard output")
    return None


@contextmanager
def stoppable() -> Iterator[list[bool]]:
    """Remember Ctrl-C inside the block, where a library may swallow the interrupt.

    matplotlib runs Python from callbacks of compiled code; an interrupt raised there is printed and forgotten.
    """
    pressed: list[bool] = []
    is_ours = (
        threading.current_thread() is threading.main_thread()
        and signal.getsignal(signal.SIGINT) is signal.default_int_handler
    )

    def remember(_number: int, _frame: FrameType | None) -> None:
        pressed.append(True)
        raise KeyboardInterrupt

    if is_ours:
        signal.signal(signal.SIGINT, remember)
    try:
        yield pressed
    finally:
        if is_ours:
            signal.signal(signal.SIGINT, signal.default_int_handler)
    if pressed:
        raise KeyboardInterrupt


def _escape(error: UnicodeError) -> tuple[str, int]:
    """Replace a character that an encoding lacks by a look-alike, else by its JSON escape."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    signs = error.object[error.start : error.end].translate(LOOK_ALIKES)
    escaped = signs.encode("utf-16-be", "surrogatepass")
    units = (int.from_bytes(escaped[at : at + 2]) for at in range(0, len(escaped), 2))
    return "".join(chr(unit) if unit < 0x80 else f"\\u{unit:04x}" for unit in units), error.end
