"""What a sensor with the open profile is still to send again."""

from __future__ import annotations

from collections import deque

# As many ranges wait as in the reference firmware.
MOST_REPLAYS = 8


class Replays:
    """Ranges of samples that were asked for, in the order of the requests."""

    def __init__(self) -> None:
        self._ranges: deque[tuple[int, int]] = deque()

    @property
    def is_full(self) -> bool:
        """Whether no further range finds room."""
        return len(self._ranges) >= MOST_REPLAYS

    @property
    def n_left(self) -> int:
        """How many samples are still to be sent."""
        return sum(end - first for first, end in self._ranges)

    @property
    def current(self) -> tuple[int, int] | None:
        """What is left of the oldest range, as first sample and the one behind it; ``None`` where there is none."""
        return self._ranges[0] if self._ranges else None

    def add(self, first: int, end: int) -> None:
        """Take a range."""
        self._ranges.append((first, end))

    def sent(self, n_samples: int) -> bool:
        """Take note that the next samples of the oldest range are out; tells whether that was the end of it."""
        first, end = self._ranges.popleft()
        if first + n_samples < end:
            self._ranges.appendleft((first + n_samples, end))
            return False
        return True

    def clear(self) -> None:
        """Drop all ranges."""
        self._ranges.clear()
