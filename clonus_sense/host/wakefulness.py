"""Keeps the computer awake during a block, by each system's own means."""

from __future__ import annotations

import contextlib
import ctypes
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

# Flags of SetThreadExecutionState: the system (not the screen) is in use until the next call.
_ES_CONTINUOUS, _ES_SYSTEM_REQUIRED = 0x80000000, 0x00000001

# A refused inhibitor ends at once; one that still runs after this time has worked.
SETTLED_S = 0.3


class Holder(Protocol):
    """A running program that keeps the computer awake for as long as it runs."""

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end."""

    def terminate(self) -> None:
        """End it."""


Start: TypeAlias = Callable[[Sequence[str]], Holder]
"""Starts a program; raises ``OSError`` if it is missing."""


@dataclass(frozen=True, slots=True)
class Wakefulness:
    """Whether the computer is kept awake.

    Parameters
    ----------
    means
        The means that keeps it awake; empty if there is none.
    why_not
        Why there is none; empty otherwise.
    """

    means: str = ""
    why_not: str = ""


@contextlib.contextmanager
def kept_awake(*, platform: str = sys.platform, start: Start | None = None) -> Iterator[Wakefulness]:
    """Keep the computer awake inside the block; sleep is allowed again afterwards, and if this program is killed.

    Parameters
    ----------
    platform
        As ``sys.platform``.
    start
        Starts a program; ``None`` starts a real one.

    Yields
    ------
    Wakefulness
        The means, or the reason why there is none; the night can be recorded in both cases.
    """
    if platform == "win32":
        yield _hold_windows()
        _release_windows()
        return
    command = _command(platform)
    if command is None:
        yield Wakefulness(why_not=f"no means known on {platform}")
        return
    try:
        holder = (start or _start)(command)
    except OSError as error:
        yield Wakefulness(why_not=f"{command[0]}: {error.strerror}")
        return
    try:
        yield _settled(holder, command[0])
    finally:
        holder.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            holder.wait(SETTLED_S)


def _command(platform: str) -> list[str] | None:
    """Command that keeps this system awake; each one stops when this program ends."""
    if platform == "darwin":
        return ["caffeinate", "-i", "-w", str(os.getpid())]
    if platform == "linux":
        return [
            "systemd-inhibit",
            "--what=sleep:idle:handle-lid-switch",
            "--who=clonus-sense",
            "--why=A night is being recorded",
            "--mode=block",
            # Ends when its input closes, which happens at any end of this program.
            "cat",
        ]
    return None


def _start(command: Sequence[str]) -> subprocess.Popen[bytes]:
    """Start a program without input and output."""
    return subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )


def _settled(holder: Holder, name: str) -> Wakefulness:
    """Tell whether a started program is still running."""
    try:
        code = holder.wait(SETTLED_S)
    except subprocess.TimeoutExpired:
        return Wakefulness(means=name)
    return Wakefulness(why_not=f"{name} was refused (exit {code})")


def _hold_windows() -> Wakefulness:
    """Tell Windows that the system is in use."""
    if _set_execution_state(_ES_CONTINUOUS | _ES_SYSTEM_REQUIRED):
        return Wakefulness(means="SetThreadExecutionState")
    return Wakefulness(why_not="SetThreadExecutionState was refused")


def _release_windows() -> None:
    """Tell Windows that it may sleep again."""
    _set_execution_state(_ES_CONTINUOUS)


def _set_execution_state(flags: int) -> int:
    """Call Windows; 0 means refused."""
    windll = getattr(ctypes, "windll", None)
    return 0 if windll is None else int(windll.kernel32.SetThreadExecutionState(flags))
