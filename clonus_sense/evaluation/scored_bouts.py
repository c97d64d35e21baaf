"""What is compared: the bouts that a reference holds and the bouts that a detector reported."""

from __future__ import annotations

import re
from dataclasses import dataclass

MIN_HEADLINE_BEATS = 5
"""A reference bout with fewer beats is optional: clinicians disagree on 3-4 beats, and a few beats can be normal."""

NOT_RHYTHMIC_LABEL = "not"
"""An annotator looked at it, and it is not rhythmic: no reference."""

UNSURE_LABEL = "unsure"
"""An annotator was not sure: counts neither for nor against."""

_SIGNAL_TO_BACKGROUND = re.compile(r"\|snr([+-]?\d+(?:\.\d+)?)$")


@dataclass(frozen=True, slots=True)
class ReferenceBout:
    """A bout that is known to be there, from a simulation or from the annotation of a therapist.

    Parameters
    ----------
    onset_s, offset_s
        ``[onset_s, offset_s)`` in seconds since the start of the recording.
    beats
        Number of beats; ``None`` where the annotator did not count.
    frequency_hz
        Mean frequency; ``None`` where unknown.
    peak_g
        Largest half peak-to-peak on the main axis, in g; ``None`` where unknown.
    kind
        How it came about, parts parted by ``|``: generator, placement, tag, signal-to-background in dB.
    unsure
        Whether the annotator was not sure; such a bout counts neither for nor against.
    """

    onset_s: float
    offset_s: float
    beats: int | None = None
    frequency_hz: float | None = None
    peak_g: float | None = None
    kind: str = ""
    unsure: bool = False

    @property
    def is_headline(self) -> bool:
        """Whether missing it counts; where nobody counted the beats it does.

        Examples
        --------
        >>> [ReferenceBout(0.0, 1.0, beats=beats).is_headline for beats in (4, 5, None)]
        [False, True, True]
        """
        return not self.unsure and (self.beats is None or self.beats >= MIN_HEADLINE_BEATS)

    @property
    def generator(self) -> str:
        """What made a simulated bout, empty where unknown.

        Examples
        --------
        >>> ReferenceBout(0.0, 1.0, kind="dde-fading|foot|weak|snr+5").generator
        'dde'
        """
        return self.kind.split("|")[0].split("-")[0] if "|" in self.kind else ""

    @property
    def placement(self) -> str:
        """Where the simulated sensor sat, empty where unknown."""
        return self.kind.split("|")[1] if "|" in self.kind else ""

    @property
    def signal_to_background_db(self) -> float | None:
        """How much stronger the simulated bout is than the movement around it, in dB; ``None`` where unknown.

        Examples
        --------
        >>> ReferenceBout(0.0, 1.0, kind="dde-fading|foot|weak|snr-5").signal_to_background_db
        -5.0
        """
        found = _SIGNAL_TO_BACKGROUND.search(self.kind)
        return float(found[1]) if found else None


@dataclass(frozen=True, slots=True)
class DetectedBout:
    """A bout that a detector reported, of a class that is scored; ``None`` where it does not say."""

    onset_s: float
    offset_s: float
    beats: int | None = None
    frequency_hz: float | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """One recording with its reference.

    Parameters
    ----------
    name
        Name of the recording; its detections lie in ``NAME.csv``.
    case_class
        What kind of recording it is, such as ``night`` or ``real-walk``.
    bouts
        All bouts that are there, by onset.
    recorded_s
        Seconds that were measured, gaps left out; ``None`` where unknown.
    tag
        What is special about its bouts, such as ``weak``; empty where nothing is.
    fold
        Number of the group of persons that it belongs to; ``None`` where there are no folds.
    """

    name: str
    case_class: str
    bouts: tuple[ReferenceBout, ...]
    recorded_s: float | None = None
    tag: str = ""
    fold: int | None = None
