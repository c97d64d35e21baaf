import pytest

from clonus_sense.errors import EvaluationError
from clonus_sense.evaluation.bout_tables import read_rows


def write(path, text, encoding="utf-8"):
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_text_of_any_spreadsheet_is_read(tmp_path, encoding):
    path = write(tmp_path / "a.csv", "onset_s, offset_s ,label\r\n1.5,2,足首\r\n", encoding)
    [row] = read_rows(path)
    assert row.interval_s() == (1.5, 2.0)
    assert row.text("label") == "足首"


def test_comments_blank_lines_and_lines_inside_a_cell_keep_the_numbers_of_lines(tmp_path):
    path = write(tmp_path / "a.csv", '# rater: a\nonset_s,offset_s,label\n\n1,2,"two\nlines"\n3,x,\n')
    first, second = read_rows(path)
    assert first.text("label") == "two\nlines"
    assert second.line == 6
    with pytest.raises(EvaluationError, match=r"a\.csv, line 6: offset_s is 'x', not a number"):
        second.interval_s()


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("2,1", r"line 2: offset_s \(1.0\) must lie after onset_s \(2.0\)"),
        ("2,2", r"line 2: offset_s \(2.0\) must lie after onset_s \(2.0\)"),
        ("2,", "line 2: onset_s or offset_s is empty"),
        ("2,inf", "line 2: offset_s is 'inf'"),
        ("nan,3", "line 2: onset_s is 'nan'"),
    ],
)
def test_line_that_is_no_interval_is_refused_by_its_number(tmp_path, line, sentence):
    [row] = read_rows(write(tmp_path / "a.csv", f"onset_s,offset_s\n{line}\n"))
    with pytest.raises(EvaluationError, match=sentence):
        row.interval_s()


def test_counts_may_be_written_with_a_point_but_not_be_broken(tmp_path):
    whole, broken, missing = read_rows(write(tmp_path / "a.csv", "onset_s,offset_s,beats\n1,2,12.0\n1,2,12.5\n1,2\n"))
    assert whole.whole_number("beats") == 12
    assert missing.whole_number("beats") is None
    with pytest.raises(EvaluationError, match=r"beats is 12\.5; it must be a whole number"):
        broken.whole_number("beats")


def test_missing_column_empty_file_and_other_files_are_refused(tmp_path):
    with pytest.raises(EvaluationError, match="the column offset_s is missing; the columns are onset_s, end_s"):
        read_rows(write(tmp_path / "a.csv", "onset_s,end_s\n1,2\n"))
    with pytest.raises(EvaluationError, match="is empty"):
        read_rows(write(tmp_path / "b.csv", "\n"))
    with pytest.raises(EvaluationError, match="cannot be read"):
        read_rows(tmp_path / "missing.csv")
    (tmp_path / "c.csv").write_bytes(b"\xff\xfe\x81\x00onset_s\x81")
    with pytest.raises(EvaluationError, match="neither UTF-8 nor CP932"):
        read_rows(tmp_path / "c.csv")


def test_header_alone_means_no_bouts(tmp_path):
    assert read_rows(write(tmp_path / "a.csv", "onset_s,offset_s\n")) == []


def test_empty_lines_that_a_spreadsheet_adds_are_passed_over(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("onset_s,offset_s,label\n1,2,\n,,\n , ,\n5,6,x\n", encoding="utf-8")
    assert [(row.line, row.interval_s()) for row in read_rows(path)] == [(2, (1.0, 2.0)), (5, (5.0, 6.0))]
