"""Blocks: the samples that a sensor with the open profile packs together, live and in a replay."""

from __future__ import annotations

from bisect import bisect_right


class Blocks:
    """Splits each power-on period into batch-sized blocks; its last block may be shorter.

    Sample numbers count from the first one that the sensor ever took.
    """

    def __init__(self) -> None:
        self._firsts = [0]
        self._batches = [1]

    def begin(self, sample: int, batch: int) -> None:
        """Pack the next sample and later ones in batches of this size."""
        if self._firsts[-1] == sample:
            self._batches[-1] = batch
        else:
            self._firsts.append(sample)
            self._batches.append(batch)

    def start_of(self, sample: int) -> int:
        """Return the number of the first sample of the block of this sample."""
        run = bisect_right(self._firsts, sample) - 1
        return sample - (sample - self._firsts[run]) % self._batches[run]

    def end_of(self, sample: int) -> int:
        """Return the number of the sample behind the block of this sample."""
        run = bisect_right(self._firsts, sample) - 1
        end = self.start_of(sample) + self._batches[run]
        return min(end, self._firsts[run + 1]) if run + 1 < len(self._firsts) else end
