"""The running index of a sensor with the open profile: a pause in sampling advances it as lost samples would."""

from __future__ import annotations

from bisect import bisect_right


class RunningIndex:
    """Gives each sample of one boot its index.

    Sample numbers count from the first one that the sensor ever took, without holes; indices jump over each pause.
    """

    def __init__(self) -> None:
        self._samples = [0]  # the first of each run
        self._indices = [0]

    def restart(self, sample: int) -> None:
        """Begin a boot: the next sample, this one, has index 0."""
        self._samples, self._indices = [sample], [0]

    def resume(self, sample: int, n_missed: int) -> None:
        """Continue after a pause in which ``n_missed`` samples would have been taken before this one."""
        index = self.of(sample) + n_missed
        self._samples.append(sample)
        self._indices.append(index)

    def of(self, sample: int) -> int:
        """Index of a past or future sample."""
        run = bisect_right(self._samples, sample) - 1
        return self._indices[run] + sample - self._samples[run]

    def sample_at(self, index: int) -> int:
        """Return the number of the sample with this index; for an index in a pause, the first sample after it."""
        run = bisect_right(self._indices, index) - 1
        sample = self._samples[run] + index - self._indices[run]
        return min(sample, self._samples[run + 1]) if run + 1 < len(self._samples) else sample

    def follows_pause(self, sample: int) -> bool:
        """Whether this sample is the first after a pause."""
        return sample in self._samples[1:]
