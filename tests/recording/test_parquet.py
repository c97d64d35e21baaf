import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from pyarrow import parquet

from clonus_sense.errors import NotARecordingError, RecordingError
from clonus_sense.recording import read_recording, stream_recording
from tests.recording.made import accel, all_samples, kinds, times, write_plain


def write_table(path, names, metadata):
    columns = [times(3000), *accel(3000).astype(np.float32).T][: len(names)]
    parquet.write_table(pa.table(columns, names=names).replace_schema_metadata(metadata), path)
    return path


def test_single_precision_without_keys_is_read(tmp_path):
    path = write_table(tmp_path / "a.parquet", ["time_s", "x_g", "y_g", "z_g"], None)
    recording = read_recording(path)
    assert recording.info.fs_hz == 50.0
    assert np.array_equal(all_samples(recording), accel(3000).astype(np.float32))
    assert kinds(recording) == ["rate-measured"]


def test_other_columns_are_refused_by_name(tmp_path):
    path = write_table(tmp_path / "a.parquet", ["time", "x", "y", "z"], None)
    with pytest.raises(NotARecordingError, match="no column `time_s`"):
        stream_recording(path)


@pytest.mark.parametrize(
    "cell",
    [{"a": 1.0}, [0.5, 0.5], "0.5", b"0.5", True, pd.Timestamp("2026-11-05")],
    ids=["struct", "list", "text", "bytes", "truth", "date"],
)
@pytest.mark.parametrize("name", ["time_s", "y_g"])
def test_a_column_without_numbers_is_refused_by_name(tmp_path, name, cell):
    columns = dict(zip(["time_s", "x_g", "y_g", "z_g"], [times(3000), *accel(3000).T], strict=True))
    parquet.write_table(pa.table(columns | {name: pa.array([cell] * 3000)}), tmp_path / "a.parquet")
    with pytest.raises(NotARecordingError, match=f"the column `{name}` .* no numbers"):
        stream_recording(tmp_path / "a.parquet")


@pytest.mark.parametrize("name", ["time_s", "x_g"])
def test_a_column_that_is_there_twice_is_refused_by_name(tmp_path, name):
    columns = [times(3000), *accel(3000).T, times(3000)]
    parquet.write_table(pa.table(columns, names=["time_s", "x_g", "y_g", "z_g", name]), tmp_path / "a.parquet")
    with pytest.raises(NotARecordingError, match=f"more than one column `{name}`"):
        stream_recording(tmp_path / "a.parquet")


def test_further_columns_of_any_type_and_number_change_nothing(tmp_path):
    columns = [times(3000), *accel(3000).T, pa.array([{"a": 1}] * 3000), pa.array([[1]] * 3000)]
    names = ["time_s", "x_g", "y_g", "z_g", "note", "note"]
    parquet.write_table(pa.table(columns, names=names), tmp_path / "a.parquet")
    assert np.array_equal(all_samples(read_recording(tmp_path / "a.parquet")), accel(3000))


def test_newer_version_is_refused(tmp_path):
    path = write_table(tmp_path / "a.parquet", ["time_s", "x_g", "y_g", "z_g"], {"format": "clonus-sense-recording/2"})
    with pytest.raises(NotARecordingError, match="update clonus_sense"):
        stream_recording(path)


def test_torn_file_is_refused_in_one_sentence(tmp_path):
    path = tmp_path / "a.parquet"
    write_plain(path)
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    with pytest.raises(RecordingError, match=r"cut off.*use the CSV"):
        stream_recording(path)


def test_damaged_rows_are_refused_in_one_sentence(tmp_path):
    path = tmp_path / "a.parquet"
    write_plain(path, 5000)
    data = bytearray(path.read_bytes())
    data[1000:3000] = b"\xaa" * 2000
    path.write_bytes(data)
    with pytest.raises(RecordingError):
        read_recording(path)


def test_a_file_without_rows_is_refused(tmp_path):
    table = pa.table([pa.array([], pa.float64())] * 4, names=["time_s", "x_g", "y_g", "z_g"])
    parquet.write_table(table, tmp_path / "a.parquet")
    with pytest.raises(RecordingError, match="not one sample"):
        stream_recording(tmp_path / "a.parquet")
