"""What is written down about an episode before it is decided, and what becomes of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from clonus_sense.config import DetectionSettings
from clonus_sense.errors import SignalError
from clonus_sense.model import EpisodeClass, SampleBatch, Site, Stretch
from clonus_sense.recorder.live_detection import LiveDetection
from clonus_sense.recording.ledger import EntryKind, Ledger, read_ledger
from tests.report.builders import make_episode

STRETCH = Stretch(number=0, fs_hz=50.0)
EPISODE = make_episode(10.0, beats=8)


class Scripted:
    """A detector that says what the test wrote down for it."""

    def __init__(self, decided, foreseen, going_on=()):
        self._decided, self._foreseen, self._going_on = iter(decided), iter(foreseen), iter(going_on)

    def push(self, _batch):
        return next(self._decided, [])

    def flush(self):
        return next(self._decided, [])

    def foresee(self, *, ended_for_s):
        if ended_for_s < 0.0:
            return next(self._going_on, [])
        assert ended_for_s == 1.75
        said = next(self._foreseen, [])
        if isinstance(said, SignalError):
            raise said
        return said


@pytest.fixture
def follow(tmp_path, monkeypatch):
    """Feeds pieces to a live detection whose detector says what is given, and reads what was written down."""

    def run(decided, foreseen, going_on=(), piece_samples=25):
        detector = Scripted(decided, foreseen, going_on)
        monkeypatch.setattr("clonus_sense.recorder.live_detection.Detector", lambda *_args, **_options: detector)
        path = tmp_path / "night.csv"
        ledger = Ledger(tmp_path / "night.events.jsonl", datetime(2026, 11, 25, 23, tzinfo=UTC))
        told = []
        live = LiveDetection(path, DetectionSettings(), Site.FOOT, ledger=ledger, on_episode=told.append)
        counts = []
        for number in range(len(decided)):
            live.push(SampleBatch(STRETCH, 0, np.zeros((piece_samples, 3)), np.zeros(1)), 0.5 * number)
            counts.append(live.n_clonus)
        live.finish(20.0)
        ledger.close()
        return (
            live,
            told,
            counts,
            [(entry.kind, entry.time_s) for entry in read_ledger(tmp_path / "night.events.jsonl")],
        )

    return run


def test_an_episode_is_told_once_before_it_is_decided_and_once_when_it_is(follow):
    again = replace(EPISODE, offset_s=EPISODE.offset_s + 0.0002)  # to the last digit two views seldom agree
    live, told, counts, entries = follow([[], [], [], [again]], [[EPISODE], [again], [EPISODE]])
    assert entries == [(EntryKind.EPISODE_SO_FAR, 0.0), (EntryKind.EPISODE, 1.5)]
    assert live.episodes == told == [again]
    assert counts == [1, 1, 1, 1]


def test_it_looks_ahead_every_half_second_and_counts_nothing_twice_in_between(follow):
    quarter = 12
    _, _, counts, entries = follow([[], [], [], [], [EPISODE], []], [[EPISODE]], piece_samples=quarter)
    # 12 samples at 50 Hz are less than a quarter of a second: the third piece makes it half a second.
    assert entries == [(EntryKind.EPISODE_SO_FAR, 1.0), (EntryKind.EPISODE, 2.0)]
    assert counts == [0, 0, 1, 1, 1, 1]


@pytest.mark.parametrize("change", [{"beats": 9}, {"episode_class": EpisodeClass.UNCERTAIN}])
def test_what_has_changed_is_told_again(follow, change):
    changed = replace(EPISODE, **change)
    _, _, _, entries = follow([[], [], [changed]], [[EPISODE], [changed]])
    kinds = [kind for kind, _ in entries]
    assert kinds == [EntryKind.EPISODE_SO_FAR, EntryKind.EPISODE_SO_FAR, EntryKind.EPISODE]


def test_what_comes_to_nothing_is_withdrawn(follow):
    later = make_episode(30.0, beats=5)
    live, told, counts, entries = follow([[], [], [], [later]], [[EPISODE], [], []])
    assert entries == [(EntryKind.EPISODE_SO_FAR, 0.0), (EntryKind.EPISODE_WITHDRAWN, 0.5), (EntryKind.EPISODE, 1.5)]
    assert live.episodes == told == [later]
    assert counts == [1, 0, 0, 1]


def test_what_was_told_and_is_no_episode_at_the_end_is_withdrawn(follow):
    _, _, _, entries = follow([[]], [[EPISODE], []])
    assert entries == [(EntryKind.EPISODE_SO_FAR, 0.0), (EntryKind.EPISODE_WITHDRAWN, 20.0)]


def test_two_that_become_one_are_not_withdrawn(follow):
    first, second = make_episode(10.0, beats=5), make_episode(12.0, beats=5)
    both = replace(first, offset_s=second.offset_s, beats=12)
    _, _, _, entries = follow([[], [], [both]], [[first, second], [both]])
    assert EntryKind.EPISODE_WITHDRAWN not in [kind for kind, _ in entries]


def test_what_goes_on_after_all_is_not_withdrawn(follow):
    longer = replace(EPISODE, offset_s=EPISODE.offset_s + 2.0, beats=20)
    _, _, counts, entries = follow([[], [], [], [longer]], [[EPISODE], [], [longer]], [[longer]])
    kinds = [kind for kind, _ in entries]
    assert kinds == [EntryKind.EPISODE_SO_FAR, EntryKind.EPISODE_SO_FAR, EntryKind.EPISODE]
    assert counts == [1, 1, 1, 1]


def test_a_look_ahead_that_fails_ends_the_detection_and_leaves_what_was_told(follow):
    live, _, counts, entries = follow([[], [], [EPISODE]], [[EPISODE], SignalError("cannot be.")])
    assert entries == [(EntryKind.EPISODE_SO_FAR, 0.0), (EntryKind.DETECTION_ENDED, 0.5)]
    assert (live.episodes, counts) == ([], [1, 1, 1])
