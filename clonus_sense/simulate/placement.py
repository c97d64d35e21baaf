"""From joint rotation to the acceleration at foot, ankle, shank or thigh.

The end of a rigid lever that rotates by ``angle`` has the tangential acceleration ``L * angle''``, the centripetal ``-L
* angle'^2``, and gravity turned by ``angle``. At 6 Hz and 5 degrees this gives 1.3 g on the foot, 0.2 g above the
malleoli of a free leg and up to 1.6 g along a shank with a planted forefoot: a factor of ten between sites.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.signal import bilinear, lfilter

from clonus_sense.model import FloatArray
from clonus_sense.simulate.movement import STEP_S, JointMovement, differentiate_angle
from clonus_sense.terms import Placement

STANDARD_GRAVITY_M_S2 = 9.80665

# Ankle axis to a sensor on the dorsum of the foot, along the foot and above the axis.
FOOT_LEVER_M = 0.10
FOOT_HEIGHT_M = 0.02

# Knee to a band just above the malleoli, and to a band on them.
SHANK_LEVER_M = 0.34
ANKLE_LEVER_M = 0.38

# Ball of the foot to the ankle: bounce of the heel per radian with a planted forefoot.
PLANTED_LEVER_M = 0.13

# Hip to a sensor above the knee.
THIGH_LEVER_M = 0.30

FOOT_INERTIA_KG_M2 = 0.0155


class _Segment(NamedTuple):
    """A leg segment that the reaction of its distal neighbour swings about its proximal joint."""

    inertia_kg_m2: float
    damping_nms_per_rad: float
    stiffness_nm_per_rad: float


# The shank's values match the reflex loop. The thigh's are assumed: 10 kg, centre 0.25 m from the hip, on a mattress
# with a well damped resonance at 1 Hz.
SHANK = _Segment(0.32, 1.2, 40.0)
THIGH = _Segment(0.9, 4.0, 40.0)


def compute_acceleration(movement: JointMovement, placement: Placement, gravity_g: FloatArray) -> FloatArray:
    """Compute the noise-free acceleration with gravity, in g, on segment axes, every 0.5 ms, shape ``(n_steps, 3)``."""
    match placement:
        case Placement.FOOT:
            return _on_lever(movement, FOOT_LEVER_M, FOOT_HEIGHT_M, gravity_g)
        case Placement.ANKLE:
            return _on_lever(_swing_shank(movement), ANKLE_LEVER_M, 0.0, gravity_g)
        case Placement.SHANK:
            return _on_lever(_swing_shank(movement), SHANK_LEVER_M, 0.0, gravity_g)
        case Placement.SHANK_PLANTED:
            return _on_bouncing_heel(movement, gravity_g)
        case Placement.THIGH:
            shank = _swing_shank(movement)
            return _on_lever(_swing(shank, SHANK.inertia_kg_m2, THIGH), THIGH_LEVER_M, 0.0, gravity_g)


def sample_acceleration(
    movement: JointMovement, placement: Placement, gravity_g: FloatArray, times_s: FloatArray
) -> FloatArray:
    """Sample :func:`compute_acceleration` at seconds since the start of the movement; at rest before and after it."""
    fine_g = compute_acceleration(movement, placement, gravity_g)
    columns = [
        np.interp(times_s, movement.times_s, fine_g[:, i], left=gravity_g[i], right=gravity_g[i]) for i in range(3)
    ]
    return np.column_stack(columns)


def _on_lever(movement: JointMovement, lever_m: float, height_m: float, gravity_g: FloatArray) -> FloatArray:
    """Acceleration at ``(lever, 0, height)`` of a segment that rotates about the origin, x towards z."""
    tangential = movement.accel_rad_s2 / STANDARD_GRAVITY_M_S2
    centripetal = movement.rate_rad_s**2 / STANDARD_GRAVITY_M_S2
    cosine, sine = np.cos(movement.angle_rad), np.sin(movement.angle_rad)
    x_g, y_g, z_g = gravity_g
    return np.column_stack(
        [
            x_g * cosine + z_g * sine - lever_m * centripetal - height_m * tangential,
            np.full_like(cosine, y_g),
            z_g * cosine - x_g * sine + lever_m * tangential - height_m * centripetal,
        ]
    )


def _on_bouncing_heel(movement: JointMovement, gravity_g: FloatArray) -> FloatArray:
    """Acceleration along a shank with a planted forefoot: dorsiflexion lowers the heel, away from the trunk."""
    accel_g = np.tile(gravity_g, (len(movement.angle_rad), 1))
    accel_g[:, 0] += PLANTED_LEVER_M * movement.accel_rad_s2 / STANDARD_GRAVITY_M_S2
    return accel_g


def _swing_shank(movement: JointMovement) -> JointMovement:
    """Rotation of a free shank about the knee, driven by the reaction of the foot."""
    return _swing(movement, FOOT_INERTIA_KG_M2, SHANK)


def _swing(driver: JointMovement, driver_inertia_kg_m2: float, segment: _Segment) -> JointMovement:
    """Solve ``I phi'' + B phi' + K phi = I_driver * theta''`` for the angle ``phi`` of the segment."""
    numerator, denominator = bilinear(
        [driver_inertia_kg_m2],
        [segment.inertia_kg_m2, segment.damping_nms_per_rad, segment.stiffness_nm_per_rad],
        fs=1 / STEP_S,
    )
    return differentiate_angle(np.asarray(lfilter(numerator, denominator, driver.accel_rad_s2)))
