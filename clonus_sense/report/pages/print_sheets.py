"""A night on paper: one sheet of A4 a leg, for a patient's file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from clonus_sense.i18n import Translator
from clonus_sense.model import EpisodeClass
from clonus_sense.night import Coverage
from clonus_sense.report.duration_words import length_words
from clonus_sense.report.pages.background import false_rate_words
from clonus_sense.report.pages.leg_sentences import LegSentence
from clonus_sense.report.pages.movement_cards import MovementCard
from clonus_sense.report.pages.page_context import PageContext
from clonus_sense.report.representative import choose_representative
from clonus_sense.report.shown_episodes import ShownEpisode
from clonus_sense.report.wording import NOT_CONFIRMED, NOT_MEASURED, WORN, place_words, profession_word
from clonus_sense.review import LegNight
from clonus_sense.version import __version__

# Rows of movements and waveforms that fit on a sheet beside the rest.
MOST_ROWS = 12


@dataclass(frozen=True, slots=True)
class ChosenWave:
    """A waveform on paper, and by which rules it was chosen."""

    rules: str
    card: MovementCard


@dataclass(frozen=True, slots=True)
class PrintSheet:
    """What one sheet says of one leg."""

    side: str
    leg: str
    facts: tuple[str, ...]
    sentence: str
    coverage: str
    rows: tuple[MovementCard, ...]
    more: str
    waves: tuple[ChosenWave, ...]
    reviewed: str
    errors: str


def lay_out_sheet(
    leg: LegNight,
    sentence: LegSentence,
    movements: Sequence[tuple[ShownEpisode, MovementCard]],
    page: PageContext,
) -> PrintSheet:
    """Lay out the sheet of one leg.

    Parameters
    ----------
    leg
        The leg's part of the night.
    sentence
        The same sentence as on the first screen.
    movements
        Its movements with their cards, by onset.
    page
        The night and the language.

    Returns
    -------
    PrintSheet
        At most `MOST_ROWS` movements, and up to four waveforms.
    """
    _ = page.translate
    cards = [card for _shown, card in movements]
    left_out = len(cards) - MOST_ROWS
    return PrintSheet(
        side=leg.side,
        leg=sentence.leg,
        facts=_facts(leg, page),
        sentence=sentence.text,
        coverage=_coverage_words(leg.headline.coverage, _),
        rows=tuple(cards[:MOST_ROWS]),
        more=_("and {n} more").format(n=left_out) if left_out > 0 else "",
        waves=choose_waves(cards, _),
        reviewed=_reviewed_words([shown for shown, _card in movements], page),
        errors=false_rate_words(_),
    )


def choose_waves(cards: Sequence[MovementCard], _: Translator) -> tuple[ChosenWave, ...]:
    """Choose the median, longest, strongest and least certain of the rhythmic movements, each once.

    Parameters
    ----------
    cards
        Movements of one leg; those of another class or without samples are left out.
    _
        Translator.

    Returns
    -------
    tuple of ChosenWave
        One that is chosen by two rules names both.
    """
    rhythmic = [card for card in cards if card.kind == EpisodeClass.CLONUS.value and card.wave]
    return tuple(ChosenWave(rules, card) for rules, card in choose_representative(rhythmic, _))


def _facts(leg: LegNight, page: PageContext) -> tuple[str, ...]:
    """Name the person, the place of the sensor, the orthosis, the clock and the version, each once."""
    _ = page.translate
    infos = [recording.stored.info for recording in leg.recordings]
    places = [place_words(info, _) for info in infos]
    # What was worn is free text, as a name is.
    orthoses = [] if page.hide_personal else [info.orthosis for info in infos]
    versions = [recording.run.version for recording in leg.recordings if recording.run] or [__version__]
    facts = [*places, *orthoses, page.facts, *(f"clonus_sense {version}" for version in versions)]
    return tuple(dict.fromkeys(filter(None, facts)))


def _coverage_words(coverage: Coverage, _: Translator) -> str:
    """Say how long each of the three states lasted."""
    states = (
        (WORN, coverage.worn_s),
        (NOT_CONFIRMED, coverage.not_confirmed_s),
        (NOT_MEASURED, coverage.not_measured_s),
    )
    return " · ".join(f"{_(name)} {length_words(seconds, _)}" for name, seconds in states)


def _reviewed_words(shown: Sequence[ShownEpisode], page: PageContext) -> str:
    """Say how many movements people looked at, and who they were."""
    _ = page.translate
    words = [word for one in shown for word in one.words]
    n_reviewed = sum(bool(one.words) for one in shown)
    text = _("Reviewed: {n} of {all}").format(n=n_reviewed, all=len(shown))
    raters = dict.fromkeys(
        profession_word(word.rater.profession, _)
        if page.hide_personal or not word.rater.name
        else f"{word.rater.name} ({profession_word(word.rater.profession, _)})"
        for word in words
    )
    return f"{text} · {_(', ').join(raters)}" if raters else text
