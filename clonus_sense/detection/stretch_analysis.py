"""The analysis of one stretch: batches wait until they can decide something, then filters and search take them."""

from __future__ import annotations

import numpy as np

from clonus_sense.detection.conditioning import Conditioner, QuietWatch, WorkingPiece
from clonus_sense.detection.filters import choose_working_rate
from clonus_sense.detection.gait.line_rhythm import LineRhythm
from clonus_sense.detection.plain_rhythm import PlainRhythm
from clonus_sense.detection.segments import SegmentSearch
from clonus_sense.detection.working_clock import WorkingClock
from clonus_sense.errors import SignalError
from clonus_sense.model import SampleBatch, Stretch

# Longest wait.  A live sensor sends dozens of small batches a minute; while the leg lies still they wait and are
# processed together.  They hold no rhythm, so no episode comes later for it.
LONGEST_WAIT_S = 120.0
# Longest unprocessed input while no episode is open: five beats of 8 Hz are decided at least 2.2 s after the first, and
# the samples are processed by then.
UNLOOKED_S = 2.2


class StretchAnalysis:
    """The waiting batches, filters and search of one stretch."""

    def __init__(self, stretch: Stretch, floor_g: float) -> None:
        rate = choose_working_rate(stretch.fs_hz)
        self.stretch = stretch
        self._working_hz = rate.working_hz
        self.clock = WorkingClock(stretch, rate)
        self.conditioner = Conditioner(rate, floor_g)
        self._floor_g = floor_g
        self.pending: list[SampleBatch] = []
        self._watch: QuietWatch | None = None
        self._looked_until = 0  # sample up to which the watch has looked
        self._n_looked = 0  # pending batches that it has looked at
        self._search: SegmentSearch | None = None
        self._next_index = 0

    def expect(self, batch: SampleBatch) -> None:
        """Refuse a batch that does not follow the last one."""
        if batch.first_index != self._next_index:
            raise SignalError(
                f"stretch {batch.stretch.number}: expected sample {self._next_index}, got {batch.first_index}; "
                "feed batches in order, and begin a new stretch after every gap."
            )
        self._next_index = batch.end_index

    def can_wait(self) -> bool:
        """Tell whether the waiting samples can wait on: to process them would decide nothing yet."""
        if self.conditioner.is_idle:
            return self._is_still()
        if self._search is None:
            return False
        return self._next_index <= self.conditioner.find_sample_that_completes(self._search.next_decision)

    def _is_still(self) -> bool:
        """Tell whether the waiting samples lie still, and not for too long."""
        fs_hz, end_index = self.stretch.fs_hz, self._next_index
        if end_index - self._looked_until < UNLOOKED_S * fs_hz:
            return True
        if end_index - self.pending[0].first_index > LONGEST_WAIT_S * fs_hz:
            return False
        if self._watch is None:
            self._watch = self.conditioner.start_watch(self._looked_until)
        else:
            self._watch.keep_last_look()  # each look is longer than a block
        fresh = [batch.accel_g for batch in self.pending[self._n_looked :]]
        first_index, self._looked_until = self._looked_until, end_index
        self._n_looked = len(self.pending)
        return self._watch.look(np.concatenate(fresh) if len(fresh) > 1 else fresh[0], first_index)

    def take_pending(self) -> list[SampleBatch]:
        """Hand over the waiting batches, small ones joined into one."""
        pending, self.pending, self._watch = self.pending, [], None
        self._looked_until, self._n_looked = self._next_index, 0
        if len(pending) < 2:
            return pending
        accel_g = np.concatenate([batch.accel_g for batch in pending])
        knot_times_s = np.concatenate([batch.knot_times_s for batch in pending])
        return [SampleBatch(self.stretch, pending[0].first_index, accel_g, knot_times_s)]

    def search(self, piece: WorkingPiece) -> list[PlainRhythm | LineRhythm]:
        """Search the next piece for rhythms; each segment has a search of its own."""
        if self._search is None:
            self._search = SegmentSearch(self._working_hz, self._floor_g, piece.first_index)
        rhythms = self._search.push(piece)
        if piece.closes:
            self._search = None
        return rhythms

    @property
    def undecided_for_s(self) -> float:
        """Length of the time in which an undecided rhythm may begin; 0 while the leg lies still."""
        if self._search is None:
            return 0.0
        n_put_aside = self._next_index - self.pending[0].first_index if self.pending else 0
        return self.clock.end_s + n_put_aside / self.stretch.fs_hz - self.undecided_since_s()

    def undecided_since_s(self) -> float:
        """Give the time before which no further candidate can begin."""
        index = self._search.undecided_since if self._search else self.conditioner.undecided_since
        return float(self.clock.find_seconds(np.asarray(index, dtype=np.float64)))
