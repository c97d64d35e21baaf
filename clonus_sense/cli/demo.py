"""``demo``: a simulated night from a virtual sensor, through the real Bluetooth library, into a recording."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from clonus_sense.cli.options import PATH, language_option, verbose_option
from clonus_sense.i18n import Translator, message, notice, translator

if TYPE_CHECKING:
    from clonus_sense.recorder import FinishedRecording
    from clonus_sense.simulate import NightPlan, SimulatedRecording

WAY_OVER_DBUS = message(
    "A simulated night is streamed from a virtual sensor over a mock of this computer's Bluetooth service, {hours:g} "
    "hours in about half a minute."
)
WAY_IN_PROCESS = message(
    "A simulated night is streamed from a virtual sensor inside this program, {hours:g} hours in about half a minute; "
    "this system's own Bluetooth is not used."
)
# The sensor is out of reach for so long in the middle of the night, and sends afterwards what was missed.
AWAY_S = 180.0


@click.command()
@click.option("--output", "-o", type=PATH, required=True, metavar="DIR", help="Folder for the recording.")
@click.option("--hours", type=click.FloatRange(0.1, 12.0), default=8.0, show_default=True, help="Length of the night.")
@click.option("--seed", type=int, default=0, show_default=True, help="Of everything random in it.")
@language_option
@verbose_option
def demo(*, output: Path, hours: float, seed: int, language: str) -> None:
    """Record a simulated night, without hardware.

    A virtual sensor streams it through bleak, driver, clock, file and detector, as a real one does; in the middle it is
    out of reach for three minutes.  Episodes are printed as they are found, the path of the recording comes last.
    """
    from clonus_sense.cli.progress import show_progress
    from clonus_sense.simulate import simulate_night

    _ = translator(language)
    click.echo(notice(language), err=True)
    way = WAY_OVER_DBUS if sys.platform == "linux" else WAY_IN_PROCESS
    click.echo(_(way).format(hours=hours), err=True)
    output.mkdir(parents=True, exist_ok=True)
    night = simulate_night(_plan(hours), seed)
    with show_progress(_("Streaming")) as update:
        recording = stream_night(night, output, hours, _, update)
    click.echo(recording.path)


def _plan(hours: float) -> NightPlan:
    """Plan a night with fewer of everything the shorter it is."""
    from clonus_sense.simulate import NightPlan

    usual = NightPlan()

    def scaled(count: int) -> int:
        return round(count * hours / usual.hours)

    return NightPlan(
        hours=hours,
        n_bouts=max(1, scaled(usual.n_bouts)),
        n_bouts_after_turns=int(hours >= 1),
        n_turns=scaled(usual.n_turns),
        n_helper_turns=scaled(usual.n_helper_turns),
        n_kicks=scaled(usual.n_kicks),
        n_limb_movement_series=scaled(usual.n_limb_movement_series),
        n_tremors=scaled(usual.n_tremors),
        n_bathroom_walks=int(hours >= 1),
        n_hums=scaled(usual.n_hums),
        n_gaps=0,
    )


def stream_night(
    night: SimulatedRecording, folder: Path, hours: float, _: Translator, on_progress: Callable[[float], None]
) -> FinishedRecording:
    """Stream a night from a virtual sensor and record it, faster than time.

    Parameters
    ----------
    night
        What the leg does.
    folder
        For the recording.
    hours
        How long to record.
    _
        Language of what is printed.
    on_progress
        Is told the share that is done.

    Returns
    -------
    FinishedRecording
        The recording.
    """
    from clonus_sense.cli.summary import episode_line
    from clonus_sense.recorder import NightRecorder, PlannedSensor, RecorderPlan
    from clonus_sense.sensors.link import WantedSensor
    from clonus_sense.sensors.open_profile import OPEN_PROFILE
    from clonus_sense.sensors.virtual.air import Air
    from clonus_sense.sensors.virtual.fast_forward import run_fast_forward
    from clonus_sense.sensors.virtual.firmware import OpenSensor
    from clonus_sense.sensors.virtual.peripheral import Label
    from clonus_sense.sensors.virtual.radio import virtual_radio, world_clock
    from clonus_sense.sensors.virtual.sampling import Crystal, play

    planned = PlannedSensor(WantedSensor(OPEN_PROFILE), site=night.info.site, side="left")
    plan = RecorderPlan(
        (planned,),
        folder,
        Path(tempfile.gettempdir()) / "clonus-sense-demo",
        timezone=night.info.timezone,
        notes=(("source", "simulated, from a virtual sensor"),),
    )

    async def main() -> FinishedRecording:
        air = Air()
        label = Label("ClonusSense-DEMO", "DEMO", "C0:00:00:00:00:01")
        sensor = OpenSensor(label, play(night.accel_g), Crystal(rate_error=0.004, stamp_error=20e-6))
        air.add(sensor)
        assert night.info.start is not None
        async with virtual_radio(air) as radio:
            recorder = NightRecorder(
                plan,
                radio,
                world_clock(air),
                night.info.start,
                on_episode=lambda _planned, episode: click.echo(episode_line(episode, _)),
            )
            running = asyncio.create_task(recorder.run())
            loop = asyncio.get_running_loop()
            loop.call_later(hours * 1800, air.vanish, sensor, min(AWAY_S, hours * 360))
            for percent in range(1, 101):
                await asyncio.wait([running], timeout=hours * 36)
                on_progress(percent / 100)
            recorder.stop()
            return (await running).recordings[0]

    return run_fast_forward(main())
