"""Printing lines in which control characters are visible."""

from __future__ import annotations

import click


def echo(text: object = "", *, err: bool = False) -> None:
    """Print a line in which control characters are visible."""
    click.echo(show_controls(str(text)), err=err)


def redraw(line: str, n_before: int) -> int:
    """Write a line on stderr over the one that stands there."""
    shown = show_controls(line)
    click.echo("\r" + shown.ljust(n_before), nl=False, err=True)
    return len(shown)


def show_controls(text: str, keep: str = "\n\t") -> str:
    r"""Write control characters as what they are, so that a name heard over the air cannot drive a terminal."""
    return "".join(f"\\u{ord(sign):04x}" if sign not in keep and _is_control(sign) else sign for sign in text)


def _is_control(sign: str) -> bool:
    """Tell whether a character does something to a terminal instead of standing in it."""
    code = ord(sign)
    is_c0_or_c1 = code < 0x20 or 0x7F <= code < 0xA0
    is_direction = code in (0x061C, 0x200E, 0x200F) or 0x202A <= code <= 0x202E or 0x2066 <= code <= 0x2069
    return is_c0_or_c1 or is_direction or code in (0x2028, 0x2029)
