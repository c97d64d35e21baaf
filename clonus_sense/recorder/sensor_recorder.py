"""Records one sensor through a night: writes the data of its link, and keeps the ledger."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import fields
from datetime import datetime, timedelta

from clonus_sense.errors import DiskFullError, RecorderError, RecordingError
from clonus_sense.i18n import Phrase, message
from clonus_sense.model import Episode, RecordingInfo, SensorIdentity
from clonus_sense.recorder.locks import SensorLocks
from clonus_sense.recorder.plan import PlannedSensor, RecorderPlan
from clonus_sense.recorder.recording_files import TRY_AGAIN_S, FinishedRecording, RecordingFiles, free_path
from clonus_sense.recorder.sensor_events import SensorEvents
from clonus_sense.recorder.status import SensorStatus
from clonus_sense.recording.ledger import EntryKind, Ledger, ledger_path
from clonus_sense.sensors.clock import RateHold, RepeatedPackets
from clonus_sense.sensors.link import (
    AttemptFailed,
    BatteryRead,
    HostClock,
    HostSlept,
    Identified,
    LinkEvent,
    LinkState,
    NotificationsDropped,
    Radio,
    ReplayAsked,
    SensorLink,
    SensorMissing,
    StateEntered,
    StreamEnd,
    StreamLost,
    StreamStarted,
)
from clonus_sense.sensors.packet import SensorEvent, SensorPacket, StreamFormat

logger = logging.getLogger(__name__)

# Pause after a link has ended by an unexpected error.
RESTART_S = 2.0
# If no replayed samples come within this time, the sensor no longer has them; the rest are requested then.
ASK_AGAIN_S = 10.0
# A file that begins because the stream's format changed has its second 0 this much before the first packet.
_BEFORE_FIRST_S = 1.0


_OTHER_RATE = message(
    "the sensor sends {found:g} samples a second where {wanted:g} were set; the recording goes on at its true rate."
)
_COMES_TWICE = message("each packet of the sensor comes twice; the second ones are left out.")

_KINDS: dict[type[LinkEvent], EntryKind] = {
    StateEntered: EntryKind.STATE,
    Identified: EntryKind.SENSOR,
    StreamStarted: EntryKind.STREAM_STARTED,
    StreamLost: EntryKind.STREAM_LOST,
    AttemptFailed: EntryKind.ATTEMPT_FAILED,
    SensorMissing: EntryKind.MISSING,
    BatteryRead: EntryKind.BATTERY,
    HostSlept: EntryKind.HOST_SLEPT,
    NotificationsDropped: EntryKind.DROPPED,
    ReplayAsked: EntryKind.REPLAY_ASKED,
}


class SensorRecorder:
    """One sensor with its link, its files and its ledger."""

    def __init__(
        self,
        plan: RecorderPlan,
        planned: PlannedSensor,
        *,
        radio: Radio,
        clock: HostClock,
        start: datetime,
        locks: SensorLocks,
        on_episode: Callable[[PlannedSensor, Episode], None],
    ) -> None:
        self._plan = plan
        self._planned = planned
        self._clock = clock
        self._locks = locks
        self._on_episode = on_episode
        self._origin_s = clock.seconds()
        self._start = start
        self._link = SensorLink(radio, planned.wanted, self, clock, planned.request)
        self._path = free_path(plan.folder, start, planned.label)
        self._ledger = Ledger(ledger_path(self._path), start)
        self._files: RecordingFiles | None = None
        self._finished: list[FinishedRecording] = []
        self._failed = False
        self._streams: tuple[SensorIdentity, StreamFormat] | None = None
        self._begin_again_s: float | None = None
        self._state = LinkState.SCAN
        self._identity = SensorIdentity(family=planned.wanted.family.key, name=planned.wanted.name)
        self._battery_percent: int | None = None
        self._trouble = ""
        self._n_bad = 0
        self._last_arrival_s: float | None = None
        self._asked_s = -float("inf")
        self._events = SensorEvents()
        self._hold: RateHold | None = None
        self._set_up_s = self._origin_s
        self._held_for: tuple[SensorIdentity, StreamFormat]
        self._repeats: RepeatedPackets
        self._ledger.write(0.0, EntryKind.STARTED, family=planned.wanted.family.key, side=planned.side or None)

    async def run(self) -> None:
        """Record until cancelled."""
        while True:
            try:
                await self._link.run()
            except (RecordingError, RecorderError):
                raise
            except Exception as error:
                # An unexpected error must not cost the night, and even less the night of the other leg.
                logger.exception("%s: the link ended unexpectedly and begins again", self._planned.label)
                text = f"an error of this program ({type(error).__name__}: {error}); it begins again by itself."
                self._write(self._clock.seconds(), EntryKind.ATTEMPT_FAILED, state=self._state, text=text)
                await asyncio.sleep(RESTART_S)

    # Told by the link

    def found(self, name: str, address: str) -> None:
        """Keep other recorders away from this sensor."""
        self._locks.hold(f"{name} {address}")

    def streaming(self, sensor: SensorIdentity, stream: StreamFormat) -> None:
        """Wait for the first packets, which show the true rate."""
        known_hz = None if self._files is None else self._files.stream.fs_hz
        self._set_up_s = self._clock.seconds()
        self._hold, self._held_for = RateHold(stream, known_hz), (sensor, stream)

    def _begin_connection(self) -> None:
        """Begin or continue the recording at the sensor's true rate."""
        hold, self._hold = self._hold, None
        if hold is None or not hold.packets or self._failed:
            return
        sensor, was_set = self._held_for
        stream = hold.judge()
        if self._files is not None and self._files.stream != stream:
            self._begin_another(hold.packets[0].arrival_s)
        self._streams = (sensor, stream)
        self._begin_files()
        self._asked_s = -float("inf")
        self._repeats = RepeatedPackets(stream, comes_twice=hold.comes_twice)
        if stream != was_set:
            self._tell_rate(hold, Phrase(_OTHER_RATE, found=stream.fs_hz, wanted=was_set.fs_hz))
        elif hold.comes_twice:
            self._tell_rate(hold, Phrase(_COMES_TWICE))
        for packet in hold.packets:
            self._push(packet)

    def _tell_rate(self, hold: RateHold, text: Phrase) -> None:
        """Write that the sensor streams differently from its settings."""
        logger.warning("%s: %s", self._planned.label, text)
        self._write(hold.packets[0].arrival_s, EntryKind.RATE, text=text)

    def received(self, packet: SensorPacket) -> None:
        """Take samples."""
        if self._failed:
            return
        self._last_arrival_s = packet.arrival_s
        if self._hold is None:
            self._push(packet)
            return
        self._hold.add(packet)
        if self._hold.is_known:
            self._begin_connection()

    def _push(self, packet: SensorPacket) -> None:
        """Pass samples on to the files."""
        self._begin_files()
        if self._files is None or self._failed or self._repeats.is_repeat(packet):
            return
        try:
            self._files.push(packet)
        except RecordingError:
            self._failed = True
            raise
        self._events.received(packet, self._files.stream)
        self._write_events()
        self._ask_again(packet)

    def told(self, event: SensorEvent) -> None:
        """Keep an event of the sensor for the ledger."""
        if event.battery_percent is not None:
            self._battery_percent = event.battery_percent
        self._events.told(event)
        self._write_events()

    def happened(self, event: LinkEvent) -> None:
        """Write an event of the link to the ledger."""
        self._write(event.time_s, _KINDS[type(event)], **self._facts(event))
        match event:
            case StateEntered():
                self._state = event.state
            case Identified():
                self._identity = event.sensor
            case StreamStarted():
                self._trouble = ""
            case StreamLost():
                self._lost(event)
            case AttemptFailed():
                self._trouble = event.text
            case BatteryRead():
                self._battery_percent = event.percent
            case NotificationsDropped():
                self._n_bad += event.n_dropped + event.n_bad
            case ReplayAsked(granted=False) if self._files is not None:
                self._files.missing.give_up(event.first_index)

    # Told by the night

    def mark(self, marker: str, text: str = "") -> None:
        """Write a mark at this moment, such as ``felt``."""
        self._write(self._clock.seconds(), EntryKind.MARKER, marker=marker, by="person", text=text or None)

    def advance(self) -> None:
        """Process samples and events that have waited long enough."""
        if self._hold is not None and self._hold.is_over(self._clock.seconds()):
            self._begin_connection()
        if self._files is not None and not self._failed:
            self._files.advance(self._clock.seconds())
            self._write_events()

    def status(self) -> SensorStatus:
        """Return the present status."""
        now_s = self._clock.seconds()
        files = self._files
        return SensorStatus(
            label=self._planned.label,
            path=None if files is None else files.path,
            state=self._state,
            sensor=self._identity,
            elapsed_s=now_s - self._origin_s,
            measured_s=0.0 if files is None else files.measured_s,
            silent_s=None if self._last_arrival_s is None else now_s - self._last_arrival_s,
            battery_percent=self._battery_percent,
            magnitude_g=None if files is None else files.magnitude_g,
            n_episodes=0 if files is None else files.n_clonus,
            n_bad=self._n_bad,
            trouble=self._trouble,
            is_disk_full=self._begin_again_s is not None or (files is not None and files.is_disk_full),
        )

    def finish(self, ended_s: float) -> tuple[FinishedRecording, ...]:
        """End the recording."""
        self._begin_connection()
        self._give_up_dating()
        try:
            if self._files is not None:
                self._finished.append(self._files.finish(ended_s))
            else:
                self._write(ended_s, EntryKind.ENDED, n_samples=0)
        finally:
            self._ledger.close()
        return tuple(self._finished)

    # Inside

    def _begin_files(self) -> None:
        """Create the files of this recording unless they exist; on a full disk, try once a minute."""
        if self._files is not None or self._streams is None:
            return
        now_s = self._clock.seconds()
        if self._begin_again_s is not None and now_s < self._begin_again_s:
            return
        sensor, stream = self._streams
        try:
            self._files = RecordingFiles(
                self._path,
                self._info(sensor, stream),
                stream,
                self._planned.settings,
                origin_s=self._origin_s,
                ledger=self._ledger,
                on_episode=lambda episode: self._on_episode(self._planned, episode),
            )
        except DiskFullError as error:
            logger.warning("%s  The recorder tries again each minute.", error)
            # Count the minutes from the set-up, although the first attempt waited for the rate.
            self._begin_again_s = now_s + TRY_AGAIN_S - (now_s - self._set_up_s) % TRY_AGAIN_S
        else:
            self._begin_again_s = None

    def _begin_another(self, first_arrival_s: float) -> None:
        """End the file and begin another, because the sensor came back with another rate or range."""
        assert self._files is not None
        self._give_up_dating()
        origin_s = first_arrival_s - _BEFORE_FIRST_S
        self._finished.append(self._files.finish(origin_s))
        self._ledger.close()
        self._files = None
        self._start += timedelta(seconds=origin_s - self._origin_s)
        self._origin_s = origin_s
        self._path = free_path(self._plan.folder, self._start, self._planned.label)
        self._ledger = Ledger(ledger_path(self._path), self._start)
        self._ledger.write(0.0, EntryKind.STARTED, family=self._planned.wanted.family.key)

    def _info(self, sensor: SensorIdentity, stream: StreamFormat) -> RecordingInfo:
        """Build the head."""
        planned = self._planned
        return RecordingInfo(
            start=self._start,
            fs_hz=stream.fs_hz,
            timezone=self._plan.timezone,
            site=planned.site,
            side=planned.side,
            person=planned.person,
            orthosis=planned.orthosis,
            sensor=sensor,
            step_g=stream.step_g,
            range_g=stream.range_g,
            clock_trusted=self._plan.clock_trusted,
            notes=self._plan.notes,
        )

    def _write_events(self) -> None:
        """Write the sensor's events whose times are known."""
        self._events.write_dated(self._ledger, self._time_of)

    def _time_of(self, event: SensorEvent) -> float | None:
        """Time of an event in the recording, by the sensor's clock if it has one; ``None`` until it is known."""
        if event.stamp_ticks is None:
            return event.arrival_s - self._origin_s
        return None if self._files is None else self._files.time_of(event.stamp_ticks, event.boot_id)

    def _give_up_dating(self) -> None:
        """Write undated events at their time of arrival, because no samples followed that could date them."""
        self._events.write_dated(self._ledger, lambda event: event.arrival_s - self._origin_s)

    def _lost(self, event: StreamLost) -> None:
        """Note the end of a connection."""
        self._trouble = event.reason
        self._begin_connection()
        # A connection that was ended on purpose streamed to the end and lost no samples.
        if self._files is not None and not self._failed and event.reason is not StreamEnd.ENDED:
            self._files.lose_link(event.reason)

    def _ask_again(self, packet: SensorPacket) -> None:
        """Request missing samples, at most every ten seconds."""
        files = self._files
        if files is None or files.missing.is_empty or packet.arrival_s - self._asked_s < ASK_AGAIN_S:
            return
        self._asked_s = packet.arrival_s
        for gap in files.missing.find_askable(packet.boot_id):
            if gap.first_lost_index is not None and gap.n_lost is not None:
                self._link.ask_again(gap.first_lost_index, gap.n_lost)

    def _facts(self, event: LinkEvent) -> dict[str, object]:
        """Return an event's facts except its time; moments in seconds since the start of the recording."""
        holder = event.sensor if isinstance(event, Identified) else event
        facts: dict[str, object] = {one.name: getattr(holder, one.name) for one in fields(holder)}
        facts.pop("time_s", None)
        if isinstance(event, StreamLost) and event.last_arrival_s is not None:
            facts["last_arrival_s"] = event.last_arrival_s - self._origin_s
        return facts

    def _write(self, at_s: float, kind: EntryKind, **facts: object) -> None:
        """Write to the ledger, in seconds since the start of the recording."""
        self._ledger.write(at_s - self._origin_s, kind, **facts)
