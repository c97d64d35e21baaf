"""Nights recorded from virtual sensors: what was delivered, what was written, and what is said about the rest."""

import asyncio
import gc
import os
import threading
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from clonus_sense import Episode, Site, read_recording
from clonus_sense.model import SampleBatch
from clonus_sense.recorder import NightRecorder, PlannedSensor, RecorderPlan
from clonus_sense.recorder.recording_files import FinishedRecording
from clonus_sense.recording import EntryKind, LedgerEntry, Recording, read_ledger
from clonus_sense.sensors import StreamRequest
from clonus_sense.sensors.clock import LossReason
from clonus_sense.sensors.family import SensorFamily
from clonus_sense.sensors.link import HostClock, Radio, WantedSensor
from clonus_sense.sensors.open_profile import OPEN_PROFILE
from clonus_sense.sensors.virtual.fast_forward import run_fast_forward
from clonus_sense.sensors.virtual.firmware import OpenSensor
from clonus_sense.sensors.virtual.in_process import in_process_radio, world_clock
from clonus_sense.sensors.virtual.peripheral import Label, Peripheral
from clonus_sense.sensors.virtual.sampling import PERFECT, play
from tests.detection.builders import make_accel, make_bout
from tests.virtual.bluez import Bluez, bluez_radio
from tests.virtual.bumble_radio import bumble_radio
from tests.virtual.troubled_air import TroubledAir

START = datetime(2026, 11, 24, 23, 0, tzinfo=ZoneInfo("Asia/Tokyo"))
NO_MEMORY = 0
FS_HZ = 52.0
# What a sensor with stamps owes, the radio's own delay included.
TOLERANCE_S = 0.03
# A packet of half a second that is half a second late is still under way.
UNDER_WAY_S = 1.0 + 0.1
BACK_WITHIN_S = 5.0
# Half a night of 20 minutes brings 1200 packets.  Each gap leaves a handful of objects, which are part of the account.
MOST_NEW_OBJECTS = 300
# The detector puts two minutes of stillness aside, two or three batches a second; in which of them the count falls is
# chance.  More batches than these are left behind.
MOST_PUT_ASIDE = 360
USUAL = StreamRequest()


def leg(seconds, *, seed=0, fs_hz=FS_HZ, bouts_at_s=()):
    """Movement of a leg in which no two samples are alike, with bouts of 6 Hz for two seconds."""
    times_s = np.arange(round(seconds * fs_hz)) / fs_hz
    bouts = [make_bout(at_s, beats=12) for at_s in bouts_at_s]
    return make_accel(times_s, bouts, noise_g=0.002, seed=seed)


def open_sensor(accel_g, *, serial="0001", crystal=PERFECT, ring_samples=NO_MEMORY, name="ClonusSense-A"):
    return OpenSensor(
        Label(name, serial, f"C0:00:00:00:{serial[:2]}:{serial[2:]}"), play(accel_g), crystal, ring_samples
    )


@dataclass
class Night:
    """A night while it goes on."""

    air: TroubledAir
    sensors: tuple[Peripheral, ...]
    recorder: NightRecorder
    clock: HostClock
    radio: Radio
    bluez: Bluez | None
    folder: Path
    logged: list[tuple[Episode, float]] = field(default_factory=list)
    origin_s: float = 0.0

    @property
    def sensor(self):
        return self.sensors[0]

    def elapsed_s(self):
        return self.clock.seconds() - self.origin_s


@dataclass
class Outcome:
    """What is left of a night."""

    night: Night
    recordings: tuple[FinishedRecording, ...]
    error: Exception | None
    left_over: str
    n_objects: tuple[int, int]
    """Python objects that were alive in the middle of the night and at its end."""
    _times_s: dict[int, np.ndarray] = field(default_factory=dict)

    def delivered(self, sensor=0):
        """Numbers of the samples that reached the host, each once, in order."""
        reach = self.night.air.reach(self.night.sensors[sensor])
        parts = [np.arange(one.first_sample, one.first_sample + one.n_samples) for one in reach.delivered]
        return np.unique(np.concatenate(parts))

    def read(self, which=0) -> Recording:
        return read_recording(self.recordings[which].path)

    def ledger(self, which=0) -> tuple[LedgerEntry, ...]:
        return read_ledger(self.recordings[which].ledger_path)

    def entries(self, kind: EntryKind, which=0) -> list[LedgerEntry]:
        return [entry for entry in self.ledger(which) if entry.kind == kind]

    def gaps(self, which=0):
        """Gaps of the ledger after the first sample."""
        return [entry.facts for entry in self.entries(EntryKind.GAP, which) if entry.facts["start_s"] > 0]

    def true_gaps(self, sensor=0):
        """Where samples are missing between those that were delivered: start and end in seconds, and how many.

        A sensor without a memory takes none while nobody listens: its numbers have no hole, but its times do.
        """
        numbers = self.delivered(sensor)
        times_s = self.true_times_s(sensor)
        period_s = np.median(np.diff(times_s))
        return [
            (times_s[at] + period_s, times_s[at + 1], int(numbers[at + 1] - numbers[at] - 1))
            for at in np.flatnonzero(np.diff(times_s) > 1.5 * period_s)
        ]

    def true_times_s(self, sensor=0):
        """When each sample that was delivered was measured, in seconds since the start of the recording."""
        if sensor not in self._times_s:
            time_s = self.night.sensors[sensor].sampler.time_s
            times_s = np.array([time_s(number) for number in self.delivered(sensor).tolist()])
            self._times_s[sensor] = times_s - self.night.origin_s
        return self._times_s[sensor]


def recorded_accel(recording):
    return np.concatenate([samples.accel_g for samples in recording.stretches])


def assert_a_night_is_accounted_for(
    outcome, accel_g, *, minutes=20.0, which=0, sensor=None, tolerance_s=TOLERANCE_S, unable_s=()
):
    """Hold a night against all that is asked of every night, whatever happened in it.

    Parameters
    ----------
    outcome
        The night.
    accel_g
        What its sensor felt.
    minutes
        How long the night was, sleep of the computer included.
    which, sensor
        Which of the recordings, and of the sensors; the same number by default.
    tolerance_s
        How well the length of a gap is known.
    unable_s
        Times in which the sensor could be heard but not set up, and the pause that was made after that.
    """
    sensor = which if sensor is None else sensor
    assert outcome.error is None
    assert outcome.left_over == ""
    assert outcome.recordings[which].duration_s == pytest.approx(60 * minutes, abs=0.1)
    assert_all_delivered_is_recorded(outcome, accel_g, which=which, sensor=sensor)
    assert_gaps_are_accounted_for(outcome, which=which, sensor=sensor, tolerance_s=tolerance_s)
    assert_back_within_5_s(outcome, sensor, unable_s=unable_s)
    assert_memory_is_flat(outcome)


def assert_all_delivered_is_recorded(outcome, accel_g, *, which=0, sensor=0, step_g=8 / 32768):
    """Every sample that reached the host is in the file, once and in its place, and nothing else is."""
    written = np.rint(recorded_accel(outcome.read(which)) / step_g)
    numbers = np.minimum(outcome.delivered(sensor), len(accel_g) - 1)
    assert len(written) == len(numbers)
    assert np.array_equal(written, np.rint(accel_g[numbers] / step_g))


def assert_gaps_are_accounted_for(outcome, *, which=0, sensor=0, tolerance_s=TOLERANCE_S):
    """The ledger holds each gap, its length right, its samples counted and its reason told, up to the very end."""
    duration_s = outcome.recordings[which].duration_s
    filled = {entry.facts["start_s"] for entry in outcome.entries(EntryKind.BACKFILLED, which)}
    told = [gap for gap in outcome.gaps(which) if gap["start_s"] not in filled]
    true = outcome.true_gaps(sensor)
    last_s = outcome.true_times_s(sensor)[-1] + 1 / FS_HZ
    if duration_s - last_s > UNDER_WAY_S or (told and told[-1]["end_s"] == pytest.approx(duration_s, abs=1e-6)):
        true.append((last_s, duration_s, 0))
    assert len(told) == len(true)
    for gap, (start_s, end_s, n_lost) in zip(told, true, strict=True):
        assert abs(gap["duration_s"] - (end_s - start_s)) <= tolerance_s
        assert gap["reason"] != LossReason.LINK or gap["why"]
        if n_lost and gap["reason"] != LossReason.REBOOT:
            assert gap["n_lost"] == n_lost


def assert_back_within_5_s(outcome, sensor=0, *, unable_s=()):
    """Samples flow within 5 s of the moment at which the sensor could be heard again, unless the night ends first."""
    reach = outcome.night.air.reach(outcome.night.sensors[sensor])
    end_s = outcome.night.origin_s + outcome.recordings[0].duration_s
    for heard_s in reach.advertised_s:
        is_able = not any(start_s <= heard_s - outcome.night.origin_s < until_s for start_s, until_s in unable_s)
        if is_able and heard_s < end_s - BACK_WITHIN_S:
            assert any(0 < one.time_s - heard_s <= BACK_WITHIN_S for one in reach.delivered)


def count_objects(most_put_aside):
    """Count what is alive; what the detector may put aside is left out.  The list dies here, or it kept all alive."""
    objects = gc.get_objects()
    return len(objects) - min(sum(type(one) is SampleBatch for one in objects), most_put_aside)


def assert_memory_is_flat(outcome):
    """The second half of the night leaves no object behind for each packet, nor for each second."""
    in_the_middle, at_the_end = outcome.n_objects
    assert at_the_end - in_the_middle < MOST_NEW_OBJECTS


def record(
    scenario: Callable[[Night], Awaitable[None]],
    sensors,
    folder: Path,
    *,
    minutes=20.0,
    radio="bluez",
    families: tuple[SensorFamily, ...] = (OPEN_PROFILE,),
    plan_of=None,
    request=USUAL,
) -> Outcome:
    """Record a night in which something happens.

    Parameters
    ----------
    scenario
        What happens, while the recorder runs.
    sensors
        Makes the sensors; called inside the loop.
    folder
        For the recordings.
    minutes
        How long the night is.
    radio
        ``bluez``, ``bumble`` or ``in process``.
    families
        Of each recorded sensor, in the order of ``sensors``.
    plan_of
        Makes the plan from sensors and folder; by default one recorder for each family.
    request
        Rate and range to ask for.
    """
    before = _handles()
    # What is there already need not be looked through again and again.
    gc.freeze()

    async def main():
        air = TroubledAir()
        made = tuple(sensors())
        for sensor in made:
            air.add(sensor)
        async with AsyncExitStack() as stack:
            bluez = None
            if radio == "bluez":
                bluez = await stack.enter_async_context(bluez_radio(air))
                host = Radio()
                stack.push_async_callback(host.close)
            elif radio == "bumble":
                host = await stack.enter_async_context(bumble_radio(air))
            else:
                host = await stack.enter_async_context(in_process_radio(air))
            night, error, recordings, n_objects = await _run(air, made, host, bluez)
        left = {task for task in asyncio.all_tasks() if task is not asyncio.current_task()}
        return night, error, recordings, n_objects, f"{left or ''}"

    async def _run(air, made, host, bluez):
        clock = world_clock(air)
        plan = (plan_of or plan_for)(made, folder, families, request)
        night = Night(air, made, None, clock, host, bluez, folder, origin_s=clock.seconds())  # type: ignore[arg-type]
        night.recorder = NightRecorder(
            plan, host, clock, START, lambda _planned, episode: night.logged.append((episode, night.elapsed_s()))
        )
        running = asyncio.create_task(night.recorder.run())
        happening = asyncio.create_task(scenario(night))
        n_objects = []
        for _half in range(2):
            await asyncio.wait([running], timeout=30 * minutes)
            gc.collect()
            # What was delivered is the account of the test, not of the recorder.
            n_delivered = sum(len(air.reach(one).delivered) for one in made)
            n_objects.append(count_objects(MOST_PUT_ASIDE * len(made)) - n_delivered)
        night.recorder.stop()
        happening.cancel()
        recordings, error = (), None
        try:
            recordings = (await running).recordings
        except Exception as failure:
            error = failure
        (ended,) = await asyncio.gather(happening, return_exceptions=True)
        if isinstance(ended, Exception):
            raise ended
        return night, error, recordings, tuple(n_objects)

    try:
        night, error, recordings, n_objects, tasks = run_fast_forward(main())
        gc.collect()
    finally:
        gc.unfreeze()
    after = _handles()
    left_over = tasks if before == after else f"{tasks} handles {before} -> {after}"
    return Outcome(night, recordings, error, left_over, n_objects)


def plan_for(made, folder, families, request):
    planned = tuple(
        PlannedSensor(
            WantedSensor(family, name=sensor.label.name, serial=sensor.label.serial),
            site=Site.FOOT,
            side=side,
            request=request,
        )
        for family, sensor, side in zip(families, made, ("left", "right"), strict=False)
    )
    return RecorderPlan(planned, folder, folder / "locks", timezone="Asia/Tokyo", clock_trusted=True)


def _handles():
    """Open file descriptors and threads of this process."""
    descriptors = len(os.listdir("/proc/self/fd")) if Path("/proc/self/fd").exists() else 0  # noqa: PTH208 - only their number
    return descriptors, threading.active_count()


async def nothing(_night):
    """Let the night pass."""
