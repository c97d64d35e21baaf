"""What rests near 1 g and is no accelerometer is refused; still, coarse and badly calibrated sensors are read."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clonus_sense.errors import ColumnError
from clonus_sense.recording import read_recording

N = 3000
FS_HZ = 50.0
T_S = np.arange(N) / FS_HZ
NOISE = np.random.default_rng(5).normal(size=(N, 3))


def write(path, axes, header="time,x,y,z", digits=6, others=()):
    rows = np.column_stack([T_S, axes, *others])
    lines = [",".join(f"{value:.{digits}f}" for value in row) for row in rows]
    path.write_text("\n".join([header, *lines, ""]), encoding="utf-8")
    return path


def turning(rate_hz=0.02):
    """Gravity of a limb that turns slowly through a wide angle."""
    angle = 1.2 * np.sin(2 * np.pi * rate_hz * T_S)
    return np.column_stack([np.sin(angle), 0.2 * np.ones(N), np.cos(angle)]) / np.hypot(1.0, 0.2)


@pytest.mark.parametrize("scale", [1.0, 9.80665])
@pytest.mark.parametrize("gravity", [turning(), turning(0.002), turning(0.43)])
def test_an_estimate_of_gravity_is_refused(tmp_path, gravity, scale):
    with pytest.raises(ColumnError, match=r"columns `x`, `y`, `z` look like an estimate of gravity.*--columns"):
        read_recording(write(tmp_path / "a.csv", gravity * scale))


def test_a_quaternion_is_refused(tmp_path):
    half = 0.6 * np.sin(0.1 * T_S) + 0.8
    axes = np.column_stack([np.sin(half) * 0.6, np.sin(half) * 0.8, 0 * half])
    path = write(tmp_path / "a.csv", axes, "time,x,y,z,w", others=[np.cos(half)])
    with pytest.raises(ColumnError, match=r"look like a rotation \(quaternion\)"):
        read_recording(path)


def test_angular_rate_with_an_offset_like_gravity_is_refused(tmp_path):
    moves = 40.0 * np.sin(2 * np.pi * 0.3 * T_S) * (np.sin(2 * np.pi * 0.02 * T_S) > 0.3)
    axes = np.column_stack([0.6 + moves, 0.5 - moves, 0.6 + 0 * moves]) + 0.05 * NOISE
    with pytest.raises(ColumnError, match="look like the angular rate of a gyroscope"):
        read_recording(write(tmp_path / "a.csv", axes))


@pytest.mark.parametrize(
    ("file", "header", "what"),
    [
        ("Gyroscope.csv", "time,x,y,z", "the angular rate of a gyroscope"),
        ("a.csv", "time,wx,wy,wz", "the angular rate of a gyroscope"),
        ("Orientation.csv", "time,x,y,z", "an orientation"),
        ("LinearAcceleration.csv", "time,x,y,z", "linear acceleration"),
    ],
)
def test_names_say_what_columns_without_gravity_are(tmp_path, file, header, what):
    with pytest.raises(ColumnError, match=f"at rest where it should be 1 g.*By its name this is {what}"):
        read_recording(write(tmp_path / file, 0.01 * NOISE, header))


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_accelerometers_are_never_refused(data, tmp_path_factory):
    step_g = data.draw(st.sampled_from([None, 0.0005, 0.001, 0.004, 0.0156, 0.063]))
    noise_g = data.draw(st.sampled_from([0.0, 0.0004, 0.003, 0.02]))
    gain = np.array(data.draw(st.tuples(*[st.floats(0.9, 1.1)] * 3)))
    tilt = data.draw(st.floats(-1.5, 1.5))
    moves = data.draw(st.sampled_from(["still", "turning", "walking", "shaking"]))
    still = np.tile([np.sin(tilt), 0.1, np.cos(tilt)], (N, 1)) / np.hypot(1.0, 0.1)
    axes = turning() if moves == "turning" else still
    swing = {"walking": 0.6 * np.sin(2 * np.pi * 1.0 * T_S), "shaking": 2.0 * np.sin(2 * np.pi * 5.0 * T_S)}
    axes = axes * gain + np.outer(swing.get(moves, 0 * T_S), [1.0, 0.3, 0.5])
    # A sensor without any noise steps coarsely: nothing else is left of its noise.
    step_g = step_g if noise_g or step_g is not None else 0.001
    axes = axes + noise_g * NOISE
    axes = axes if step_g is None else np.rint(axes / step_g) * step_g
    axes[:500] = axes[0]  # it hangs for a while
    path = write(
        tmp_path_factory.mktemp("a") / "a.csv", axes, "time,ax (g),ay (g),az (g),label,step", 5, [T_S // 9, T_S % 2 < 1]
    )
    assert read_recording(path).n_samples == N


def test_a_label_that_changes_in_step_with_a_walk_is_no_sensor(tmp_path):
    # Each second begins at the steepest moment of a stride, and a coarse sensor steps there alone.
    walk = 0.6 * np.sin(2 * np.pi * 1.0 * T_S)
    for tilt in np.linspace(-1.5, 1.5, 13):
        still = np.array([np.sin(tilt), 0.1, np.cos(tilt)]) * [0.96875, 1.0, 1.0]
        axes = np.rint((still + np.outer(walk, [1.0, 0.3, 0.5])) / 0.063) * 0.063
        path = write(tmp_path / "a.csv", axes, "time,ax (g),ay (g),az (g),label,step", 5, [T_S // 9, T_S % 2 < 1])
        assert read_recording(path).n_samples == N
