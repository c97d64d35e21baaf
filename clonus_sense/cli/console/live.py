"""The status line while a night is recorded."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from clonus_sense.cli.console.printing import echo, redraw
from clonus_sense.i18n import Translator

if TYPE_CHECKING:
    from clonus_sense.recorder import RecorderStatus

# On a screen each second; in a log often enough to show when a fault began.
SCREEN_EVERY_S = 1.0
LOG_EVERY_S = 600.0

# Longer silence is reported; shorter pauses are normal between packets.
SILENT_S = 8.0


def status_line(status: RecorderStatus, _: Translator) -> str:
    """Write the status of the night on one line."""
    from clonus_sense.report.clock_labels import elapsed

    parts = [elapsed(status.elapsed_s)]
    for one in status.sensors:
        side = {"left": _("left"), "right": _("right")}.get(one.label, one.label)
        if one.is_disk_full:
            parts.append(_("{side}: the disk is full; make room, writing is tried again each minute").format(side=side))
            continue
        if one.silent_s is None:
            trouble = f" ({_(one.trouble)})" if one.trouble else ""
            parts.append(_("{side}: looking for the sensor").format(side=side) + trouble)
            continue
        signal = _("signal") if one.silent_s < SILENT_S else _("no signal for {s:.0f} s").format(s=one.silent_s)
        battery = f"{one.battery_percent} %" if one.battery_percent is not None else "–"
        text = _("{side}: {signal}, battery {battery}, measured {measured:.0f} %, movements {n}")
        if one.trouble:
            signal += f" ({_(one.trouble)})"
        parts.append(
            text.format(side=side, signal=signal, battery=battery, measured=100 * one.measured_ratio, n=one.n_episodes)
        )
    return " | ".join(parts)


class LiveLine:
    """Rewrites one line on a screen; writes a line every ten minutes elsewhere."""

    def __init__(self) -> None:
        self._is_screen = sys.stderr.isatty()
        self._width = 0

    @property
    def every_s(self) -> float:
        """Pause between two updates."""
        return SCREEN_EVERY_S if self._is_screen else LOG_EVERY_S

    def tell(self, line: str) -> None:
        """Show a line."""
        if not self._is_screen:
            echo(line, err=True)
            return
        self._width = redraw(line, self._width)

    def end(self) -> None:
        """End the line; it stays on the screen."""
        if self._is_screen and self._width:
            echo(err=True)
