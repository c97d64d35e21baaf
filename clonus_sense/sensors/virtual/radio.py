"""The radio over which virtual sensors are reached: D-Bus where there is one, else classes below bleak's API."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import AsyncIterator

from clonus_sense.sensors.link.host_clock import HostClock
from clonus_sense.sensors.link.radio import Radio
from clonus_sense.sensors.virtual.air import Air
from clonus_sense.sensors.virtual.in_process import InProcessRadio


@contextlib.asynccontextmanager
async def in_process_radio(air: Air) -> AsyncIterator[Radio]:
    """Reach virtual sensors without D-Bus, on any system.

    Parameters
    ----------
    air
        Where they are.

    Yields
    ------
    Radio
        For links.
    """
    host = InProcessRadio(air)
    radio = Radio(host.scanner_backend, host.client_backend)
    try:
        yield radio
    finally:
        await radio.close()
        air.close()


@contextlib.asynccontextmanager
async def virtual_radio(air: Air) -> AsyncIterator[Radio]:
    """Reach virtual sensors the way that comes closest to a real radio on this system.

    On Linux bleak's own backend runs unmodified, against a mock of org.bluez; elsewhere bleak gets classes of ours.

    Parameters
    ----------
    air
        Where they are.

    Yields
    ------
    Radio
        For links.
    """
    if sys.platform != "linux":
        async with in_process_radio(air) as radio:
            yield radio
        return
    from clonus_sense.sensors.virtual.bluez import bluez_radio  # noqa: PLC0415 - dbus-fast is there on Linux alone

    async with bluez_radio(air):
        radio = Radio()
        try:
            yield radio
        finally:
            await radio.close()


def world_clock(air: Air) -> HostClock:
    """Give the host's clock of a virtual world: it goes on while the host sleeps."""
    return HostClock(air.now_s, air.awake_s)
