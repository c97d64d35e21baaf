import pytest

from clonus_sense.errors import ColumnError
from clonus_sense.recording import ForeignFormat, parse_columns, parse_unit


@pytest.mark.parametrize(
    ("text", "scale_g"),
    [
        ("g", 1.0),
        ("mg", 0.001),
        ("m/s2", 1 / 9.80665),
        ("m/s²", 1 / 9.80665),
        (" M/S^2 ", 1 / 9.80665),
        ("raw:4096", 1 / 4096),
    ],
)
def test_units(text, scale_g):
    assert parse_unit(text).scale_g == scale_g


@pytest.mark.parametrize("text", ["", "G-force", "raw", "raw:", "raw:0", "raw:-5", "raw:inf", "raw:many", "kg:3"])
def test_unknown_unit_is_refused(text):
    with pytest.raises(ColumnError, match=r"--unit .* raw:16384"):
        parse_unit(text)


def test_columns_by_name_and_number():
    assert parse_columns("t,ax, ay ,4").all == ("t", "ax", "ay", "4")


@pytest.mark.parametrize("text", ["", "a,b", "a,b,c,d,e", "a,b,,d", "a,b,b,c"])
def test_other_than_three_or_four_columns_are_refused(text):
    with pytest.raises(ColumnError, match="four different columns"):
        parse_columns(text)


@pytest.mark.parametrize("option", ["time_unit", "separator", "decimal_point", "encoding"])
def test_unknown_words_are_refused(option):
    with pytest.raises(ColumnError, match="`x` is unknown; use one of"):
        ForeignFormat(**{option: "x"})
