"""Which samples a sensor with the open profile packs together, live and again in a replay."""

from __future__ import annotations

from bisect import bisect_right


class Blocks:
    """Cuts the samples of each time that the sensor was on into blocks of its batch; the last of a time may be shorter.

    Samples are numbered from the first that the sensor ever took.
    """

    def __init__(self) -> None:
        self._firsts = [0]
        self._batches = [1]

    def begin(self, sample: int, batch: int) -> None:
        """Pack this sample, the next to be taken, and those behind it in batches of so many."""
        if self._firsts[-1] == sample:
            self._batches[-1] = batch
        else:
            self._firsts.append(sample)
            self._batches.append(batch)

    def start_of(self, sample: int) -> int:
        """Give the first sample of the block that holds this one."""
        run = bisect_right(self._firsts, sample) - 1
        return sample - (sample - self._firsts[run]) % self._batches[run]

    def end_of(self, sample: int) -> int:
        """Give the sample behind the block that holds this one."""
        run = bisect_right(self._firsts, sample) - 1
        end = self.start_of(sample) + self._batches[run]
        return min(end, self._firsts[run + 1]) if run + 1 < len(self._firsts) else end
