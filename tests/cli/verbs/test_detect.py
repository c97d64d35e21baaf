import csv
import errno
import html
import json
import os
import re
import subprocess
import sys
import unicodedata
from itertools import takewhile

import pytest

from clonus_sense.recording import read_recording, write_recording
from clonus_sense.report import log, picture_folder
from clonus_sense.report.log import EPISODE_COLUMNS, read_log
from clonus_sense.simulate import NightPlan, simulate_night
from tests.cli.conftest import BOUT_AT_S, BOUT_HZ, write_minute


def test_log_holds_the_episode_and_its_path_is_the_last_line(clonus_sense, recording, tmp_path):
    code, out, err = clonus_sense("detect", recording, "--output", tmp_path / "results")
    assert code == 0
    assert out.splitlines()[-1] == str(tmp_path / "results" / "night.csv")
    assert "night.csv.gz: 0:01:00 long, 0:01:00 measured" in out
    assert "rhythmic 1 (" in out
    assert err.count("not a medical device") == 1
    with (tmp_path / "results" / "night.csv").open(encoding="utf-8") as file:
        [row] = csv.DictReader(file)
    assert tuple(row) == EPISODE_COLUMNS
    assert row["class"] == "clonus"
    assert float(row["onset_s"]) < BOUT_AT_S < float(row["offset_s"])
    assert float(row["frequency_hz"]) == pytest.approx(BOUT_HZ, abs=0.1)
    run = json.loads((tmp_path / "results" / "night.run.json").read_text(encoding="utf-8"))
    assert run["input"] == "night.csv.gz"


def test_rest_gives_the_header_alone(clonus_sense, quiet_recording, tmp_path):
    code, out, _ = clonus_sense("detect", quiet_recording, "--output", tmp_path / "results")
    assert code == 0
    assert "rhythmic 0 (0.0 s)" in out
    assert (tmp_path / "results" / "quiet.csv").read_text(encoding="utf-8") == ",".join(EPISODE_COLUMNS) + "\n"


def test_page_of_the_pictures_is_the_very_last_line(clonus_sense, recording, tmp_path):
    code, out, _ = clonus_sense("detect", recording, "--output", tmp_path, "--plots")
    assert code == 0
    page = tmp_path / "night_pictures" / "index.html"
    assert out.splitlines()[-2:] == [str(tmp_path / "night.csv"), str(page)]
    assert page.exists()


def test_explain_says_why_and_lists_the_rejected(clonus_sense, tmp_path):
    # Kicks and a turn: movement in the band that is no rhythm.
    plan = NightPlan(
        hours=0.1,
        n_bouts=0,
        n_bouts_after_turns=0,
        n_turns=1,
        n_helper_turns=0,
        n_limb_movement_series=0,
        n_bathroom_walks=0,
        n_hums=0,
        n_gaps=0,
    )
    night = simulate_night(plan, seed=2)
    path = tmp_path / "kicks.csv"
    write_recording(path, night.info, night.times_s, night.accel_g)
    code, out, _ = clonus_sense("detect", path, "--output", tmp_path / "results", "--explain")
    assert code == 0
    with (tmp_path / "results" / "kicks.rejected.csv").open(encoding="utf-8") as file:
        rejected = list(csv.DictReader(file))
    assert rejected
    assert all(row["reasons"] and ":" in row["evidence"] for row in rejected)
    assert out.splitlines().count("    no episode") == len(rejected)


def lines_below(out, headline):
    """Reasons that stand below the one line that holds a text."""
    lines = out.splitlines()
    [at] = [number for number, line in enumerate(lines) if headline in line]
    return list(takewhile(lambda line: line.startswith("      "), lines[at + 1 :]))


@pytest.mark.parametrize(
    ("language", "headline"), [("en", "rhythmic, confidence high"), ("ja", "律動的、確からしさ:高い")]
)
def test_explain_says_why_in_short_lines_that_are_those_of_the_page(
    clonus_sense, recording, tmp_path, language, headline
):
    results = tmp_path / "results"
    _, out, _ = clonus_sense("detect", recording, "--output", results, "--explain", "--plots", "--lang", language)
    assert all(width_of(line) <= 100 for line in out.splitlines() if line.startswith("  "))
    told = lines_below(out, headline)
    assert len(told) >= 8
    assert all(line[6:8] in ("+ ", "- ") for line in told)
    assert "_" not in "".join(told)
    [episode] = json.loads((results / "night.run.json").read_text(encoding="utf-8"))["episodes"]
    failed = [test for test in episode["evidence"] if not test["passed"]]
    assert sum(line[6] == "-" for line in told) == len(failed)
    # The page folds the weightiest three away behind the confidence.
    page = html.unescape((results / "night_pictures" / "index.html").read_text(encoding="utf-8"))
    for mark in "+-":
        for line in [line for line in told if line[6] == mark][:3]:
            assert line[8:] in page


def test_explain_and_findings_are_japanese_when_asked_for(clonus_sense, recording, tmp_path):
    torn = tmp_path / "torn.csv.gz"
    torn.write_bytes(recording.read_bytes()[:-2000])
    _, out, _ = clonus_sense("detect", torn, "--output", tmp_path / "results", "--explain", "--lang", "ja")
    assert any(
        re.fullmatch(r"      . 拍数が多い:1\d\(目安は8以上\)", line)
        for line in lines_below(out, "律動的、確からしさ:高い")
    )
    assert "  注意: 圧縮ファイルが途中で切れています" in out


def width_of(line):
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in line)


def test_two_inputs_of_one_stem_are_refused_before_any_work(clonus_sense, recording, tmp_path):
    other = write_minute(tmp_path / "night.parquet", bout_g=0.3)
    code, out, err = clonus_sense("detect", recording, other, "--output", tmp_path / "results")
    assert code == 1
    assert out == ""
    assert "would both write night.csv" in err
    assert not (tmp_path / "results").exists()


def test_what_lies_beside_recordings_is_passed_over_with_a_sentence(clonus_sense, recording, tmp_path):
    truth = tmp_path / "night.truth.csv"
    truth.write_text("onset_s,offset_s\n", encoding="utf-8")
    events = tmp_path / "night.events.jsonl"
    events.write_text("", encoding="utf-8")
    code, _, err = clonus_sense("detect", recording, truth, events, "--output", tmp_path / "results")
    assert code == 0
    assert f"{truth}: skipped" in err
    assert f"{events}: skipped" in err
    assert sorted(path.name for path in (tmp_path / "results").iterdir()) == ["night.csv", "night.run.json"]


def test_refused_file_does_not_stop_the_others(clonus_sense, recording, quiet_recording, tmp_path):
    broken = tmp_path / "letter.csv"
    broken.write_text("Dear diary,\n", encoding="utf-8")
    missing = tmp_path / "missing.csv"
    code, out, err = clonus_sense("detect", broken, recording, missing, quiet_recording, "--output", tmp_path / "r")
    assert code == 1
    assert out.splitlines()[-2:] == [str(tmp_path / "r" / "night.csv"), str(tmp_path / "r" / "quiet.csv")]
    assert f"clonus-sense: {broken}: " in err
    assert f"clonus-sense: {missing}: " in err
    assert err.splitlines()[-1] == f"Refused: {broken}, {missing}"
    assert "Traceback" not in err
    assert not (tmp_path / "r" / "letter.csv").exists()


def test_recording_is_never_overwritten_by_its_own_log(clonus_sense, quiet_recording, monkeypatch):
    def work(*_arguments, **_options):
        pytest.fail("the recording was analysed for nothing")

    monkeypatch.setattr("clonus_sense.workflows.analyse_recording", work)
    before = quiet_recording.read_bytes()
    code, _, err = clonus_sense("detect", quiet_recording, "--output", quiet_recording.parent)
    assert code == 1
    assert "is no episode log and will not be overwritten" in err
    assert quiet_recording.read_bytes() == before


def test_json_gives_one_line_for_each_file(clonus_sense, recording, tmp_path):
    missing = tmp_path / "missing.csv"
    code, out, _ = clonus_sense("detect", missing, recording, "--output", tmp_path / "results", "--json")
    refused, found = map(json.loads, out.splitlines())
    assert code == 1
    assert refused["input"] == "missing.csv"
    assert "missing.csv" in refused["refused"]
    assert found["log"] == str(tmp_path / "results" / "night.csv")
    assert [episode["class"] for episode in found["episodes"]] == ["clonus"]


def test_japanese_is_spoken_when_asked_for(clonus_sense, recording, tmp_path):
    code, out, err = clonus_sense("detect", recording, "--output", tmp_path / "results", "--lang", "ja")
    assert code == 0
    assert "医療機器ではありません" in err
    assert "not a medical device" not in err
    assert "計測" in out
    assert "measured" not in out


def test_settings_of_a_person_are_used_and_stored(clonus_sense, recording, tmp_path):
    toml = tmp_path / "person.toml"
    toml.write_text("floor_g = 0.9\n", encoding="utf-8")
    code, out, _ = clonus_sense("detect", recording, "--output", tmp_path / "results", "--settings", toml)
    assert code == 0
    assert "rhythmic 0" in out
    run = json.loads((tmp_path / "results" / "night.run.json").read_text(encoding="utf-8"))
    assert run["settings"]["floor_g"] == 0.9


def test_misspelt_setting_is_refused_before_any_work(clonus_sense, recording, tmp_path):
    toml = tmp_path / "person.toml"
    toml.write_text("band_lo_hz = 4\n", encoding="utf-8")
    code, _, err = clonus_sense("detect", recording, "--output", tmp_path / "results", "--settings", toml)
    assert code == 1
    assert "unknown setting `band_lo_hz`" in err
    assert not (tmp_path / "results").exists()


def test_foreign_csv_is_read_as_described(clonus_sense, recording, tmp_path):
    whole = read_recording(recording).window(0.0, 60.0)[0]
    foreign = tmp_path / "phone.csv"
    lines = ["zeit;ax;ay;az"]
    for time_s, (x, y, z) in zip(whole.times_s, whole.accel_g * 9.80665, strict=True):
        lines.append(f"{time_s * 1000:.0f};{x:.4f};{y:.4f};{z:.4f}".replace(".", ","))
    foreign.write_text("\n".join(lines) + "\n", encoding="utf-8")
    columns = ("--columns", "zeit,ax,ay,az", "--unit", "m/s2", "--time-unit", "ms")
    text = ("--separator", ";", "--decimal", ",", "--encoding", "utf-8")
    code, _, _ = clonus_sense("detect", foreign, "--output", tmp_path / "results", *columns, *text)
    assert code == 0
    [episode] = read_log(tmp_path / "results" / "phone.csv")
    assert episode.onset_s < BOUT_AT_S < episode.offset_s
    assert episode.peak_g == pytest.approx(0.3, abs=0.03)


@pytest.mark.parametrize(
    "arguments", [["detect"], ["detect", "a.csv"], ["detect", "a.csv", "--outptu", "x"], ["detekt"]]
)
def test_wrong_usage_exits_with_2(clonus_sense, arguments):
    code, _, err = clonus_sense(*arguments)
    assert code == 2
    assert "Usage: clonus-sense" in err


def test_output_that_is_a_file_is_refused_before_any_work(clonus_sense, recording, tmp_path, monkeypatch):
    def work(*_arguments, **_options):
        pytest.fail("the recording was analysed for nothing")

    monkeypatch.setattr("clonus_sense.workflows.analyse_recording", work)
    taken = tmp_path / "taken"
    taken.write_text("", encoding="utf-8")
    for output in (taken, taken / "results"):
        code, _, err = clonus_sense("detect", recording, "--output", output)
        assert code == 1
        assert f"{taken}: is a file and no folder; choose another output folder." in err


def test_pictures_that_cannot_be_written_do_not_cost_the_log(clonus_sense, recording, tmp_path, monkeypatch):
    def no_room(path, content):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))

    monkeypatch.setattr(picture_folder, "write_bytes_atomically", no_room)
    arguments = ("detect", recording, "--output", tmp_path / "results", "--plots")
    code, out, err = clonus_sense(*arguments)
    assert code == 1
    assert "rhythmic 1 (" in out
    assert out.splitlines()[-1] == str(tmp_path / "results" / "night.csv")
    assert "night.png: No space left on device" in err
    _, out, _ = clonus_sense(*arguments, "--json", "--replace")
    [record] = map(json.loads, out.splitlines())
    assert "night.png" in record["refused"]
    assert record["log"] == str(tmp_path / "results" / "night.csv")
    assert "pictures" not in record


def test_full_disk_is_one_sentence_and_leaves_nothing_half(clonus_sense, recording, tmp_path, monkeypatch):
    def no_room(path, text):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))

    monkeypatch.setattr(log, "write_text_atomically", no_room)
    code, _, err = clonus_sense("detect", recording, "--output", tmp_path / "results")
    assert code == 1
    assert "No space left on device; check that the disk is there and has room." in err
    assert list((tmp_path / "results").iterdir()) == []


def test_ctrl_c_ends_with_130_and_without_a_traceback(clonus_sense, recording, tmp_path, monkeypatch):
    def interrupt(*_arguments, **_options):
        raise KeyboardInterrupt

    monkeypatch.setattr("clonus_sense.workflows.analyse_recording", interrupt)
    code, _, err = clonus_sense("detect", recording, "--output", tmp_path / "results")
    assert code == 130
    assert err.splitlines()[-1] == "Stopped."


def test_reader_that_goes_away_makes_no_noise(recording, tmp_path):
    read_end, write_end = os.pipe()
    os.close(read_end)
    command = [sys.executable, "-m", "clonus_sense", "detect", str(recording), "--output", str(tmp_path / "results")]
    result = subprocess.run(command, stdout=write_end, stderr=subprocess.PIPE, text=True, check=False)
    os.close(write_end)
    assert "Traceback" not in result.stderr
    assert "BrokenPipe" not in result.stderr
    assert (tmp_path / "results" / "night.csv").exists()


def test_results_are_replaced_on_request_alone(clonus_sense, recording, tmp_path):
    folder = tmp_path / "results"
    arguments = ("detect", recording, "--output", folder)
    assert clonus_sense(*arguments)[0] == 0
    log = folder / "night.csv"
    marked = log.read_text(encoding="utf-8") + "# seen by Sato\n"
    log.write_text(marked, encoding="utf-8")
    code, out, err = clonus_sense(*arguments)
    assert (code, out) == (1, "")
    assert f"{log}: exists already; choose another name or folder, or add --replace." in err
    assert log.read_text(encoding="utf-8") == marked
    assert clonus_sense(*arguments, "--replace")[0] == 0
    assert log.read_text(encoding="utf-8") + "# seen by Sato\n" == marked


@pytest.mark.parametrize("left", ["night.run.json", "night.rejected.csv", "night_pictures"])
def test_whatever_is_left_of_older_results_is_not_mixed_with_new_ones(clonus_sense, recording, tmp_path, left):
    (tmp_path / left).mkdir()
    code, _, err = clonus_sense("detect", recording, "--output", tmp_path)
    assert code == 1
    assert f"{left}: exists already" in err
