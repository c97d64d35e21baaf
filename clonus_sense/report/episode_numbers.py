"""The numbers of one episode in words, as a page tells them and a picture writes them."""

from __future__ import annotations

from dataclasses import dataclass

from clonus_sense.i18n import Translator
from clonus_sense.model import Episode, EpisodeClass
from clonus_sense.report.clock_labels import Clock
from clonus_sense.report.wording import class_word, ended_by_word
from clonus_sense.report.words.looks import may_be, sureness


@dataclass(frozen=True, slots=True)
class NumberRow:
    """One number of an episode as text: what it is, and its value with the unit."""

    name: str
    value: str


def number_rows(episode: Episode, clock: Clock, _: Translator) -> list[NumberRow]:
    """Name and value of each number of an episode, as text."""
    rows = [
        NumberRow(_("Start"), clock.label(episode.onset_s)),
        NumberRow(_("Looks"), class_word(episode.episode_class, _)),
        NumberRow(_("Duration"), f"{episode.duration_s:.2f} s"),
        NumberRow(_("Beats"), f"{episode.beats}"),
        NumberRow(_("Frequency"), f"{episode.frequency_hz:.2f} Hz"),
        NumberRow(_("Drift of frequency"), f"{episode.drift_hz:+.2f} Hz"),
        NumberRow(_("Peak acceleration"), _("{value:.3f} g").format(value=episode.peak_g)),
        NumberRow(_("RMS acceleration"), _("{value:.3f} g").format(value=episode.rms_g)),
        NumberRow(_("Regularity"), f"{episode.regularity:.2f}"),
        NumberRow(_("Confidence"), sureness(episode.episode_class, episode.confidence, _, with_number=True)),
        NumberRow(_("Ended by"), ended_by_word(episode.ended_by, _)),
    ]
    if episode.episode_class is EpisodeClass.UNCERTAIN:
        rows.insert(2, NumberRow(_("May be"), may_be(episode.evidence, _)))
    if episode.missing_s:
        rows.append(NumberRow(_("Not measured inside"), f"{episode.missing_s:.2f} s"))
    return rows
