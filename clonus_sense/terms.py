"""The words among which people and programs choose, each set once; light, so that ``--help`` can list them."""

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


SIDES = ("left", "right")
"""The legs, as recordings and people name them."""


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


class Placement(StrEnum):
    """Where a simulated sensor sits and, for the shank, whether the foot is free or planted."""

    FOOT = "foot"
    ANKLE = "ankle"
    SHANK = "shank-free"
    SHANK_PLANTED = "shank-planted"
    THIGH = "thigh"

    @property
    def site(self) -> Site:
        """The site that a recording names."""
        return Site.SHANK if self is Placement.SHANK_PLANTED else Site(self.value.removesuffix("-free"))


class Profession(StrEnum):
    """Who speaks."""

    PATIENT = "patient"
    CARER = "carer"
    PHYSIOTHERAPIST = "physiotherapist"
    OCCUPATIONAL_THERAPIST = "occupational therapist"
    PHYSICIAN = "physician"
    NURSE = "nurse"
    RESEARCHER = "researcher"
    OTHER = "other"

    @property
    def is_clinician(self) -> bool:
        """Whether this profession may judge a movement as clonus."""
        return self in _CLINICIANS


# The professions that examine clonus by hand and answer for what they write into a file.
_CLINICIANS = (
    Profession.PHYSIOTHERAPIST,
    Profession.OCCUPATIONAL_THERAPIST,
    Profession.PHYSICIAN,
    Profession.NURSE,
)


class Verdict(StrEnum):
    """What an annotation says about its time."""

    RHYTHMIC = "rhythmic"
    NOT_RHYTHMIC = "not rhythmic"
    UNSURE = "unsure"
    JUDGED_AS_CLONUS = "judged as clonus"
    """By a named clinician only."""
    WORN = "worn"
    """The answer to the morning's question whether a still sensor was on the leg."""
    NOT_WORN = "not worn"
    REST = "rest"
    """The rest window as a person corrects it."""
    NOTE = "note"
    """A note that judges nothing."""
    WITHDRAWN = "withdrawn"
    """Takes back what it replaces and says nothing in its place."""

    @property
    def is_about_movement(self) -> bool:
        """Whether it says what a movement was."""
        return self in (Verdict.RHYTHMIC, Verdict.NOT_RHYTHMIC, Verdict.UNSURE, Verdict.JUDGED_AS_CLONUS)


class ExportFormat(StrEnum):
    """What kind of files an export writes."""

    CSV = "csv"
    """Tables alone."""
    EDF = "edf"
    """Recordings alone, with what is known about their time as annotations."""
    PARQUET = "parquet"
    """Tables and recordings."""
