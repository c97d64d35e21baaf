"""Bouts marked in another program and kept as EDF+ annotations."""

import datetime

import edfio
import numpy as np
import pytest

from clonus_sense.errors import EvaluationError
from clonus_sense.evaluation import ReferenceBout
from clonus_sense.evaluation.edf_bouts import read_edf_bouts


def write_edf(path, annotations, *, with_signal=False, starttime=None):
    signals = [edfio.EdfSignal(np.sin(np.arange(600.0)), 10.0, label="leg")] if with_signal else []
    marks = [edfio.EdfAnnotation(*annotation) for annotation in annotations]
    edfio.Edf(signals, annotations=marks, starttime=starttime).write(path)
    return path


@pytest.mark.parametrize("with_signal", [True, False])
def test_every_span_is_a_bout_with_its_text(tmp_path, with_signal):
    path = write_edf(tmp_path / "a.edf", [(30.5, 2.0, "足の動き"), (10, 1.25, "clonus")], with_signal=with_signal)
    read = read_edf_bouts(path)
    assert read.bouts == (ReferenceBout(10.0, 11.25, kind="clonus"), ReferenceBout(30.5, 32.5, kind="足の動き"))
    assert read.recorded_s == (60.0 if with_signal else None)


def test_times_count_from_the_first_sample_and_not_from_the_whole_second_before(tmp_path):
    path = write_edf(tmp_path / "a.edf", [(10, 2.0, "x")], with_signal=True, starttime=datetime.time(22, 0, 0, 250_000))
    assert read_edf_bouts(path).bouts == (ReferenceBout(10.0, 12.0, kind="x"),)


def test_not_is_no_bout_and_unsure_counts_for_nothing(tmp_path):
    path = write_edf(tmp_path / "a.edf", [(1, 1.0, "Not"), (5, 1.0, "Unsure"), (9, 1.0, "not sure, look again")])
    assert [(bout.onset_s, bout.unsure) for bout in read_edf_bouts(path).bouts] == [(5.0, True), (9.0, False)]


def test_only_texts_that_were_named_count(tmp_path, caplog):
    path = write_edf(tmp_path / "a.edf", [(1, 1.0, "Sleep stage W"), (5, 1.0, "Clonus left"), (9, 1.0, "kick")])
    assert [bout.onset_s for bout in read_edf_bouts(path, ["clonus", "KICK"]).bouts] == [5.0, 9.0]
    assert read_edf_bouts(path, ["spasm"]).bouts == ()
    assert "no annotation holds the text spasm; the texts are: Clonus left, Sleep stage W, kick" in caplog.text


def test_moments_are_passed_over_and_a_file_of_moments_alone_is_refused(tmp_path, caplog):
    path = write_edf(tmp_path / "a.edf", [(1, None, "begin"), (5, 1.0, "bout")])
    assert [bout.onset_s for bout in read_edf_bouts(path).bouts] == [5.0]
    assert "1 annotations, such as `begin`, mark a moment" in caplog.text
    with pytest.raises(EvaluationError, match="mark each bout from onset to offset"):
        read_edf_bouts(write_edf(tmp_path / "b.edf", [(1, None, "begin"), (2, None, "end")]))


def test_parts_that_do_not_belong_together_stay_apart(tmp_path):
    path = write_edf(tmp_path / "a.edf", [(1, 1.0, "(1/2) le"), (1, 1.0, "(2/2) ft leg"), (5, 1.0, "(2/2) alone")])
    assert [bout.kind for bout in read_edf_bouts(path).bouts] == ["left leg", "alone"]


def test_what_is_no_edf_plus_is_refused_with_a_sentence(tmp_path):
    nonsense = tmp_path / "a.edf"
    nonsense.write_bytes(b"onset_s,offset_s\n1,2\n")
    with pytest.raises(
        EvaluationError, match=r"a\.edf: this is no EDF file \(.*\); export the annotations as EDF\+ or CSV"
    ):
        read_edf_bouts(nonsense)
    plain = tmp_path / "b.edf"
    edfio.Edf([edfio.EdfSignal(np.arange(100.0), 10.0)]).write(plain)
    plain.write_bytes(plain.read_bytes().replace(b"EDF+C", b"     ", 1))
    with pytest.raises(EvaluationError, match="this is plain EDF, which holds no annotations"):
        read_edf_bouts(plain)
    with pytest.raises(EvaluationError, match=r"missing\.edf: cannot be read"):
        read_edf_bouts(tmp_path / "missing.edf")


@pytest.mark.parametrize("share", [0.02, 0.2, 0.5, 0.9, 0.99])
def test_file_that_is_cut_is_read_or_refused_but_never_breaks(tmp_path, share):
    whole = write_edf(tmp_path / "a.edf", [(t, 1.0, f"bout {t}") for t in range(1, 50)], with_signal=True).read_bytes()
    cut = tmp_path / "cut.edf"
    cut.write_bytes(whole[: round(share * len(whole))])
    try:
        assert len(read_edf_bouts(cut).bouts) <= 49
    except EvaluationError as error:
        assert str(error).startswith(f"{cut}: ")
