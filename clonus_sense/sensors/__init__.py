"""Sensor families: bytes into packets, packets into timed samples.  Only ``link`` uses the radio."""

from clonus_sense.sensors.clock import Backfill, Clocked, LossReason, SensorClock, SensorGap, TimedBatch
from clonus_sense.sensors.commands import Commands, Read, Reply, Sleep, Step, WaitFor, Write
from clonus_sense.sensors.families import FAMILIES, find_family, recognise_family
from clonus_sense.sensors.family import (
    Received,
    ReplayingDriver,
    SensorDriver,
    SensorFamily,
    StreamRequest,
)
from clonus_sense.sensors.packet import (
    PacketFlag,
    SensorEvent,
    SensorEventKind,
    SensorPacket,
    StampedSample,
    StreamFormat,
)

__all__ = [
    "FAMILIES",
    "Backfill",
    "Clocked",
    "Commands",
    "LossReason",
    "PacketFlag",
    "Read",
    "Received",
    "ReplayingDriver",
    "Reply",
    "SensorClock",
    "SensorDriver",
    "SensorEvent",
    "SensorEventKind",
    "SensorFamily",
    "SensorGap",
    "SensorPacket",
    "Sleep",
    "StampedSample",
    "Step",
    "StreamFormat",
    "StreamRequest",
    "TimedBatch",
    "WaitFor",
    "Write",
    "find_family",
    "recognise_family",
]
