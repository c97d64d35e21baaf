"""The sensor families that have a driver."""

from __future__ import annotations

from collections.abc import Sequence

from clonus_sense.errors import SensorError
from clonus_sense.i18n import Phrase, message
from clonus_sense.sensors.family import SensorFamily
from clonus_sense.sensors.metamotion import META_MOTION
from clonus_sense.sensors.movesense import MOVESENSE
from clonus_sense.sensors.open_profile import OPEN_PROFILE
from clonus_sense.sensors.polar import POLAR_H10, POLAR_OH1, VERITY_SENSE
from clonus_sense.sensors.witmotion import WITMOTION

FAMILIES: tuple[SensorFamily, ...] = (
    VERITY_SENSE,
    OPEN_PROFILE,
    META_MOTION,
    MOVESENSE,
    WITMOTION,
    POLAR_OH1,
    POLAR_H10,
)
"""Recommended family first; a sensor belongs to the first family that recognises it."""


def find_family(key: str) -> SensorFamily:
    """Find a family by its key.

    Parameters
    ----------
    key
        Such as ``open`` or ``verity-sense``.

    Raises
    ------
    SensorError
        If no family has this key.

    Examples
    --------
    >>> find_family("open").name
    'Clonus Sense (open profile)'
    """
    for family in FAMILIES:
        if family.key == key:
            return family
    raise SensorError(
        Phrase(
            message("There is no driver `{key}`; choose one of {known}."),
            key=key,
            known=", ".join(family.key for family in FAMILIES),
        )
    )


def recognise_family(name: str | None, service_uuids: Sequence[str] = ()) -> SensorFamily | None:
    """Recognise the family of a sensor by its advertisement.

    Parameters
    ----------
    name
        The advertised name; ``None`` if there is none.
    service_uuids
        The advertised services.

    Returns
    -------
    SensorFamily or None
        ``None`` for a device of no known family.

    Examples
    --------
    >>> recognise_family("Polar Sense 1A2B3C4D").key, recognise_family("Lamp")
    ('verity-sense', None)
    """
    return next((family for family in FAMILIES if family.recognises(name, service_uuids)), None)
