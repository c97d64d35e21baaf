"""Keys that mark a moment while a night is recorded: any of them, on every system.

The part for Windows was never tried there: its tests play the console.
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

# A console of Windows cannot wake a loop; nobody notices a tenth of a second, and looking costs nothing.
LOOK_EVERY_S = 0.1

# One press may be several bytes, such as an arrow.
_LONGEST_KEY = 64


class Console(Protocol):
    """What of ``msvcrt`` is used; Ctrl-C is no key there and stays what it is."""

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
    """Tell of every key inside the block, as soon as it is pressed; Ctrl-C stays what it is."""
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
    """Listen to the terminal of standard input, key by key; the terminal is as before at the end.

    A terminal that hangs up is listened to no longer.
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
            # It would be ready to be read for ever.
            loop.remove_reader(descriptor)

    with contextlib.ExitStack() as at_the_end:
        with contextlib.suppress(OSError, termios.error):
            before = termios.tcgetattr(descriptor)
            tty.setcbreak(descriptor, termios.TCSANOW)  # a screen that was stopped is not waited for
            loop.add_reader(descriptor, read)
            at_the_end.callback(_restore, descriptor, before)
            at_the_end.callback(loop.remove_reader, descriptor)
        yield


def _restore(descriptor: int, before: list[Any]) -> None:
    """Give a terminal back as it was, if it is still there."""
    with contextlib.suppress(OSError, termios.error):
        # Not after what was written: a screen that was stopped never shows it.
        termios.tcsetattr(descriptor, termios.TCSANOW, before)


@contextlib.contextmanager
def console_keys(on_key: Callable[[], None], console: Console) -> Iterator[None]:
    """Look at a console of Windows again and again."""
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
