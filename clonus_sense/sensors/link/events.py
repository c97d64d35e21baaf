"""Typed events between a sensor and the host, from which a night's ledger is written."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from clonus_sense.i18n import message
from clonus_sense.model import SensorIdentity


class LinkState(StrEnum):
    """States of the link."""

    SCAN = "scan"
    """Looking for the sensor."""
    CONNECT = "connect"
    SETUP = "setup"
    """Reading the sensor's identity, subscribing, starting its stream."""
    STREAM = "stream"
    CLEANUP = "cleanup"
    """Closing a connection."""
    BACKOFF = "backoff"
    """Listening during a pause after a failed set-up."""


class StreamEnd(StrEnum):
    """Reasons for the end of a stream, in words for people."""

    DISCONNECTED = message("the sensor went out of reach or was switched off")
    SILENT = message("the sensor was connected but sent nothing")
    UNREADABLE = message("what the sensor sent could not be read")
    STOPPED = message("the sensor stopped by itself")
    HOST_SLEPT = message("the computer was asleep")
    FAILED = message("the connection failed")
    ENDED = message("the recording was ended")


@dataclass(frozen=True, slots=True)
class LinkEvent:
    """An event of the link.

    Parameters
    ----------
    time_s
        Time in seconds of the host's clock.
    """

    time_s: float


@dataclass(frozen=True, slots=True)
class StateEntered(LinkEvent):
    """The link entered a state for a reason."""

    state: LinkState
    reason: str


@dataclass(frozen=True, slots=True)
class Identified(LinkEvent):
    """The sensor reported its identity."""

    sensor: SensorIdentity


@dataclass(frozen=True, slots=True)
class StreamStarted(LinkEvent):
    """The first samples of a connection arrived.

    Parameters
    ----------
    away_s
        Time since the last samples of the connection before; ``None`` for the first one.
    """

    away_s: float | None


@dataclass(frozen=True, slots=True)
class StreamLost(LinkEvent):
    """The stream ended.

    Parameters
    ----------
    last_arrival_s
        Arrival of the last samples; ``None`` if there were none.
    """

    reason: StreamEnd
    last_arrival_s: float | None


@dataclass(frozen=True, slots=True)
class AttemptFailed(LinkEvent):
    """The sensor could not be reached or set up, or Bluetooth does not work; the link tries again."""

    state: LinkState
    text: str


@dataclass(frozen=True, slots=True)
class SensorMissing(LinkEvent):
    """The sensor was not heard for ``missing_s`` seconds; the link goes on looking."""

    missing_s: float


@dataclass(frozen=True, slots=True)
class BatteryRead(LinkEvent):
    """Charge of the sensor, in per cent."""

    percent: int


@dataclass(frozen=True, slots=True)
class HostSlept(LinkEvent):
    """The computer was asleep for ``slept_s`` seconds."""

    slept_s: float


@dataclass(frozen=True, slots=True)
class NotificationsDropped(LinkEvent):
    """Notifications that were dropped because this computer was too slow, or were bad, since the last such event."""

    n_dropped: int
    n_bad: int


@dataclass(frozen=True, slots=True)
class ReplayAsked(LinkEvent):
    """The sensor was asked to replay lost samples from its memory.

    Parameters
    ----------
    granted
        Whether the sensor still has some of them.
    """

    first_index: int
    n_samples: int
    granted: bool
