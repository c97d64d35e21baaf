"""Packets of a sensor into timed samples: order, losses, drift, reboots.  Pure, causal, in bounded memory."""

from clonus_sense.sensors.clock.clocked import Backfill, Clocked, LossReason, SensorGap, TimedBatch
from clonus_sense.sensors.clock.rate import RateHold, RepeatedPackets
from clonus_sense.sensors.clock.sensor_clock import SensorClock

__all__ = ["Backfill", "Clocked", "LossReason", "RateHold", "RepeatedPackets", "SensorClock", "SensorGap", "TimedBatch"]
