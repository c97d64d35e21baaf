"""Listening for a while: everything that advertises, and what is wrong with Bluetooth if nothing can be heard."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass

from clonus_sense.errors import SensorError
from clonus_sense.sensors.link.radio import Advertisement, Radio


@dataclass(frozen=True, slots=True)
class Survey:
    """What was heard.

    Parameters
    ----------
    devices
        Each device once, as heard last, the strongest first.
    trouble
        Why listening failed, in a sentence with advice; empty if it did not.
    """

    devices: tuple[Advertisement, ...] = ()
    trouble: str = ""


async def survey(seconds: float, radio: Radio | None = None) -> Survey:
    """Listen for a while.

    Parameters
    ----------
    seconds
        How long.
    radio
        Bluetooth of this computer; ``None`` takes the system's.

    Returns
    -------
    Survey
        What was heard, or why nothing could be.
    """
    heard: dict[str, Advertisement] = {}
    troubles: list[SensorError] = []

    def note(advertisement: Advertisement) -> bool:
        heard[advertisement.address] = advertisement
        # None is taken: the search goes on to its end.
        return False

    ours = radio or Radio()
    try:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await ours.find(note, troubles.append)
    finally:
        if radio is None:
            await ours.close()
    devices = sorted(heard.values(), key=lambda one: one.rssi_dbm if one.rssi_dbm is not None else -999, reverse=True)
    return Survey(tuple(devices), "" if heard or not troubles else str(troubles[-1]))
