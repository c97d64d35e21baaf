"""An export among other files, on a full disk, and of recordings that are no longer there."""

import errno
import os

import pytest

from clonus_sense.errors import ExportError, RecordingError
from clonus_sense.export import ExportFormat, write_export
from clonus_sense.export import new_files as export_files
from clonus_sense.i18n import notice
from tests.export.made import everything, keep, keep_with_gaps, samples
from tests.review.made import MadeLeg, add_leg


def written(library, folder, export_format, **options):
    return list(write_export(everything(library, **options), folder, export_format))


def test_nothing_is_written_among_other_files(library, tmp_path):
    add_leg(library, MadeLeg())
    foreign = tmp_path / "out" / "letter.txt"
    foreign.parent.mkdir()
    foreign.write_text("Dear diary", encoding="utf-8")
    with pytest.raises(ExportError, match="holds files already"):
        written(library, foreign.parent, ExportFormat.CSV)
    assert list(foreign.parent.iterdir()) == [foreign]
    with pytest.raises(ExportError, match="is a file and no folder"):
        written(library, foreign, ExportFormat.CSV)


def test_a_file_that_came_meanwhile_is_not_replaced(tmp_path):
    path = tmp_path / "episodes.csv"
    with pytest.raises(ExportError, match="never replaces"), export_files.new_file(path) as part:
        part.write_bytes(b"ours")
        path.write_bytes(b"theirs")
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == {"episodes.csv": b"theirs"}


def test_an_empty_library_has_nothing_to_export(library, tmp_path):
    with pytest.raises(ExportError, match="nothing to export"):
        written(library, tmp_path / "out", ExportFormat.CSV)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("export_format", [ExportFormat.EDF, ExportFormat.PARQUET])
def test_a_missing_and_a_changed_recording_do_not_stop_the_others(library, tmp_path, export_format):
    add_leg(library, MadeLeg(path=tmp_path / "gone.csv"))
    keep(library, tmp_path / "changed.csv", *samples(600, seed=1))
    keep_with_gaps(library, tmp_path / "night.csv")
    (tmp_path / "changed.csv").write_bytes((tmp_path / "night.csv").read_bytes())
    outcomes = written(library, tmp_path / "out", export_format)
    refused = {outcome.source.name: outcome.refused for outcome in outcomes if outcome.refused}
    assert sorted(refused) == ["changed.csv", "gone.csv"]
    assert isinstance(refused["gone.csv"], RecordingError)
    assert "is missing" in str(refused["gone.csv"])
    assert "no longer holds the samples" in str(refused["changed.csv"])
    assert len(list((tmp_path / "out" / "recordings").iterdir())) == 1
    assert (tmp_path / "out" / "README.txt").exists()


@pytest.mark.parametrize("export_format", list(ExportFormat))
def test_a_full_disk_leaves_nothing_half_and_names_the_file(library, tmp_path, monkeypatch, export_format):
    keep_with_gaps(library, tmp_path / "night.csv")

    def no_room(_descriptor):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(export_files.os, "fsync", no_room)
    outcomes = written(library, tmp_path / "out", export_format)
    assert all(outcome.refused.errno == errno.ENOSPC for outcome in outcomes)
    assert [outcome.refused.filename for outcome in outcomes] == [str(outcome.path) for outcome in outcomes]
    assert [file for file in (tmp_path / "out").rglob("*") if file.is_file()] == []


def test_the_notice_lies_beside_the_files_in_both_languages(library, tmp_path):
    add_leg(library, MadeLeg())
    written(library, tmp_path / "out", ExportFormat.CSV)
    text = (tmp_path / "out" / "README.txt").read_text(encoding="utf-8-sig")
    assert notice("en") in text
    assert notice("ja") in text
    assert "personal data" in text


def test_names_of_files_hold_neither_signs_nor_names(library, tmp_path):
    keep_with_gaps(library, tmp_path / "Hanako.csv")
    (first, *_) = written(library, tmp_path / "out", ExportFormat.EDF, with_personal_data=False)
    assert first.path.name == "2026-10-25_0250_P1_left_r1.edf"
