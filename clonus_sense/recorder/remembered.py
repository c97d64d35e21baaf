"""Sensors of the last night, so that the next night begins with one action."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class RememberedSensor:
    """A sensor and where it was last worn.

    Parameters
    ----------
    family
        Key of its family.
    name, serial
        Its advertised name and serial number; addresses are not stored, because some systems invent them.
    side, site, person, orthosis
        As in :class:`~clonus_sense.model.RecordingInfo`; empty if unknown.
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
        Empty if there is no such file.  An unreadable file is ignored with a warning, because it must not prevent a
        recording.
    """
    try:
        return tuple(RememberedSensor(**one) for one in json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return ()
    except (OSError, ValueError, TypeError) as error:
        logger.warning("%s: cannot be read (%s); name the sensor this time.", path, error)
        return ()


def remember(path: Path, sensors: Iterable[RememberedSensor]) -> None:
    """Store the sensors of this night for the next one.

    Parameters
    ----------
    path
        The file; it is replaced.
    sensors
        In the order of the plan.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = path.with_name(f".{path.name}.part")
    part.write_text(json.dumps([asdict(one) for one in sensors], indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    part.replace(path)
