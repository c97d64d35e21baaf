import numpy as np
import pyarrow as pa
import pytest

from clonus_sense.recording.rows import RowFormat, RowParser
from clonus_sense.recording.time_text import find_time_text

PLAIN = RowParser(RowFormat(n_columns=4, columns=(0, 1, 2, 3)))


def test_rows_become_one_array_per_axis():
    rows = PLAIN.parse(b"0.00,1,2,3\r\n0.02,4,5,6\r\n", first_line=1).rows
    assert rows.times.tolist() == [0.0, 0.02]
    assert rows.accel.tolist() == [[1, 2, 3], [4, 5, 6]]
    assert rows.accel.flags.f_contiguous


@pytest.mark.parametrize(
    "bad", [b"12.34,0.1", b"off", b"0.01,1,2,3,4", b"0.01,1,2,3\0", b"0.01,1_0,2,3", b"0.01,\x81\x40,2,3", b",,"]
)
def test_a_bad_line_becomes_a_row_of_nan_and_costs_no_other(bad):
    parsed = PLAIN.parse(b"0.00,1,2,3\n" + bad + b"\n0.02,4,5,6\n", first_line=8)
    assert np.array_equal(parsed.rows.times, [0.0, np.nan, 0.02], equal_nan=True)
    assert np.array_equal(parsed.rows.accel[1], [np.nan] * 3, equal_nan=True)
    assert (parsed.n_unreadable, parsed.first_unreadable_line) == (1, 9)


def test_bad_lines_far_apart_in_a_large_block_are_counted_with_the_first_ones_number():
    good = b"".join(b"%d,0.1,0.2,0.9871\n" % number for number in range(20_000))
    lines = good.splitlines(keepends=True)
    lines[7_000] = b"sensor lost\n"
    lines[15_000] = b"7,8\n"
    parsed = PLAIN.parse(b"".join(lines), first_line=5)
    assert (parsed.n_unreadable, parsed.first_unreadable_line) == (2, 7_005)
    assert np.flatnonzero(np.isnan(parsed.rows.times)).tolist() == [7_000, 15_000]
    assert parsed.rows.times[-1] == 19_999
    assert np.nanmax(np.abs(parsed.rows.accel - [0.1, 0.2, 0.9871])) == 0


def test_one_line_longer_than_any_part_is_one_bad_line():
    parsed = PLAIN.parse(b"0.00,1,2,3\n" + b"\0" * 200_000 + b"0.02,4,5,6\n0.04,7,8,9\n", first_line=8)
    assert (parsed.n_unreadable, parsed.first_unreadable_line) == (1, 9)
    np.testing.assert_array_equal(parsed.rows.times, [0.0, np.nan, 0.04])


def test_both_parsers_give_the_same_numbers():
    block = b"0.1234567,-0.98765432101,.5,5.\n1e1,+0.3,-1E-3, 0.7 \n"
    fast = PLAIN.parse(block, first_line=1).rows
    slow = PLAIN.parse(block + b"bad\n", first_line=1).rows
    assert np.array_equal(fast.times, slow.times[:2])
    assert np.array_equal(fast.accel, slow.accel[:2])


def test_missing_and_infinite_values_are_kept_as_such():
    rows = PLAIN.parse(b"0,nan,,-inf\n", first_line=1).rows
    assert np.array_equal(rows.accel[0], [np.nan, np.nan, -np.inf], equal_nan=True)


def test_comments_and_empty_lines_give_no_row():
    parsed = PLAIN.parse(b"0,1,2,3\n\n# a note\n1,1,2,3\n", first_line=1)
    assert parsed.rows.times.tolist() == [0, 1]
    assert parsed.n_unreadable == 0


def test_decimal_comma_other_columns_and_quotes():
    row_format = RowFormat(6, (4, 3, 2, 1), separator=";", decimal_point=",", quoted=True)
    for tail in (b"", b"bad\n"):
        rows = RowParser(row_format).parse(b'"a;b";"0,25";-1,5;2;7,5;x\n'.replace(b"a;b", b"ab") + tail, 1).rows
        assert rows.times[0] == 7.5
        assert rows.accel[0].tolist() == [2.0, -1.5, 0.25]


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-01T22:00:00.250+09:00",
        "2026-03-01T13:00:00.250Z",
        "2026-03-01 13:00:00.250",
        "2026/03/01 13:00:00.250",
    ],
)
def test_dates_become_seconds_since_1970(text):
    assert find_time_text([text]).readings[0].seconds(pa.array([text]))[0] == 1772370000.25


def test_dates_in_rows():
    parser = RowParser(RowFormat(4, (0, 1, 2, 3), time_text=find_time_text(["2026-03-01 13:00:00"]).readings[0]))
    for tail in (b"", b"bad\n"):
        rows = parser.parse(b"1970-01-01T00:00:01.5Z,1,2,3\nsoon,1,2,3\n" + tail, first_line=1).rows
        assert rows.times[0] == 1.5
        assert np.isnan(rows.times[1])
