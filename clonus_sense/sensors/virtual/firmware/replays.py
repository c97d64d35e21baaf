"""Queue of the ranges that a sensor with the open profile must still replay."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

# The same capacity as in the reference firmware.
MOST_REPLAYS = 8


@dataclass(slots=True)
class Replay:
    """The remaining samples ``[first, end)`` of a requested range."""

    first: int
    end: int
    gap_before: bool = False
    was_overtaken: bool = False

    @property
    def is_done(self) -> bool:
        """Whether no samples remain."""
        return self.first >= self.end

    def skip_to(self, oldest: int) -> None:
        """Skip samples that the ring no longer holds."""
        if self.first < oldest:
            self.first = min(oldest, self.end)
            self.gap_before = self.was_overtaken = True

    def sent(self, n_samples: int) -> None:
        """Note that the next samples were sent."""
        self.first += n_samples
        self.gap_before = False


class Replays:
    """Requested ranges, in the order of the requests."""

    def __init__(self) -> None:
        self._ranges: deque[Replay] = deque()

    @property
    def is_full(self) -> bool:
        """Whether the queue is full."""
        return len(self._ranges) >= MOST_REPLAYS

    @property
    def n_left(self) -> int:
        """Number of samples still to be sent."""
        return sum(one.end - one.first for one in self._ranges)

    @property
    def current(self) -> Replay | None:
        """The oldest range; ``None`` if there is none."""
        return self._ranges[0] if self._ranges else None

    def add(self, first: int, end: int) -> None:
        """Add a range."""
        self._ranges.append(Replay(first, end))

    def drop_current(self) -> None:
        """Remove the oldest range."""
        self._ranges.popleft()

    def clear(self) -> None:
        """Remove all ranges."""
        self._ranges.clear()
