"""The fixed words for people and programs, each defined once; a light module, so ``--help`` can list them."""

from __future__ import annotations

from enum import StrEnum


class Site(StrEnum):
    """Site of the sensor on the leg; amplitudes in g differ tenfold between sites."""

    FOOT = "foot"
    ANKLE = "ankle"
    LOWER_LEG = "lower leg"
    SHANK = "shank"
    KNEE = "knee"
    THIGH = "thigh"
    OTHER = "other"


SIDES = ("left", "right")
"""The legs, as named by recordings and people."""


class EpisodeClass(StrEnum):
    """Class of an episode by appearance; never a diagnosis."""

    CLONUS = "clonus"
    """Rhythmic, fundamental in the person's band, five beats or more: the headline."""
    BRIEF = "brief"
    """The same with three or four beats; a few beats can be normal."""
    SLOW = "slow"
    """Rhythmic, but slower than the person's band."""
    UNCERTAIN = "uncertain"
    """Rhythmic, but like leg shaking, electrical stimulation or an appliance."""


class EndedBy(StrEnum):
    """Reason for the end of an episode."""

    QUIET = "quiet"
    MOVEMENT = "movement"
    GAP = "gap"
    END = "end"


class Placement(StrEnum):
    """Place of a simulated sensor and, on the shank, whether the foot is free or planted."""

    FOOT = "foot"
    ANKLE = "ankle"
    SHANK = "shank-free"
    SHANK_PLANTED = "shank-planted"
    THIGH = "thigh"

    @property
    def site(self) -> Site:
        """The site in a recording."""
        return Site.SHANK if self is Placement.SHANK_PLANTED else Site(self.value.removesuffix("-free"))


class Profession(StrEnum):
    """Profession of an annotator."""

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


# Professions that examine clonus by hand and are responsible for their entries in a patient's file.
_CLINICIANS = (
    Profession.PHYSIOTHERAPIST,
    Profession.OCCUPATIONAL_THERAPIST,
    Profession.PHYSICIAN,
    Profession.NURSE,
)


class Verdict(StrEnum):
    """Statement of an annotation about its time."""

    RHYTHMIC = "rhythmic"
    NOT_RHYTHMIC = "not rhythmic"
    UNSURE = "unsure"
    JUDGED_AS_CLONUS = "judged as clonus"
    """Only by a named clinician."""
    WORN = "worn"
    """Answer to the morning's question whether a still sensor was on the leg."""
    NOT_WORN = "not worn"
    REST = "rest"
    """A person's correction of the rest window."""
    NOTE = "note"
    """A note without a judgement."""
    WITHDRAWN = "withdrawn"
    """Withdraws the annotation that it replaces."""

    @property
    def is_about_movement(self) -> bool:
        """Whether it classifies a movement."""
        return self in (Verdict.RHYTHMIC, Verdict.NOT_RHYTHMIC, Verdict.UNSURE, Verdict.JUDGED_AS_CLONUS)


class ExportFormat(StrEnum):
    """Kinds of exported files."""

    CSV = "csv"
    """Tables alone."""
    EDF = "edf"
    """Recordings only, with the knowledge about their time as annotations."""
    PARQUET = "parquet"
    """Tables and recordings."""
