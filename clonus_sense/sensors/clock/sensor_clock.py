"""The sensor's clock: packets in, timed samples of gap-free stretches out."""

from __future__ import annotations

from collections.abc import Iterable

from clonus_sense.sensors.clock.backfill import BackfillBook
from clonus_sense.sensors.clock.clocked import Backfill, Clocked, LossReason, SensorGap, TimedBatch
from clonus_sense.sensors.clock.doubtful_packets import DoubtfulPackets
from clonus_sense.sensors.clock.gaps import Missing, RunCutter
from clonus_sense.sensors.clock.host_map import HostMap
from clonus_sense.sensors.clock.numbering import NumberedPacket, Numberer
from clonus_sense.sensors.clock.queues import HOLD_S, ArrivalQueue, Loss, OrderedQueue, Run, RunJoiner, contradict
from clonus_sense.sensors.clock.timeline import Timeline
from clonus_sense.sensors.packet import PacketFlag, SensorPacket, StreamFormat

# Stamps come from a crystal: half an hour of arrivals averages out the scatter of the radio.  A count comes from the
# oscillator of the accelerometer, which drifts by hundreds of ppm while the sensor warms on the leg.
_CRYSTAL = {"window_s": 1800.0, "offset_window_s": 600.0, "prior_ratio": 1e-4}
_OSCILLATOR = {"window_s": 240.0, "offset_window_s": 60.0, "prior_ratio": 0.03}
# A packet cannot arrive before its measurement; more than this is a clock that jumped, not an error of the map.
_EARLY_S = 0.25
# The first packet of a new connection comes at once; a count further behind than this has restarted.
_STALE_S = 5.0
# Stamps in milliseconds scatter by a few milliseconds at any rate.
_STAMP_SCATTER_S = 0.005
# A clock that was set back makes every packet at least this late; the radio alone delays most packets less.
_SET_BACK_S = 0.05
# The longest time that a radio holds packets back.
_LONGEST_STALL_S = 60.0
# Consecutive packets may be longer or shorter by this part of the length that their samples predict.
_ANY_RATE_RATIO = 0.6
# Weight of a packet in the running share of misfits; above this share the measured period is wrong.
_ODD_WEIGHT, _MOST_ODD_SHARE = 0.1, 0.3
# A reboot is silent for longer than this; a clock that is set is not.
_BOOTS_FOR_S = 2.0
_NOTHING = Clocked()


class SensorClock:
    """Gives the samples of one sensor their times, over all its connections of a recording.

    Samples come out as soon as a quarter of a second is complete.  Behind a missing packet they come out after at most
    1 s.  At the start of a recording, after a restart of the sensor, and during a stall of a sensor without stamps
    they come out after at most 1.5 s.

    Parameters
    ----------
    stream
        The format of the stream.
    origin_s
        The host's time, by the clock of the arrivals, at second 0 of the recording.
    step_g
        Step that the file's head states, in g; ``None`` if it states none.

    Attributes
    ----------
    n_passed_over
        Samples that were pushed and did not come out: repeats, samples of an earlier boot, and damaged packets.

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
        self._doubtful = DoubtfulPackets(stream)
        self._queue: OrderedQueue | None = None
        self._joiner = RunJoiner()
        self._arrivals = ArrivalQueue(1 / stream.fs_hz, self._map)
        self._n_passed_over = 0
        self._link_restarted = False
        self._must_count_anew = True
        self._unproven: tuple[SensorPacket, NumberedPacket] | None = None
        self._last_device_s = self._last_arrival_s = 0.0
        self._odd_share = 0.0

    @property
    def n_passed_over(self) -> int:
        """Samples that were pushed and did not come out: repeats, samples of an earlier boot, and damaged packets."""
        waiting = 0 if self._queue is None else self._queue.n_passed_over
        return self._n_passed_over + self._book.n_passed_over + waiting + self._doubtful.n_samples

    def restart_link(self) -> Clocked:
        """Note that the link was lost: no more packets of this connection follow.

        Returns
        -------
        Clocked
            The samples that were still waiting.
        """
        settled = self._end_connection()
        self._link_restarted = True
        self._must_count_anew |= self._stream.counts_anew
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
            The results settled by it.
        """
        if packet.first_index is None and packet.stamp_ticks is None:
            runs = [*self._arrivals.push(packet), *self._arrivals.release(packet.arrival_s)]
            return self._place(runs)
        numbered = self._numberer.place(packet)
        if PacketFlag.REPLAYED in packet.flags:
            return self._pass_over(packet) if numbered is None else self._fill(numbered)
        if self._must_count_anew:
            return self._begin_epoch([packet], self._why_counted_anew())
        reason = self._why_doubted(packet, numbered)
        if reason is not None:
            return self._doubt(packet, reason)
        if numbered is None:
            return self._pass_over(packet)
        settled = self._reconsider()
        return _joined([settled, self._hear_witness(packet, self._numberer.place(packet) or numbered)])

    def advance(self, now_s: float) -> Clocked:
        """Advance the host's time while no packet comes.

        Parameters
        ----------
        now_s
            The host's time, by the clock of the arrivals.

        Returns
        -------
        Clocked
            The samples that have waited long enough.
        """
        settled = []
        if self._unproven is not None and now_s - self._unproven[0].arrival_s >= HOLD_S:
            settled.append(self._settle_unproven())
        return _joined([*settled, self._release(now_s, everything=False)])

    def finish(self) -> Clocked:
        """End the recording.

        Returns
        -------
        Clocked
            The samples that were still waiting.
        """
        return _joined([self._end_connection(), self._cutter.finish()])

    def time_of(self, stamp_ticks: int, boot_id: int | None) -> float | None:
        """Convert a stamp of the sensor to the time in the recording.

        Parameters
        ----------
        stamp_ticks
            The device's stamp, of an event between or before the samples.
        boot_id
            The boot that it belongs to; ``None`` if the sensor has none.

        Returns
        -------
        float or None
            Seconds since the start of the recording; ``None`` until samples of this boot have determined its time.
        """
        if self._queue is None or self._queue.next is None:
            return None
        device_s = self._numberer.device_s(stamp_ticks, boot_id)
        return None if device_s is None else self._map.seconds(device_s) - self._origin_s

    def _release(self, now_s: float, *, everything: bool) -> Clocked:
        """Give out the samples that have waited long enough."""
        runs = self._arrivals.release(now_s, everything=everything)
        if self._queue is not None:
            runs += self._queue.release(now_s, self._numberer.period, everything=everything)
        return _joined([self._place(runs), *map(self._place_one, self._joiner.take())])

    def _end_connection(self) -> Clocked:
        """Give out all waiting samples; of the packets in doubt, those that agree with each other."""
        settled = [self._settle_unproven()]
        if self._doubtful.agree:
            settled.append(self._begin_epoch(self._doubtful.take(), LossReason.CLOCK_JUMP))
        self._n_passed_over += self._doubtful.drop()
        return _joined([*settled, self._release(0.0, everything=True)])

    def _pass_over(self, packet: SensorPacket) -> Clocked:
        """Drop a packet that is a repeat or belongs to an earlier boot."""
        self._n_passed_over += len(packet.accel_g)
        return _NOTHING

    def _doubt(self, packet: SensorPacket, reason: LossReason) -> Clocked:
        """Keep a packet that does not fit; accept such packets once they are consecutive for long enough."""
        # The tolerance includes a sensor that starts to sample twice as fast.
        tolerance_s = (
            self._tolerance_s(len(packet.accel_g)) + _ANY_RATE_RATIO * len(packet.accel_g) / self._stream.fs_hz
        )
        settled = _NOTHING
        if not self._doubtful.are_followed_by(packet, tolerance_s, may_miss=True):
            settled = self._reconsider()
        self._doubtful.add(packet)
        if not self._doubtful.prove_a_jump:
            return settled
        return _joined([settled, self._begin_epoch(self._doubtful.take(), reason)])

    def _reconsider(self) -> Clocked:
        """Accept the packets in doubt that fit now, and discard the others."""
        settled = []
        for packet in self._doubtful.take():
            numbered = self._numberer.place(packet)
            if numbered is None or self._why_doubted(packet, numbered) is not None:
                self._n_passed_over += len(packet.accel_g)
                self._odd_share += _ODD_WEIGHT
            else:
                settled.append(self._hear_witness(packet, numbered))
        if self._odd_share > _MOST_ODD_SHARE:
            # Too many packets do not fit: the measured period no longer holds.
            self._numberer.period.restart(is_known=False)
            self._odd_share = 0.0
        return _joined(settled)

    def _tolerance_s(self, n_samples: int) -> float:
        """Largest distance of a stamp from the one that the samples before it predict."""
        return self._numberer.tolerance_s(n_samples) + _STAMP_SCATTER_S

    def _why_doubted(self, packet: SensorPacket, numbered: NumberedPacket | None) -> LossReason | None:
        """Check a packet against its arrival and earlier packets; ``None`` if it fits, else the loss it would mean."""
        if not self._numberer.knows_boot(packet.boot_id):
            return LossReason.REBOOT
        if numbered is None:
            # It has the stamp of the newest packet: a repeat, unless it continues a clock that was set back.
            tolerance_s = self._tolerance_s(len(packet.accel_g))
            goes_on = self._doubtful.are_followed_by(packet, tolerance_s, may_miss=False)
            return LossReason.CLOCK_JUMP if goes_on else None
        if self._is_known_late(numbered):
            return None
        late_s = packet.arrival_s - self._map.seconds(numbered.device_s)
        unsure_s = 2 * self._map.uncertainty_ratio * abs(numbered.device_s - self._last_device_s)
        if late_s < -_EARLY_S - unsure_s:
            return LossReason.CLOCK_JUMP
        is_next = numbered.first == self._numberer.end
        n_samples = numbered.end - self._numberer.end
        # If the index jumps too, the stamp must show the same jump.
        fits_s = (
            self._tolerance_s(n_samples) if is_next else max(self._numberer.tolerance_s(n_samples), _STAMP_SCATTER_S)
        )
        fits = abs(numbered.misfit_s) <= fits_s
        stale_s = unsure_s + (_STALE_S if self._link_restarted and packet.boot_id is None else _LONGEST_STALL_S)
        is_stale = late_s > stale_s and not (is_next and fits and not self._link_restarted)
        # A damaged packet may hold more samples than there was time for; one of the usual size does not.
        may_go_on = late_s > _SET_BACK_S or (not is_next and self._doubtful.last_length == len(packet.accel_g))
        tolerance_s = self._tolerance_s(len(packet.accel_g))
        goes_on = may_go_on and self._doubtful.are_followed_by(packet, tolerance_s, may_miss=False)
        if fits and not is_stale and not goes_on and not self._came_before(numbered, late_s):
            return None
        first_s = self._doubtful.first_arrival_s or packet.arrival_s
        boots_for_s = max(_BOOTS_FOR_S, 2 * len(packet.accel_g) / self._stream.fs_hz)
        return LossReason.REBOOT if first_s - self._last_arrival_s > boots_for_s else LossReason.CLOCK_JUMP

    def _is_known_late(self, packet: NumberedPacket) -> bool:
        """Whether a packet is late: its samples are missing, or its index and stamp both say that it is old."""
        if packet.end > self._numberer.end:
            return False
        says_it_twice = self._stream.index_bits is not None and self._stream.tick_s is not None
        is_consistent = says_it_twice and not packet.has_gap_before and abs(packet.misfit_s) <= _EARLY_S
        return is_consistent or self._book.misses(packet)

    def _came_before(self, packet: NumberedPacket, late_s: float) -> bool:
        """Whether all samples of a packet were given out or given up, or would have been if there were any."""
        if self._queue is None or packet.end > self._numberer.end:
            return False
        return self._queue.is_late(packet) or late_s > _STALE_S

    def _hear_witness(self, packet: SensorPacket, numbered: NumberedPacket) -> Clocked:
        """Accept a packet; if only its stamp shows a loss before it, wait for the next packet to confirm."""
        settled = []
        if self._unproven is not None:
            before, before_numbered = self._unproven
            self._unproven = None
            if contradict(before_numbered, numbered):
                # A correct stamp follows, so the one before was damaged.
                self._n_passed_over += len(before.accel_g)
            else:
                settled.append(self._take(before, before_numbered))
                numbered = self._numberer.place(packet) or numbered
        if packet.first_index is None and numbered.first > self._numberer.end:
            self._unproven = packet, numbered
            return _joined(settled)
        return _joined([*settled, self._take(packet, numbered)])

    def _settle_unproven(self) -> Clocked:
        """Accept the packet that still waits for confirmation."""
        unproven, self._unproven = self._unproven, None
        return _NOTHING if unproven is None else self._take(*unproven)

    def _why_counted_anew(self) -> LossReason:
        """Reason for a restarted count when there is no other evidence."""
        expected = self._link_restarted and self._stream.counts_anew
        return LossReason.LINK if expected else LossReason.REBOOT

    def _begin_epoch(self, packets: list[SensorPacket], reason: LossReason) -> Clocked:
        """Give out the waiting samples of the epoch before, and count from the first of these packets on."""
        settled = _joined([self._settle_unproven(), self._release(0.0, everything=True)])
        is_first = self._queue is None
        if self._queue is not None:
            self._n_passed_over += self._queue.n_passed_over
        self._must_count_anew = False
        self._map.restart()
        self._numberer.start_epoch(packets[0])
        self._queue = OrderedQueue(None if is_first else Loss(reason, is_new_epoch=True), packets[0].arrival_s)
        taken = []
        for packet in packets:
            numbered = self._numberer.place(packet)
            # Scrambled packets may hold one that lies before the first of them.
            taken.append(self._pass_over(packet) if numbered is None else self._take(packet, numbered))
        return _joined([settled, *taken])

    def _take(self, packet: SensorPacket, numbered: NumberedPacket) -> Clocked:
        """Take an accepted packet."""
        assert self._queue is not None
        if self._queue.is_late(numbered):
            return self._fill(numbered)
        self._link_restarted = False
        self._odd_share *= 1 - _ODD_WEIGHT
        is_next = numbered.first == self._numberer.end or self._map.is_empty
        # Only the next expected packet may move the map to earlier times: a damaged packet never is the next.
        if is_next or packet.arrival_s >= self._map.seconds(numbered.device_s):
            self._map.add(numbered.device_s, packet.arrival_s)
        self._numberer.accept(packet, numbered)
        self._last_device_s, self._last_arrival_s = numbered.device_s, packet.arrival_s
        self._queue.push(numbered)
        return self._place(self._queue.release(packet.arrival_s, self._numberer.period))

    def _fill(self, packet: NumberedPacket) -> Clocked:
        """Take missing samples from a late packet, after the joiner, which may hold the end of the gap."""
        settled = [self._place_one(run) for run in self._joiner.take()]
        return _joined([*settled, Clocked(backfill=tuple(self._book.fill(packet)))])

    def _place(self, runs: Iterable[Run]) -> Clocked:
        """Give runs their times and cut them into stretches."""
        return _joined([self._place_one(joined) for run in runs for joined in self._joiner.push(run)])

    def _place_one(self, run: Run) -> Clocked:
        """Give one run its times, and note the loss before it."""
        before_s = self._timeline.last_s
        times_s = self._timeline.place(run, self._map, self._numberer.period.seconds)
        return self._cutter.cut(times_s, run.accel_g, self._note_missing(run, before_s, float(times_s[0])))

    def _note_missing(self, run: Run, before_s: float | None, after_s: float) -> Missing | None:
        """Record samples lost before a run, so that late ones find their place and a replay knows the loss."""
        loss = run.loss
        if loss is None:
            return None
        if loss.n_lost is None or run.first is None or before_s is None:
            return Missing(loss)
        first_lost = run.first - loss.n_lost
        self._book.lose(self._numberer.epoch, first_lost, run.first, before_s=before_s, after_s=after_s)
        if self._stream.index_bits is None:
            return Missing(loss)
        return Missing(loss, first_lost % (1 << self._stream.index_bits), run.boot_id)


def _joined(parts: list[Clocked]) -> Clocked:
    """Concatenate results."""
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
