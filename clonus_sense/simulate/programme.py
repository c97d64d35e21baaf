"""Programme of a simulated night: a plan becomes blocks, and the blocks get separate times."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import datetime

import numpy as np

from clonus_sense.errors import SettingsError
from clonus_sense.simulate.disturbances import FEWEST_LIMB_MOVEMENTS, draw_limb_movements
from clonus_sense.simulate.sensor import SimulatedSensor
from clonus_sense.simulate.simulated_recording import DEFAULT_START, DEFAULT_TIMEZONE, Disturbance, DisturbanceKind
from clonus_sense.terms import Placement

# Rest between two blocks: longer than any joining pause with its tolerance, so that the truth is unambiguous.
REST_BETWEEN_S = 3.0

# Shortest and longest duration of each kind.
DURATION_S: dict[DisturbanceKind, tuple[float, float]] = {
    DisturbanceKind.TURN: (1.5, 5.0),
    DisturbanceKind.HELPER_TURN: (5.0, 15.0),
    DisturbanceKind.KICK: (2.0, 3.5),
    DisturbanceKind.TREMOR: (2.0, 15.0),
    DisturbanceKind.BATHROOM: (100.0, 240.0),
    DisturbanceKind.HUM: (20.0, 180.0),
    DisturbanceKind.AIR_MATTRESS: (300.0, 900.0),
    DisturbanceKind.STIMULATION: (30.0, 120.0),
    DisturbanceKind.LEG_SHAKING: (6.0, 40.0),
    DisturbanceKind.SCRATCHING: (0.8, 4.0),
}

# A lost Bluetooth link returns after some seconds, sometimes after minutes.
GAP_S = (1.0, 90.0)

# Kinds that change the posture of the leg (a sensor put down has left the leg).
POSTURE_CHANGES = (DisturbanceKind.TURN, DisturbanceKind.HELPER_TURN, DisturbanceKind.BATHROOM)


@dataclass(frozen=True, slots=True)
class NightPlan:
    """Content of a simulated night; the times are random.

    Parameters
    ----------
    hours
        Duration of the recording in hours.
    start
        Aware date and time of the first sample.
    timezone
        IANA name of the zone.
    n_bouts
        Number of bouts of clonus: half from the reflex loop, half shaped.
    n_bouts_after_turns
        Number of further bouts that begin at the end of a turn.
    frequency_hz
        Lowest and highest frequency of the person's clonus, in Hz.
    beats
        Fewest and most beats of a bout.
    peak_g
        Smallest and largest peak of a bout, in g; ``None`` takes the usual range of the placement.
    n_turns, n_helper_turns, n_kicks, n_limb_movement_series, n_tremors, n_bathroom_walks, n_hums, n_air_mattress
        Number of each.
    n_stimulations, n_leg_shakings, n_scratches
        Number of each look-alike; not every night has them.
    n_gaps
        Number of times without connection.
    taken_off_at_s
        Seconds since the start at which the sensor is taken off for good.
    breathing_g
        Sway with each breath, in g; 0 is a quite still leg.

    Raises
    ------
    SettingsError
        If a number is negative or a range is reversed.
    """

    hours: float = 8.0
    sensor: SimulatedSensor = field(default_factory=SimulatedSensor)
    placement: Placement = Placement.FOOT
    start: datetime = DEFAULT_START
    timezone: str = DEFAULT_TIMEZONE
    n_bouts: int = 12
    n_bouts_after_turns: int = 1
    frequency_hz: tuple[float, float] = (4.9, 7.0)
    beats: tuple[int, int] = (5, 40)
    peak_g: tuple[float, float] | None = None
    n_turns: int = 12
    n_helper_turns: int = 2
    n_kicks: int = 8
    n_limb_movement_series: int = 3
    n_tremors: int = 4
    n_bathroom_walks: int = 1
    n_hums: int = 2
    n_air_mattress: int = 0
    n_stimulations: int = 0
    n_leg_shakings: int = 0
    n_scratches: int = 0
    n_gaps: int = 3
    taken_off_at_s: float | None = None
    breathing_g: float = 0.0015

    def __post_init__(self) -> None:
        for name in (part.name for part in fields(self)):
            value = getattr(self, name)
            if name.startswith("n_") and value < 0:
                raise SettingsError(f"{name} of the night plan is {value}; it cannot be negative.")
            if isinstance(value, tuple) and not 0 < value[0] <= value[1]:
                raise SettingsError(f"{name} of the night plan is {value}; give the smaller positive number first.")
        if not self.hours > 0:
            raise SettingsError(f"hours of the night plan is {self.hours}; it must be positive.")

    @property
    def duration_s(self) -> float:
        """Length of the recording, in seconds."""
        return self.hours * 3600

    @property
    def worn_s(self) -> float:
        """Time until the sensor is taken off, in seconds."""
        return self.duration_s if self.taken_off_at_s is None else min(self.taken_off_at_s, self.duration_s)


@dataclass(frozen=True, slots=True)
class Block:
    """One event without overlap with others; times are seconds since its start, ``bout`` is the index of its bout."""

    duration_s: float
    disturbances: tuple[Disturbance, ...] = ()
    bout: int | None = None
    bout_at_s: float = 0.0
    gap: bool = False


def plan_blocks(plan: NightPlan, bout_durations_s: list[float], rng: np.random.Generator) -> list[Block]:
    """Turn a plan into unordered blocks; the last ``n_bouts_after_turns`` bouts follow turns."""
    blocks = []
    for number, duration_s in enumerate(bout_durations_s):
        if number < plan.n_bouts:
            blocks.append(Block(duration_s, bout=number))
        else:
            turn = _draw_disturbance(DisturbanceKind.TURN, rng)
            # The bout starts after three quarters of the turn.
            at_s = 0.75 * turn.end_s
            blocks.append(Block(max(turn.end_s, at_s + duration_s), (turn,), bout=number, bout_at_s=at_s))
    for kind, count in _counts(plan):
        for disturbance in [_draw_disturbance(kind, rng) for _ in range(count)]:
            blocks.append(Block(disturbance.end_s, (disturbance,)))
    for _ in range(plan.n_limb_movement_series):
        spans = draw_limb_movements(int(rng.integers(FEWEST_LIMB_MOVEMENTS, 9)), rng)
        movements = tuple(Disturbance(DisturbanceKind.LIMB_MOVEMENT, start_s, end_s) for start_s, end_s in spans)
        blocks.append(Block(movements[-1].end_s, movements))
    low_s, high_s = np.log(GAP_S)
    blocks += [Block(float(np.exp(rng.uniform(low_s, high_s))), gap=True) for _ in range(plan.n_gaps)]
    return blocks


def place_blocks(blocks: list[Block], worn_s: float, rng: np.random.Generator) -> list[tuple[float, Block]]:
    """Place blocks in random order at random start times, at least three seconds apart."""
    durations_s = np.array([block.duration_s + REST_BETWEEN_S for block in blocks])
    free_s = worn_s - REST_BETWEEN_S - float(durations_s.sum())
    if free_s < 0:
        raise SettingsError(
            f"The events of the night plan take {worn_s - free_s:.0f} s and do not fit into {worn_s:.0f} s; plan fewer "
            "events or more hours."
        )
    order = rng.permutation(len(blocks))
    before_s = np.concatenate([[0.0], np.cumsum(durations_s[order])])[:-1]
    starts_s = REST_BETWEEN_S + before_s + np.sort(rng.uniform(0.0, free_s, len(blocks)))
    return [(float(start_s), blocks[i]) for start_s, i in zip(starts_s, order, strict=True)]


def _draw_disturbance(kind: DisturbanceKind, rng: np.random.Generator) -> Disturbance:
    """Draw a disturbance of random duration that starts at 0."""
    return Disturbance(kind, 0.0, float(rng.uniform(*DURATION_S[kind])))


def _counts(plan: NightPlan) -> list[tuple[DisturbanceKind, int]]:
    """List the number of each kind of single disturbance."""
    return [
        (DisturbanceKind.TURN, plan.n_turns),
        (DisturbanceKind.HELPER_TURN, plan.n_helper_turns),
        (DisturbanceKind.KICK, plan.n_kicks),
        (DisturbanceKind.TREMOR, plan.n_tremors),
        (DisturbanceKind.BATHROOM, plan.n_bathroom_walks),
        (DisturbanceKind.HUM, plan.n_hums),
        (DisturbanceKind.AIR_MATTRESS, plan.n_air_mattress),
        (DisturbanceKind.STIMULATION, plan.n_stimulations),
        (DisturbanceKind.LEG_SHAKING, plan.n_leg_shakings),
        (DisturbanceKind.SCRATCHING, plan.n_scratches),
    ]
