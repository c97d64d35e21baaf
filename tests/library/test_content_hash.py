from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clonus_sense.library import RecordingHasher, hash_recording
from clonus_sense.model import SampleBatch, Stretch
from clonus_sense.recording import read_recording, stream_recording, write_recording
from tests.library.made import INFO

N_SAMPLES = 3000
# A gap makes a second stretch; a longer gap, all else alike, makes another recording.
TIMES_S = np.delete(np.arange(N_SAMPLES + 200) / 52.0, slice(1000, 1200))
LATER_S = np.concatenate([TIMES_S[:1000], TIMES_S[1000:] + 5.0])
ACCEL_G = np.random.default_rng(1).normal([0, 0, 1], 0.1, (N_SAMPLES, 3))


def written(path, info=INFO, times_s=TIMES_S, accel_g=ACCEL_G):
    write_recording(path, info, times_s, accel_g)
    return read_recording(path)


@pytest.fixture(scope="module")
def recording(tmp_path_factory):
    return written(tmp_path_factory.mktemp("hash") / "night.csv")


def test_the_hash_of_a_known_recording_is_frozen():
    """Every kept file would become another one by any change here; a change needs a migration."""
    accel_g = np.arange(18.0).reshape(6, 3) / 64
    hasher = RecordingHasher()
    hasher.add(SampleBatch(Stretch(0, 4.0), 0, accel_g[:4], np.array([0.0, 0.75])))
    hasher.add(SampleBatch(Stretch(1, 4.0), 0, accel_g[4:], np.array([10.0, 10.25])))
    assert hasher.hexdigest(datetime.fromisoformat("2026-11-05T22:30:00+09:00")) == "3f5df09478d3c68f6796174498a4d19c"
    assert hasher.hexdigest(None) == "928e9d6b90da9d269ec907c1891e64af"


@pytest.mark.parametrize("name", ["other.csv", "night.csv.gz", "night.parquet"])
def test_container_and_name_do_not_matter(recording, tmp_path, name):
    other = written(tmp_path / name)
    assert len(other.stretches) == 2
    assert hash_recording(other) == hash_recording(recording)


def test_stream_has_the_hash_of_the_whole(recording, tmp_path):
    write_recording(tmp_path / "night.csv", INFO, TIMES_S, ACCEL_G)
    with stream_recording(tmp_path / "night.csv") as stream:
        assert hash_recording(stream) == hash_recording(recording)


def test_person_and_side_do_not_matter(recording):
    moved = replace(recording, info=replace(INFO, person="P08", side="right", site=None))
    assert hash_recording(moved) == hash_recording(recording)


def test_start_in_another_zone_is_the_same_start(recording):
    moved = replace(recording, info=replace(INFO, start=INFO.start.astimezone(UTC)))
    assert hash_recording(moved) == hash_recording(recording)


@pytest.mark.parametrize("start", [None, datetime.fromisoformat("2026-11-05T22:30:00.000002+09:00")])
def test_other_start_is_another_recording(recording, start):
    assert hash_recording(replace(recording, info=replace(INFO, start=start))) != hash_recording(recording)


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_one_sample_more_or_less_moved_is_another_recording(recording, tmp_path, axis):
    accel_g = ACCEL_G.copy()
    accel_g[-1, axis] += 0.001
    hashes = {
        hash_recording(recording),
        hash_recording(written(tmp_path / "moved.csv", accel_g=accel_g)),
        hash_recording(written(tmp_path / "shorter.csv", times_s=TIMES_S[:-1], accel_g=ACCEL_G[:-1])),
        hash_recording(written(tmp_path / "swapped.csv", accel_g=ACCEL_G[:, [1, 0, 2]])),
        hash_recording(written(tmp_path / "later.csv", times_s=LATER_S)),
    }
    assert len(hashes) == 5


def test_gap_in_another_place_is_another_recording():
    def hash_of(n_before):
        hasher = RecordingHasher()
        hasher.add(SampleBatch(Stretch(0, 10.0), 0, np.ones((n_before, 3)), np.array([0.0])))
        hasher.add(SampleBatch(Stretch(1, 10.0), 0, np.ones((6 - n_before, 3)), np.array([0.5])))
        return hasher.hexdigest(None)

    assert hash_of(2) != hash_of(3)


@settings(max_examples=20, deadline=None)
@given(cuts=st.lists(st.integers(1, N_SAMPLES), max_size=8))
def test_any_cut_gives_the_same_hash(recording, cuts):
    hasher = RecordingHasher()
    for batch in recording.batches():
        for part in batch.cut(cuts):
            hasher.add(part)
    assert hasher.hexdigest(INFO.start) == hash_recording(recording)
