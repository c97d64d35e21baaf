"""An asyncio loop that advances its clock instead of waiting, so that a night passes in seconds.

Everything must run in one process and take its time from ``loop.time()``.  Data in sockets is handled before each
advance, so the clock never overtakes it.
"""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar, TypeVarTuple

Result = TypeVar("Result")
Arguments = TypeVarTuple("Arguments")


class FastForwardLoop(asyncio.SelectorEventLoop):
    """An event loop whose clock jumps to the next timer as soon as no work is left."""

    def __init__(self, start_s: float = 1000.0) -> None:
        self._leaping = _LeapingSelector(start_s)
        super().__init__(self._leaping)

    def time(self) -> float:
        """Seconds on the loop's own clock."""
        return self._leaping.now_s

    def run_in_executor(
        self, executor: object, func: Callable[[*Arguments], Result], *args: *Arguments
    ) -> asyncio.Future[Result]:
        """Run at once: during one real millisecond of a thread, an hour of the loop would pass."""
        future: asyncio.Future[Result] = self.create_future()
        try:
            future.set_result(func(*args))
        except Exception as error:
            future.set_exception(error)
        return future


def run_fast_forward(main: Coroutine[Any, Any, Result]) -> Result:
    """Run a coroutine to its end without waiting."""
    with asyncio.Runner(loop_factory=FastForwardLoop) as runner:
        return runner.run(main)


class _LeapingSelector(selectors.DefaultSelector):
    """Advances the clock instead of waiting; without a timer it waits for a socket, as any selector does."""

    def __init__(self, start_s: float) -> None:
        super().__init__()
        self.now_s = start_s

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """Return the ready sockets; if there are none, advance the clock by ``timeout``."""
        if timeout is None:
            return super().select(None)
        ready = super().select(0)
        if not ready and timeout > 0:
            self.now_s += timeout
        return ready
