"""Keys that mark a moment while a night is recorded: any of them, on every system.

The part for Windows was never tried there: its tests play the console.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Protocol

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


@contextlib.contextmanager
def keys_pressed(on_key: Callable[[], None]) -> Iterator[bool]:
    """Tell of every key inside the block, as soon as it is pressed; Ctrl-C stays what it is.

    Parameters
    ----------
    on_key
        Is told of each.

    Yields
    ------
    bool
        Whether keys can be heard: there is a keyboard.
    """
    if not sys.stdin.isatty():
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
    """Listen to the terminal of standard input, key by key; the terminal is as before at the end."""
    import asyncio

    descriptor = sys.stdin.fileno()
    before = termios.tcgetattr(descriptor)
    loop = asyncio.get_running_loop()

    def read() -> None:
        if os.read(descriptor, _LONGEST_KEY):
            on_key()

    tty.setcbreak(descriptor)
    loop.add_reader(descriptor, read)
    try:
        yield
    finally:
        loop.remove_reader(descriptor)
        termios.tcsetattr(descriptor, termios.TCSADRAIN, before)


@contextlib.contextmanager
def console_keys(on_key: Callable[[], None], console: Console) -> Iterator[None]:
    """Look at a console of Windows again and again.

    Parameters
    ----------
    on_key
        Is told of each key; of what came within one look, such as the two halves of an arrow, once.
    console
        ``msvcrt``.
    """
    import asyncio

    loop = asyncio.get_running_loop()
    timer: asyncio.TimerHandle | None = None

    def look() -> None:
        nonlocal timer
        timer = loop.call_later(LOOK_EVERY_S, look)
        n_keys = 0
        while console.kbhit():
            console.getwch()
            n_keys += 1
        if n_keys:
            on_key()

    look()
    try:
        yield
    finally:
        if timer is not None:
            timer.cancel()
