"""Effect of other settings on the nights of a person, shown before they are used."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from clonus_sense.config import DetectionSettings
from clonus_sense.detection import Detector, push_through, shown_to
from clonus_sense.library import RecordingHasher, RunComparison, StoredRecording, compare_episodes
from clonus_sense.model import Episode, EpisodeClass, Site
from clonus_sense.recording import ForeignFormat, how_it_was_read, known_until_s, stream_recording
from clonus_sense.review import LegNight, LegRecording
from clonus_sense.workflows.stored_files import check_is_the_same, check_is_there


@dataclass(frozen=True, slots=True)
class SettingsEffect:
    """Effect of other settings on a time of one leg.

    Parameters
    ----------
    before, after
        Episodes with the present and with the other settings, in order of onset.
    comparison
        Differences between both.
    """

    before: tuple[Episode, ...]
    after: tuple[Episode, ...]
    comparison: RunComparison

    @property
    def rhythmic_before(self) -> tuple[Episode, ...]:
        """Rhythmic episodes with the present settings."""
        return tuple(episode for episode in self.before if episode.episode_class is EpisodeClass.CLONUS)

    @property
    def rhythmic_after(self) -> tuple[Episode, ...]:
        """Rhythmic episodes with the other settings."""
        return tuple(episode for episode in self.after if episode.episode_class is EpisodeClass.CLONUS)


def detect_with_each(
    stored: StoredRecording,
    settings: Sequence[DetectionSettings],
    *,
    usual_site: Site | None = None,
    foreign: ForeignFormat | None = None,
    on_progress: Callable[[float], None] | None = None,
) -> tuple[tuple[Episode, ...], ...]:
    """Find the episodes of a recording with several settings, in one pass over its file; no result is stored.

    Parameters
    ----------
    stored
        A recording of the library.
    usual_site
        The person's usual site of the sensor, for a recording without a site.
    foreign
        What the person said about a foreign CSV.
    on_progress
        Is told the fraction of the file that has been read, 0 to 1.

    Returns
    -------
    tuple of tuple of Episode
        Episodes with each of the settings, in their order.

    Raises
    ------
    RecordingError
        If its file is gone or cannot be read.
    LibraryError
        If the file now holds another recording.
    SignalError
        If its samples cannot be analysed.
    """
    check_is_there(stored)
    hasher = RecordingHasher()
    detectors = [Detector(one, site=stored.info.site or usual_site) for one in settings]
    found: list[list[Episode]] = [[] for _one in settings]
    foreign = how_it_was_read(stored.info, foreign)
    until_s = known_until_s(stored.path, stored.duration_s)
    with stream_recording(stored.path, foreign=foreign, until_s=until_s, on_progress=on_progress) as stream:
        recorded_start = stream.recorded_start
        for decided in push_through(shown_to(stream.batches(), hasher.add), detectors, source=stored.path):
            for episodes, further in zip(found, decided, strict=True):
                episodes.extend(further)
    check_is_the_same(stored, hasher.hexdigest(recorded_start))
    return tuple(tuple(episodes) for episodes in found)


def effect_on_leg(
    leg: LegNight, found: Mapping[int, tuple[tuple[Episode, ...], ...]], variant: int
) -> SettingsEffect | None:
    """Compute the effect of one of several settings on a leg of a night.

    Parameters
    ----------
    found
        Results of :func:`detect_with_each` by recording id; the present settings come first.
    variant
        Index of the compared settings; the present ones have 0.

    Returns
    -------
    SettingsEffect or None
        Over episodes that began in this night; ``None`` if a recording could not be analysed.
    """
    if any(recording.stored.id not in found for recording in leg.recordings):
        return None
    effects = []
    for recording in leg.recordings:
        before, after = found[recording.stored.id][0], found[recording.stored.id][variant]
        whole = compare_episodes(before, after)
        effects.append(
            SettingsEffect(
                before=_in_night(before, recording, leg),
                after=_in_night(after, recording, leg),
                comparison=RunComparison(
                    came=_in_night(whole.came, recording, leg),
                    went=_in_night(whole.went, recording, leg),
                    stayed=tuple(pair for pair in whole.stayed if _in_night([pair.old], recording, leg)),
                ),
            )
        )
    return add_effects(effects)


def add_effects(effects: Sequence[SettingsEffect]) -> SettingsEffect:
    """Add the effects on several recordings or nights of one leg."""
    return SettingsEffect(
        before=tuple(chain.from_iterable(one.before for one in effects)),
        after=tuple(chain.from_iterable(one.after for one in effects)),
        comparison=RunComparison(
            came=tuple(chain.from_iterable(one.comparison.came for one in effects)),
            went=tuple(chain.from_iterable(one.comparison.went for one in effects)),
            stayed=tuple(chain.from_iterable(one.comparison.stayed for one in effects)),
        ),
    )


def _in_night(episodes: Iterable[Episode], recording: LegRecording, leg: LegNight) -> tuple[Episode, ...]:
    """Select the episodes that began in a leg's part of a night."""
    span = leg.summary.part.span
    # Half a period before the first beat may be before the recording's first sample.
    return tuple(one for one in episodes if span.holds(recording.moment(max(one.onset_s, 0.0))))
