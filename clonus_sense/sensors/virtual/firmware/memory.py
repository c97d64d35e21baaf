"""What a sensor with the open profile knows of the samples that it took, and which of them its ring still holds."""

from __future__ import annotations

from clonus_sense.sensors.packet import NO_FLAGS, PacketFlag
from clonus_sense.sensors.virtual.firmware.blocks import Blocks
from clonus_sense.sensors.virtual.firmware.running_index import RunningIndex
from clonus_sense.sensors.virtual.sampling import Sampler


class SampleMemory:
    """Gives each sample its index, its block and its flags, and forgets the oldest.

    Samples are numbered from the first that the sensor ever took.
    """

    def __init__(self, sampler: Sampler, capacity: int) -> None:
        self._sampler = sampler
        self._capacity = capacity
        self._index = RunningIndex()
        self._blocks = Blocks()
        self._kept_from = 0  # the ring holds nothing from before this sample
        self._marks: dict[int, int] = {}  # of each block, by its first sample: the sample that follows the first press
        self._closed_on_charger: set[int] = set()  # blocks, by their first sample

    def restart(self) -> None:
        """Begin a boot: the index at zero, the ring empty."""
        self.empty()
        self._index.restart(self._kept_from)
        self._marks.clear()

    def empty(self) -> None:
        """Keep nothing of what was sampled; the index goes on."""
        self._kept_from = self._sampler.n_taken()

    def begin(self, rate_hz: float, batch: int, boot_s: float) -> None:
        """Begin to sample; behind a pause the index goes on as the reference's does, by one at least."""
        first = self._sampler.n_taken()
        self._blocks.begin(first, batch)
        self._sampler.begin(rate_hz)
        if self._index.of(first):
            pause_s = self._sampler.stamp_s(first, boot_s) - self._sampler.stamp_s(first - 1, boot_s)
            self._index.resume(first, max(1, round(pause_s * rate_hz) - 1))

    def end(self) -> None:
        """Sample no more."""
        self._sampler.end()
        # A press that no sample followed flags none of a later stream.
        self._marks = {block: at for block, at in self._marks.items() if at < self._sampler.n_taken()}

    def mark_press(self) -> None:
        """Flag the sample that follows the first press in its block."""
        following = self._sampler.n_taken()
        self._marks.setdefault(self._blocks.start_of(following), following)

    def close_on_charger(self) -> None:
        """Flag the block that the charger cuts short."""
        following = self._sampler.n_taken()
        self._closed_on_charger |= {self._blocks.start_of(following)} - {following}

    def next_index(self) -> int:
        """Give the running index of the sample that is taken next."""
        return self._index.of(self._sampler.n_taken())

    def index_of(self, sample: int) -> int:
        """Give the running index of a sample, taken or to be taken."""
        return self._index.of(sample)

    def sample_at(self, index: int) -> int:
        """Give the sample that has this index, or the first behind the pause that the index lies in."""
        return self._index.sample_at(index)

    def oldest_sample(self) -> int:
        """Give the number of the oldest sample that the ring still holds."""
        return max(self._kept_from, self._sampler.n_taken() - self._capacity)

    def block_start(self, sample: int) -> int:
        """Give the first sample of the block that holds this one."""
        return self._blocks.start_of(sample)

    def block_end(self, sample: int) -> int:
        """Give the sample behind the block that holds this one."""
        return self._blocks.end_of(sample)

    def flags_of(self, first: int, n_samples: int) -> PacketFlag:
        """Give what a packet of samples of one block says of them."""
        flags = NO_FLAGS
        block = self._blocks.start_of(first)
        if first <= self._marks.get(block, -1) < first + n_samples:
            flags |= PacketFlag.MARKER
        if block in self._closed_on_charger:
            flags |= PacketFlag.ON_CHARGER
        if self._index.follows_pause(first):
            flags |= PacketFlag.GAP_BEFORE
        return flags
