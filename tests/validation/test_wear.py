"""The table of wear counts what was true, and goes on where it stopped."""

from click.testing import CliRunner

from tests.validation.wear import KINDS, Measured, main, measure, read, table

WORN = Measured("default", 1, 28_000.0, 280.0, 0.0, 0.0, loses_window=False, loses_comparison=True)
LAIN = Measured("back", 1, 20_000.0, 0.0, 7_100.0, 3_550.0, loses_window=False, loses_comparison=False)


def rows(measured):
    return {line.split(" | ")[0].strip("| "): line.split(" | ")[1:] for line in table(measured).splitlines()[2:]}


def test_the_table_adds_time_and_names_the_worst_night():
    both = rows([WORN, Measured("default", 2, 28_000.0, 0.0, 0.0, 0.0, loses_window=False, loses_comparison=False)])
    assert both[KINDS["default"].says] == ["2", "0.50 %", "1.0 %", "–", "–", "0", "1 |"]
    assert rows([LAIN])[KINDS["back"].says] == ["1", "0.00 %", "0.0 %", "50.00 %", "50.0 %", "–", "– |"]


def test_a_night_is_measured_against_where_the_sensor_was():
    night = measure("back", 7)
    assert 6900.0 < night.table_s < 7300.0
    assert 20_000.0 < night.worn_s < 21_600.0
    assert night.table_doubted_s > 0.95 * night.table_s


def test_what_was_measured_is_not_measured_again(tmp_path):
    results = tmp_path / "wear.jsonl"
    arguments = ["--kind", "evening", "--first-seed", "7", "--results", str(results)]
    assert CliRunner().invoke(main, [*arguments, "--minutes", "0"]).exit_code == 0
    assert read(results) == []
    measured = CliRunner().invoke(main, [*arguments, "--minutes", "0.0001"]).output
    assert len(read(results)) == 1
    assert CliRunner().invoke(main, [*arguments, "--minutes", "0"]).output == measured
