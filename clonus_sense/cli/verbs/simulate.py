"""``simulate``: makes recordings with known truth."""

from __future__ import annotations

import math
from dataclasses import fields, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from clonus_sense.cli.console.options import PATH, verbose_option
from clonus_sense.cli.console.printing import echo
from clonus_sense.cli.console.progress import show_progress
from clonus_sense.errors import RecordingError
from clonus_sense.files import TRUTH_SUFFIX, recording_stem
from clonus_sense.terms import Placement

if TYPE_CHECKING:
    from clonus_sense.simulate import NightPlan, SimulatedRecording, SimulatedSensor

KINDS = ("night", "look-alikes", "walk", "still")

# The shank is free where nothing else is said.
PLACEMENTS = {placement.value.removesuffix("-free"): placement for placement in Placement}

NIGHT_HOURS = 8.0
"""Length of night, in hours, to which a plan's numbers of movements belong."""


@click.command()
@click.argument("kind", type=click.Choice(KINDS))
@click.option(
    "--output",
    required=True,
    type=PATH,
    metavar="FILE",
    help="The recording: .csv, .csv.gz or .parquet; its folder is made if missing.",
)
@click.option("--hours", type=click.FloatRange(min=0, min_open=True), default=NIGHT_HOURS, show_default=True)
@click.option("--fs", "fs_hz", type=float, default=52.0, show_default=True, help="Sampling rate in Hz.")
@click.option("--rate-error", type=float, default=0.0, show_default=True, help="Ratio; 0.02 samples 2 % too fast.")
@click.option("--noise", "noise_g", type=float, default=0.003, show_default=True, help="Noise of each axis in g.")
@click.option("--seed", type=int, default=0, show_default=True, help="The same seed gives the same recording.")
@click.option(
    "--site", type=click.Choice([*PLACEMENTS]), default="foot", show_default=True, help="Where the sensor sits."
)
@click.option("--start", default="2026-11-05T22:30:00", show_default=True, help="Date and time of the first sample.")
@click.option("--timezone", default="Asia/Tokyo", show_default=True, help="IANA zone of the recording.")
@verbose_option
def simulate(
    *,
    kind: str,
    output: Path,
    hours: float,
    fs_hz: float,
    rate_error: float,
    noise_g: float,
    seed: int,
    site: str,
    start: str,
    timezone: str,
) -> None:
    """Simulate a recording whose truth is known.

    KIND is a night with clonus and all that moves a leg in bed, a night of look-alikes without clonus, hours of
    walking, or a truly still leg.  The truth is written beside it as NAME.truth.csv; both paths are printed.
    """
    from clonus_sense.recording import write_recording
    from clonus_sense.simulate import SimulatedSensor, write_truth

    truth_path = output.with_name(f"{recording_stem(output)}{TRUTH_SUFFIX}")
    for path in (output, truth_path):
        if path.exists():
            raise RecordingError(f"{path}: exists already and is never overwritten; choose another name.")
    output.parent.mkdir(parents=True, exist_ok=True)
    sensor = SimulatedSensor(fs_hz=fs_hz, rate_error=rate_error, noise_g=noise_g)
    placement = PLACEMENTS[site]
    with show_progress(output.name) as on_progress:
        recording = _simulate(kind, hours, sensor, placement, _read_start(start, timezone), timezone, seed)
        on_progress(0.5)
        write_recording(output, recording.info, recording.times_s, recording.accel_g)
        write_truth(truth_path, recording.truth)
    echo(output)
    echo(truth_path)


def _simulate(
    kind: str,
    hours: float,
    sensor: SimulatedSensor,
    placement: Placement,
    start: datetime,
    timezone: str,
    seed: int,
) -> SimulatedRecording:
    """Simulate a recording of one kind."""
    from clonus_sense.simulate import NightPlan, simulate_night, simulate_still, simulate_walk

    if kind in ("night", "look-alikes"):
        plan = NightPlan(hours=hours, sensor=sensor, placement=placement, start=start, timezone=timezone)
        return simulate_night(_without_clonus(plan) if kind == "look-alikes" else _fit_to_hours(plan), seed)
    simulate_alone = simulate_walk if kind == "walk" else simulate_still
    recording = simulate_alone(hours, sensor, placement=placement, seed=seed)
    return replace(recording, info=replace(recording.info, start=start, timezone=timezone))


def _fit_to_hours(plan: NightPlan) -> NightPlan:
    """Scale the numbers of movements to the length of the night; keep at least one of each kind."""
    counts = {field.name: getattr(plan, field.name) for field in fields(plan) if field.name.startswith("n_")}
    share = plan.hours / NIGHT_HOURS
    return replace(plan, **{name: math.ceil(count * share) for name, count in counts.items()})


def _without_clonus(plan: NightPlan) -> NightPlan:
    """Plan a night with look-alikes of clonus and no clonus."""
    look_alikes = replace(
        plan, n_bouts=0, n_bouts_after_turns=0, n_kicks=16, n_tremors=8, n_stimulations=4, n_leg_shakings=8
    )
    return _fit_to_hours(look_alikes)


def _read_start(text: str, timezone: str) -> datetime:
    """Read date and time; without an offset they are local to the zone."""
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        start, zone = datetime.fromisoformat(text), ZoneInfo(timezone)
    except ZoneInfoNotFoundError as error:
        raise click.BadParameter(
            f"{timezone!r} is no IANA zone such as Europe/Berlin.", param_hint="--timezone"
        ) from error
    except ValueError as error:
        raise click.BadParameter(
            f"{text!r} is no date and time such as 2026-11-05T22:30:00.", param_hint="--start"
        ) from error
    return start if start.tzinfo else start.replace(tzinfo=zone)
