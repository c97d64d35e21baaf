"""What a sensor with the open profile is still to send again."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

# As many ranges wait as in the reference firmware.
MOST_REPLAYS = 8


@dataclass(slots=True)
class Replay:
    """A range of samples that was asked for."""

    first: int
    end: int
    gap_before: bool = False
    was_overtaken: bool = False

    @property
    def is_done(self) -> bool:
        """Whether nothing is left of it."""
        return self.first >= self.end

    def skip_to(self, oldest: int) -> None:
        """Leave out what the ring does not hold any more."""
        if self.first < oldest:
            self.first = min(oldest, self.end)
            self.gap_before = self.was_overtaken = True

    def sent(self, n_samples: int) -> None:
        """Take note that its next samples are out."""
        self.first += n_samples
        self.gap_before = False


class Replays:
    """Ranges of samples that were asked for, in the order of the requests."""

    def __init__(self) -> None:
        self._ranges: deque[Replay] = deque()

    @property
    def is_full(self) -> bool:
        """Whether no further range finds room."""
        return len(self._ranges) >= MOST_REPLAYS

    @property
    def n_left(self) -> int:
        """How many samples are still to be sent."""
        return sum(one.end - one.first for one in self._ranges)

    @property
    def current(self) -> Replay | None:
        """The oldest range; ``None`` where there is none."""
        return self._ranges[0] if self._ranges else None

    def add(self, first: int, end: int) -> None:
        """Take a range."""
        self._ranges.append(Replay(first, end))

    def drop_current(self) -> None:
        """Go on to the next range: the oldest is done."""
        self._ranges.popleft()

    def clear(self) -> None:
        """Drop all ranges."""
        self._ranges.clear()
