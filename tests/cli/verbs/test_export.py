import csv
import json

import pytest

from clonus_sense.library import Library
from clonus_sense.recording import read_recording
from tests.export.edf_reader import read_edf
from tests.export.made import keep_with_gaps
from tests.review.made import MadeLeg, add_leg, at


@pytest.fixture
def library_path(tmp_path):
    path = tmp_path / "library.sqlite3"
    with Library.open(path) as library:
        add_leg(library, MadeLeg(path=tmp_path / "gone.csv", person="P08", episodes=(at(2), at(3))))
        keep_with_gaps(library, tmp_path / "night.csv")
    return path


def test_tables_are_written_and_the_folder_is_the_last_line(clonus_sense, library_path, tmp_path):
    code, out, err = clonus_sense("export", "--library", library_path, "--output", tmp_path / "out")
    assert code == 0
    assert err.count("not a medical device") == 1
    names = ("episodes", "nights", "gaps", "annotations", "markers", "recordings", "data_dictionary")
    paths = [tmp_path / "out" / f"{name}.csv" for name in names]
    assert out.splitlines() == [*map(str, paths), str(tmp_path / "out" / "README.txt"), str(tmp_path / "out")]
    explained = set()
    with paths[-1].open(encoding="utf-8-sig", newline="") as file:
        explained = {(row["table"], row["column"]) for row in csv.DictReader(file)}
    for path in paths:
        with path.open(encoding="utf-8-sig", newline="") as file:
            assert {(path.stem, name) for name in next(csv.reader(file))} <= explained
    with paths[0].open(encoding="utf-8-sig", newline="") as file:
        episodes = list(csv.DictReader(file))
    assert [row["person"] for row in episodes] == ["P07", "P08", "P08"]
    assert episodes[1]["onset_local"] == "2026-11-06T00:00:00.000000+01:00"


def test_one_person_without_personal_data(clonus_sense, library_path, tmp_path):
    arguments = ("--library", library_path, "--output", tmp_path / "out", "--person", "P07", "--no-personal-data")
    assert clonus_sense("export", *arguments)[0] == 0
    content = b"".join(path.read_bytes() for path in (tmp_path / "out").iterdir())
    for secret in (b"P07", b"P08", b"Hanako", b"SN-4711", b"night.csv"):
        assert secret not in content


def test_a_missing_recording_is_one_sentence_and_the_others_are_written(clonus_sense, library_path, tmp_path):
    out_folder = tmp_path / "out"
    code, out, err = clonus_sense("export", "--library", library_path, "--output", out_folder, "--format", "edf")
    assert code == 1
    assert f"clonus-sense: {tmp_path / 'gone.csv'}: the file of recording 1 is missing" in err
    assert err.splitlines()[-1] == f"Refused: {tmp_path / 'gone.csv'}"
    [path] = (out_folder / "recordings").iterdir()
    assert str(path) in out.splitlines()
    n_samples = read_recording(tmp_path / "night.csv").n_samples
    assert len(read_edf(path.read_bytes()).samples()[0]) == n_samples


def test_a_night_by_name_as_parquet_and_as_json(clonus_sense, library_path, tmp_path):
    arguments = ("--output", tmp_path / "out", "--format", "parquet", "--night", "2026-10-25", "--json")
    code, out, _ = clonus_sense("export", "--library", library_path, *arguments)
    assert code == 0
    files = [json.loads(line)["file"] for line in out.splitlines()]
    assert files[0].endswith("2026-10-25_0250_P07_left_r2.parquet")
    assert len(files) == 9


def test_a_full_folder_is_refused_in_a_sentence_also_in_japanese(clonus_sense, library_path, tmp_path):
    code, out, err = clonus_sense("export", "--library", library_path, "--output", tmp_path, "--lang", "ja")
    assert (code, out) == (1, "")
    assert "書き出しできません。" in err
    assert "holds files already" in err


@pytest.mark.parametrize(
    "wrong", [(), ("--format", "xls"), ("--since", "yesterday"), ("--night", "last", "--since", "2026-11-01")]
)
def test_wrong_usage_exits_with_2(clonus_sense, library_path, tmp_path, wrong):
    output = ("--output", tmp_path / "out") if wrong else ()
    assert clonus_sense("export", "--library", library_path, *output, *wrong)[0] == 2
