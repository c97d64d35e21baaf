"""The movements of a night as cards: a line and a thumbnail each, and what opening one shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from clonus_sense.report.duration_words import seconds_words
from clonus_sense.report.episode_numbers import NumberRow, number_rows
from clonus_sense.report.main_axis import compute_spectrum
from clonus_sense.report.pages.movement_samples import (
    SPECTRUM_STEP_HZ,
    SPECTRUM_TO_HZ,
    Line,
    along_axis,
    cut_near,
)
from clonus_sense.report.pages.night_signal import NightSignal
from clonus_sense.report.pages.page_context import PageContext, words_of
from clonus_sense.report.pages.vector_paths import envelope_path
from clonus_sense.report.shown_episodes import ShownEpisode
from clonus_sense.report.window import Window
from clonus_sense.report.wording import class_word
from clonus_sense.report.words.looks import sureness
from clonus_sense.report.words.reasons import Reason, evidence_title, tell_reasons

# Units of the static drawings: a column holds its lowest and highest value, so half of the pixels across are enough.
THUMB_WIDTH, THUMB_HEIGHT = 160, 108
WAVE_WIDTH, WAVE_HEIGHT = 320, 240
# Seconds beside a movement in its static picture.
MARGIN_S = 2.0


@dataclass(frozen=True, slots=True)
class MovementCard:
    """One movement on the page; ``wave`` is empty where its samples are not at hand."""

    anchor: str
    label: str
    start: str
    kind: str
    kind_word: str
    sure: str
    duration: str
    beats: int
    frequency: str
    peak: str
    counted: str
    words: tuple[str, ...]
    numbers: tuple[NumberRow, ...]
    reasons_title: str
    reasons: tuple[Reason, ...]
    thumb: str
    wave: str
    wave_g: float
    duration_s: float
    peak_g: float
    confidence: float
    onset_s: float


@dataclass(frozen=True, slots=True)
class DrawnMovements:
    """All movements, and what the browser knows of each."""

    cards: tuple[MovementCard, ...]
    records: tuple[dict[str, object], ...]

    @property
    def lacks_samples(self) -> bool:
        """Whether any movement has no samples."""
        return any(not card.wave for card in self.cards)


def draw_movements(page: PageContext, shown: Sequence[ShownEpisode], signal: NightSignal) -> DrawnMovements:
    """Draw every movement of a night.

    Parameters
    ----------
    page
        The night and the language.
    shown
        Its movements, by leg and onset.
    signal
        Samples of its recordings.

    Returns
    -------
    DrawnMovements
        Cards and records in the same order.
    """
    number_of = {leg.side: number for number, leg in enumerate(page.night.legs)}
    cards, records = [], []
    for one in shown:
        near = cut_near(signal.pieces_of(one.recording), one.episode.onset_s, one.episode.offset_s)
        lines = along_axis(near.pieces, one.episode.axis)
        cards.append(_card(one, page, lines))
        records.append(_record(one, page, number_of[one.side], near))
    return DrawnMovements(tuple(cards), tuple(records))


def _card(one: ShownEpisode, page: PageContext, lines: Sequence[Line]) -> MovementCard:
    """Put one movement into words and lines."""
    _ = page.translate
    episode = one.episode
    thumb, _largest_g = _path(one, lines, THUMB_WIDTH, THUMB_HEIGHT, 0.5)
    wave, wave_g = _path(one, lines, WAVE_WIDTH, WAVE_HEIGHT, MARGIN_S)
    rows = [row for row in number_rows(episode, page.axis.clock, _) if row.name != _("Start")]
    return MovementCard(
        anchor=one.anchor,
        label=one.label(_),
        start=page.axis.label(one.placed.onset),
        kind=episode.episode_class.value,
        kind_word=class_word(episode.episode_class, _),
        sure=sureness(episode.episode_class, episode.confidence, _),
        duration=seconds_words(episode.duration_s, _),
        beats=episode.beats,
        frequency=f"{episode.frequency_hz:.1f} Hz",
        peak=_("{value:.2f} g").format(value=episode.peak_g),
        counted=one.counted_word(_),
        words=tuple(words_of(word, page) for word in one.words),
        numbers=tuple(rows),
        reasons_title=evidence_title(episode, _),
        reasons=tuple(tell_reasons(episode.evidence, _)),
        thumb=thumb,
        wave=wave,
        wave_g=wave_g,
        duration_s=episode.duration_s,
        peak_g=episode.peak_g,
        confidence=episode.confidence,
        onset_s=page.axis.at_s(one.placed.onset),
    )


def _path(one: ShownEpisode, lines: Sequence[Line], width: int, height: int, margin_s: float) -> tuple[str, float]:
    """Draw the band-passed movement along its main axis and what is around it; and the acceleration at its edge."""
    if not lines:
        return "", 0.0
    episode = one.episode
    start_s, end_s = episode.onset_s - margin_s, episode.offset_s + margin_s
    inside = [np.abs(values[(times >= start_s) & (times <= end_s)]).max(initial=0.0) for times, values in lines]
    largest_g = 1.05 * max(episode.peak_g, *inside, 1e-3)
    path = envelope_path(lines, start_s=start_s, end_s=end_s, largest_g=largest_g, width=width, height=height)
    return path, largest_g


def _record(one: ShownEpisode, page: PageContext, leg: int, near: Window) -> dict[str, object]:
    """Lay out one movement for the browser, in seconds of the page's axis."""
    episode = one.episode
    starts_s = page.axis.at_s(one.recording.moment(0.0))
    record: dict[str, object] = {
        "anchor": one.anchor,
        "leg": leg,
        "has_samples": bool(near.pieces),
        "onset_s": round(starts_s + episode.onset_s, 4),
        "offset_s": round(starts_s + episode.offset_s, 4),
        "beats_s": [round(starts_s + float(at_s), 3) for at_s in episode.beat_times_s],
        "frequency_hz": round(episode.frequency_hz, 3),
        "peak_g": round(episode.peak_g, 4),
        "axis": [round(share, 5) for share in episode.axis],
    }
    spectrum = compute_spectrum(near, episode)
    if len(spectrum.frequency_hz):
        grid_hz = np.arange(0.0, SPECTRUM_TO_HZ + SPECTRUM_STEP_HZ / 2, SPECTRUM_STEP_HZ)
        amplitude_mg = 1000 * np.interp(grid_hz, spectrum.frequency_hz, spectrum.amplitude_g)
        record["spectrum_mg"] = [float(f"{value:.3g}") for value in amplitude_mg]
    return record
