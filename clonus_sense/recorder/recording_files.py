"""The files of one recording in progress: samples, late samples and ledger, and the live detector."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile
from pathlib import Path

import numpy as np

from clonus_sense.config import DetectionSettings
from clonus_sense.errors import DiskFullError, RecordingError
from clonus_sense.model import Episode, FloatArray, Gap, RecordingInfo, SampleBatch
from clonus_sense.recorder.backfill_file import BackfillFile, merge_backfill
from clonus_sense.recorder.live_detection import GOING_ON_S, LiveDetection
from clonus_sense.recorder.missing_samples import MissingSamples
from clonus_sense.recording import RecordingWriter, RoundedSamples
from clonus_sense.recording.ledger import EntryKind, Ledger, ledger_path
from clonus_sense.sensors.clock import Clocked, LossReason, SensorClock, SensorGap, TimedBatch
from clonus_sense.sensors.link import StreamEnd
from clonus_sense.sensors.packet import SensorPacket, StreamFormat

logger = logging.getLogger(__name__)

# Pause between attempts to write to a full disk, which a person or a program may free meanwhile.
TRY_AGAIN_S = 60.0
# Length of signal that waits in memory for disk space.  Only a kill loses it; if more waits, the oldest is dropped.
HELD_S = 600.0
DISK_FULL = "the disk was full"

# Some sensors send single samples; to write and analyse each alone would cost ten times as much.
GATHER_S = 0.25
# At the end of a recording the sensor is filling the next packet.  A packet overdue by more than this was lost before:
# retransmissions take a few hundred milliseconds.
LATE_PACKET_S = 0.5


@dataclass(frozen=True, slots=True)
class FinishedRecording:
    """One closed recording.

    Parameters
    ----------
    path
        The file; late samples are merged.
    ledger_path
        The file of events.
    info
        Its head.
    n_samples
        Number of samples, late ones included.
    episodes
        Found live; provisional if there were late samples.
    gaps
        Times without samples, before late samples came.
    duration_s
        From the start of the recording to its end.
    trouble
        A sentence about data that could not be written at the end; empty if all was.
    """

    path: Path
    ledger_path: Path
    info: RecordingInfo
    n_samples: int
    episodes: tuple[Episode, ...]
    gaps: tuple[SensorGap, ...]
    duration_s: float
    trouble: str = ""


class RecordingFiles:
    """One recording from its first sample to its last: samples pass the clock, then the file, then the detector."""

    def __init__(
        self,
        path: Path,
        info: RecordingInfo,
        stream: StreamFormat,
        settings: DetectionSettings,
        *,
        origin_s: float,
        ledger: Ledger,
        on_episode: Callable[[Episode], None],
    ) -> None:
        self.path = path
        self.info = info
        self.stream = stream
        self.ledger = ledger
        self._origin_s = origin_s
        self._clock = self._new_clock()
        self._live = LiveDetection(path, settings, info.site, ledger=ledger, on_episode=on_episode)
        self._late = BackfillFile(path, info)
        self._writer = RecordingWriter(path, info)
        self.gaps: list[SensorGap] = []
        self.missing = MissingSamples()
        self._newest_g: FloatArray | None = None
        self._why_lost = ""
        self._is_streaming = False
        self._most_in_packet = 0
        self._now_s = 0.0
        self._waiting: list[TimedBatch] = []
        self._n_waiting = 0
        self._late_waiting: list[tuple[FloatArray, FloatArray]] = []
        self._try_again_s: float | None = None
        self._has_given_up = False

    @property
    def n_samples(self) -> int:
        """Number of samples in the recording, without late ones."""
        return self._writer.n_samples

    @property
    def _end_s(self) -> float:
        """End of the written samples."""
        return self._writer.last_s + 1 / self.stream.fs_hz if self.n_samples else 0.0

    @property
    def measured_s(self) -> float:
        """Measured time in seconds, late samples included."""
        return (self.n_samples + self._late.n_samples) / self.stream.fs_hz

    @property
    def magnitude_g(self) -> float | None:
        """Magnitude of the newest sample; ``None`` before the first."""
        return None if self._newest_g is None else math.hypot(*self._newest_g)

    @property
    def is_disk_full(self) -> bool:
        """Whether samples wait for disk space."""
        return self._try_again_s is not None

    @property
    def n_clonus(self) -> int:
        """Number of clonus episodes, undecided ones included."""
        return self._live.n_clonus

    def push(self, packet: SensorPacket) -> None:
        """Take samples."""
        self._newest_g = packet.accel_g[-1]
        self._now_s = packet.arrival_s - self._origin_s
        self._is_streaming = True
        self._most_in_packet = max(self._most_in_packet, len(packet.accel_g))
        self._take(self._clock.push(packet))

    def lose_link(self, why: str) -> None:
        """Note that this connection is over, and why."""
        self._why_lost = why
        self._is_streaming = False
        self._take(self._clock.restart_link())
        self._write_waiting()
        # The next samples may come late, so report ongoing episodes now.
        self._live.look_ahead(self._now_s, ended_for_s=GOING_ON_S)

    def advance(self, now_s: float) -> None:
        """Process samples that have waited long enough for a missing packet."""
        self._now_s = now_s - self._origin_s
        self._take(self._clock.advance(now_s))
        # Gathered samples wait half a second at most, so a kill loses no more than that.
        self._write_waiting()

    def time_of(self, stamp_ticks: int, boot_id: int | None) -> float | None:
        """Convert a stamp of the sensor to the time in the recording; ``None`` until its samples determine it."""
        return self._clock.time_of(stamp_ticks, boot_id)

    def finish(self, ended_s: float) -> FinishedRecording:
        """End the recording: write waiting samples, decide open episodes, merge late samples."""
        self._now_s = ended_s - self._origin_s
        self._try_again_s = None
        trouble = self._finish_writing()
        self._live.finish(self._now_s)
        duration_s = max(self._end_s, ended_s - self._origin_s)
        self._note_open_end(duration_s)
        n_late = 0
        try:
            self._writer.close()
            n_late = merge_backfill(self.path)
        except RecordingError as error:
            trouble = trouble or str(error)
        self.ledger.write(duration_s, EntryKind.ENDED, n_samples=self.n_samples, n_late_samples=n_late)
        return FinishedRecording(
            path=self.path,
            ledger_path=ledger_path(self.path),
            info=self.info,
            n_samples=self.n_samples + n_late,
            episodes=tuple(self._live.episodes),
            gaps=tuple(self.gaps),
            duration_s=duration_s,
            trouble=trouble,
        )

    def _finish_writing(self) -> str:
        """Write waiting samples as far as the disk allows; returns a sentence about the rest."""
        if self._writer.is_closed:
            return ""  # the code that closed it has given the reason
        try:
            self._take(self._clock.finish())
            self._write_waiting()
        except RecordingError as error:
            return str(error)
        if not self.is_disk_full:
            return ""
        lost_s = max(0.0, self._now_s - self._end_s)
        return f"{self.path}: {DISK_FULL} when the night ended; the last {lost_s:.0f} s of it are not in the file."

    def _new_clock(self) -> SensorClock:
        """Make a clock for samples that continue no earlier ones."""
        return SensorClock(self.stream, origin_s=self._origin_s, step_g=self.info.step_g)

    def _take(self, clocked: Clocked) -> None:
        """Write samples before detection."""
        for gap in clocked.gaps:
            self._note_gap(gap)
        for timed in clocked.batches:
            self._waiting.append(timed)
            self._n_waiting += len(timed.times_s)
        if self._n_waiting >= GATHER_S * self.stream.fs_hz:
            self._write_waiting()
        self._late_waiting += [(late.times_s, late.accel_g) for late in clocked.backfill]
        if self._late_waiting:
            self._write_waiting()

    def _write_waiting(self) -> None:
        """Write the gathered samples and search them for episodes; on a full disk, try once a minute."""
        if self._try_again_s is not None and self._now_s < self._try_again_s:
            self._give_up_held()
            return
        try:
            while self._waiting:
                self._write_stretch()
            while self._late_waiting:
                times_s, accel_g = self._late_waiting[0]
                self._late.append(times_s, accel_g)
                del self._late_waiting[0]
                self._fill_gap(float(times_s[0]), len(times_s))
        except DiskFullError as error:
            if not self.is_disk_full:
                logger.error("%s  The recorder goes on and tries again each minute.", error)  # noqa: TRY400
            self._try_again_s = self._now_s + TRY_AGAIN_S
        else:
            self._try_again_s = None

    def _give_up_held(self) -> None:
        """Drop waiting samples that have become too many, because hours of them would fill the memory."""
        if self._n_waiting < HELD_S * self.stream.fs_hz:
            return
        self._waiting, self._n_waiting, self._late_waiting = [], 0, []
        self._has_given_up = True
        # The next samples begin a stretch of their own, and the sensor is asked for no samples before it.
        self._clock = self._new_clock()
        self.missing.clear()

    def _write_stretch(self) -> None:
        """Write the gathered samples of the oldest stretch."""
        stretch = self._waiting[0].batch.stretch
        parts = list(takewhile(lambda one: one.batch.stretch is stretch, self._waiting))
        timed, end_s = _joined(parts), self._end_s
        self._writer.append_rounded(RoundedSamples(timed.times_s, timed.batch.accel_g))
        del self._waiting[: len(parts)]
        self._n_waiting -= len(timed.times_s)
        if self._has_given_up:
            self._has_given_up = False
            self._write_gap(SensorGap(Gap(end_s, float(timed.times_s[0]), DISK_FULL)), None)
            self._live.restart(self._now_s)
        self._live.push(timed.batch, self._now_s)

    def _note_gap(self, gap: SensorGap) -> None:
        """Record a gap, and request its samples if the sensor may have them."""
        if self._has_given_up and gap.gap.start_s < self._end_s:
            return  # the new clock does not know the samples in the file
        # Samples lost inside the sensor, or never taken, are not in its memory.
        if gap.n_lost and gap.gap.reason != LossReason.SENSOR:
            self.missing.add(gap, gap.n_lost)
        self._write_gap(gap, self._why_lost if gap.gap.reason == LossReason.LINK else None)

    def _write_gap(self, gap: SensorGap, why: str | None) -> None:
        """Write a gap to the ledger."""
        span = gap.gap
        self.gaps.append(gap)
        self.ledger.write(
            span.end_s,
            EntryKind.GAP,
            start_s=span.start_s,
            end_s=span.end_s,
            duration_s=span.duration_s,
            reason=span.reason,
            why=why,
            n_lost=gap.n_lost,
        )

    def _fill_gap(self, first_s: float, n_samples: int) -> None:
        """Count late samples towards the gap that they fill."""
        gap = self.missing.fill(first_s, n_samples, 1 / self.stream.fs_hz)
        if gap is not None:
            self.ledger.write(gap.gap.end_s, EntryKind.BACKFILLED, start_s=gap.gap.start_s, end_s=gap.gap.end_s)

    def _note_open_end(self, duration_s: float) -> None:
        """Record a loss that is open at the end, without the samples that the next packet would have held."""
        length_s = duration_s - self._end_s
        longest_packet_s = self._most_in_packet / self.stream.fs_hz
        least_s = longest_packet_s + LATE_PACKET_S if self._is_streaming else 1 / self.stream.fs_hz
        if self.is_disk_full:
            self._write_gap(SensorGap(Gap(self._end_s, duration_s, DISK_FULL)), None)
        elif length_s > least_s:
            why = StreamEnd.SILENT if self._is_streaming else self._why_lost
            self._write_gap(SensorGap(Gap(self._end_s, duration_s, LossReason.LINK)), why)


def _joined(parts: list[TimedBatch]) -> TimedBatch:
    """Join consecutive batches of one stretch."""
    if len(parts) == 1:
        return parts[0]
    first = parts[0].batch
    accel_g = np.asfortranarray(np.concatenate([part.batch.accel_g for part in parts]))
    knots_s = np.concatenate([part.batch.knot_times_s for part in parts])
    batch = SampleBatch(first.stretch, first.first_index, accel_g, knots_s)
    return TimedBatch(batch, np.concatenate([part.times_s for part in parts]))


def free_path(folder: Path, start: datetime, label: str) -> Path:
    """Choose a free file name from the date and time of the start, and the leg."""
    plain = "".join(sign if sign.isalnum() else "-" for sign in label).strip("-") or "sensor"
    stem = f"{start:%Y-%m-%d_%H%M%S}_{plain}"
    number = 1
    while True:
        name = stem if number == 1 else f"{stem}_{number}"
        path = folder / f"{name}.csv"
        if not (path.exists() or ledger_path(path).exists()):
            return path
        number += 1
