"""Virtual sensors, one module a family: each answers commands and streams as its maker documents it."""

from clonus_sense.sensors.virtual.firmware.metamotion import MetaMotionSensor
from clonus_sense.sensors.virtual.firmware.movesense import MovesenseSensor
from clonus_sense.sensors.virtual.firmware.open_profile import OpenSensor
from clonus_sense.sensors.virtual.firmware.polar import PolarSensor
from clonus_sense.sensors.virtual.firmware.witmotion import WitMotionSensor

__all__ = ["MetaMotionSensor", "MovesenseSensor", "OpenSensor", "PolarSensor", "WitMotionSensor"]
