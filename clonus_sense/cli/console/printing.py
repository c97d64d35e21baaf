"""Printing lines in which control characters are visible."""

from __future__ import annotations

import re

import click

# Characters that control a terminal: C0, C1, writing directions, separators.
_CONTROLS = re.compile("[\\x00-\\x1f\\x7f-\\x9f\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069\\u2028\\u2029]")


def echo(text: object = "", *, err: bool = False) -> None:
    """Print a line in which control characters are visible."""
    click.echo(show_controls(str(text)), err=err)


def redraw(line: str, n_before: int) -> int:
    """Overwrite the present line on stderr; return the new length."""
    shown = show_controls(line)
    click.echo("\r" + shown.ljust(n_before), nl=False, err=True)
    return len(shown)


def show_controls(text: str, keep: str = "\n\t") -> str:
    r"""Escape control characters, so that a name received by radio cannot control a terminal."""
    return _CONTROLS.sub(lambda found: found[0] if found[0] in keep else f"\\u{ord(found[0]):04x}", text)
