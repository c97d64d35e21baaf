"""``clonus-sense record`` in a process of its own, with a virtual sensor and time that passes twenty times as fast.

``python -m tests.cli.console.quick_night FOLDER SECONDS [OPTIONS]``; the night is over after so many of its own seconds
at the latest, as by ``--until``.  ``FOLDER/came.txt`` tells how many samples reached the host.
"""

from __future__ import annotations

import asyncio
import contextlib
import selectors
import sys
import time
from datetime import timedelta
from pathlib import Path

import clonus_sense.host
from clonus_sense.cli import run
from clonus_sense.cli.verbs import record
from clonus_sense.host.wakefulness import Wakefulness
from clonus_sense.recorder import RememberedSensor
from clonus_sense.sensors.virtual.in_process import in_process_radio, world_clock
from tests.recorder.nights import leg, open_sensor
from tests.virtual.troubled_air import TroubledAir

SPEED = 20.0


class QuickSelector(selectors.DefaultSelector):
    """Waits a twentieth of what it is asked to wait."""

    def select(self, timeout=None):
        return super().select(None if timeout is None else timeout / SPEED)


class QuickLoop(asyncio.SelectorEventLoop):
    """A loop whose clock runs twenty times as fast."""

    def __init__(self):
        super().__init__(QuickSelector())

    def time(self):
        return SPEED * time.monotonic()


def main(folder, seconds, *options):
    async def night(settle, asking):
        air = TroubledAir()
        sensor = open_sensor(leg(seconds + 60, bouts_at_s=(20.0,)))
        air.add(sensor)
        async with in_process_radio(air) as radio:
            [planned] = settle.planned([RememberedSensor("open", sensor.label.name, sensor.label.serial, "left")])
            try:
                return await record.record_night(
                    settle.plan([planned]), radio, world_clock(air), asking, settle.remembered_path
                )
            finally:
                n_came = sum(one.n_samples for one in air.reach(sensor).delivered)
                (folder / "came.txt").write_text(str(n_came))

    @contextlib.contextmanager
    def awake():
        yield Wakefulness(means="this test")

    record._night = night
    record.next_time = lambda _text, now: now + timedelta(seconds=seconds)
    clonus_sense.host.kept_awake = awake
    clonus_sense.host.check_host = lambda _facts, _: ()
    asyncio.run = lambda work: asyncio.Runner(loop_factory=QuickLoop).run(work)
    places = ["--folder", str(folder), "--library", str(folder / "library.sqlite3")]
    return run(["record", "--person", "P07", "--until", "07:00", "--yes", *places, *options])


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), float(sys.argv[2]), *sys.argv[3:]))
