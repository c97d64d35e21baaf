"""One minute with a real sensor: opt-in, because CI has neither an adapter nor a leg.

1. Prepare the sensor as its page in ``firmware_notes/`` says, and close the maker's app.
2. Lay it on the table next to the computer.
3. ``CLONUS_SENSE_HARDWARE=verity-sense pytest -s tests/test_hardware.py``; the word is the sensor's key, one of those
   that ``clonus_sense.sensors.families`` lists.
4. After half a minute the test asks you to carry it out of reach, out of the room and back, or to wait.

It prints what was measured: rate, gaps, battery.  Please report it together with model and firmware.
"""

import asyncio
import os
from datetime import UTC, datetime

import numpy as np
import pytest

from clonus_sense import read_recording
from clonus_sense.recorder import NightRecorder, PlannedSensor, RecorderPlan
from clonus_sense.sensors.families import find_family
from clonus_sense.sensors.link import Radio, WantedSensor, system_clock

KEY = os.environ.get("CLONUS_SENSE_HARDWARE", "")
SECONDS = 90


@pytest.mark.skipif(not KEY, reason="needs a Bluetooth adapter and a sensor; its docstring says how to run it")
def test_a_real_sensor_streams_at_its_rate_and_comes_back(tmp_path):
    async def main():
        plan = RecorderPlan((PlannedSensor(WantedSensor(find_family(KEY))),), tmp_path, tmp_path / "locks")
        radio = Radio()
        recorder = NightRecorder(plan, radio, system_clock(), datetime.now(UTC))
        running = asyncio.create_task(recorder.run())
        for second in range(SECONDS):
            await asyncio.sleep(1)
            if second % 10 == 0:
                print(recorder.status().sensors[0])  # noqa: T201 - for the person who runs it
            if second == SECONDS // 3:
                print("Carry the sensor out of the room and back, if you like.")  # noqa: T201 - for the person who runs it
        recorder.stop()
        night = await running
        await radio.close()
        return night

    (made,) = asyncio.run(main()).recordings
    recording = read_recording(made.path)
    longest = max(recording.stretches, key=lambda samples: len(samples.accel_g))
    rate_hz = (len(longest.accel_g) - 1) / (longest.end_s - longest.start_s)
    lengths_g = np.linalg.norm(longest.accel_g, axis=1)
    print(f"{made.info.sensor}: {rate_hz:.2f} Hz, median {np.median(lengths_g):.3f} g, gaps {recording.gaps}")  # noqa: T201 - for the person who runs it
    assert rate_hz == pytest.approx(made.info.fs_hz, rel=0.06)
    assert np.median(lengths_g) == pytest.approx(1.0, abs=0.1)
    assert recording.measured_s > SECONDS / 3
