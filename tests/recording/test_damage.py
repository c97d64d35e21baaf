"""Whatever happened to a file: its samples, or one sentence."""

import numpy as np
import pytest

from clonus_sense.errors import RecordingError
from clonus_sense.recording import read_recording
from tests.recording.made import accel, write_plain

N_DAMAGED = 60


def damaged(data, rng):
    """The bytes with a few of the things that happen to files."""
    data = bytearray(data)
    for _ in range(rng.choice([1, 3, 20])):
        at = int(rng.integers(len(data)))
        match rng.integers(5):
            case 0:
                data[at] = rng.integers(256)
            case 1:
                del data[at : at + int(rng.integers(200))]
            case 2:
                data[at:at] = data[int(rng.integers(len(data))) :][:150]
            case 3:
                data[at : at + 1] = [b"e300", b"nan", b'"', b"\n", b"\0\0", b"-", b"1_0"][rng.integers(7)]
            case 4:
                del data[max(at, len(data) // 2) :]
    return bytes(data)


@pytest.mark.parametrize("name", ["a.csv", "a.csv.gz", "a.parquet", "phone.csv", "dates.csv"])
def test_damage_gives_sound_samples_or_one_sentence(tmp_path, name):
    path = tmp_path / name
    rows = accel(300)
    if name == "phone.csv":
        lines = [f"{n // 5 * 0.1:.3f},{x:.4f},{y:.4f},{z:.4f}\n" for n, (x, y, z) in enumerate(rows)]
        path.write_text("time,ax,ay,az\n" + "".join(lines), encoding="utf-8")
    elif name == "dates.csv":
        lines = [f"2026-03-01T00:00:{n / 50:09.6f}Z;{x:.4f};{y:.4f};{z:.4f}\n" for n, (x, y, z) in enumerate(rows)]
        path.write_text("time;ax;ay;az\n" + "".join(lines), encoding="utf-8")
    else:
        write_plain(path, 300)
    data = path.read_bytes()
    for seed in range(N_DAMAGED):
        path.write_bytes(damaged(data, np.random.default_rng(seed)))
        try:
            recording = read_recording(path)
        except RecordingError as error:
            assert "\n" not in str(error), f"seed {seed}"
            continue
        assert recording.n_samples > 0, f"seed {seed}"
        for samples in recording.stretches:
            assert np.isfinite(samples.accel_g).all(), f"seed {seed}"
            assert np.all(np.diff(samples.knot_times_s) > 0), f"seed {seed}"
        assert all(gap.duration_s > -1e-6 for gap in recording.gaps), f"seed {seed}"
