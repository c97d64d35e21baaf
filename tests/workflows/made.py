"""Short recordings with one movement of known time, as files."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from clonus_sense.model import RecordingInfo, Site
from clonus_sense.recording import write_recording

FS_HZ = 50.0
BOUT_AT_S, BOUT_HZ = 20.0, 6.0
START = datetime(2026, 11, 5, 22, 30, tzinfo=ZoneInfo("Asia/Tokyo"))


def write_minute(
    path: Path, *, bout_g: float = 0.3, hz: float = BOUT_HZ, seconds: float = 60.0, seed: int = 1, **info: Any
) -> Path:
    """Write a minute of rest on the left foot of P07 with one movement of about 2 s in it."""
    times_s = np.arange(0, seconds, 1 / FS_HZ)
    since_s = times_s - BOUT_AT_S
    beating_g = bout_g * np.cos(2 * np.pi * hz * since_s) * np.exp(-((since_s / 1.0) ** 6))
    accel_g = np.column_stack([beating_g, 0 * times_s, 1 + 0 * times_s])
    accel_g += np.random.default_rng(seed).normal(0, 0.002, accel_g.shape)
    facts = {
        "start": START,
        "fs_hz": FS_HZ,
        "timezone": "Asia/Tokyo",
        "site": Site.FOOT,
        "person": "P07",
        "side": "left",
    }
    write_recording(path, RecordingInfo(**(facts | info)), times_s, accel_g)
    return path
