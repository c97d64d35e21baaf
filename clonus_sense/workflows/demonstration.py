"""Records a simulated night from a virtual sensor through the real Bluetooth API, faster than real time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import datetime
from functools import partial
from pathlib import Path

from clonus_sense.model import Site
from clonus_sense.recorder import FinishedRecording, NightRecorder, PlannedSensor, RecorderPlan, RecorderStatus
from clonus_sense.sensors.family import StreamRequest
from clonus_sense.sensors.link import WantedSensor
from clonus_sense.sensors.open_profile import MOST_BATCH, OPEN_PROFILE
from clonus_sense.sensors.virtual.air import Air
from clonus_sense.sensors.virtual.fast_forward import run_fast_forward
from clonus_sense.sensors.virtual.firmware import OpenSensor
from clonus_sense.sensors.virtual.in_process import in_process_radio, world_clock
from clonus_sense.sensors.virtual.peripheral import Label
from clonus_sense.sensors.virtual.sampling import Crystal, play
from clonus_sense.simulate import NightPlan, SimulatedSensor, simulate_night

FS_HZ = 52.0

# Typical errors of real sensors.
CRYSTAL = Crystal(rate_error=0.006, stamp_error=20e-6)

# Lost connections, as when the body covers the radio: time as a share of the night, and duration in seconds.
DROP_OUTS = ((0.18, 4.0), (0.41, 40.0), (0.63, 200.0), (0.82, 12.0))

# The buffer bridges losses shorter than 20 s; longer ones become gaps, so that a newcomer sees both.
RING_SAMPLES = 1040

# A packet takes nearly the same processing time at any size: with packets of half a second, as in real nights, the
# demonstration would take twice as long.
PACKET_S = MOST_BATCH / FS_HZ

# Interval of status reports, in seconds of the night.
TELL_EVERY_S = 600.0


@dataclass(frozen=True, slots=True)
class Demonstration:
    """Result of a demonstration; ``n_bouts`` counts simulated bouts of five beats and more."""

    recordings: tuple[FinishedRecording, ...]
    n_bouts: int
    n_drop_outs: int


def record_demonstration(
    folder: Path,
    start: datetime,
    *,
    timezone: str = "",
    hours: float = 8.0,
    seed: int = 1,
    on_status: Callable[[RecorderStatus], None] = lambda _status: None,
) -> Demonstration:
    """Record a simulated night from a virtual sensor.

    bleak, link, clock, file and detector are those of a real night; radio and leg are simulated. A packet holds three
    times the samples of a real one.
    """
    night = simulate_night(_plan(hours), seed=seed)

    async def record() -> tuple[FinishedRecording, ...]:
        air = Air()
        sensor = OpenSensor(
            Label("ClonusSense-DEMO", "DEMO", "C0:00:00:00:DE:30"),
            play(night.accel_g),
            CRYSTAL,
            RING_SAMPLES,
            most_batch=MOST_BATCH,
        )
        air.add(sensor)
        async with in_process_radio(air) as radio:
            clock = world_clock(air)
            planned = PlannedSensor(
                WantedSensor(OPEN_PROFILE, sensor.label.name, sensor.label.serial),
                site=Site.FOOT,
                side="left",
                person="demo",
                request=StreamRequest(packet_s=PACKET_S),
            )
            plan = RecorderPlan(
                (planned,),
                folder,
                folder / "locks",
                timezone=timezone,
                clock_trusted=True,
                notes=(("source", "simulated"),),
            )
            recorder = NightRecorder(plan, radio, clock, start)
            running = asyncio.create_task(recorder.run())
            for share, length_s in DROP_OUTS:
                air.call_at(air.now_s() + share * hours * 3600, partial(air.vanish, sensor, length_s))
            end_s = clock.seconds() + hours * 3600
            while clock.seconds() < end_s and not running.done():
                await asyncio.wait([running], timeout=min(TELL_EVERY_S, end_s - clock.seconds()))
                on_status(recorder.status())
            recorder.stop()
            return (await running).recordings

    recordings = run_fast_forward(record())
    return Demonstration(recordings, sum(bout.beats >= 5 for bout in night.truth), len(DROP_OUTS))


def _plan(hours: float) -> NightPlan:
    """Plan a night of this length, with events in proportion and without gaps, because the radio makes the gaps."""
    usual = NightPlan()
    counts = {
        one.name: round(getattr(usual, one.name) * min(hours / usual.hours, 1.0))
        for one in fields(usual)
        if one.name.startswith("n_")
    }
    counts |= {"n_bouts": max(1, counts["n_bouts"]), "n_gaps": 0}
    # The virtual sensor plays one row per sample at its own rate.
    sensor = SimulatedSensor(fs_hz=FS_HZ, rate_error=CRYSTAL.rate_error)
    return NightPlan(hours=hours, sensor=sensor, **counts)
