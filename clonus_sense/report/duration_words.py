"""Lengths of time in words, with the digits that mean something."""

from __future__ import annotations

from clonus_sense.i18n import Translator


def length_words(seconds: float, _: Translator) -> str:
    """Say a length of time in hours and minutes, such as ``7 h 12 min``; below a minute in seconds."""
    if 0 < seconds < 60:
        return _("{seconds:.0f} s").format(seconds=seconds)
    minutes = round(seconds / 60)
    if minutes < 60:
        return _("{minutes} min").format(minutes=minutes)
    return _("{hours} h {minutes:02d} min").format(hours=minutes // 60, minutes=minutes % 60)


def seconds_words(seconds: float, _: Translator) -> str:
    """Say seconds of movement with the digits that mean something, such as ``8.4 s`` or ``184 s``."""
    text = f"{seconds:.1f}" if seconds < 100 else f"{seconds:.0f}"
    return _("{number} s").format(number=text)


def rounded_seconds_words(seconds: float, _: Translator) -> str:
    """Say seconds of movement as a sentence does, such as ``8.4 s`` or ``32 s``."""
    return _("{number} s").format(number=f"{seconds:.1f}" if seconds < 9.95 else f"{seconds:.0f}")
