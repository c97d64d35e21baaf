"""Virtual sensors, one module a family; each answers commands and streams as its maker documents."""

from tests.virtual.firmware.metamotion import MetaMotionSensor
from tests.virtual.firmware.movesense import MovesenseSensor
from tests.virtual.firmware.polar import PolarSensor
from tests.virtual.firmware.witmotion import WitMotionSensor

__all__ = ["MetaMotionSensor", "MovesenseSensor", "PolarSensor", "WitMotionSensor"]
