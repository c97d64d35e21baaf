"""Measures the doubted share of worn time and of table time, on simulated nights of many kinds.

``python -m tests.validation.wear --minutes 8`` simulates missing nights for at most this many minutes, writes a line
for each to the results, and writes and prints the table by kind of night.  The rule was tuned on seeds below 1000; the
table uses seeds from 5000 on.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import click
import numpy as np

from clonus_sense.activity import ActivityBuilder, Epoch, WearAnswer, WearState, apply_answers, find_rest_windows
from clonus_sense.config import DetectionSettings
from clonus_sense.detection import Detector
from clonus_sense.model import EpisodeClass
from clonus_sense.night import Coverage
from clonus_sense.night.comparison import is_enough_worn
from clonus_sense.simulate import (
    NightPlan,
    Placement,
    SimulatedRecording,
    SimulatedSensor,
    simulate_night,
)
from tests.validation.absence import SIMULATE_HANDLING, Absence, simulate_absences

ROOT = Path(__file__).parents[2]
FIRST_SEED = 5000

# As in tests.validation.simulated_nights: rates of bedside sensors, and noise from good to cheap ones.
RATES_HZ = (25.0, 50.0, 50.0, 52.0, 100.0)
NOISE_G = (0.001, 0.006)

NOTHING: Mapping[str, int] = {name: 0 for name in NightPlan.__dataclass_fields__ if name.startswith("n_")}

HOUR_S = 3600.0
# A night from 22:30: fitted a minute after the start, taken off a minute before the end.
STRAPPED_ON, TAKEN_OFF = Absence(0.0, 60.0), Absence(8 * HOUR_S - 60.0)
OFF_S, BACK_S = 3.5 * HOUR_S, 5.5 * HOUR_S


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of night: its disturbances, the times off the leg, and the number of nights to measure."""

    says: str
    n_nights: int
    absences: tuple[Absence, ...] = ()
    changes: Mapping[str, Any] = field(default_factory=dict)
    any_sensor: bool = True


# Few turns, as in a sleeper of 65 and more with the fewest (De Koninck et al. 1992), and breath below the noise.
DEEP = {**NOTHING, "n_turns": 6, "n_kicks": 2, "n_bouts": 4, "n_tremors": 1, "n_hums": 1, "breathing_g": 0.0003}
# A helper turns an immobile person every two to three hours.
HELPED = {**NOTHING, "n_helper_turns": 3, "breathing_g": 0.0}
STILL = {**NOTHING, "breathing_g": 0.0}

KINDS: Mapping[str, Kind] = {
    "default": Kind("worn throughout, the default night", 100, any_sensor=False),
    "any": Kind(
        "worn throughout, any sensor and place, strapped on and off",
        40,
        (STRAPPED_ON, TAKEN_OFF),
    ),
    "deep": Kind("worn throughout, a deep sleeper", 20, (STRAPPED_ON, TAKEN_OFF), DEEP),
    "evening": Kind("on the table from the evening on", 20, (Absence(0.0),)),
    "knocked": Kind("the same, knocked at eight times", 20, (Absence(0.0, n_knocks=8),)),
    "off": Kind(
        "off at 02:00",
        20,
        (STRAPPED_ON, Absence(OFF_S)),
    ),
    "off-knocked": Kind(
        "the same, knocked at eight times",
        20,
        (STRAPPED_ON, Absence(OFF_S, n_knocks=8)),
    ),
    "back": Kind(
        "off at 02:00, put back at 04:00",
        40,
        (STRAPPED_ON, Absence(OFF_S, BACK_S), TAKEN_OFF),
    ),
    "back-knocked": Kind(
        "the same, knocked at five times", 20, (STRAPPED_ON, Absence(OFF_S, BACK_S, n_knocks=5), TAKEN_OFF)
    ),
    "drawer": Kind(
        "thrown into a drawer at 02:00, put back at 04:00",
        20,
        (STRAPPED_ON, Absence(OFF_S, BACK_S, n_knocks=1, in_drawer=True), TAKEN_OFF),
    ),
    "helped": Kind("a leg that only a helper moves, without breath", 20, (STRAPPED_ON, TAKEN_OFF), HELPED),
    "still": Kind("a leg that never moves, without breath", 20, (STRAPPED_ON, TAKEN_OFF), STILL),
}


@dataclass(frozen=True, slots=True)
class Measured:
    """The result of one night; times in seconds; handling is neither worn nor table time."""

    kind: str
    seed: int
    worn_s: float
    worn_doubted_s: float
    table_s: float
    table_doubted_s: float
    loses_window: bool
    loses_comparison: bool


def measure(kind: str, seed: int) -> Measured:
    """Simulate a night, analyse it as the program does, and compare with the truth."""
    what = KINDS[kind]
    night, plan = _simulate(what, seed)
    builder = ActivityBuilder(plan.sensor.step_g or None)
    detector = Detector(DetectionSettings(), site=night.info.site)
    episodes = []
    for batch in night.batches():
        builder.add(batch)
        episodes += detector.push(batch)
    episodes += detector.flush()
    beats_s = [episode.onset_s for episode in episodes if episode.episode_class is EpisodeClass.CLONUS]
    epochs = builder.build(beats_s)
    by_hand = [(d.start_s, d.end_s) for d in night.disturbances if d.kind in SIMULATE_HANDLING]
    times = np.zeros(4)
    for epoch in epochs:
        if epoch.state is not WearState.NOT_MEASURED:
            table_s = min(_shared_s(epoch, night.off_leg_s), epoch.measured_s)
            worn_s = max(epoch.measured_s - table_s - _shared_s(epoch, by_hand), 0.0)
            doubted = epoch.state is WearState.WEAR_NOT_CONFIRMED
            times += [worn_s, worn_s * doubted, table_s, table_s * doubted]
    trusted = apply_answers(epochs, [WearAnswer(0.0, np.inf, worn=True)])
    worn_s, worn_doubted_s, table_s, table_doubted_s = (round(float(value), 1) for value in times)
    return Measured(
        kind,
        seed,
        worn_s,
        worn_doubted_s,
        table_s,
        table_doubted_s,
        loses_window=_has_window(trusted) and not _has_window(epochs),
        loses_comparison=_is_comparable(trusted) and not _is_comparable(epochs),
    )


def _simulate(what: Kind, seed: int) -> tuple[SimulatedRecording, NightPlan]:
    """Simulate a night of a kind."""
    plan = replace(NightPlan(), **what.changes)
    if what.any_sensor:
        rng = np.random.default_rng([seed, 1])
        sensor = SimulatedSensor(fs_hz=float(rng.choice(RATES_HZ)), noise_g=float(rng.uniform(*NOISE_G)))
        plan = replace(plan, sensor=sensor, placement=Placement(str(rng.choice(list(Placement)))))
    return simulate_absences(simulate_night(plan, seed), what.absences, plan.sensor, seed), plan


def _shared_s(epoch: Epoch, spans: Sequence[tuple[float, float]]) -> float:
    """Length of an epoch inside some times, in seconds."""
    return sum(max(min(end_s, epoch.end_s) - max(start_s, epoch.start_s), 0.0) for start_s, end_s in spans)


def _has_window(epochs: Sequence[Epoch]) -> bool:
    """Whether the night has a rest window."""
    return bool(find_rest_windows(epochs))


def _is_comparable(epochs: Sequence[Epoch]) -> bool:
    """Whether enough of the rest window is worn to compare the night with others."""
    windows = find_rest_windows(epochs)
    if not windows:
        return False
    window = max(windows, key=lambda one: one.length_s)
    inside = [epoch for epoch in epochs if window.start_s <= epoch.start_s < window.end_s]
    worn_s = sum(epoch.measured_s for epoch in inside if epoch.is_worn)
    asked_s = sum(epoch.measured_s for epoch in inside if epoch.state is WearState.WEAR_NOT_CONFIRMED)
    return is_enough_worn(Coverage(worn_s, asked_s, window.length_s - worn_s - asked_s))


def read(path: Path) -> list[Measured]:
    """Read the nights measured so far."""
    if not path.exists():
        return []
    return [Measured(**json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]


def table(measured: Sequence[Measured]) -> str:
    """Write the table by kind of night, in Markdown."""
    lines = [
        "| night | nights | worn time doubted | most in one night | table time doubted | least in one night | "
        "lose rest window | lose comparison |",
        "|---|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for key, kind in KINDS.items():
        nights = [one for one in measured if one.kind == key]
        worn = [(one.worn_doubted_s, one.worn_s) for one in nights]
        lain = [(one.table_doubted_s, one.table_s) for one in nights if one.table_s > BACK_S - OFF_S - 120.0]
        cells = (
            kind.says,
            str(len(nights)),
            _share(worn),
            _extreme(worn, max),
            _share(lain),
            _extreme(lain, min),
            # A sensor on a table all night has neither.
            "–" if lain else str(sum(one.loses_window for one in nights)),
            "–" if lain else str(sum(one.loses_comparison for one in nights)),
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _share(times: Sequence[tuple[float, float]]) -> str:
    """Doubted part of all time, in percent."""
    whole_s = sum(whole_s for _, whole_s in times)
    return f"{100 * sum(doubted_s for doubted_s, _ in times) / whole_s:.2f} %" if whole_s > HOUR_S else "–"


def _extreme(times: Sequence[tuple[float, float]], choose: Callable[[list[float]], float]) -> str:
    """Largest or smallest doubted part of one night, in percent."""
    shares = [doubted_s / whole_s for doubted_s, whole_s in times if whole_s > HOUR_S]
    return f"{100 * choose(shares):.1f} %" if shares else "–"


@click.command(help=__doc__)
@click.option("--minutes", default=480.0, show_default=True, help="Begin no night after so long.")
@click.option("--kind", "kinds", multiple=True, type=click.Choice(list(KINDS)), help="This kind alone.")
@click.option("--first-seed", default=FIRST_SEED, show_default=True)
@click.option("--results", default=ROOT / "results" / "wear.jsonl", type=click.Path(path_type=Path))
def main(minutes: float, kinds: tuple[str, ...], first_seed: int, results: Path) -> None:
    """Measure the missing nights and print the table."""
    results.parent.mkdir(parents=True, exist_ok=True)
    measured = read(results)
    done = {(one.kind, one.seed) for one in measured}
    until_s = time.monotonic() + 60 * minutes
    for key in kinds or KINDS:
        for seed in range(first_seed, first_seed + KINDS[key].n_nights):
            if (key, seed) in done or time.monotonic() > until_s:
                continue
            measured.append(measure(key, seed))
            with results.open("a", encoding="utf-8") as file:
                file.write(json.dumps(asdict(measured[-1])) + "\n")
    click.echo(table(measured))


if __name__ == "__main__":
    main()
