"""Handling of the sensor: fitted, taken off, put down, knocked on its table, thrown into a drawer.

Every function takes a :class:`~clonus_sense.simulate.disturbances.Scene` and a random generator, and returns the
acceleration with gravity, in g, at the scene's times, as in :mod:`clonus_sense.simulate.disturbances`.  No recording of
such handling is published with its acceleration: the figures come from hands with small objects, each with its reason.
"""

from __future__ import annotations

import numpy as np

from clonus_sense.model import FloatArray
from clonus_sense.simulate.disturbances import Scene, bump, draw_direction, rock_to_rest
from clonus_sense.simulate.envelope import draw_slow_noise, minimum_jerk
from clonus_sense.simulate.leg_posture import roll_between

# A strap with one buckle opens or closes within seconds; weak hands need most of a minute in the dark.
HANDLING_S = (5.0, 40.0)

# Part of that time at the buckle, while the sensor stays on the leg and is pulled and tilted, but not turned.
AT_BUCKLE_RATIO = (0.2, 0.6)

# One pull at the strap, and how far it tilts the sensor: soft tissue gives way by some tens of degrees.
PULL_S = (0.6, 2.0)
PULL_DEG = 15.0

# One turn of the free sensor in the hand and the hold after it: a turn of 90 degrees takes half a second to one second
# at the 100 to 200 degrees per second of an unhurried wrist.
TURN_IN_HAND_S = (0.8, 2.5)
TURNING_RATIO = (0.4, 0.9)

# The arm accelerates a carried object by some tenths of a g, mostly below 3 Hz.
CARRY_G = (0.04, 0.2)
CARRY_SPACING_S = 0.2

# Set down by a careful or by a tired hand, in g.
SET_DOWN_G = (0.3, 1.5)

# Rocking after it, with the pause before; :func:`rock_to_rest` ends within this time.
ROCKING_S = 2.4

# Knocks at a table: a glass put down, an elbow; one to four within some seconds.
KNOCK_G = (0.02, 0.4)
MOST_KNOCKS = 4

# In the air from hand to drawer: a fall of 0.3 to 0.8 m.
FALL_S = (0.25, 0.4)
IMPACT_G = (2.0, 4.5)

# A drawer slides for about a second and stops at its end.
SLIDE_S = (0.7, 1.5)
SLIDE_G = (0.03, 0.2)


def simulate_strapping_on(scene: Scene, rng: np.random.Generator) -> FloatArray:
    """Pick the sensor up, turn it this way and that, lay it on the leg and close the strap."""
    free_s = scene.duration_s * (1.0 - rng.uniform(*AT_BUCKLE_RATIO))
    ways = [scene.before_g, *_draw_turns(free_s, rng), scene.after_g]
    pulls = _draw_pulls(scene.after_g, scene.duration_s - free_s, rng)
    accel_g = _follow(scene.times_s, [(ways, 0.0, free_s), (pulls, free_s, scene.duration_s)], rng)
    return accel_g + rng.uniform(*CARRY_G) * scene.shake(CARRY_SPACING_S, rng)


def simulate_taking_off(scene: Scene, rng: np.random.Generator) -> FloatArray:
    """Open the strap, take the sensor away and put it down, where it rocks to rest."""
    down_s = scene.duration_s - ROCKING_S
    accel_g = _carry_away(scene, down_s, rng)
    accel_g += bump(scene.times_s - down_s, rng.uniform(*SET_DOWN_G), rng)
    return accel_g + rock_to_rest(scene.times_s - down_s - 0.1, rng)


def simulate_throwing(scene: Scene, rng: np.random.Generator) -> FloatArray:
    """Open the strap, throw the sensor into a drawer, where it tumbles to rest, and push the drawer shut."""
    shut_s, fall_s = 3.0, rng.uniform(*FALL_S)
    thrown_s = scene.duration_s - shut_s - 1.0 - fall_s
    accel_g = _carry_away(scene, thrown_s, rng)
    # A falling sensor measures 0 g; the floor of a drawer is hard, and a small object bounces once.
    falling = (scene.times_s >= thrown_s) & (scene.times_s < thrown_s + fall_s)
    accel_g[falling] *= 1.0 - minimum_jerk((scene.times_s[falling, np.newaxis] - thrown_s) / 0.05)
    landed_s = scene.times_s - thrown_s - fall_s
    accel_g += bump(landed_s, rng.uniform(*IMPACT_G), rng)
    accel_g += bump(landed_s - rng.uniform(0.15, 0.3), rng.uniform(0.2, 0.5) * IMPACT_G[0], rng)
    return accel_g + _slide(scene.times_s - (scene.duration_s - shut_s), rng)


def simulate_knocks(scene: Scene, rng: np.random.Generator) -> FloatArray:
    """Knock at the table on which the sensor lies; it may move slightly."""
    at_s = np.sort(rng.uniform(0.2, scene.duration_s - 1.0, int(rng.integers(1, MOST_KNOCKS + 1))))
    accel_g = roll_between(scene.before_g, scene.after_g, minimum_jerk((scene.times_s - at_s[0]) / 0.2))
    for moment_s in at_s:
        accel_g += bump(scene.times_s - moment_s, np.exp(rng.uniform(*np.log(KNOCK_G))), rng)
    return np.asarray(accel_g)


def simulate_drawer(scene: Scene, rng: np.random.Generator) -> FloatArray:
    """Open the drawer in which the sensor lies and close it again; the sensor may move slightly."""
    second_s = scene.duration_s - 2.5
    accel_g = roll_between(scene.before_g, scene.after_g, minimum_jerk((scene.times_s - second_s) / 0.5))
    return np.asarray(accel_g + _slide(scene.times_s - 0.2, rng) + _slide(scene.times_s - second_s, rng))


def _carry_away(scene: Scene, until_s: float, rng: np.random.Generator) -> FloatArray:
    """Pull at the strap, then carry the free sensor until a time."""
    buckle_s = until_s * rng.uniform(*AT_BUCKLE_RATIO)
    pulls = _draw_pulls(scene.before_g, buckle_s, rng)
    ways = [pulls[-1], *_draw_turns(until_s - buckle_s, rng), scene.after_g]
    accel_g = _follow(scene.times_s, [([scene.before_g, *pulls], 0.0, buckle_s), (ways, buckle_s, until_s)], rng)
    inside = np.clip(scene.times_s / until_s, 0.0, 1.0)
    course = np.column_stack(
        [draw_slow_noise(scene.times_s, (0.0, scene.duration_s), CARRY_SPACING_S, rng) for _ in range(3)]
    )
    return accel_g + rng.uniform(*CARRY_G) * course * np.sin(np.pi * inside)[:, np.newaxis]


def _draw_turns(duration_s: float, rng: np.random.Generator) -> list[FloatArray]:
    """Draw the orientation of the free sensor after each turn in the hand, uniform over all directions."""
    n_turns = max(1, round(duration_s / rng.uniform(*TURN_IN_HAND_S)) - 1)
    return [draw_direction(rng) for _ in range(n_turns)]


def _draw_pulls(posture_g: FloatArray, duration_s: float, rng: np.random.Generator) -> list[FloatArray]:
    """Draw the orientation of the fitted sensor after each pull at its strap; after the last pull it is the leg's."""
    n_pulls = max(1, round(duration_s / rng.uniform(*PULL_S)) - 1)
    tilted = posture_g + np.tan(np.radians(PULL_DEG)) * rng.standard_normal((n_pulls, 3)) / np.sqrt(2)
    return [*(tilted / np.linalg.norm(tilted, axis=1, keepdims=True)), posture_g]


def _follow(
    times_s: FloatArray, parts: list[tuple[list[FloatArray], float, float]], rng: np.random.Generator
) -> FloatArray:
    """Take one orientation after the other: each part spreads its moves over its time, with a hold after each."""
    accel_g = np.tile(parts[0][0][0], (len(times_s), 1))
    for ways, start_s, end_s in parts:
        edges_s = start_s + (end_s - start_s) * np.linspace(0.0, 1.0, len(ways))
        for before_g, after_g, from_s, to_s in zip(ways[:-1], ways[1:], edges_s[:-1], edges_s[1:], strict=True):
            rows = times_s >= from_s
            taken_s = rng.uniform(*TURNING_RATIO) * (to_s - from_s)
            accel_g[rows] = roll_between(before_g, after_g, minimum_jerk((times_s[rows] - from_s) / taken_s))
    return accel_g


def _slide(times_s: FloatArray, rng: np.random.Generator) -> FloatArray:
    """Slide a drawer from time 0 on: pushed, slowed by friction, and stopped at its end."""
    taken_s, direction = rng.uniform(*SLIDE_S), draw_direction(rng)
    moving = (times_s >= 0.0) & (times_s < taken_s)
    push_g = rng.uniform(*SLIDE_G) * np.sin(2 * np.pi * times_s / taken_s) * moving
    return np.outer(push_g, direction) + bump(times_s - taken_s, rng.uniform(0.1, 0.6), rng)
