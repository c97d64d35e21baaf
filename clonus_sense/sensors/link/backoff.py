"""Pauses before another attempt at a sensor that could not be set up."""

from __future__ import annotations

# Radio trouble passes within seconds; after minutes of refusals, another half minute does no harm.
PAUSES_S = (0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
# After a stream this long, the next trouble counts as new.
HEALTHY_AFTER_S = 60.0
# A sensor that is heard again after this long was away: its old trouble is over.
AWAY_S = 4.0


class Backoff:
    """Counts failed connects; listening continues during a pause."""

    def __init__(self) -> None:
        self._n_failed = 0
        self._until_s = 0.0
        self._heard_s: float | None = None

    def failed(self, now_s: float) -> float:
        """Note a failed connect; returns the pause in seconds."""
        pause_s = PAUSES_S[min(self._n_failed, len(PAUSES_S) - 1)]
        self._n_failed += 1
        self._until_s = now_s + pause_s
        self._heard_s = now_s
        return pause_s

    def streamed(self, for_s: float) -> None:
        """Note how long a stream lasted."""
        if for_s >= HEALTHY_AFTER_S:
            self._n_failed = 0

    def may_connect(self, now_s: float) -> bool:
        """Tell whether to connect to a sensor that is heard now."""
        if self._heard_s is not None and now_s - self._heard_s > AWAY_S:
            self._until_s = now_s
        self._heard_s = now_s
        return now_s >= self._until_s
