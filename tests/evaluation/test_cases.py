import json

import edfio
import numpy as np
import pytest

from clonus_sense.errors import EvaluationError
from clonus_sense.evaluation import Case, ReferenceBout, read_bouts, read_cases
from clonus_sense.model import RecordingInfo
from clonus_sense.recording import write_recording

TRUTH = "onset_s,offset_s,frequency_hz,beats,peak_g,kind\n5.5,6.5,6.25,7,0.2,dde|foot|plain|snr+20\n1,2,5,4,0.1,x\n"
BOUTS = (
    ReferenceBout(1.0, 2.0, beats=4, frequency_hz=5.0, peak_g=0.1, kind="x"),
    ReferenceBout(5.5, 6.5, beats=7, frequency_hz=6.25, peak_g=0.2, kind="dde|foot|plain|snr+20"),
)


def write_index(folder, *entries):
    (folder / "cases.json").write_text(json.dumps(entries), encoding="utf-8")


def write_short_recording(path, seconds):
    times_s = np.arange(0, seconds, 0.02)
    accel_g = np.tile([0.0, 0.0, 1.0], (len(times_s), 1)) + 0.01 * np.sin(times_s)[:, None]
    write_recording(path, RecordingInfo(start=None, fs_hz=50.0), times_s, accel_g)


def test_index_gives_class_hours_tag_and_fold(tmp_path):
    (tmp_path / "a.truth.csv").write_text(TRUTH, encoding="utf-8")
    write_index(tmp_path, {"name": "a", "class": "night", "recorded_s": 7200, "tags": ["weak", "full"], "fold": 3})
    assert read_cases(tmp_path) == [Case("a", "night", BOUTS, recorded_s=7200.0, tag="weak", fold=3)]


def test_folder_without_index_takes_each_truth_file_and_measures_the_recording_beside_it(tmp_path):
    for name in ("b", "a"):
        (tmp_path / f"{name}.truth.csv").write_text(TRUTH, encoding="utf-8")
    write_short_recording(tmp_path / "a.csv.gz", seconds=10)
    first, second = read_cases(tmp_path)
    assert (first.name, second.name) == ("a", "b")
    assert first.bouts == second.bouts == BOUTS
    assert first.recorded_s == pytest.approx(10.0, abs=0.03)
    assert second.recorded_s is None


def test_file_beside_that_is_no_recording_leaves_the_hours_unknown_and_says_so(tmp_path, caplog):
    (tmp_path / "a.truth.csv").write_text(TRUTH, encoding="utf-8")
    (tmp_path / "a.csv").write_text("onset_s,offset_s\n", encoding="utf-8")
    [case] = read_cases(tmp_path / "a.truth.csv")
    assert case.recorded_s is None
    assert "hours of a are unknown" in caplog.text


def test_annotation_of_a_therapist_needs_only_two_columns(tmp_path):
    path = tmp_path / "night.annotation.csv"
    path.write_text("onset_s,offset_s,label\n10,12,clonus\n20,22,not\n30,32,Unsure\n", encoding="utf-8")
    [case] = read_cases(path)
    assert case.name == "night"
    assert case.bouts == (
        ReferenceBout(10.0, 12.0, kind="clonus"),
        ReferenceBout(30.0, 32.0, kind="Unsure", unsure=True),
    )
    assert [bout.is_headline for bout in case.bouts] == [True, False]


def test_annotation_named_like_its_recording_is_not_taken_for_the_recording(tmp_path, caplog):
    path = tmp_path / "night.csv"
    path.write_text("onset_s,offset_s\n1,2\n", encoding="utf-8")
    write_short_recording(tmp_path / "night.parquet", seconds=5)
    [case] = read_cases(path)
    assert case.recorded_s == pytest.approx(5.0, abs=0.03)
    assert caplog.text == ""


@pytest.mark.parametrize(
    "entry",
    [
        {"name": "a", "class": "night"},
        {"name": "a", "class": "night", "recorded_s": 0},
        {"name": "a", "class": "night", "recorded_s": "long"},
        ["a"],
    ],
)
def test_entry_that_is_not_whole_is_refused(tmp_path, entry):
    write_index(tmp_path, entry)
    with pytest.raises(EvaluationError, match=r"cases\.json: each case needs name, class and a positive recorded_s"):
        read_cases(tmp_path)


def test_what_cannot_be_cases_is_refused_with_a_sentence(tmp_path):
    with pytest.raises(EvaluationError, match="no such file or folder"):
        read_cases(tmp_path / "missing")
    with pytest.raises(EvaluationError, match=r"neither cases\.json nor a file NAME\.truth\.csv"):
        read_cases(tmp_path)
    (tmp_path / "cases.json").write_text("{", encoding="utf-8")
    with pytest.raises(EvaluationError, match="the file is not valid JSON"):
        read_cases(tmp_path)
    (tmp_path / "cases.json").write_text("{}", encoding="utf-8")
    with pytest.raises(EvaluationError, match="must hold a list"):
        read_cases(tmp_path)


def test_truth_that_the_index_names_must_be_there(tmp_path):
    write_index(tmp_path, {"name": "a", "class": "night", "recorded_s": 60})
    with pytest.raises(EvaluationError, match=r"a\.truth\.csv: cannot be read"):
        read_cases(tmp_path)


def test_bouts_are_sorted_by_onset(tmp_path):
    path = tmp_path / "a.truth.csv"
    path.write_text(TRUTH, encoding="utf-8")
    assert read_bouts(path) == BOUTS


def test_folder_of_annotations_takes_tables_and_edf_files_by_name(tmp_path):
    folder = tmp_path / "annotations"
    folder.mkdir()
    (folder / "b.annotation.csv").write_text("onset_s,offset_s\n1,2\n", encoding="utf-8")
    edfio.Edf([], annotations=[edfio.EdfAnnotation(5, 1.0, "bout")]).write(folder / "a.edf")
    (folder / "notes.txt").write_text("", encoding="utf-8")
    write_short_recording(tmp_path / "a.csv.gz", seconds=10)
    write_short_recording(tmp_path / "b.csv", seconds=20)
    assert [(case.name, case.bouts[0].onset_s, case.recorded_s) for case in read_cases(folder)] == [
        ("a", 5.0, None),
        ("b", 1.0, None),
    ]
    hours_s = [case.recorded_s for case in read_cases(folder, recordings=tmp_path)]
    assert hours_s == pytest.approx([10.0, 20.0], abs=0.03)


def test_folder_of_plain_tables_takes_those_that_hold_bouts(tmp_path):
    write_short_recording(tmp_path / "night.csv", seconds=10)
    (tmp_path / "empty.csv").write_text("", encoding="utf-8")
    (tmp_path / "b.csv").write_text("onset_s,offset_s\n1,2\n", encoding="utf-8")
    (tmp_path / "b.rejected.csv").write_text("onset_s,offset_s\n1,2\n", encoding="utf-8")
    assert [case.name for case in read_cases(tmp_path)] == ["b"]


def test_two_annotations_of_one_recording_in_a_folder_are_refused(tmp_path):
    (tmp_path / "a.annotation.csv").write_text("onset_s,offset_s\n1,2\n", encoding="utf-8")
    edfio.Edf([], annotations=[edfio.EdfAnnotation(5, 1.0, "bout")]).write(tmp_path / "a.edf")
    with pytest.raises(EvaluationError, match=r"a\.edf and a\.annotation\.csv both belong to a; remove one"):
        read_cases(tmp_path)


def test_labels_that_were_named_choose_the_bouts(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("onset_s,offset_s,label\n1,2,Clonus\n5,6,kick\n", encoding="utf-8")
    [case] = read_cases(path, bout_texts=["clonus"])
    assert [bout.onset_s for bout in case.bouts] == [1.0]
    with pytest.raises(EvaluationError, match="no bout has the label spasm; choose another --bout-text"):
        read_cases(path, bout_texts=["spasm"])
    path.write_text("onset_s,offset_s\n1,2\n", encoding="utf-8")
    with pytest.raises(EvaluationError, match="the column label is missing"):
        read_cases(path, bout_texts=["clonus"])
