import json
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clonus_sense.cli.verbs.replay import cut_to_seconds, pace_batches
from clonus_sense.model import SampleBatch, Stretch
from tests.cli.conftest import BOUT_AT_S, write_minute

FS_HZ = 50.0


def batch_of(n_samples, *, first_index=0, start_s=0.0, number=0):
    stretch = Stretch(number, FS_HZ)
    times_s = start_s + np.arange(first_index, first_index + n_samples) / FS_HZ
    is_knot = np.arange(first_index, first_index + n_samples) % stretch.knot_every == 0
    return SampleBatch(stretch, first_index, np.zeros((n_samples, 3)), times_s[is_knot])


class FakeClock:
    """A clock that stands still but for the sleep."""

    def __init__(self):
        self.now_s = 1000.0
        self.sleeps_s = []

    def __call__(self):
        return self.now_s

    def sleep(self, seconds):
        self.sleeps_s.append(seconds)
        self.now_s += seconds


@pytest.mark.parametrize("speed", [1.0, 60.0])
def test_each_second_waits_for_its_own_time(speed):
    clock = FakeClock()
    n_played = sum(1 for _ in pace_batches(cut_to_seconds([batch_of(500)]), speed, clock=clock, sleep=clock.sleep))
    assert n_played == 10
    assert clock.sleeps_s == pytest.approx([1 / speed] * 10)


def test_time_lost_elsewhere_is_not_waited_for_again():
    clock = FakeClock()
    played = pace_batches(cut_to_seconds([batch_of(150)]), 1.0, clock=clock, sleep=clock.sleep)
    next(played)
    clock.now_s += 1.5  # The detector took that long.
    assert len(list(played)) == 2
    assert clock.sleeps_s == pytest.approx([1.0, 0.5])


def test_gaps_are_waited_for():
    clock = FakeClock()
    batches = [batch_of(50), batch_of(50, start_s=31.0, number=1)]
    assert len(list(pace_batches(batches, 1.0, clock=clock, sleep=clock.sleep))) == 2
    assert clock.sleeps_s == pytest.approx([1.0, 31.0])


def test_batches_shorter_than_a_knot_still_take_their_time():
    clock = FakeClock()
    batches = [batch_of(10, first_index=first) for first in range(0, 100, 10)]
    assert len(list(pace_batches(batches, 1.0, clock=clock, sleep=clock.sleep))) == 10
    assert sum(clock.sleeps_s) == pytest.approx(2.0)


@settings(max_examples=40, deadline=None)
@given(cuts=st.lists(st.integers(1, 999), unique=True, max_size=8))
def test_cutting_to_seconds_keeps_every_sample_once(cuts):
    parts = list(cut_to_seconds(batch_of(1000).cut(cuts)))
    assert parts[0].first_index == 0
    assert parts[-1].end_index == 1000
    for before, after in pairwise(parts):
        assert before.end_index == after.first_index
    assert all(0 < len(part.accel_g) <= 50 for part in parts)
    assert np.concatenate([p.knot_times_s for p in parts]).tolist() == batch_of(1000).knot_times_s.tolist()


def test_replay_gives_the_episodes_of_detect(clonus_sense, recording, tmp_path):
    clonus_sense("detect", recording, "--output", tmp_path / "results")
    run = json.loads((tmp_path / "results" / "night.run.json").read_text(encoding="utf-8"))
    code, out, _ = clonus_sense("replay", recording, "--json")
    assert code == 0
    assert [json.loads(line) for line in out.splitlines()] == run["episodes"]


def test_episode_that_the_end_cuts_off_is_told_as_well(clonus_sense, tmp_path):
    path = write_minute(tmp_path / "short.csv", bout_g=0.3, seconds=BOUT_AT_S + 0.6)
    _, out, _ = clonus_sense("replay", path, "--json")
    assert [json.loads(line)["ended_by"] for line in out.splitlines()] == ["end"]


def test_episode_is_one_line_for_people(clonus_sense, recording):
    code, out, err = clonus_sense("replay", recording)
    assert code == 0
    [line] = out.splitlines()
    assert line.endswith("rhythmic, confidence high")
    assert "not a medical device" in err


def test_rest_is_said_to_hold_nothing(clonus_sense, quiet_recording):
    code, out, err = clonus_sense("replay", quiet_recording)
    assert (code, out) == (0, "")
    assert "No rhythmic movement was recorded" in err


def test_missing_file_is_refused_with_a_sentence(clonus_sense, tmp_path):
    code, out, err = clonus_sense("replay", tmp_path / "missing.csv")
    assert (code, out) == (1, "")
    assert "missing.csv: there is no such file" in err
