"""An asyncio loop that does not wait: where it would sleep, it moves its clock, and a night passes in seconds.

Everything must live in one process and take its time from ``loop.time()``.  Data under way in a socket always comes
before a leap, so that nothing is overtaken by the clock.
"""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar, TypeVarTuple

Result = TypeVar("Result")
Arguments = TypeVarTuple("Arguments")


class FastForwardLoop(asyncio.SelectorEventLoop):
    """An event loop whose clock leaps to the next timer as soon as there is nothing left to do."""

    def __init__(self, start_s: float = 1000.0) -> None:
        self._leaping = _LeapingSelector(start_s)
        super().__init__(self._leaping)

    def time(self) -> float:
        """Seconds on the loop's own clock."""
        return self._leaping.now_s

    def run_in_executor(
        self, executor: object, func: Callable[[*Arguments], Result], *args: *Arguments
    ) -> asyncio.Future[Result]:
        """Run at once: beside a thread that takes a real millisecond, an hour would leap by."""
        future: asyncio.Future[Result] = self.create_future()
        try:
            future.set_result(func(*args))
        except Exception as error:
            future.set_exception(error)
        return future


def run_fast_forward(main: Coroutine[Any, Any, Result]) -> Result:
    """Run a coroutine to its end without waiting for anything."""
    with asyncio.Runner(loop_factory=FastForwardLoop) as runner:
        return runner.run(main)


class _LeapingSelector(selectors.DefaultSelector):
    """Never waits for a time to pass; with no timer set it waits for a socket, as any selector."""

    def __init__(self, start_s: float) -> None:
        super().__init__()
        self.now_s = start_s

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """Give what is ready; if nothing is, move the clock by ``timeout``."""
        if timeout is None:
            return super().select(None)
        ready = super().select(0)
        if not ready and timeout > 0:
            self.now_s += timeout
        return ready
