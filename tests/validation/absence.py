"""A sensor that leaves the leg: the same night, but for some time the sensor lies on a table or in a drawer.

Outside these times the night's samples do not change: handling and tables have their own random generator.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf
from types import MappingProxyType

import numpy as np
from scipy.spatial.transform import Rotation

from clonus_sense.errors import SettingsError
from clonus_sense.model import FloatArray
from clonus_sense.simulate.disturbances import Scene, draw_direction
from clonus_sense.simulate.sensor import SimulatedSensor
from clonus_sense.simulate.simulated_recording import Disturbance, DisturbanceKind, SimulatedRecording
from clonus_sense.terms import Placement
from tests.validation.handling import (
    HANDLING_S,
    simulate_drawer,
    simulate_knocks,
    simulate_strapping_on,
    simulate_taking_off,
    simulate_throwing,
)

# Separates the random numbers of an absence from those of its night, which has the same seed.
CHANCE_OF_ABSENCES = 19

# A throw includes a fall and the closing of a drawer.
SHORTEST_THROW_S = 9.0

# A flat sensor lies on one of its two large faces, tilted by its strap.
TABLE_SCATTER = 0.2

KNOCKS_S = 6.0
DRAWER_S = 9.0

# Turn of the sensor by a knock, and by an opened drawer: standard deviation on each of two axes.
SHOVED_DEG = {DisturbanceKind.KNOCK: 0.5, DisturbanceKind.DRAWER: 3.0}

# Skin is some ten degrees warmer than a room, a sensor taken off cools by 0.4 degrees per minute at first (Vert et al.
# 2022, BMC Med Res Methodol 22:147: 186 removals), and its zero drifts by up to 1 mg per degree.
COOLING_S = 20 * 60.0
MOST_DRIFT_G = 0.010

# When fitted again, a sensor sits slightly turned, and sometimes the other way round.
STRAPPED_AGAIN_DEG = 12.0
OTHER_WAY_ROUND = 0.25

SIMULATE_HANDLING: Mapping[DisturbanceKind, Callable[[Scene, np.random.Generator], FloatArray]] = MappingProxyType(
    {
        DisturbanceKind.TAKEN_OFF: simulate_taking_off,
        DisturbanceKind.THROWN: simulate_throwing,
        DisturbanceKind.KNOCK: simulate_knocks,
        DisturbanceKind.DRAWER: simulate_drawer,
        DisturbanceKind.STRAPPED_ON: simulate_strapping_on,
    }
)


@dataclass(frozen=True, slots=True)
class Absence:
    """A time in which the sensor is off the leg.

    Parameters
    ----------
    start_s
        Start of its removal, in seconds since the start; 0 for a sensor that was not fitted before.
    end_s
        End of its fitting; infinite if it is not fitted again.
    n_knocks
        Number of knocks at the table, or openings of the drawer.
    in_drawer
        Whether it is thrown into a drawer; otherwise it is put on a table.
    """

    start_s: float
    end_s: float = inf
    n_knocks: int = 0
    in_drawer: bool = False


def simulate_absences(
    night: SimulatedRecording, absences: Sequence[Absence], sensor: SimulatedSensor, seed: int = 0
) -> SimulatedRecording:
    """Take the sensor of a simulated night off the leg for some times.

    1. Draw its removal and fitting.
    2. Lay it down, with knocks, and drift of its zero as it cools.
    3. Measure this.
    4. Turn the measurements after the fitting, because its orientation is never the same.

    Parameters
    ----------
    night
        As simulated, worn throughout.
    absences
        In order of time, not overlapping, each with room for its handling.
    sensor
        The night's.
    seed
        Of all random numbers here.

    Returns
    -------
    SimulatedRecording
        The night with handling among its disturbances, without the bouts that the sensor missed; ``off_leg_s`` gives
        the times on table or in drawer.

    Raises
    ------
    SettingsError
        If an absence is too short for taking off, knocks and strapping on.

    Examples
    --------
    >>> from clonus_sense.simulate import NightPlan, simulate_night
    >>> plan = NightPlan(hours=0.5, n_bouts=3)
    >>> night = simulate_absences(simulate_night(plan, seed=1), [Absence(900.0)], plan.sensor)
    >>> [(start_s > 905.0, round(end_s, 3)) for start_s, end_s in night.off_leg_s]
    [(True, 1800.0)]
    """
    accel_g, truth = night.accel_g.copy(), night.truth
    disturbances, off_leg_s = list(night.disturbances), []
    streams = np.random.default_rng([seed, CHANCE_OF_ABSENCES]).spawn(len(absences))
    for absence, rng in zip(absences, streams, strict=True):
        # 1. and 4. Where it is strapped on again decides how it points after that.
        start_s, end_s = absence.start_s, min(absence.end_s, night.duration_s)
        rows = slice(*np.searchsorted(night.times_s, [start_s, end_s]).tolist())
        accel_g[rows.stop :] = sensor.quantise(_draw_mounting(rng).apply(accel_g[rows.stop :]))
        played = _plan_handling(absence, start_s, end_s, rng)
        postures_g = _draw_postures(played, accel_g, rows, sensor, rng)
        # 2. and 3.
        lying_g = _play(night.times_s[rows], played, postures_g, rng)
        accel_g[rows] = sensor.measure(lying_g, rng)
        off_leg_s.append(_find_off_leg(played, start_s, end_s))
        truth = tuple(bout for bout in truth if bout.offset_s <= start_s or bout.onset_s >= end_s)
        disturbances = [d for d in disturbances if d.end_s <= start_s or d.start_s >= end_s] + played
    return replace(
        night,
        accel_g=accel_g,
        truth=truth,
        disturbances=tuple(sorted(disturbances, key=lambda disturbance: disturbance.start_s)),
        off_leg_s=tuple(off_leg_s),
    )


def _plan_handling(absence: Absence, start_s: float, end_s: float, rng: np.random.Generator) -> list[Disturbance]:
    """Draw the times of removal, knocks and fitting, in order of time."""
    shortest_s = SHORTEST_THROW_S if absence.in_drawer else HANDLING_S[0]
    off_s, on_s = rng.uniform(shortest_s, HANDLING_S[1]), rng.uniform(*HANDLING_S)
    taking = DisturbanceKind.THROWN if absence.in_drawer else DisturbanceKind.TAKEN_OFF
    played = [Disturbance(taking, start_s, start_s + off_s)] if start_s > 0.0 else []
    strapped = [Disturbance(DisturbanceKind.STRAPPED_ON, end_s - on_s, end_s)] if absence.end_s < inf else []
    kind, length_s = (DisturbanceKind.DRAWER, DRAWER_S) if absence.in_drawer else (DisturbanceKind.KNOCK, KNOCKS_S)
    lies_from_s, lies_until_s = (played[0].end_s if played else start_s), (strapped[0].start_s if strapped else end_s)
    room_s = lies_until_s - lies_from_s - absence.n_knocks * length_s
    if room_s <= 0.0:
        raise SettingsError(
            f"The sensor is off the leg from {start_s:.0f} to {end_s:.0f} s, which is too short for {off_s:.0f} s of "
            f"taking off, {on_s:.0f} s of strapping on and {absence.n_knocks} knocks; make it longer."
        )
    starts_s = lies_from_s + np.sort(rng.uniform(0.0, room_s, absence.n_knocks))
    knocks = [
        Disturbance(kind, float(at_s) + number * length_s, float(at_s) + (number + 1) * length_s)
        for number, at_s in enumerate(starts_s)
    ]
    return [*played, *knocks, *strapped]


def _draw_postures(
    played: Sequence[Disturbance], accel_g: FloatArray, rows: slice, sensor: SimulatedSensor, rng: np.random.Generator
) -> list[FloatArray]:
    """Draw the orientation before the first and after each disturbance: from the leg to the leg."""
    second = round(sensor.true_fs_hz)
    face = np.array([0.0, 0.0, rng.choice([-1.0, 1.0])]) + TABLE_SCATTER * rng.standard_normal(3)
    lying_g = draw_direction(rng) if any(d.kind is DisturbanceKind.THROWN for d in played) else _unit(face)
    came_off = played and played[0].kind in (DisturbanceKind.TAKEN_OFF, DisturbanceKind.THROWN)
    postures_g = [_unit(accel_g[max(rows.start - second, 0) : rows.start].mean(axis=0)) if came_off else lying_g]
    for disturbance in played:
        if disturbance.kind is DisturbanceKind.STRAPPED_ON:
            postures_g.append(_unit(accel_g[rows.stop : rows.stop + second].mean(axis=0)))
        elif disturbance.kind in SHOVED_DEG:
            lying_g = _unit(lying_g + np.tan(np.radians(SHOVED_DEG[disturbance.kind])) * rng.standard_normal(3))
            postures_g.append(lying_g)
        else:
            postures_g.append(lying_g)
    return postures_g


def _play(
    times_s: FloatArray, played: Sequence[Disturbance], postures_g: Sequence[FloatArray], rng: np.random.Generator
) -> FloatArray:
    """Measure a sensor that lies, drifts as it cools, and is handled; shape ``(n_samples, 3)``."""
    starts_s = [disturbance.start_s for disturbance in played]
    accel_g = np.array(postures_g)[np.searchsorted(starts_s, times_s, side="right")]
    for disturbance, before_g, after_g in zip(played, postures_g[:-1], postures_g[1:], strict=True):
        inside = slice(*np.searchsorted(times_s, [disturbance.start_s, disturbance.end_s]).tolist())
        length_s = disturbance.end_s - disturbance.start_s
        # Handling does not depend on the placement.
        scene = Scene(times_s[inside] - disturbance.start_s, length_s, before_g, after_g, Placement.FOOT)
        accel_g[inside] = SIMULATE_HANDLING[disturbance.kind](scene, rng)
    if times_s.size:
        cooled = 1.0 - np.exp(-(times_s - times_s[0]) / COOLING_S)
        accel_g += np.outer(rng.uniform(0.0, MOST_DRIFT_G) * cooled, draw_direction(rng))
    return accel_g


def _find_off_leg(played: Sequence[Disturbance], start_s: float, end_s: float) -> tuple[float, float]:
    """Return the time between removal and fitting."""
    taken = [d.end_s for d in played if d.kind in (DisturbanceKind.TAKEN_OFF, DisturbanceKind.THROWN)]
    strapped = [d.start_s for d in played if d.kind is DisturbanceKind.STRAPPED_ON]
    return (taken or [start_s])[0], (strapped or [end_s])[0]


def _draw_mounting(rng: np.random.Generator) -> Rotation:
    """Draw the turn of a sensor that is fitted again."""
    little = Rotation.from_rotvec(np.radians(STRAPPED_AGAIN_DEG) * rng.standard_normal(3))
    round_about = np.pi * draw_direction(rng) * (rng.uniform() < OTHER_WAY_ROUND)
    return little * Rotation.from_rotvec(round_about)


def _unit(vector: FloatArray) -> FloatArray:
    """Scale to length 1."""
    return np.asarray(vector / np.linalg.norm(vector))
