"""Sensors that were recorded before, so that a night begins with one action."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class RememberedSensor:
    """A sensor and where it sat last.

    Parameters
    ----------
    family
        Key of its family.
    name, serial
        What it calls itself; an address is never remembered, because systems make it up.
    side, site, person, orthosis
        As in :class:`~clonus_sense.model.RecordingInfo`; empty where unknown.
    """

    family: str
    name: str
    serial: str = ""
    side: str = ""
    site: str = ""
    person: str = ""
    orthosis: str = ""


def read_remembered(path: Path) -> tuple[RememberedSensor, ...]:
    """Read the sensors of the last night.

    Parameters
    ----------
    path
        Written by :func:`remember`.

    Returns
    -------
    tuple of RememberedSensor
        Empty where there is no such file; one that makes no sense is passed over with a warning, for it must not keep
        anybody from recording.
    """
    try:
        return tuple(RememberedSensor(**one) for one in json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return ()
    except (OSError, ValueError, TypeError) as error:
        logger.warning("%s: cannot be read (%s); name the sensor this time.", path, error)
        return ()


def remember(path: Path, sensors: Iterable[RememberedSensor]) -> None:
    """Write down the sensors of this night, for the next one.

    Parameters
    ----------
    path
        The file; replaced.
    sensors
        In the order of the plan.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = path.with_name(f".{path.name}.part")
    part.write_text(json.dumps([asdict(one) for one in sensors], indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    part.replace(path)
