"""A night from its first sensor to its last file: one or two recorders with one radio and one end."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from clonus_sense.errors import ClonusSenseError, RecorderError
from clonus_sense.model import Episode
from clonus_sense.recorder.locks import SensorLocks
from clonus_sense.recorder.plan import PlannedSensor, RecorderPlan
from clonus_sense.recorder.recording_files import FinishedRecording
from clonus_sense.recorder.reserve import Reserve
from clonus_sense.recorder.sensor_recorder import SensorRecorder
from clonus_sense.recorder.status import RecorderStatus
from clonus_sense.sensors.link import HostClock, Radio

logger = logging.getLogger(__name__)

# Short enough to report an episode behind a missing packet in time; the work of a tick is negligible.
TICK_S = 0.5


@dataclass(frozen=True, slots=True)
class RecordedNight:
    """The result of a night.

    Parameters
    ----------
    recordings
        The closed recordings; empty if no sensor ever streamed.
    """

    recordings: tuple[FinishedRecording, ...]


class NightRecorder:
    """Records one or two sensors; one continues when the other is lost.

    Parameters
    ----------
    plan
        The sensors and folders.
    radio
        Bluetooth of this computer.
    clock
        The host's clock.
    start
        Aware date and time now; later times follow from the host's clock.
    on_episode
        Called with each episode as soon as it is decided.

    Attributes
    ----------
    finished
        The closed recordings, once the night has ended for any reason.

    Raises
    ------
    RecorderError
        If the plan has no sensor, or another recorder has one of them.
    RecordingError
        If the folder cannot be written to.
    """

    def __init__(
        self,
        plan: RecorderPlan,
        radio: Radio,
        clock: HostClock,
        start: datetime,
        on_episode: Callable[[PlannedSensor, Episode], None] = lambda _planned, _episode: None,
    ) -> None:
        if not plan.sensors:
            raise RecorderError("There is no sensor to record; name one.")
        self._plan = plan
        self._clock = clock
        self._start = start
        self._origin_s = clock.seconds()
        self._locks = SensorLocks(plan.lock_folder)
        self._stopping = asyncio.Event()
        self.finished: tuple[FinishedRecording, ...] = ()
        try:
            for planned in plan.sensors:
                if planned.wanted.name:
                    self._locks.hold(f"{planned.wanted.name} {planned.wanted.serial}".strip())
            self._recorders = [
                SensorRecorder(
                    plan, planned, radio=radio, clock=clock, start=start, locks=self._locks, on_episode=on_episode
                )
                for planned in plan.sensors
            ]
        except ClonusSenseError:
            self._locks.release()
            raise
        self._reserve = Reserve(plan.lock_folder, plan.reserved_bytes)

    def stop(self) -> None:
        """End the night; :meth:`run` then returns."""
        self._stopping.set()

    def mark(self, marker: str = "felt", text: str = "") -> None:
        """Write a mark at this moment for every sensor.

        Parameters
        ----------
        marker
            Kind of the mark, such as ``felt``.
        text
            More in the person's own words.
        """
        for recorder in self._recorders:
            recorder.mark(marker, text)

    def status(self) -> RecorderStatus:
        """Return the present status."""
        return RecorderStatus(
            self._clock.seconds() - self._origin_s, tuple(recorder.status() for recorder in self._recorders)
        )

    async def run(self) -> RecordedNight:
        """Record until :meth:`stop`, or until the planned end.

        Returns
        -------
        RecordedNight
            The closed recordings.

        Raises
        ------
        RecordingError
            If the disk fails; data written so far is complete.
        RecorderError
            If another recorder has a sensor.
        """
        works: list[Coroutine[Any, Any, None]] = [recorder.run() for recorder in self._recorders]
        tasks = [asyncio.create_task(work) for work in [*works, self._watch()]]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            # Stopping a sensor that is away takes a while; this wait does not belong to the night.
            ended_s = self._clock.seconds()
            for task in tasks:
                task.cancel()
            ends = await asyncio.gather(*tasks, return_exceptions=True)
            recordings = await asyncio.to_thread(self._finish, ended_s)
        for end in ends:
            if isinstance(end, Exception):
                raise end
        return RecordedNight(tuple(recordings))

    async def _watch(self) -> None:
        """Tick until the end of the night."""
        until = self._plan.until
        while not self._stopping.is_set():
            if until is not None and self._now() >= until:
                return
            for recorder in self._recorders:
                recorder.advance()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(TICK_S):
                    await self._stopping.wait()

    def _now(self) -> datetime:
        """Date and time by the host's clock, which does not step."""
        return self._start + timedelta(seconds=self._clock.seconds() - self._origin_s)

    def _finish(self, ended_s: float) -> list[FinishedRecording]:
        """Close all files, even if closing one of them fails."""
        self._reserve.release()
        recordings: list[FinishedRecording] = []
        failure: ClonusSenseError | None = None
        for recorder in self._recorders:
            try:
                recordings += recorder.finish(ended_s)
            except ClonusSenseError as error:
                failure = failure or error
        self._locks.release()
        self.finished = tuple(recordings)
        if failure is not None:
            raise failure
        return recordings
