"""Lines about checks of the computer and its sensors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clonus_sense.i18n import message

if TYPE_CHECKING:
    from clonus_sense.host import Check

MARKS = {"good": "●", "mind": "!", "stop": "✕", "unknown": "?"}
"""The mark of each grade; shapes differ, so that colour is not needed."""

NOTHING_HEARD = message("No sensor was heard. Switch it on, bring it near, and close the maker's app.")


def check_line(check: Check) -> str:
    """Write a check on one line, with its mark."""
    return f"{MARKS[check.grade]} {check.text}"
