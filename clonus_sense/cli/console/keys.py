"""Any key marks a moment while a night is recorded, on every system.

The part for Windows has not been tried on Windows; its tests simulate the console.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import asyncio

if sys.platform == "win32":
    import msvcrt
else:
    import termios
    import tty

# A Windows console cannot wake the event loop; a delay of a tenth of a second goes unnoticed.
LOOK_EVERY_S = 0.1

# One press may be several bytes, such as an arrow.
_LONGEST_KEY = 64


class Console(Protocol):
    """The used part of ``msvcrt``; Ctrl-C still interrupts."""

    def kbhit(self) -> bool:
        """Tell whether a key waits."""
        ...

    def getwch(self) -> str:
        """Take one key, or the first half of a special one."""
        ...


def has_keyboard() -> bool:
    """Tell whether somebody can press keys: standard input is a terminal that still answers."""
    try:
        return sys.stdin is not None and sys.stdin.isatty()
    except (OSError, ValueError):
        return False


@contextlib.contextmanager
def keys_pressed(on_key: Callable[[], None]) -> Iterator[bool]:
    """Call ``on_key`` for every key inside the block; Ctrl-C still interrupts.

    Yields whether there is a keyboard.
    """
    if not has_keyboard():
        yield False
        return
    if sys.platform == "win32":
        listening = console_keys(on_key, msvcrt)
    else:
        listening = terminal_keys(on_key)
    with listening:
        yield True


@contextlib.contextmanager
def terminal_keys(on_key: Callable[[], None]) -> Iterator[None]:
    """Read keys from the terminal of standard input, and restore its mode at the end.

    After the terminal hangs up, no key is read.
    """
    import asyncio

    descriptor = sys.stdin.fileno()
    loop = asyncio.get_running_loop()

    def read() -> None:
        try:
            keys = os.read(descriptor, _LONGEST_KEY)
        except OSError:
            keys = b""
        if keys:
            on_key()
        else:
            # A closed terminal stays readable for ever.
            loop.remove_reader(descriptor)

    with contextlib.ExitStack() as at_the_end:
        with contextlib.suppress(OSError, termios.error):
            before = termios.tcgetattr(descriptor)
            tty.setcbreak(descriptor, termios.TCSANOW)  # do not wait for a stopped screen
            loop.add_reader(descriptor, read)
            at_the_end.callback(_restore, descriptor, before)
            at_the_end.callback(loop.remove_reader, descriptor)
        yield


def _restore(descriptor: int, before: list[Any]) -> None:
    """Restore the mode of a terminal, if it still exists."""
    with contextlib.suppress(OSError, termios.error):
        # TCSADRAIN would wait for a stopped screen for ever.
        termios.tcsetattr(descriptor, termios.TCSANOW, before)


@contextlib.contextmanager
def console_keys(on_key: Callable[[], None], console: Console) -> Iterator[None]:
    """Poll a Windows console for keys."""
    import asyncio

    loop = asyncio.get_running_loop()
    timer: asyncio.TimerHandle | None = None

    def look() -> None:
        nonlocal timer
        timer = loop.call_later(LOOK_EVERY_S, look)
        n_keys = 0
        try:
            while console.kbhit():
                console.getwch()
                n_keys += 1
        except OSError:
            timer.cancel()  # the console is gone
        if n_keys:
            on_key()

    look()
    try:
        yield
    finally:
        if timer is not None:
            timer.cancel()
