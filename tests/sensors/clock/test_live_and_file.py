"""What is detected live is what is written: the file of a recording gives back the very same batches."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clonus_sense.model import RecordingInfo
from clonus_sense.recording import RecordingWriter, stream_recording
from clonus_sense.sensors.clock import SensorClock
from tests.sensors.clock.simulated import ALL, Radio, Result, replace, run_clock


def by_stretch(batches):
    """Samples and knots of each stretch, and its rate."""
    joined = {}
    for batch in batches:
        joined.setdefault((batch.stretch.number, batch.stretch.fs_hz), []).append(batch)
    for parts in joined.values():
        lengths = [len(part.accel_g) for part in parts]
        assert [part.first_index for part in parts] == np.cumsum([0, *lengths[:-1]]).tolist()
    return {
        key: (
            np.concatenate([part.accel_g for part in parts]),
            np.concatenate([part.knot_times_s for part in parts]),
        )
        for key, parts in joined.items()
    }


def assert_file_gives_it_back(path, stream, result, step_g):
    info = RecordingInfo(start=None, fs_hz=stream.fs_hz, step_g=step_g)
    with RecordingWriter(path, info, sync=lambda file: None) as writer:
        for batch in result.batches:
            writer.append(batch.times_s, batch.batch.accel_g)
    with stream_recording(path) as recording:
        read = by_stretch(recording.batches())
    live = by_stretch([batch.batch for batch in result.batches])
    assert list(read) == list(live)
    for key, (accel_g, knots_s) in live.items():
        assert np.array_equal(read[key][0], accel_g)
        assert np.array_equal(read[key][1], knots_s)
    assert [(gap.start_s, gap.end_s) for gap in recording.gaps] == [
        (gap.gap.start_s, gap.gap.end_s) for gap in result.gaps
    ]
    assert {finding.kind for finding in recording.findings} <= {"many-gaps"}


def test_a_first_sample_before_second_0_is_no_gap(tmp_path):
    result = run_clock(ALL["open"].stream, ALL["open"].packets(10.0), origin_s=100.5)
    assert result.times_s[0] < -0.4
    assert result.gaps == []
    assert_file_gives_it_back(tmp_path / "early.csv", ALL["open"].stream, result, None)


@pytest.mark.parametrize("name", ALL)
@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_file_gives_back_the_same_batches_bit_for_bit(name, data, tmp_path):
    seed = data.draw(st.integers(0, 2**31), label="seed")
    rate_error = data.draw(st.floats(-0.05, 0.05), label="rate error")
    step_g = data.draw(st.sampled_from([None, 8 / 32768, 0.001]), label="step")
    origin_s = data.draw(st.sampled_from([99.0, 100.0, 100.5]), label="origin")
    rng = np.random.default_rng(seed)
    sensor = ALL[name].but(rate_error=rate_error, radio=Radio(jitter_s=rng.uniform(0.0, 0.2), bursts_per_hour=120.0))
    n_packets = round(40.0 / sensor.period_s / sensor.packet_samples)
    lost = np.flatnonzero(rng.random(n_packets) < rng.choice([0.0, 0.003, 0.03]))
    packets = sensor.packets(40.0, lost=lost, seed=seed)
    noise = [replace(packet, accel_g=rng.normal(0.0, 1.0, packet.accel_g.shape)) for packet in packets]
    away = rng.integers(len(packets) // 3, len(packets) // 2, 2)
    clock = SensorClock(sensor.stream, origin_s=origin_s, step_g=step_g)
    result = Result()
    for number, packet in enumerate(noise):
        if number == min(away):
            result.add(clock.restart_link())
        if not min(away) <= number < max(away):
            result.add(clock.push(packet))
        if rng.random() < 0.05:
            result.add(clock.advance(packet.arrival_s))
    result.add(clock.finish())
    path = tmp_path / f"{name}-{seed}-{rng.integers(10**9)}.csv"
    path.unlink(missing_ok=True)
    assert_file_gives_it_back(path, sensor.stream, result, step_g)
