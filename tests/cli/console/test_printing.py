import re
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

import clonus_sense.cli
from clonus_sense.cli.console.printing import redraw, show_controls


@given(st.text())
def test_no_text_drives_a_terminal(text):
    shown = show_controls(text)
    assert not any((ord(sign) < 0x20 and sign not in "\n\t") or 0x7F <= ord(sign) < 0xA0 for sign in shown)
    assert show_controls(shown) == shown
    if text.isascii() and text.isprintable():
        assert shown == text


def test_every_sign_that_only_formats_a_line_is_escaped_and_its_neighbours_are_not():
    turning = [0x061C, 0x200E, 0x200F, *range(0x2028, 0x202F), *range(0x2066, 0x206A)]
    steering = [*range(0x20), *range(0x7F, 0xA0)]
    escaped = [code for code in range(0x3000) if show_controls(chr(code)) != chr(code)]
    assert escaped == sorted([*turning, *(code for code in steering if chr(code) not in "\n\t")])


def test_only_the_console_prints_so_that_no_name_reaches_a_terminal_raw():
    modules = Path(clonus_sense.cli.__file__).parent.rglob("*.py")
    raw = re.compile(r"click\.s?echo|(?<![.\w])print\(|std(out|err)\.write")
    printing = {one.name for one in modules if raw.search(one.read_text(encoding="utf-8"))}
    assert printing == {"printing.py"}, "print with `echo` of cli.console.printing"


def test_a_redrawn_line_shows_control_characters_and_covers_the_line_before(capsys):
    assert redraw("Sensor\x1b[2J", 20) == 15
    assert capsys.readouterr().err == "\rSensor\\u001b[2J" + 5 * " "
