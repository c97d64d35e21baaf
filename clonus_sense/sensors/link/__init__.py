"""The Bluetooth link to a sensor: apart from the virtual sensors, the only part of the package that uses bleak."""

from clonus_sense.sensors.link.events import (
    AttemptFailed,
    BatteryRead,
    HostSlept,
    Identified,
    LinkEvent,
    LinkState,
    NotificationsDropped,
    ReplayAsked,
    SensorMissing,
    StateEntered,
    StreamEnd,
    StreamLost,
    StreamStarted,
)
from clonus_sense.sensors.link.host_clock import HostClock, system_clock
from clonus_sense.sensors.link.radio import Advertisement, Radio
from clonus_sense.sensors.link.sensor_link import SensorLink, WantedSensor
from clonus_sense.sensors.link.streaming import LinkListener

__all__ = [
    "Advertisement",
    "AttemptFailed",
    "BatteryRead",
    "HostClock",
    "HostSlept",
    "Identified",
    "LinkEvent",
    "LinkListener",
    "LinkState",
    "NotificationsDropped",
    "Radio",
    "ReplayAsked",
    "SensorLink",
    "SensorMissing",
    "StateEntered",
    "StreamEnd",
    "StreamLost",
    "StreamStarted",
    "WantedSensor",
    "system_clock",
]
