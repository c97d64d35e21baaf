import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clonus_sense.export.columns import CellKind, ExportColumn, ExportTable
from clonus_sense.export.csv_files import table_as_csv, without_formula


def column(kind, decimals=None):
    return ExportColumn("cell", kind, "", lambda row: row, "", decimals)


def written(cell, kind, decimals=None):
    table = ExportTable("t", "", (column(kind, decimals), ExportColumn("end", CellKind.WORD, "", lambda row: "e")))
    return table_as_csv(table.fill([cell], with_personal_data=True))


def test_a_file_begins_with_the_byte_order_mark_and_lines_end_as_excel_takes_them():
    assert written("足", CellKind.TEXT) == b"\xef\xbb\xbfcell,end\r\n\xe8\xb6\xb3,e\r\n"


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠", "'"])
def test_what_begins_like_a_formula_is_none(sign):
    assert without_formula(f"{sign}1+1") == f"'{sign}1+1"
    assert without_formula(f" {sign}1+1") == f"' {sign}1+1"


@given(st.text())
def test_no_text_becomes_a_formula_and_each_comes_back(text):
    [_, [cell, _end]] = csv.reader(
        io.StringIO(written(text, CellKind.TEXT).decode("utf-8-sig"), newline=""), strict=True
    )
    assert not cell.lstrip(" \n").startswith(("=", "+", "-", "@"))
    assert cell.removeprefix("'") == text


def test_numbers_below_zero_stay_numbers():
    assert b"-0.1000,e" in written(-0.1, CellKind.NUMBER, 4)
    assert b"0.0000,e" in written(-1e-9, CellKind.NUMBER, 4)


@given(st.floats(-1e6, 1e6))
def test_numbers_are_right_to_their_decimals(value):
    cell = written(value, CellKind.NUMBER, 6).decode("utf-8-sig").split("\r\n")[1].split(",")[0]
    assert float(cell) == round(value, 6)


def test_what_is_unknown_is_empty_and_never_zero():
    assert written(None, CellKind.NUMBER, 4).endswith(b"\r\n,e\r\n")
    assert written(True, CellKind.TRUTH).endswith(b"\r\ntrue,e\r\n")
