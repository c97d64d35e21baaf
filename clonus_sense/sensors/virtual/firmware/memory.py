"""The sample memory of a sensor with the open profile: indices, blocks and flags, and the content of its ring."""

from __future__ import annotations

from clonus_sense.sensors.packet import NO_FLAGS, PacketFlag
from clonus_sense.sensors.virtual.firmware.blocks import Blocks
from clonus_sense.sensors.virtual.firmware.running_index import RunningIndex
from clonus_sense.sensors.virtual.sampling import Sampler


class SampleMemory:
    """Gives each sample its index, its block and its flags, and forgets the oldest.

    Sample numbers count from the first one that the sensor ever took.
    """

    def __init__(self, sampler: Sampler, capacity: int) -> None:
        self._sampler = sampler
        self._capacity = capacity
        self._index = RunningIndex()
        self._blocks = Blocks()
        self._kept_from = 0  # the ring holds no samples before this one
        self._marks: dict[int, int] = {}  # first sample of each block: the sample after its first press
        self._closed_on_charger: set[int] = set()  # blocks, by their first sample

    def restart(self) -> None:
        """Begin a boot: index zero, empty ring."""
        self.empty()
        self._index.restart(self._kept_from)
        self._marks.clear()

    def empty(self) -> None:
        """Empty the ring; the index continues."""
        self._kept_from = self._sampler.n_taken()

    def begin(self, rate_hz: float, batch: int, boot_s: float) -> None:
        """Start sampling; after a pause the index advances by the missed samples, by at least one."""
        first = self._sampler.n_taken()
        self._blocks.begin(first, batch)
        self._sampler.begin(rate_hz)
        if self._index.of(first):
            pause_s = self._sampler.stamp_s(first, boot_s) - self._sampler.stamp_s(first - 1, boot_s)
            self._index.resume(first, max(1, round(pause_s * rate_hz) - 1))

    def end(self) -> None:
        """Stop sampling."""
        self._sampler.end()
        # A press without a following sample must not flag a later stream.
        self._marks = {block: at for block, at in self._marks.items() if at < self._sampler.n_taken()}

    def mark_press(self) -> None:
        """Flag the sample that follows the first press in its block."""
        following = self._sampler.n_taken()
        self._marks.setdefault(self._blocks.start_of(following), following)

    def close_on_charger(self) -> None:
        """Flag the block that the charger ends early."""
        following = self._sampler.n_taken()
        self._closed_on_charger |= {self._blocks.start_of(following)} - {following}

    def next_index(self) -> int:
        """Return the running index of the next sample."""
        return self._index.of(self._sampler.n_taken())

    def index_of(self, sample: int) -> int:
        """Return the running index of a past or future sample."""
        return self._index.of(sample)

    def sample_at(self, index: int) -> int:
        """Return the number of the sample with this index; for an index in a pause, the first sample after it."""
        return self._index.sample_at(index)

    def oldest_sample(self) -> int:
        """Return the number of the oldest sample in the ring."""
        return max(self._kept_from, self._sampler.n_taken() - self._capacity)

    def block_start(self, sample: int) -> int:
        """Return the number of the first sample of the block of this sample."""
        return self._blocks.start_of(sample)

    def block_end(self, sample: int) -> int:
        """Return the number of the sample behind the block of this sample."""
        return self._blocks.end_of(sample)

    def flags_of(self, first: int, n_samples: int) -> PacketFlag:
        """Return the flags of a packet of samples of one block."""
        flags = NO_FLAGS
        block = self._blocks.start_of(first)
        if first <= self._marks.get(block, -1) < first + n_samples:
            flags |= PacketFlag.MARKER
        if block in self._closed_on_charger:
            flags |= PacketFlag.ON_CHARGER
        if self._index.follows_pause(first):
            flags |= PacketFlag.GAP_BEFORE
        return flags
