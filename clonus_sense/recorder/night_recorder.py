"""A night from its first sensor to its last file: one or two recorders, one radio, one end."""

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

# Often enough that an episode behind a missing packet is out in time, seldom enough to cost nothing.
TICK_S = 0.5


@dataclass(frozen=True, slots=True)
class RecordedNight:
    """What a night left.

    Parameters
    ----------
    recordings
        Each one closed; empty if no sensor ever streamed.
    """

    recordings: tuple[FinishedRecording, ...]


class NightRecorder:
    """Records one or two sensors; each goes on when the other is lost.

    Parameters
    ----------
    plan
        What to record.
    radio
        Bluetooth of this computer.
    clock
        The host's clock.
    start
        Aware date and time now; of all later times the host's clock keeps account.
    on_episode
        Is told each episode as soon as it is decided.

    Attributes
    ----------
    finished
        The closed recordings, once the night has ended, for whatever reason.

    Raises
    ------
    RecorderError
        If there is no sensor in the plan, or another recorder has one.
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
        """Write down this moment for every sensor.

        Parameters
        ----------
        marker
            What happened, such as ``felt``.
        text
            More in the person's own words.
        """
        for recorder in self._recorders:
            recorder.mark(marker, text)

    def status(self) -> RecorderStatus:
        """Say how it stands."""
        return RecorderStatus(
            self._clock.seconds() - self._origin_s, tuple(recorder.status() for recorder in self._recorders)
        )

    async def run(self) -> RecordedNight:
        """Record until :meth:`stop`, or until the time that the plan says.

        Returns
        -------
        RecordedNight
            The closed recordings.

        Raises
        ------
        RecordingError
            If the disk fails; everything that was written is whole.
        RecorderError
            If another recorder has a sensor.
        """
        works: list[Coroutine[Any, Any, None]] = [recorder.run() for recorder in self._recorders]
        tasks = [asyncio.create_task(work) for work in [*works, self._watch()]]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            # A sensor that is away is waited for when it is to be stopped; that wait is no part of the night.
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
        """Tick until it is time to end."""
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
        """Close all files, whatever becomes of one of them."""
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
