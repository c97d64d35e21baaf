"""The sensor's clock: packets in, samples of gap-free stretches with their times out."""

from __future__ import annotations

from collections.abc import Iterable

from clonus_sense.sensors.clock.backfill import BackfillBook
from clonus_sense.sensors.clock.cutter import Missing, RunCutter
from clonus_sense.sensors.clock.host_map import HostMap
from clonus_sense.sensors.clock.nouns import Backfill, Clocked, LossReason, SensorGap, TimedBatch
from clonus_sense.sensors.clock.numbering import NumberedPacket, Numberer
from clonus_sense.sensors.clock.queues import ArrivalQueue, Loss, OrderedQueue, Run, RunJoiner
from clonus_sense.sensors.clock.timeline import Timeline
from clonus_sense.sensors.packet import SensorPacket, StreamFormat

# Stamps run from a crystal: half an hour of arrivals beats the scatter of the radio.  A count runs from the oscillator
# of the accelerometer, which drifts by hundreds of ppm while the sensor warms on the leg.
_CRYSTAL = {"window_s": 1800.0, "offset_window_s": 600.0, "prior_ratio": 1e-4}
_OSCILLATOR = {"window_s": 240.0, "offset_window_s": 60.0, "prior_ratio": 0.03}
# Nothing arrives before it was measured; more than this is a clock that jumped, and no error of the map.
_EARLY_S = 0.25
# The first packet of a new connection comes at once; a count that is further behind began anew.
_STALE_S = 5.0
_NOTHING = Clocked()


class SensorClock:
    """Gives the samples of one sensor their times, over all its connections of a recording.

    Samples come out at the latest 1.5 s after their packet at the start of a recording, and where a sensor began anew
    or one without stamps stalls; 1 s after it behind a packet that is missing; as soon as a quarter of a second is
    together else.

    Parameters
    ----------
    stream
        How the sensor streams.
    origin_s
        The host's time, by the clock of the arrivals, at second 0 of the recording.
    step_g
        Step that the file's head states, in g; ``None`` where it states none.

    Attributes
    ----------
    n_passed_over
        Samples that came twice, or from a boot that is over: all that was pushed and did not come out.

    Examples
    --------
    >>> import numpy as np
    >>> clock = SensorClock(StreamFormat(fs_hz=50.0, range_g=8.0, index_bits=32), origin_s=100.0, step_g=None)
    >>> out = []
    >>> for packet in range(10):
    ...     lost = 25 if packet > 4 else 0
    ...     arrival_s = 100.48 + (25 * packet + lost) / 50
    ...     out.append(clock.push(SensorPacket(np.zeros((25, 3)), arrival_s, first_index=25 * packet + lost)))
    >>> out.append(clock.finish())
    >>> [batch.batch.stretch.number for clocked in out for batch in clocked.batches]
    [0, 0, 0, 0, 0, 1, 1, 1, 1, 1]
    >>> [(gap.n_lost, gap.gap.reason, round(gap.gap.duration_s, 3)) for clocked in out for gap in clocked.gaps]
    [(25, 'packets lost', 0.5)]
    """

    def __init__(self, stream: StreamFormat, *, origin_s: float, step_g: float | None) -> None:
        self._stream = stream
        self._cutter = RunCutter(stream.fs_hz, step_g)
        self._origin_s = origin_s
        self._timeline = Timeline(origin_s)
        self._book = BackfillBook(step_g)
        self._map = HostMap(**(_OSCILLATOR if stream.tick_s is None else _CRYSTAL))
        self._numberer = Numberer(stream)
        self._queue: OrderedQueue | None = None
        self._joiner = RunJoiner()
        self._arrivals = ArrivalQueue(1 / stream.fs_hz, self._map)
        self._epoch = -1
        self._n_passed_over = 0
        self._link_restarted = False
        self._last_device_s = 0.0

    @property
    def n_passed_over(self) -> int:
        """Samples that came twice, or from a boot that is over: all that was pushed and did not come out."""
        waiting = 0 if self._queue is None else self._queue.n_passed_over
        return self._n_passed_over + self._book.n_passed_over + waiting

    def restart_link(self) -> Clocked:
        """Say that the link was lost: nothing more of the old connection will come.

        Returns
        -------
        Clocked
            What was still waiting.
        """
        settled = self._release(0.0, everything=True)
        self._link_restarted = True
        self._numberer.restart_link()
        if self._stream.counts_anew:
            self._numberer.begin_epoch()
        self._arrivals.lose_link()
        if self._queue is not None:
            self._queue.lose_link()
        return settled

    def push(self, packet: SensorPacket) -> Clocked:
        """Take a packet.

        Parameters
        ----------
        packet
            As the driver decoded it, in the order of arrival.

        Returns
        -------
        Clocked
            What is settled now.
        """
        if packet.first_index is None and packet.stamp_ticks is None:
            runs = [*self._arrivals.push(packet), *self._arrivals.release(packet.arrival_s)]
            return self._place(runs)
        numbered = self._numberer.number(packet)
        if numbered is None:
            self._n_passed_over += len(packet.accel_g)
            return _NOTHING
        if numbered.is_replayed:
            return self._fill(numbered)
        reason = self._why_new_epoch(numbered)
        if reason is not None:
            self._numberer.begin_epoch()
            numbered = self._numberer.number(packet) or numbered
        if numbered.epoch == self._epoch:
            return self._take(numbered)
        settled = self._begin_epoch(numbered, reason or self._why_counted_anew())
        return _joined([settled, self._take(numbered)])

    def advance(self, now_s: float) -> Clocked:
        """Say how late it is while no packet comes.

        Parameters
        ----------
        now_s
            The host's time, by the clock of the arrivals.

        Returns
        -------
        Clocked
            What has waited long enough.
        """
        return self._release(now_s, everything=False)

    def finish(self) -> Clocked:
        """End the recording.

        Returns
        -------
        Clocked
            What was still waiting.
        """
        return _joined([self._release(0.0, everything=True), self._cutter.finish()])

    def time_of(self, stamp_ticks: int, boot_id: int | None) -> float | None:
        """Give the time in the recording at which the sensor's clock showed a stamp.

        Parameters
        ----------
        stamp_ticks
            The device's stamp, of an event between or before the samples.
        boot_id
            The boot that it belongs to; ``None`` where the sensor has none.

        Returns
        -------
        float or None
            Seconds since the start of the recording; ``None`` while no samples of this boot have told their time.
        """
        if self._queue is None or self._queue.next is None:
            return None
        device_s = self._numberer.device_s(stamp_ticks, boot_id)
        return None if device_s is None else self._map.seconds(device_s) - self._origin_s

    def _release(self, now_s: float, *, everything: bool) -> Clocked:
        """Give out what has waited long enough."""
        runs = self._arrivals.release(now_s, everything=everything)
        if self._queue is not None:
            runs += self._queue.release(now_s, self._numberer.period, everything=everything)
        return _joined([self._place(runs), *map(self._place_one, self._joiner.take())])

    def _why_new_epoch(self, packet: NumberedPacket) -> LossReason | None:
        """Hold a packet's time against its arrival: a clock that jumped, or began anew, does not fit."""
        if packet.epoch != self._epoch or self._map.is_empty:
            return None
        late_s = packet.arrival_s - self._map.seconds(packet.device_s)
        if -_EARLY_S <= late_s <= _STALE_S:
            return None
        unsure_s = 2 * self._map.uncertainty_ratio * abs(packet.device_s - self._last_device_s)
        if late_s < -_EARLY_S - unsure_s:
            return LossReason.CLOCK_JUMP
        if self._link_restarted and packet.boot_id is None and late_s > _STALE_S + unsure_s:
            return LossReason.REBOOT
        return None

    def _why_counted_anew(self) -> LossReason:
        """Say why a sensor's count began anew, where nothing else tells."""
        expected = self._link_restarted and self._stream.counts_anew
        return LossReason.LINK if expected else LossReason.REBOOT

    def _begin_epoch(self, packet: NumberedPacket, reason: LossReason) -> Clocked:
        """Give out what waits of the epoch before, and begin anew."""
        settled = self._release(0.0, everything=True)
        is_first = self._queue is None
        if self._queue is not None:
            self._n_passed_over += self._queue.n_passed_over
        self._epoch = packet.epoch
        self._map.restart()
        self._queue = OrderedQueue(None if is_first else Loss(reason, is_new_epoch=True), packet.arrival_s)
        return settled

    def _take(self, packet: NumberedPacket) -> Clocked:
        """Take a packet of the running epoch."""
        assert self._queue is not None
        if self._queue.is_late(packet):
            return self._fill(packet)
        self._link_restarted = False
        self._map.add(packet.device_s, packet.arrival_s)
        self._last_device_s = packet.device_s
        self._queue.push(packet)
        return self._place(self._queue.release(packet.arrival_s, self._numberer.period))

    def _fill(self, packet: NumberedPacket) -> Clocked:
        """Take what is missing out of a late packet; what waits to be joined may be the end of that gap."""
        settled = [self._place_one(run) for run in self._joiner.take()]
        return _joined([*settled, Clocked(backfill=tuple(self._book.fill(packet)))])

    def _place(self, runs: Iterable[Run]) -> Clocked:
        """Give runs their times and cut them into stretches."""
        return _joined([self._place_one(joined) for run in runs for joined in self._joiner.push(run)])

    def _place_one(self, run: Run) -> Clocked:
        """Give one run its times, and note what is missing before it."""
        before_s = self._timeline.last_s
        times_s = self._timeline.place(run, self._map, self._numberer.period.seconds)
        return self._cutter.cut(times_s, run.accel_g, self._note_missing(run, before_s, float(times_s[0])))

    def _note_missing(self, run: Run, before_s: float | None, after_s: float) -> Missing | None:
        """Note what is missing before a run, for the book of late samples and for a replay."""
        loss = run.loss
        if loss is None:
            return None
        if loss.n_lost is None or run.first is None or before_s is None:
            return Missing(loss)
        first_lost = run.first - loss.n_lost
        self._book.lose(self._epoch, first_lost, run.first, before_s=before_s, after_s=after_s)
        if self._stream.index_bits is None:
            return Missing(loss)
        return Missing(loss, first_lost % (1 << self._stream.index_bits), run.boot_id)


def _joined(parts: list[Clocked]) -> Clocked:
    """Put what is settled one behind the other."""
    if not parts:
        return _NOTHING
    if len(parts) == 1:
        return parts[0]
    batches: list[TimedBatch] = []
    gaps: list[SensorGap] = []
    backfill: list[Backfill] = []
    for part in parts:
        batches += part.batches
        gaps += part.gaps
        backfill += part.backfill
    return Clocked(tuple(batches), tuple(gaps), tuple(backfill))
