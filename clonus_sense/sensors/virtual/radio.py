"""The radio over which virtual sensors are reached, on any system."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator

from clonus_sense.sensors.link.host_clock import HostClock
from clonus_sense.sensors.link.radio import Radio
from clonus_sense.sensors.virtual.air import Air
from clonus_sense.sensors.virtual.in_process import InProcessRadio


@contextlib.asynccontextmanager
async def in_process_radio(air: Air) -> AsyncIterator[Radio]:
    """Reach virtual sensors through classes below bleak's API.

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


def world_clock(air: Air) -> HostClock:
    """Give the host's clock of a virtual world: it goes on while the host sleeps."""
    return HostClock(air.now_s, air.awake_s)
