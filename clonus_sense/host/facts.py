"""Facts about the computer: disk, power, lid, clock, zone.

A fact is ``None`` if this system does not report it; :mod:`~clonus_sense.host.checks` judges the facts.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeAlias

import tzlocal

Run: TypeAlias = Callable[[Sequence[str]], str | None]
"""Runs a program and returns its output; ``None`` if it is missing or fails."""

# These programs answer in milliseconds; a program that hangs must not keep a person from bed.
ANSWER_WITHIN_S = 5.0

POWER_SUPPLIES = Path("/sys/class/power_supply")
LIDS = Path("/proc/acpi/button/lid")


@dataclass(frozen=True, slots=True)
class HostFacts:
    """The facts about the computer now.

    Parameters
    ----------
    now
        Aware date and time of its clock, in its zone.
    timezone
        IANA name of its zone, empty if unknown.
    free_bytes
        Free disk space for the recordings.
    is_clock_synchronised
        Whether the network has set the clock since the start.
    is_on_mains
        Whether it runs on mains power.
    battery_percent
        Charge of its own battery; ``None`` if it has none.
    has_lid
        Whether it has a lid.
    """

    now: datetime
    timezone: str
    free_bytes: int
    is_clock_synchronised: bool | None
    is_on_mains: bool | None
    battery_percent: int | None
    has_lid: bool | None


def read_host_facts(folder: Path, now: datetime, *, run: Run | None = None, platform: str = sys.platform) -> HostFacts:
    """Read the facts from this computer.

    Parameters
    ----------
    folder
        Folder of the recordings; it may not exist yet.
    now
        Aware date and time now.
    run
        Runs a program; ``None`` uses :func:`run_program`.
    platform
        As ``sys.platform``.
    """
    ask = run_program if run is None else run
    nearest = next(place for place in (folder, *folder.absolute().parents) if place.exists())
    is_on_mains, battery_percent = _power(ask, platform)
    return HostFacts(
        now=now,
        timezone=zone_name(),
        free_bytes=shutil.disk_usage(nearest).free,
        is_clock_synchronised=_is_synchronised(ask, platform),
        is_on_mains=is_on_mains,
        battery_percent=battery_percent,
        has_lid=_has_lid(ask, platform),
    )


def run_program(command: Sequence[str]) -> str | None:
    """Run a program and return its output; ``None`` if it is missing, fails or hangs."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=ANSWER_WITHIN_S, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None


def zone_name() -> str:
    """IANA name of this system's zone; empty if it knows only an offset."""
    try:
        return str(tzlocal.get_localzone_name() or "")
    except (LookupError, ValueError, OSError):
        return ""


def _is_synchronised(run: Run, platform: str) -> bool | None:
    """Whether the network has set the clock."""
    if platform == "linux":
        answer = run(["timedatectl", "show", "--property=NTPSynchronized", "--value"])
        return None if answer is None or answer.strip() not in ("yes", "no") else answer.strip() == "yes"
    if platform == "win32":
        answer = run(["w32tm", "/query", "/status"])
        return None if answer is None else "Local CMOS Clock" not in answer
    # macOS sets its clock at every connection and does not report whether it has.
    return None


def _power(run: Run, platform: str) -> tuple[bool | None, int | None]:
    """Whether mains power is present, and the charge of the computer's own battery."""
    if platform == "linux":
        return _linux_power(POWER_SUPPLIES)
    if platform == "darwin":
        answer = run(["pmset", "-g", "batt"])
        if answer is None:
            return None, None
        percent = next((word.rstrip(";%") for word in answer.split() if word.rstrip(";").endswith("%")), "")
        return "AC Power" in answer, int(percent) if percent.isdecimal() else None
    return None, None


def _linux_power(supplies: Path) -> tuple[bool | None, int | None]:
    """Read the kernel's power supplies."""
    is_on_mains: bool | None = None
    percent: int | None = None
    for supply in sorted(supplies.glob("*")):
        kind = _read(supply / "type")
        # A mouse or a pen may also have a battery.
        if kind == "Battery" and _read(supply / "scope") != "Device":
            charge = _read(supply / "capacity")
            percent = int(charge) if charge.isdecimal() else percent
        elif kind in ("Mains", "USB") and (online := _read(supply / "online")):
            is_on_mains = bool(is_on_mains) or online == "1"
    return is_on_mains, percent


def _has_lid(run: Run, platform: str) -> bool | None:
    """Whether the computer has a lid."""
    if platform == "linux":
        return any(LIDS.glob("*"))
    if platform == "darwin":
        answer = run(["ioreg", "-r", "-k", "AppleClamshellState", "-d", "1"])
        return None if answer is None else "AppleClamshellState" in answer
    return None


def _read(path: Path) -> str:
    """Text of a small file; empty if it cannot be read."""
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
