"""The episodes of a night as its page shows them: numbered in each leg, placed in time, with people's words."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from clonus_sense.errors import NightError
from clonus_sense.i18n import LANGUAGES, Translator, message, translator
from clonus_sense.library import Annotation
from clonus_sense.model import Episode
from clonus_sense.night import PlacedEpisode, Standing, place_episodes
from clonus_sense.review import LegNight, LegRecording, PersonNight

# Short names of the legs before an episode's number, where a page shows two.
LEG_LETTERS = {"left": message("L"), "right": message("R")}

_LABEL = re.compile(r"(\D?)\s*(\d{1,9})")


@dataclass(frozen=True, slots=True)
class ShownEpisode:
    """An episode on the page of a night.

    Parameters
    ----------
    number
        Counts the episodes of its leg from 1.
    side
        Which leg.
    recording
        The recording that holds it.
    placed
        When it was, and which number it belongs to.
    in_rest
        Whether it began in the rest window.
    stands_alone
        Whether the page shows one leg alone.
    """

    number: int
    side: str
    recording: LegRecording
    placed: PlacedEpisode
    in_rest: bool
    stands_alone: bool

    @property
    def episode(self) -> Episode:
        """What was found."""
        return self.placed.episode

    @property
    def anchor(self) -> str:
        """Where its picture stands on the page."""
        return f"movement-{self.side}-{self.number}" if self.side else f"movement-{self.number}"

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return self.episode.duration_s

    @property
    def peak_g(self) -> float:
        """Peak acceleration in g."""
        return self.episode.peak_g

    @property
    def confidence(self) -> float:
        """Confidence, 0 to 1."""
        return self.episode.confidence

    @property
    def counts(self) -> bool:
        """Whether the numbers of the night hold it: it began in the rest window while the sensor was worn."""
        return self.in_rest and self.placed.standing is Standing.WORN

    @property
    def words(self) -> tuple[Annotation, ...]:
        """What people say about it."""
        return self.recording.words_about(self.episode)

    def label(self, _: Translator) -> str:
        """Return its number, with a letter for the leg where the page shows two."""
        letter = "" if self.stands_alone or self.side not in LEG_LETTERS else _(LEG_LETTERS[self.side])
        return f"{letter}{self.number}"

    def counted_word(self, _: Translator) -> str:
        """Say which number of the page it belongs to."""
        if self.placed.standing is Standing.LEFT_OUT:
            return _("left out")
        if self.placed.standing is Standing.NOT_CONFIRMED:
            return _("wear not confirmed")
        return _("rest window") if self.in_rest else _("outside it")


def list_shown(night: PersonNight) -> tuple[ShownEpisode, ...]:
    """List the episodes of a night.

    Parameters
    ----------
    night
        With all its legs.

    Returns
    -------
    tuple of ShownEpisode
        By leg and onset.
    """
    return tuple(shown for leg in night.legs for shown in _of_leg(leg, stands_alone=len(night.legs) == 1))


def find_shown(night: PersonNight, label: str, side: str | None = None) -> ShownEpisode:
    """Find an episode of a night by its number on the page.

    Parameters
    ----------
    night
        With all its legs.
    label
        Such as ``7``, or ``L7`` where the page shows two legs; the letters of every language count.
    side
        Which leg, where the number does not say.

    Returns
    -------
    ShownEpisode
        The episode.

    Raises
    ------
    NightError
        If there is none of this number, or two legs have one.
    """
    parts = _LABEL.fullmatch(unicodedata.normalize("NFKC", label).strip().upper())
    if parts is None or (parts[1] and parts[1] not in _sides_by_letter()):
        raise NightError(f"`{label}` is no number of a movement; write it as the page does, such as 7, or L7 and R7.")
    sides = {named for named in (_sides_by_letter().get(parts[1]), side) if named is not None}
    shown = list_shown(night)
    found = [one for one in shown if one.number == int(parts[2]) and sides <= {one.side}]
    if len(found) > 1:
        labels = " or ".join(f"{LEG_LETTERS.get(one.side, '')}{one.number}" for one in found)
        raise NightError(f"The night {night.name} has two legs with a movement {parts[2]}; write {labels}.")
    if not found:
        n_shown = sum(sides <= {one.side} for one in shown)
        legs = "" if not sides else f" of the {' and '.join(sorted(sides))} leg"
        there = f"its page numbers {n_shown}" if n_shown else "none was found there"
        raise NightError(f"The night {night.name} has no movement {label}{legs}; {there}.")
    return found[0]


@cache
def _sides_by_letter() -> dict[str, str]:
    """List the letters of the legs, in every language."""
    return {translator(code)(letter): side for code in LANGUAGES for side, letter in LEG_LETTERS.items()}


def _of_leg(leg: LegNight, *, stands_alone: bool) -> list[ShownEpisode]:
    """List the episodes of one leg by onset, numbered."""
    part, night = leg.summary.part, leg.summary.night
    placed = [
        one for one in place_episodes([recording.span for recording in leg.recordings]) if part.span.holds(one.onset)
    ]
    placed.sort(key=lambda one: one.onset)
    return [
        ShownEpisode(
            number=number,
            side=leg.side,
            recording=leg.recordings[one.recording_at],
            placed=one,
            in_rest=night is not None and night.night.span.holds(one.onset),
            stands_alone=stands_alone,
        )
        for number, one in enumerate(placed, start=1)
    ]
