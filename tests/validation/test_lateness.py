from __future__ import annotations

import pytest

from clonus_sense.model import RecordingInfo, Site
from clonus_sense.recording import write_recording
from clonus_sense.recording.ledger import EntryKind, LedgerEntry
from tests.detection.builders import make_accel, make_batches, make_bout, make_times
from tests.validation.lateness import Lateness, describe_lateness, main, measure_lateness, read_lateness


def entry(kind, time_s, offset_s=10.0, episode_class="clonus"):
    return LedgerEntry(time_s, kind, {"onset_s": 8.0, "offset_s": offset_s, "episode_class": episode_class})


def test_an_episode_counts_from_when_it_was_first_written_down_with_its_end():
    so_far, decided = EntryKind.EPISODE_SO_FAR, EntryKind.EPISODE
    entries = [
        entry(so_far, 9.0, 8.5),
        entry(so_far, 11.0, 9.9),
        entry(so_far, 12.0, 10.03),
        entry(so_far, 12.5),
        entry(decided, 16.0),
    ]
    assert read_lateness(entries) == Lateness((2.0,), (6.0,), 0)


def test_what_was_taken_for_another_class_was_not_told():
    entries = [entry(EntryKind.EPISODE_SO_FAR, 12.0, episode_class="uncertain"), entry(EntryKind.EPISODE, 16.0)]
    assert read_lateness(entries) == Lateness((6.0,), (6.0,), 0)


def test_what_came_to_nothing_is_counted():
    entries = [entry(EntryKind.EPISODE_SO_FAR, 12.0), entry(EntryKind.EPISODE_WITHDRAWN, 13.0)]
    assert read_lateness(entries) == Lateness((), (), 1)


def test_what_was_withdrawn_and_came_back_counts_from_when_it_came_back():
    so_far, withdrawn = EntryKind.EPISODE_SO_FAR, EntryKind.EPISODE_WITHDRAWN
    entries = [entry(so_far, 12.0), entry(withdrawn, 13.0), entry(so_far, 15.0), entry(EntryKind.EPISODE, 16.0)]
    assert read_lateness(entries) == Lateness((5.0,), (6.0,), 1)


def test_a_recording_is_fed_as_a_sensor_feeds_it():
    times_s = make_times(40.0, 50.0)
    accel_g = make_accel(times_s, [make_bout(10.0, beats=8), make_bout(25.0, beats=20)], noise_g=0.003)
    measured = measure_lateness(make_batches(times_s, accel_g, fs_hz=50.0, gaps_s=[(18.0, 20.0)]), Site.FOOT)
    assert len(measured.told_after_s) == 2
    assert all(1.75 <= told_s <= 3.0 for told_s in measured.told_after_s)
    assert all(
        told_s <= decided_s for told_s, decided_s in zip(measured.told_after_s, measured.decided_after_s, strict=True)
    )


def test_the_table_has_a_line_for_each_class_in_which_something_was_found():
    by_class = {"walk": Lateness((2.0, 3.5), (5.0, 8.0), 1), "quiet": Lateness((), (), 0), "rest": Lateness((), (), 2)}
    assert describe_lateness(by_class).splitlines()[2:] == [
        "| rest | 0 | 0 |  |  | 2 |",
        "| walk | 2 | 1 | 2.8, 3.5 s | 6.5, 8.0 s | 1 |",
        "| all | 2 | 1 | 2.8, 3.5 s | 6.5, 8.0 s | 3 |",
    ]


@pytest.mark.parametrize(
    ("fs_hz", "said"), [(15.0, "1 recordings of less than 18 Hz were left out."), (20.0, "| all | 1 | 1 |")]
)
def test_the_command_goes_through_a_folder(tmp_path, capsys, fs_hz, said):
    times_s = make_times(20.0, fs_hz)
    path = tmp_path / "one.csv"
    info = RecordingInfo(start=None, fs_hz=fs_hz, site=Site.FOOT)
    write_recording(path, info, times_s, make_accel(times_s, [make_bout(10.0, beats=8)]))
    (tmp_path / "one.truth.csv").write_text("onset_s,offset_s,beats\n9.9,11.2,8\n", encoding="utf-8")
    main([str(tmp_path)])
    assert said in capsys.readouterr().out
