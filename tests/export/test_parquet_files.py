import io
import math
from datetime import datetime

import numpy as np
from pyarrow import parquet

from clonus_sense.export import ExportFormat, fill_tables, write_export
from clonus_sense.export.columns import CellKind
from clonus_sense.export.csv_files import moment_text
from clonus_sense.export.parquet_files import table_as_parquet
from clonus_sense.library import hash_recording
from clonus_sense.model import SensorIdentity
from clonus_sense.recording import read_recording, write_recording
from clonus_sense.workflows import keep_recording
from tests.export.made import INFO, everything, keep_with_gaps, samples


def exported(library, folder, **options):
    outcomes = list(write_export(everything(library, **options), folder, ExportFormat.PARQUET))
    assert [outcome.refused for outcome in outcomes] == [None] * len(outcomes)
    [path] = (folder / "recordings").iterdir()
    return path


def test_a_recording_comes_back_bit_for_bit(library, tmp_path):
    kept = keep_with_gaps(library, tmp_path / "night.csv.gz")
    was, now = read_recording(kept.recording.path), read_recording(exported(library, tmp_path / "out"))
    assert hash_recording(now) == kept.recording.content_hash
    assert now.gaps == was.gaps
    assert now.info == was.info
    for before, after in zip(was.stretches, now.stretches, strict=True):
        np.testing.assert_array_equal(after.accel_g, before.accel_g)
        np.testing.assert_array_equal(after.knot_times_s, before.knot_times_s)


def test_lines_that_are_no_numbers_stay_gaps_with_their_reason(library, tmp_path):
    path = tmp_path / "night.csv"
    write_recording(path, INFO, *samples(1000))
    lines = path.read_text(encoding="utf-8").splitlines()
    lines[500:520] = [f"{line.split(',')[0]},nan,nan,nan" for line in lines[500:520]]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    kept = keep_recording(library, path).recording
    now = read_recording(exported(library, tmp_path / "out"))
    assert [gap.reason for gap in kept.gaps] == ["not a number"]
    assert now.gaps == kept.gaps


def test_who_it_was_is_not_in_the_exported_bytes(library, tmp_path):
    keep_with_gaps(library, tmp_path / "night.csv.gz")
    path = exported(library, tmp_path / "out", with_personal_data=False)
    info = read_recording(path).info
    assert (info.person, info.orthosis, info.notes, info.sensor) == ("P1", "", (), SensorIdentity())
    for file in (tmp_path / "out").rglob("*.*"):
        for secret in (b"Hanako", b"P07", b"SN-4711", b"night.csv"):
            assert secret not in file.read_bytes()


def test_tables_come_back_exactly(library, tmp_path):
    keep_with_gaps(library, tmp_path / "night.csv.gz")
    for table in fill_tables(everything(library)):
        read = parquet.read_table(io.BytesIO(table_as_parquet(table))).to_pylist()
        assert len(read) == len(table.rows)
        for row, cells in zip(read, table.rows, strict=True):
            for column, cell in zip(table.columns, cells, strict=True):
                wanted = cell
                if isinstance(cell, datetime) and column.kind is CellKind.LOCAL_TIME:
                    wanted = moment_text(cell, column.kind)
                assert row[column.name] == wanted or (isinstance(wanted, float) and math.isnan(wanted))
