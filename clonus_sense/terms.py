"""The words with which a recording and its episodes are told apart; light, so that ``--help`` can list them."""

from __future__ import annotations

from enum import StrEnum


class Site(StrEnum):
    """Where on the leg the sensor sits; amplitudes in g differ tenfold between sites."""

    FOOT = "foot"
    ANKLE = "ankle"
    LOWER_LEG = "lower leg"
    SHANK = "shank"
    KNEE = "knee"
    THIGH = "thigh"
    OTHER = "other"


class EpisodeClass(StrEnum):
    """What an episode looks like; never a diagnosis."""

    CLONUS = "clonus"
    """Rhythmic, fundamental in the person's band, five beats or more: the headline."""
    BRIEF = "brief"
    """The same with three or four beats; a few beats can be normal."""
    SLOW = "slow"
    """Rhythmic, but slower than the person's band."""
    UNCERTAIN = "uncertain"
    """Rhythmic, but like leg shaking, electrical stimulation or an appliance."""


class EndedBy(StrEnum):
    """Why an episode ended where it did."""

    QUIET = "quiet"
    MOVEMENT = "movement"
    GAP = "gap"
    END = "end"
