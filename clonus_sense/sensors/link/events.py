"""What happens between a sensor and the host, as typed events: the ledger of a night is made of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from clonus_sense.i18n import message
from clonus_sense.model import SensorIdentity


class LinkState(StrEnum):
    """Where the link stands."""

    SCAN = "scan"
    """Looking for the sensor."""
    CONNECT = "connect"
    SETUP = "setup"
    """Reading who it is, subscribing, starting its stream."""
    STREAM = "stream"
    CLEANUP = "cleanup"
    """Taking down what is left of a connection."""
    BACKOFF = "backoff"
    """Listening, but giving a sensor that could not be set up a moment's rest."""


class StreamEnd(StrEnum):
    """Why a stream ended; the text is for people."""

    DISCONNECTED = message("the sensor went out of reach or was switched off")
    SILENT = message("the sensor was connected but sent nothing")
    UNREADABLE = message("what the sensor sent could not be read")
    STOPPED = message("the sensor stopped by itself")
    HOST_SLEPT = message("the computer was asleep")
    FAILED = message("the connection failed")
    ENDED = message("the recording was ended")


@dataclass(frozen=True, slots=True)
class LinkEvent:
    """Something that happened.

    Parameters
    ----------
    time_s
        When, in seconds of the host's clock.
    """

    time_s: float


@dataclass(frozen=True, slots=True)
class StateEntered(LinkEvent):
    """The link entered a state, for a reason."""

    state: LinkState
    reason: str


@dataclass(frozen=True, slots=True)
class Identified(LinkEvent):
    """The sensor said who it is."""

    sensor: SensorIdentity


@dataclass(frozen=True, slots=True)
class StreamStarted(LinkEvent):
    """The first samples of a connection arrived.

    Parameters
    ----------
    away_s
        Since the last samples of the connection before; ``None`` for the first one.
    """

    away_s: float | None


@dataclass(frozen=True, slots=True)
class StreamLost(LinkEvent):
    """The stream ended.

    Parameters
    ----------
    last_arrival_s
        When the last samples came; ``None`` if there were none.
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
    """The sensor has not been heard for a while; the link goes on looking."""

    missing_s: float


@dataclass(frozen=True, slots=True)
class BatteryRead(LinkEvent):
    """Charge of the sensor, in per cent."""

    percent: int


@dataclass(frozen=True, slots=True)
class HostSlept(LinkEvent):
    """The computer was asleep for so long."""

    slept_s: float


@dataclass(frozen=True, slots=True)
class NotificationsDropped(LinkEvent):
    """Notifications that this computer was too slow to take, or that made no sense, since the last such event."""

    n_dropped: int
    n_bad: int


@dataclass(frozen=True, slots=True)
class ReplayAsked(LinkEvent):
    """The sensor was asked to send lost samples again from its own memory.

    Parameters
    ----------
    granted
        Whether it still has some of them.
    """

    first_index: int
    n_samples: int
    granted: bool
