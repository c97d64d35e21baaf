"""Makes the report of several nights from the library and the recordings."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta, tzinfo
from pathlib import Path

from clonus_sense.files import write_bytes_atomically
from clonus_sense.i18n import Translator, translator
from clonus_sense.library import Library
from clonus_sense.model import EpisodeClass
from clonus_sense.report.pages.movement_samples import AROUND_S, along_axis
from clonus_sense.report.pdf.document import ReportParts, ReportWave, build_report
from clonus_sense.report.representative import choose_representative
from clonus_sense.report.shown_episodes import ShownEpisode, list_shown
from clonus_sense.report.wording import place_words, profession_word
from clonus_sense.review import PersonNight, SeveralNights, list_nights
from clonus_sense.workflows.night_pages import PRIVATE_MODE, windows_of
from clonus_sense.workflows.page_files import PageChoices

# A recording of the first night may begin a day before it.
_AROUND = timedelta(days=1)


def make_report(
    library: Library,
    found: SeveralNights,
    choices: PageChoices,
    *,
    made_on: date,
    on_progress: Callable[[float], None] | None = None,
) -> bytes:
    """Make the report of several nights of one person.

    Parameters
    ----------
    library
        Holds the nights.
    choices
        Language, and whether personal data stay out.
    made_on
        Date that stands on the report.
    on_progress
        Called with the finished share, 0 to 1.

    Returns
    -------
    bytes
        A PDF of two pages.

    Raises
    ------
    ReportError
        If reportlab is not installed, or its font lacks a sign of a text.
    """
    _ = translator(choices.language)
    names = {night.name for night in found.nights}
    spans = [night.span for night in found.nights]
    since, until = min(span.start for span in spans) - _AROUND, max(span.end for span in spans) + _AROUND
    nights = [
        night for night in list_nights(library, person=found.person, since=since, until=until) if night.name in names
    ]
    zones = {recording.stored.id: night.zone for night in nights for recording in night.recordings}
    chosen = {leg.side: _choose_movements(nights, leg.side, _) for leg in found.legs}
    n_waves, waves = sum(map(len, chosen.values())), dict[str, tuple[ReportWave, ...]]()
    n_drawn = 0
    for side, movements in chosen.items():
        drawn = []
        for rules, movement in movements:
            wave = _draw_wave(rules, movement, zones[movement.recording.stored.id], choices)
            drawn += [wave] if wave else []
            n_drawn += 1
            if on_progress:
                on_progress(n_drawn / n_waves)
        waves[side] = tuple(drawn)
    parts = ReportParts(
        waves, _places(nights, _, hide_personal=choices.hide_personal), _raters(nights, _), _versions(nights)
    )
    return build_report(found, parts, made_on=made_on, language=choices.language, hide_personal=choices.hide_personal)


def write_report(path: Path, report: bytes) -> None:
    """Write a report, readable only by its user; an older file is replaced."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_bytes_atomically(path, report, mode=PRIVATE_MODE)


def _choose_movements(nights: Iterable[PersonNight], side: str, _: Translator) -> list[tuple[str, ShownEpisode]]:
    """Choose the movements of a leg that are drawn, among those that its numbers hold."""
    return choose_representative(
        [
            shown
            for night in nights
            for shown in list_shown(night)
            if shown.side == side and shown.counts and shown.episode.episode_class is EpisodeClass.CLONUS
        ],
        _,
    )


def _draw_wave(rules: str, shown: ShownEpisode, zone: tzinfo, choices: PageChoices) -> ReportWave | None:
    """Read the samples of a movement; ``None`` where its recording is not at hand."""
    window_of = windows_of(shown.recording.stored, choices.foreign)
    if window_of is None:
        return None
    episode = shown.episode
    near = window_of(max(0.0, episode.onset_s - AROUND_S), episode.offset_s + AROUND_S)
    lines = tuple(along_axis(near.pieces, episode.axis))
    return ReportWave(rules, shown.placed.onset.astimezone(zone), episode.onset_s, episode.duration_s, lines)


def _places(nights: Iterable[PersonNight], _: Translator, *, hide_personal: bool) -> tuple[str, ...]:
    """Name where the sensor sat and which orthosis was worn; the latter is free text, as a name is."""
    infos = [recording.stored.info for night in nights for recording in night.recordings]
    orthoses = [] if hide_personal else [info.orthosis for info in infos]
    return tuple(dict.fromkeys(filter(None, [*(place_words(info, _) for info in infos), *orthoses])))


def _raters(nights: Iterable[PersonNight], _: Translator) -> tuple[str, ...]:
    """Name those who judged movements."""
    raters = [
        word.rater
        for night in nights
        for recording in night.recordings
        for word in recording.annotations
        if word.verdict.is_about_movement
    ]
    named = ((rater.name, profession_word(rater.profession, _)) for rater in raters)
    return tuple(dict.fromkeys(f"{name} ({profession})" if name else profession for name, profession in named))


def _versions(nights: Iterable[PersonNight]) -> tuple[str, ...]:
    """Name the detectors that found the movements."""
    runs = (recording.run for night in nights for recording in night.recordings)
    return tuple(dict.fromkeys(run.version for run in runs if run))
