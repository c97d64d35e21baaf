"""Packets whose meaning is known: captured, published by the makers, or constructed; and drivers that expect them."""

import json
from pathlib import Path

import numpy as np

from clonus_sense.sensors import SensorPacket, StreamRequest, metamotion, movesense, open_profile, polar, witmotion

VECTORS = json.loads((Path(__file__).parents[1] / "data" / "sensor_packets.json").read_text(encoding="utf-8"))
PACKETS = [vector for vector in VECTORS if "command" not in vector]
CHARACTERISTICS = {
    "polar": polar.DATA,
    "metamotion": metamotion.NOTIFY,
    "movesense": movesense.NOTIFY,
    "witmotion": witmotion.NOTIFY,
    "open": open_profile.DATA,
}
# Bytes that the driver passes over on purpose: voltage beside per cent; angular velocity and angles.
PASSED_OVER_BYTES = {"mw_battery": range(3, 5), "witmotion_rest": range(8, 20)}
# So are the high bits of Polar's type, which are no part of it, and flags of the open profile that have no meaning yet.
PASSED_OVER_BITS = {"polar": {(0, 6), (0, 7)}, "open": {(1, 6), (1, 7)}}
# The last byte of a compressed block is filled up.
PADDING = {"polar_vs_443": {(226, bit) for bit in range(2, 8)}, "polar_ct1": {(20, bit) for bit in range(2, 8)}}


def is_passed_over(vector, byte, bit):
    """Whether this bit means nothing to the driver."""
    in_bytes = byte in PASSED_OVER_BYTES.get(vector["id"], ()) or (byte, bit) in PADDING.get(vector["id"], ())
    return in_bytes or (byte, bit) in PASSED_OVER_BITS.get(vector["family"], ())


def make_driver(vector):
    """A driver set up for this packet."""
    request = StreamRequest(range_g=vector.get("range_g", 8))
    makers = {
        "polar": polar.PolarDriver,
        "movesense": movesense.MovesenseDriver,
        "witmotion": witmotion.WitMotionDriver,
        "open": open_profile.OpenProfileDriver,
    }
    if vector["family"] == "metamotion":
        mode = metamotion.MetaMotionMode(vector.get("mode", "packed"))
        return metamotion.MetaMotionDriver(request, mode=mode)
    return makers[vector["family"]](request)


def receive(driver, vector, data):
    """What a driver makes of one notification."""
    return driver.receive(CHARACTERISTICS[vector["family"]], data, 1.0)


def as_plain(received):
    """All that was decoded, to compare it to the last bit."""
    return [
        (
            item.accel_g.shape,
            (item.accel_g + 0.0).tobytes(),
            item.accel_g.tobytes(),
            item.stamp_ticks,
            item.first_index,
            item.boot_id,
            item.flags,
        )
        if isinstance(item, SensorPacket)
        else item
        for item in received
    ]


def check_sane(received):
    """What must hold for everything that a driver gives out."""
    for item in received:
        if isinstance(item, SensorPacket):
            assert item.accel_g.ndim == 2
            assert item.accel_g.shape[1] == 3
            assert len(item.accel_g) > 0
            assert item.accel_g.dtype == np.float64
            assert np.abs(item.accel_g).max() <= 100.0
