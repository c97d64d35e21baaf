import edfio
import pytest

from clonus_sense.errors import EvaluationError
from clonus_sense.evaluation import measure_agreement, read_rated

from .test_cases import write_short_recording


def write(path, *bouts):
    path.parent.mkdir(exist_ok=True)
    path.write_text("onset_s,offset_s\n" + "".join(f"{on},{off}\n" for on, off in bouts), encoding="utf-8")
    return path


def test_two_files_are_of_one_recording_whatever_they_are_called(tmp_path):
    first = write(tmp_path / "sato.csv", (1, 2), (5, 6))
    second = tmp_path / "tanaka.edf"
    edfio.Edf([], annotations=[edfio.EdfAnnotation(1.1, 1.0, "x")]).write(second)
    write_short_recording(tmp_path / "night.parquet.csv", seconds=20)
    agreement = measure_agreement(read_rated(first, second, recordings=tmp_path / "night.parquet.csv"))
    assert (agreement.n_first, agreement.n_second, agreement.n_pairs) == (2, 1, 1)
    assert agreement.only_first[0].recording == "sato / tanaka"
    assert agreement.hours == pytest.approx(20 / 3600, rel=0.01)


def test_folders_are_matched_by_name_and_what_one_alone_rated_is_told(tmp_path, caplog):
    for name in ("n1", "n2", "n3"):
        write(tmp_path / "a" / f"{name}.annotation.csv", (1, 2))
    for name in ("n2", "n3", "n9"):
        write(tmp_path / "b" / f"{name}.csv", (1, 2), (7, 8))
    agreement = measure_agreement(read_rated(tmp_path / "a", tmp_path / "b"))
    assert (agreement.n_recordings, agreement.n_first, agreement.n_second) == (2, 2, 4)
    assert "2 recordings have only one rater, such as n1" in caplog.text


def test_raters_without_a_common_recording_are_refused(tmp_path):
    write(tmp_path / "a" / "n1.csv", (1, 2))
    write(tmp_path / "b" / "n2.csv", (1, 2))
    with pytest.raises(EvaluationError, match="have no recording in common; name each annotation after its recording"):
        read_rated(tmp_path / "a", tmp_path / "b")


def test_a_place_of_recordings_that_is_none_is_refused(tmp_path):
    first = write(tmp_path / "a" / "n1.csv", (1, 2))
    with pytest.raises(EvaluationError, match="there is no such file or folder"):
        read_rated(first, first, recordings=tmp_path / "missing")
    write(tmp_path / "a" / "n2.csv", (1, 2))
    with pytest.raises(EvaluationError, match="one recording cannot belong to 2 cases"):
        read_rated(tmp_path / "a", tmp_path / "a", recordings=first)
