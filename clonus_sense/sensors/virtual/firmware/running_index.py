"""The running index of a sensor with the open profile: over a pause in sampling it goes on as if samples were lost."""

from __future__ import annotations

from bisect import bisect_right


class RunningIndex:
    """Gives each sample of one boot its index.

    Samples are numbered from the first that the sensor ever took, without holes; indices jump over each pause.
    """

    def __init__(self) -> None:
        self._samples = [0]  # the first of each run
        self._indices = [0]

    def restart(self, sample: int) -> None:
        """Begin a boot: this sample, the next to be taken, has index 0."""
        self._samples, self._indices = [sample], [0]

    def resume(self, sample: int, n_missed: int) -> None:
        """Go on behind a pause, in which so many samples would have been taken before this one."""
        index = self.of(sample) + n_missed
        self._samples.append(sample)
        self._indices.append(index)

    def of(self, sample: int) -> int:
        """Give the index of a sample, taken or to be taken."""
        run = bisect_right(self._samples, sample) - 1
        return self._indices[run] + sample - self._samples[run]

    def sample_at(self, index: int) -> int:
        """Give the sample that has this index, or the first behind the pause that the index lies in."""
        run = bisect_right(self._indices, index) - 1
        sample = self._samples[run] + index - self._indices[run]
        return min(sample, self._samples[run + 1]) if run + 1 < len(self._samples) else sample

    def follows_pause(self, sample: int) -> bool:
        """Whether this sample is the first behind a pause."""
        return sample in self._samples[1:]
