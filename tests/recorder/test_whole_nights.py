"""Whole nights of eight hours, each with fifty losses: ``pytest -m night -s tests/recorder`` prints the figures."""

import asyncio
import random
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from clonus_sense import DetectionSettings, analyse_recording
from clonus_sense.recording import EntryKind
from clonus_sense.sensors.families import find_family
from clonus_sense.sensors.virtual.sampling import Crystal
from tests.recorder.nights import assert_back_within_5_s, leg, nothing, open_sensor, record, recorded_accel
from tests.recorder.test_families import CASES, ON_BUMBLE, Case

pytestmark = [
    pytest.mark.night,
    pytest.mark.skipif(sys.platform != "linux", reason="the mock of org.bluez needs D-Bus"),
]

HOURS = 8.0
# Small blocks of memory come and go; a leak of one object for each packet would cost more.
MOST_GROWTH_MB = 16.0


def resident_mb():
    """Memory of this process."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * 4096 / 1e6


def losses(seed):
    """Fifty losses of 1 s to 30 min, and where they begin; short ones are as frequent as long ones."""
    rng = random.Random(seed)
    lengths_s = [30 ** rng.uniform(0, 2.2) for _ in range(50)]
    pause_s = (HOURS * 3600 - 120 - sum(lengths_s)) / 50
    assert pause_s > 60
    return [(pause_s, length_s) for length_s in lengths_s]


@pytest.mark.parametrize(
    ("case", "radio"),
    [*((case, "bluez") for case in CASES), *ON_BUMBLE],
    ids=lambda value: value.key if isinstance(value, Case) else value,
)
def test_eight_hours_with_fifty_losses(tmp_path, case, radio):
    accel_g = leg(HOURS * 3600 + 600, fs_hz=case.fs_hz, bouts_at_s=np.arange(300.0, HOURS * 3600, 900.0))
    memory_mb = []

    async def scenario(night):
        for pause_s, length_s in losses(7):
            await asyncio.sleep(pause_s)
            night.air.vanish(night.sensor, length_s)
            await asyncio.sleep(length_s)
            memory_mb.append(resident_mb())

    began_s = time.process_time()
    outcome = record(
        scenario,
        lambda: [case.sensor(accel_g)],
        tmp_path,
        minutes=60 * HOURS,
        radio=radio,
        families=(find_family(case.key),),
    )
    cpu_s = time.process_time() - began_s
    assert outcome.error is None
    assert outcome.left_over == ""
    written, sent = recorded_accel(outcome.read()), accel_g[outcome.delivered()]
    assert written.shape == sent.shape
    assert np.abs(written - sent).max() <= (case.step_g + 1e-4) / 2 + 1e-9
    told, true = outcome.gaps(), outcome.true_gaps()
    told = [gap for gap in told if gap["end_s"] < outcome.recordings[0].duration_s - 1e-6]
    assert len(told) == len(true)
    errors_s = [abs(gap["duration_s"] - (end_s - start_s)) for gap, (start_s, end_s, _) in zip(told, true, strict=True)]
    assert max(errors_s) <= case.tolerance_s
    assert_back_within_5_s(outcome)
    assert max(memory_mb[10:]) - memory_mb[9] < MOST_GROWTH_MB
    found = analyse_recording(outcome.recordings[0].path, DetectionSettings()).analysis.episodes
    assert found == outcome.recordings[0].episodes
    print(  # noqa: T201 - figures for the closing note
        f"\n{radio} {case.key}: {len(sent)} samples delivered and written, {len(told)} gaps of 50 losses, "
        f"worst length error {1000 * max(errors_s):.1f} ms, {len(found)} episodes live and replayed, "
        f"memory {memory_mb[9]:.0f} -> {memory_mb[-1]:.0f} MB, {cpu_s:.0f} s of processor time"
    )


def test_eight_hours_of_drift_are_timed_to_20_ms(tmp_path):
    accel_g = leg(HOURS * 3600 + 1800)
    outcome = record(
        nothing, lambda: [open_sensor(accel_g, crystal=Crystal(0.02, 50e-6))], tmp_path, minutes=60 * HOURS
    )
    (samples,) = outcome.read().stretches
    truth_s = outcome.true_times_s()
    error_s = samples.time_map.seconds(np.arange(len(truth_s))) - truth_s
    settled_s = np.abs(error_s[60 * 52 :])
    print(f"\ndrift: {1000 * settled_s[-1]:.1f} ms off at the end, {1000 * settled_s.max():.1f} ms at worst")  # noqa: T201
    assert abs(error_s[-1]) < 0.02
    assert outcome.entries(EntryKind.STREAM_LOST)[0].time_s == pytest.approx(HOURS * 3600, abs=1)
