"""The virtual sensor with the open profile: it answers commands and streams as its documentation states."""

from clonus_sense.sensors.virtual.firmware.open_sensor import OpenSensor

__all__ = ["OpenSensor"]
