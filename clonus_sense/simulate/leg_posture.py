"""Postures of a leg: gravity as a still sensor measures it, a unit vector on segment axes.

Segment axes: ``x`` points away from the trunk (on the foot towards the toes), ``y`` outwards, ``z`` forwards (out of
the dorsum of the foot, the shin or the thigh).
"""

from __future__ import annotations

import numpy as np
from scipy.spatial.transform import Rotation

from clonus_sense.model import FloatArray
from clonus_sense.terms import Placement

# Supine, right side, left side, prone. The foot of a supine person points up; that of a prone one hangs over.
LYING_FOOT = np.array([[0.94, 0.0, 0.34], [0.3, 0.95, 0.0], [0.3, -0.95, 0.0], [-0.5, 0.0, -0.87]])
LYING_LEG = np.array([[0.0, 0.0, 1.0], [0.0, 1.0, 0.0], [0.0, -1.0, 0.0], [0.0, 0.0, -1.0]])

# People sleep on the back and the sides; few sleep prone, and fewer with a paralysed leg.
LYING_PROBABILITY = (0.4, 0.27, 0.27, 0.06)

# Standard deviation of each component of the direction, about 9 degrees.
LYING_SCATTER = 0.15


def draw_lying_posture(placement: Placement, rng: np.random.Generator) -> FloatArray:
    """Draw a lying posture, a unit vector of shape ``(3,)``."""
    choices = LYING_FOOT if placement is Placement.FOOT else LYING_LEG
    direction = choices[rng.choice(len(choices), p=LYING_PROBABILITY)] + rng.normal(0.0, LYING_SCATTER, 3)
    return np.asarray(direction / np.linalg.norm(direction))


def upright_posture(placement: Placement) -> FloatArray:
    """Return gravity of a standing person, in g, on segment axes, shape ``(3,)``."""
    return np.array([0.0, 0.0, 1.0]) if placement is Placement.FOOT else np.array([-1.0, 0.0, 0.0])


def roll_between(before_g: FloatArray, after_g: FloatArray, progress: FloatArray) -> FloatArray:
    """Rotate gravity from one posture to another along the shortest path, shape ``(n_samples, 3)``."""
    axis = np.cross(before_g, after_g)
    sine = float(np.linalg.norm(axis))
    if sine < 1e-9:  # The same or the opposite posture: any perpendicular axis is right.
        axis = np.cross(before_g, np.eye(3)[np.argmin(np.abs(before_g))])
    angle_rad = np.arctan2(sine, before_g @ after_g)
    turns = Rotation.from_rotvec(np.outer(progress * angle_rad, axis / np.linalg.norm(axis)))
    return np.asarray(turns.apply(before_g))
