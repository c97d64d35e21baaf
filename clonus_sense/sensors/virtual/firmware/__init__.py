"""The virtual sensor with the open profile: it answers commands and streams as its documentation says."""

from clonus_sense.sensors.virtual.firmware.open_sensor import OpenSensor

__all__ = ["OpenSensor"]
