"""One person's settings from the command line: shown, tried on their nights, and only then taken."""

import json

import pytest

from clonus_sense.cli.console.settings_lines import SETTING_WORDS
from clonus_sense.config import DetectionSettings
from clonus_sense.library import Library, find_person, latest_run, list_runs, read_episodes
from tests.workflows.made import START, write_minute


@pytest.fixture
def nights(run, tmp_path):
    """Two nights of P07: one with a strong movement at 6 Hz, one with a weaker one at 4.2 Hz, below the band."""
    strong = write_minute(tmp_path / "strong.csv")
    slow = write_minute(tmp_path / "slow.csv", hz=4.2, bout_g=0.1, start=START.replace(day=6))
    code, _, errors = run("add", strong, slow, "--no-page")
    assert code == 0, errors
    return strong, slow


def own_toml(library_path):
    with Library.open(library_path) as library:
        return find_person(library, "P07").settings_toml


def test_settings_are_shown_with_where_they_come_from(run, nights, library_path):
    assert run("settings", "P07")[1] == [
        "P07",
        "  lowest frequency: 4.5 Hz (default)",
        "  highest frequency: 8.5 Hz (default)",
        "  placement: as each recording says (default)",
        "  smallest beat: as for the placement (default)",
        "  joining pause: 1 s (default)",
    ]
    run("settings", "P07", "--floor", "0.02", "--placement", "foot", "--yes")
    lines = run("settings", "P07")[1]
    assert lines[3:5] == ["  placement: foot (own)", "  smallest beat: 0.02 g (own)"]
    assert set(SETTING_WORDS) == set(DetectionSettings.__dataclass_fields__)


def test_the_effect_is_shown_by_night_and_in_all_and_nothing_is_taken_without_an_answer(run, nights, library_path):
    code, lines, errors = run("settings", "P07", "--band-low", "4")
    assert code == 0
    assert lines[0] == "P07: lowest frequency 4.5 Hz → 4 Hz"
    assert lines[1].startswith("  Night 2026-11-05, Left leg: 0 come, 0 go, 1 stay, 0 of them in another class; ")
    assert lines[1].endswith("rhythmic 1 (2.2 s) → 1 (2.2 s)")
    assert lines[2].startswith("  Night 2026-11-06, Left leg: 0 come, 0 go, 1 stay, 1 of them in another class; ")
    assert "rhythmic 0 (0.0 s) → 1 (" in lines[2]
    assert lines[3].startswith("  total of 2 nights, Left leg: 0 come, 0 go, 2 stay, 1 of them in another class; ")
    assert "rhythmic 1 (2.2 s) → 2 (" in lines[3]
    assert "do not show a change in the person" in lines[4]
    assert lines[5] == "The settings were not changed."
    assert "add --yes to take these settings" in errors
    assert own_toml(library_path) == ""


def test_several_changes_are_shown_together_and_each_alone(run, nights):
    _, lines, _ = run("settings", "P07", "--band-low", "4", "--floor", "0.2")
    [both] = [line for line in lines if line.startswith("  total of 2 nights, Left leg: ")]
    [low] = [line for line in lines if line.startswith("  lowest frequency alone, Left leg: ")]
    [floor] = [line for line in lines if line.startswith("  smallest beat alone, Left leg: ")]
    assert "0 come, 1 go, 1 stay, 0 of them in another class" in both
    assert "0 come, 0 go, 2 stay, 1 of them in another class" in low
    assert "0 come, 1 go, 1 stay, 0 of them in another class" in floor


def test_one_night_or_the_last_ones_are_enough(run, nights):
    lines = run("settings", "P07", "--floor", "0.2", "--night", "2026-11-05")[1]
    assert [line[2:18] for line in lines if line.startswith("  Night")] == ["Night 2026-11-05"]
    assert not any(line.startswith("  in all") for line in lines)
    lines = run("settings", "P07", "--floor", "0.2", "--last", "1")[1]
    assert [line[2:18] for line in lines if line.startswith("  Night")] == ["Night 2026-11-06"]


@pytest.mark.parametrize(("answer", "is_taken"), [("y", True), ("n", False), ("", False)])
def test_on_a_terminal_the_answer_decides(run, nights, library_path, monkeypatch, answer, is_taken):
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("click.termui.visible_prompt_func", lambda _prompt: answer)
    _, lines, _ = run("settings", "P07", "--floor", "0.2")
    assert (own_toml(library_path) != "") == is_taken
    assert ("The settings were not changed." in lines) != is_taken


def test_what_was_taken_holds_from_then_on_and_old_results_keep_their_own(run, nights, library_path, tmp_path):
    _, lines, _ = run("settings", "P07", "--floor", "0.2", "--yes")
    assert lines[-1] == (
        "Taken: these settings apply to each new analysis of P07. Earlier results and pages keep their "
        f"settings; `clonus-sense reanalyse --person P07 --library {library_path}` analyses and draws them again."
    )
    with Library.open(library_path) as library:
        assert "floor_g" not in latest_run(library, 1).settings_toml
    run("reanalyse", "--person", "P07")
    added = write_minute(tmp_path / "third.csv", bout_g=0.1, start=START.replace(day=7))
    run("add", added, "--no-page")
    with Library.open(library_path) as library:
        assert [("floor_g = 0.2" in one.settings_toml) for one in list_runs(library, 2)] == [False, True]
        assert read_episodes(library, latest_run(library, 3)) == ()


def test_a_file_that_is_named_wins_over_the_own_settings_and_this_is_said(run, nights, library_path, tmp_path):
    run("settings", "P07", "--floor", "0.2", "--yes")
    file = tmp_path / "other.toml"
    file.write_text("floor_g = 0.02\n", encoding="utf-8")
    said = "  found with the settings of the named file, not with P07's own"
    assert said in run("reanalyse", "2026-11-06", "--settings", file)[1]
    assert said in run("add", nights[0], "--settings", file, "--no-page")[1]
    assert said not in run("reanalyse", "2026-11-06")[1]
    same = tmp_path / "same.toml"
    same.write_text("floor_g = 0.2\n", encoding="utf-8")
    assert said not in run("reanalyse", "2026-11-06", "--settings", same)[1]
    with Library.open(library_path) as library:
        assert ["floor_g = 0.02\n" in one.settings_toml for one in list_runs(library, 2)] == [False, True, False]


def test_a_whole_file_and_the_defaults_are_tried_in_the_same_way(run, nights, library_path, tmp_path):
    file = tmp_path / "own.toml"
    file.write_text("band_low_hz = 4.0\nfloor_g = 0.2\n", encoding="utf-8")
    _, lines, _ = run("settings", "P07", "--settings", file, "--yes")
    assert lines[0] == "P07: lowest frequency 4.5 Hz → 4 Hz; smallest beat as for the placement → 0.2 g"
    assert "floor_g = 0.2" in own_toml(library_path)
    run("settings", "P07", "--default", "--yes")
    assert own_toml(library_path) == ""


def test_people_does_not_take_settings_unseen(run, nights, library_path, tmp_path):
    file = tmp_path / "own.toml"
    file.write_text("floor_g = 0.2\n", encoding="utf-8")
    code, _, errors = run("people", "P07", "--settings", file)
    assert code == 1
    assert (
        f"`clonus-sense settings P07 --settings {file} --library {library_path}` first shows what these settings change"
        in errors
    )
    assert own_toml(library_path) == ""


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--floor", "5"), "floor_g is 5.0; it must lie between 0.003 and 1.0."),
        (("--floor", "nan"), "floor_g is nan; it must lie between"),
        (("--band-low", "8", "--band-high", "8.5"), "must lie at least 1 Hz above band_low_hz"),
        (("--floor", "0.2", "--night", "2026-12-01"), "There is no night 2026-12-01 of P07"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(run, nights, library_path, arguments, sentence):
    code, _, errors = run("settings", "P07", *arguments, "--yes")
    assert code == 1
    assert sentence in errors
    assert own_toml(library_path) == ""


def test_nothing_is_taken_where_no_night_could_be_analysed(run, nights, library_path):
    for file in nights:
        file.unlink()
    code, _, errors = run("settings", "P07", "--floor", "0.2", "--yes")
    assert code == 1
    assert "the file of recording 1 is missing" in errors
    assert "no effect can be shown; the settings were not changed" in errors
    assert own_toml(library_path) == ""


def test_a_file_that_holds_other_samples_now_shows_no_effect(run, nights):
    nights[0].unlink()
    write_minute(nights[0], seed=2)
    _, lines, errors = run("settings", "P07", "--floor", "0.2")
    assert "no longer holds the samples of recording 1" in errors
    assert [line[2:18] for line in lines if line.startswith("  Night")] == ["Night 2026-11-06"]


def test_somebody_without_nights_gets_settings_and_is_told_so(run, library_path):
    run("people", "P07", "--affected-side", "left")
    _, lines, _ = run("settings", "P07", "--floor", "0.2", "--yes")
    assert "  There are no nights yet on which to show the effect." in lines
    assert lines[-1] == "Taken: these settings apply to each new analysis of P07."
    assert "floor_g = 0.2" in own_toml(library_path)


def test_settings_of_another_version_can_be_passed_over_and_given_up(run, nights, library_path, tmp_path):
    with Library.open(library_path) as library, library.writing() as connection:
        connection.execute("UPDATE people SET settings_toml = 'wobble = 1.0'")
    code, _, errors = run("settings", "P07")
    assert code == 1
    assert "P07: unknown setting `wobble`" in errors
    assert f"`clonus-sense settings P07 --default --library {library_path}` goes back to the defaults" in errors
    file = tmp_path / "named.toml"
    file.write_text("floor_g = 0.02\n", encoding="utf-8")
    assert run("reanalyse", "last", "--settings", file)[0] == 0
    _, lines, _ = run("settings", "P07", "--default", "--yes")
    assert lines[0] == "P07: settings unknown to this version → the defaults"
    assert own_toml(library_path) == ""


def test_settings_for_programs(run, nights):
    [line] = run("settings", "P07", "--json")[1]
    assert json.loads(line)["settings"]["band_low_hz"] == 4.5
    [line] = run("settings", "P07", "--floor", "0.2", "--json")[1]
    told = json.loads(line)
    assert [(one["night"], one["n_went"], one["n_stayed"]) for one in told["effects"]] == [
        ("2026-11-05", 0, 1),
        ("2026-11-06", 1, 0),
    ]
    assert (told["proposed"]["floor_g"], told["is_taken"], told["refused"]) == (0.2, False, [])


def test_settings_in_japanese(run, nights):
    _, lines, _ = run("settings", "P07", "--floor", "0.2", "--lang", "ja")
    assert lines[0] == "P07: 最小の拍 装着部位に応じた値 → 0.2 G"
    assert "見つからなくなる 1" in lines[2]
