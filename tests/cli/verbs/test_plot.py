from dataclasses import replace
from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest

from clonus_sense.cli.verbs.plot import seconds_until
from clonus_sense.report.log import episodes_as_csv, read_log

BERLIN = ZoneInfo("Europe/Berlin")


def pictures_in(folder):
    return sorted(path.name for path in folder.iterdir())


def test_page_and_pictures_are_written(clonus_sense, recording, tmp_path):
    code, out, _ = clonus_sense("plot", recording, "--output", tmp_path / "p")
    assert code == 0
    assert out == f"{tmp_path / 'p' / 'night_pictures' / 'index.html'}\n"
    assert pictures_in(tmp_path / "p" / "night_pictures") == ["episode_001.png", "index.html", "night.png"]


@pytest.mark.parametrize(
    ("options", "n_pictures"),
    [
        (("--from", "00:00:25"), 0),
        (("--to", "00:00:15"), 0),
        (("--from", "00:00:15", "--to", "00:00:25"), 1),
        (("--from", "00:00:20"), 1),  # Lasts until 21 s.
    ],
)
def test_only_episodes_of_the_time_asked_for_are_drawn(clonus_sense, recording, tmp_path, options, n_pictures):
    code, _, _ = clonus_sense("plot", recording, "--output", tmp_path / "p", *options)
    assert code == 0
    names = pictures_in(tmp_path / "p" / "night_pictures")
    assert sum(name.startswith("episode_") for name in names) == n_pictures


def test_episodes_of_a_log_are_drawn_instead(clonus_sense, recording, tmp_path):
    clonus_sense("detect", recording, "--output", tmp_path / "results")
    [episode] = read_log(tmp_path / "results" / "night.csv")
    log = tmp_path / "three.csv"
    moved = [replace(episode, onset_s=start_s, offset_s=start_s + 2.0) for start_s in (5.0, 19.0, 40.0)]
    log.write_text(episodes_as_csv(moved), encoding="utf-8")
    code, _, _ = clonus_sense("plot", recording, "--output", tmp_path / "p", "--detections", log)
    assert code == 0
    assert "episode_003.png" in pictures_in(tmp_path / "p" / "night_pictures")


def test_table_that_is_no_log_is_refused(clonus_sense, recording, tmp_path):
    other = tmp_path / "other.csv"
    other.write_text("a,b\n1,2\n", encoding="utf-8")
    code, _, err = clonus_sense("plot", recording, "--output", tmp_path / "p", "--detections", other)
    assert code == 1
    assert "is no episode log" in err
    assert not (tmp_path / "p").exists()


def test_time_of_day_is_the_next_one_after_the_start():
    start = datetime(2026, 11, 5, 22, 30, tzinfo=BERLIN)
    assert seconds_until(time(22, 30), start) == 0.0
    assert seconds_until(time(22, 29, 59), start) == 86_399.0
    assert seconds_until(time(6, 0), start) == 7.5 * 3600


def test_end_lies_after_the_beginning_also_in_a_recording_of_days():
    start = datetime(2026, 11, 5, 22, 30, tzinfo=BERLIN)
    from_s = seconds_until(time(23, 0), start)
    assert seconds_until(time(22, 45), start, not_before_s=from_s) == 86_400 + 900.0


def test_night_in_which_the_clocks_change_keeps_its_true_length():
    start = datetime(2026, 10, 24, 23, 0, tzinfo=BERLIN)
    assert seconds_until(time(4, 0), start) == 6 * 3600.0


def test_without_a_start_the_time_counts_from_the_first_sample():
    assert seconds_until(time(1, 2, 3), None) == 3723.0


def test_blind_page_is_written_and_no_table_that_would_say_nothing_was_found(clonus_sense, recording, tmp_path):
    code, out, _ = clonus_sense("plot", recording, "--output", tmp_path / "b", "--blind")
    assert (code, out) == (0, f"{tmp_path / 'b' / 'night.blind.html'}\n")
    assert [path.name for path in (tmp_path / "b").iterdir()] == ["night.blind.html"]


@pytest.mark.parametrize("option", ["--detections", "--settings"])
def test_blind_page_takes_nothing_of_a_detector(clonus_sense, recording, tmp_path, option):
    code, _, err = clonus_sense("plot", recording, "--output", tmp_path / "b", "--blind", option, tmp_path / "x")
    assert code == 2
    assert "--blind shows no detections" in err


def test_blind_page_of_a_time_behind_the_recording_is_refused(clonus_sense, recording, tmp_path):
    code, _, err = clonus_sense("plot", recording, "--output", tmp_path / "b", "--blind", "--from", "01:00:00")
    assert code == 1
    assert "ends before the time of --from; give an earlier time." in err


def test_pictures_that_are_there_are_replaced_on_request_alone(clonus_sense, recording, tmp_path):
    arguments = ("plot", recording, "--output", tmp_path)
    (tmp_path / "night_pictures").mkdir()
    code, _, err = clonus_sense(*arguments)
    assert code == 1
    assert "night_pictures: exists already; choose another name or folder, or add --replace." in err
    assert clonus_sense(*arguments, "--replace")[0] == 0
