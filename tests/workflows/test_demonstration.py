from collections import Counter
from datetime import UTC, datetime

import numpy as np

from clonus_sense.recording import read_recording
from clonus_sense.sensors.open_packet import DATA_HEAD, SAMPLE_BYTES
from clonus_sense.sensors.open_profile import DATA, MOST_BATCH, OpenProfileDriver
from clonus_sense.workflows import demonstration
from clonus_sense.workflows.demonstration import record_demonstration

# What a notification holds at an MTU of 517, the largest that BlueZ and Windows agree to.
MOST_BYTES = 512


def test_a_demonstration_streams_in_the_longest_packets_loses_none_and_lasts_to_its_end(tmp_path, monkeypatch):
    sizes = Counter()
    as_always = OpenProfileDriver.receive

    def receive(self, characteristic, data, arrival_s):
        sizes[len(data)] += characteristic == DATA
        return as_always(self, characteristic, data, arrival_s)

    monkeypatch.setattr(OpenProfileDriver, "receive", receive)
    monkeypatch.setattr(demonstration, "DROP_OUTS", ())
    shown = record_demonstration(tmp_path, datetime(2026, 11, 5, 22, 30, tzinfo=UTC), hours=0.2)
    full_bytes = DATA_HEAD.size + SAMPLE_BYTES * MOST_BATCH
    assert MOST_BYTES - SAMPLE_BYTES < full_bytes <= MOST_BYTES
    full = sizes.pop(full_bytes)
    # The last one is what was left when the night ended.
    assert sum(sizes.values()) <= 1
    recording = read_recording(shown.recordings[0].path)
    assert 0 <= recording.n_samples - full * MOST_BATCH < MOST_BATCH
    assert abs(recording.n_samples / (0.2 * 3600 * 52) - 1) < 0.02
    # The sensor samples faster than it claims; a night that it had played out before its end would be still there.
    last_s = recording.stretches[-1].accel_g[-52:]
    assert (np.ptp(last_s, axis=0) > 0.0).all()
