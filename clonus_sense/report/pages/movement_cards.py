"""The movements of a night as cards: a line and a thumbnail each, and what opening one shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from clonus_sense.i18n import Translator
from clonus_sense.report.duration_words import seconds_words
from clonus_sense.report.episode_numbers import NumberRow, number_rows
from clonus_sense.report.main_axis import compute_spectrum
from clonus_sense.report.pages.movement_samples import (
    AROUND_S,
    SPECTRUM_STEP_HZ,
    SPECTRUM_TO_HZ,
    Line,
    NearPiece,
    Segment,
    along_axis,
    band_record,
    join_segments,
    pieces_record,
)
from clonus_sense.report.pages.page_context import PageContext, words_of
from clonus_sense.report.pages.vector_paths import envelope_path
from clonus_sense.report.shown_episodes import ShownEpisode
from clonus_sense.report.window import Window, WindowOf
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
    """All movements, and what the browser draws them from."""

    cards: tuple[MovementCard, ...]
    data: dict[str, object]

    @property
    def lacks_samples(self) -> bool:
        """Whether any movement has no samples."""
        return any(not card.wave for card in self.cards)


def draw_movements(
    page: PageContext, shown: Sequence[ShownEpisode], window_of: Mapping[int, WindowOf | None]
) -> DrawnMovements:
    """Draw every movement of a night.

    Parameters
    ----------
    page
        The night and the language.
    shown
        Its movements, by leg and onset.
    window_of
        Samples of each recording by its number in the library; ``None`` where its file is not at hand.

    Returns
    -------
    DrawnMovements
        Cards in the same order, and the samples.
    """
    recordings = list(page.night.recordings)
    place = {recording.stored.id: at for at, recording in enumerate(recordings)}
    spans = [
        (place[one.recording.stored.id], one.episode.onset_s, one.episode.offset_s)
        for one in shown
        if window_of.get(one.recording.stored.id) is not None
    ]
    segments = join_segments(spans, [recording.stored.duration_s for recording in recordings])
    windows = [_window(segment, window_of[recordings[segment.recording_at].stored.id]) for segment in segments]
    cards, records = [], []
    for one in shown:
        at = _segment_of(one, place[one.recording.stored.id], segments)
        window = _near(one, windows[at]) if at is not None and windows[at].pieces else None
        lines = along_axis(window.pieces, one.episode.axis) if window else []
        cards.append(_card(one, page, lines))
        records.append(_record(one, page, at if window else None, window, lines))
    starts_s = [page.axis.at_s(recordings[segment.recording_at].moment(0.0)) for segment in segments]
    packed = [
        {"shift_s": shift_s, "from_s": segment.start_s, "to_s": segment.end_s, "pieces": pieces_record(window)}
        for segment, window, shift_s in zip(segments, windows, starts_s, strict=True)
    ]
    return DrawnMovements(tuple(cards), {"movements": records, "segments": packed})


def _window(segment: Segment, window_of: WindowOf | None) -> Window:
    """Read the samples of a segment."""
    assert window_of is not None, "segments lie in recordings that are at hand"
    return window_of(segment.start_s, segment.end_s)


def _near(one: ShownEpisode, window: Window) -> Window:
    """Cut out a movement and what is around it."""
    start_s, end_s = one.episode.onset_s - AROUND_S, one.episode.offset_s + AROUND_S
    pieces = []
    for piece in window.pieces:
        first, end = np.searchsorted(piece.times_s, (start_s, end_s))
        if end - first > 1:
            pieces.append(NearPiece(piece.times_s[first:end], piece.accel_g[first:end]))
    return Window(start_s, end_s, tuple(pieces))


def _segment_of(one: ShownEpisode, recording_at: int, segments: Sequence[Segment]) -> int | None:
    """Find the segment that holds a movement."""
    for at, segment in enumerate(segments):
        if segment.recording_at == recording_at and segment.start_s <= max(one.episode.onset_s, 0.0) < segment.end_s:
            return at
    return None


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


def _record(
    one: ShownEpisode, page: PageContext, at: int | None, window: Window | None, lines: Sequence[Line]
) -> dict[str, object]:
    """Lay out one movement for the browser."""
    episode = one.episode
    record: dict[str, object] = {
        "anchor": one.anchor,
        "label": one.label(page.translate),
        "kind": episode.episode_class.value,
        "segment": at,
        "onset_s": round(episode.onset_s, 4),
        "offset_s": round(episode.offset_s, 4),
        "beats_s": [round(float(at_s), 3) for at_s in episode.beat_times_s],
        "frequency_hz": round(episode.frequency_hz, 3),
    }
    if window is None:
        return record
    record["band"] = [band_record(line) for line in lines]
    spectrum = compute_spectrum(window, episode)
    if len(spectrum.frequency_hz):
        grid_hz = np.arange(0.0, SPECTRUM_TO_HZ + SPECTRUM_STEP_HZ / 2, SPECTRUM_STEP_HZ)
        amplitude_mg = 1000 * np.interp(grid_hz, spectrum.frequency_hz, spectrum.amplitude_g)
        record["spectrum_mg"] = [float(f"{value:.3g}") for value in amplitude_mg]
    return record


def axis_marks(cards: Sequence[MovementCard], _: Translator) -> dict[str, list[object]]:
    """Lay out the movements for the chart of the night."""
    return {
        "at_s": [card.onset_s for card in cards],
        "duration_s": [card.duration_s for card in cards],
        "label": [card.label for card in cards],
        "kind": [card.kind_word for card in cards],
        "anchor": [card.anchor for card in cards],
        "beats": [card.beats for card in cards],
        "start": [card.start for card in cards],
        "duration": [card.duration for card in cards],
    }
