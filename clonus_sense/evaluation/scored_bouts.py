"""Bouts of a reference and bouts that a detector reported."""

from __future__ import annotations

import re
from dataclasses import dataclass

MIN_HEADLINE_BEATS = 5
"""Reference bouts with fewer beats are optional: clinicians disagree on 3-4 beats, and a few beats can be normal."""

NOT_RHYTHMIC_LABEL = "not"
"""The annotator found the movement not rhythmic: no reference."""

UNSURE_LABEL = "unsure"
"""The annotator was not sure: counts neither for nor against."""

_SIGNAL_TO_BACKGROUND = re.compile(r"\|snr([+-]?\d+(?:\.\d+)?)$")


@dataclass(frozen=True, slots=True)
class ReferenceBout:
    """A bout of a reference, from a simulation or from the annotations of a therapist.

    Parameters
    ----------
    onset_s, offset_s
        ``[onset_s, offset_s)`` in seconds since the start of the recording.
    beats
        Number of beats; ``None`` if not counted.
    frequency_hz
        Mean frequency in Hz; ``None`` if unknown.
    peak_g
        Largest half peak-to-peak on the main axis, in g; ``None`` if unknown.
    kind
        Origin of a simulated bout, separated by ``|``: generator, placement, tag, signal to background in dB.
    unsure
        Whether the annotator was unsure; the bout then counts neither for nor against.
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
        """Whether a miss counts; true if the beats were not counted.

        Examples
        --------
        >>> [ReferenceBout(0.0, 1.0, beats=beats).is_headline for beats in (4, 5, None)]
        [False, True, True]
        """
        return not self.unsure and (self.beats is None or self.beats >= MIN_HEADLINE_BEATS)

    @property
    def generator(self) -> str:
        """Generator of a simulated bout; empty if unknown.

        Examples
        --------
        >>> ReferenceBout(0.0, 1.0, kind="dde-fading|foot|weak|snr+5").generator
        'dde'
        """
        return self.kind.split("|")[0].split("-")[0] if "|" in self.kind else ""

    @property
    def placement(self) -> str:
        """Placement of the simulated sensor; empty if unknown."""
        return self.kind.split("|")[1] if "|" in self.kind else ""

    @property
    def signal_to_background_db(self) -> float | None:
        """Ratio of the simulated bout to its background, in dB; ``None`` if unknown.

        Examples
        --------
        >>> ReferenceBout(0.0, 1.0, kind="dde-fading|foot|weak|snr-5").signal_to_background_db
        -5.0
        """
        found = _SIGNAL_TO_BACKGROUND.search(self.kind)
        return float(found[1]) if found else None


@dataclass(frozen=True, slots=True)
class DetectedBout:
    """A bout reported by a detector, of a scored class; unknown values are ``None``."""

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
        Name of the recording; its detections are in ``NAME.csv``.
    case_class
        Kind of recording, such as ``night`` or ``real-walk``.
    bouts
        All reference bouts, by onset.
    recorded_s
        Measured time without gaps, in seconds; ``None`` if unknown.
    tag
        Property of its bouts, such as ``weak``; may be empty.
    fold
        Number of the group of persons in cross-validation; ``None`` without folds.
    """

    name: str
    case_class: str
    bouts: tuple[ReferenceBout, ...]
    recorded_s: float | None = None
    tag: str = ""
    fold: int | None = None
