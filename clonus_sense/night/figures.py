"""The numbers of some time of one leg: coverage and rhythmic movements.

``None`` always means that no time was measured; 0 means that time was measured and no episode was found.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum, auto
from math import fsum

from clonus_sense.model import ConfidenceLevel, Episode, EpisodeClass
from clonus_sense.night.recorded import RecordedSpan
from clonus_sense.night.utc_span import UtcSpan, clip, join, subtract, total_length

# One episode in 2 minutes is not "30 per hour": over less time a rate mostly reflects chance.
SHORTEST_RATE_S = 600.0

# The detector judges a movement with at most this much of the signal after its last beat.
LONGEST_LOOK_AHEAD_S = 2.5


@dataclass(frozen=True, slots=True)
class Coverage:
    """Time in three states, in seconds; their sum is the length.

    Parameters
    ----------
    worn_s
        Measured on the leg.
    not_confirmed_s
        Measured, but perhaps not on the leg.
    not_measured_s
        The rest: gaps, time between recordings, and time for which a person said that the sensor was not worn.
    """

    worn_s: float
    not_confirmed_s: float
    not_measured_s: float

    @property
    def length_s(self) -> float:
        """Sum of all three."""
        return fsum((self.worn_s, self.not_confirmed_s, self.not_measured_s))

    @property
    def worn_ratio(self) -> float:
        """Worn share of the length, 0 to 1; 0 if the length is 0."""
        return self.worn_s / self.length_s if self.length_s else 0.0


@dataclass(frozen=True, slots=True)
class ClassFigures:
    """The amount of movement of one class.

    An episode counts with its whole length at its onset.

    Parameters
    ----------
    n_episodes
        Number of episodes.
    n_beats
        Sum of their beats.
    n_high, n_medium, n_low
        Number of episodes of high, medium and low confidence; their sum is ``n_episodes``.
    total_s, longest_s
        Sum and maximum of their lengths; 0 if there are none.
    n_per_worn_hour, total_s_per_worn_hour
        The same for each hour measured on the leg; ``None`` below 10 min of worn time.
    """

    n_episodes: int
    n_beats: int
    n_high: int
    n_medium: int
    n_low: int
    total_s: float
    longest_s: float
    n_per_worn_hour: float | None
    total_s_per_worn_hour: float | None


@dataclass(frozen=True, slots=True)
class Figures:
    """The numbers of some time of one leg.

    Parameters
    ----------
    coverage
        Measured and worn time.
    clonus, brief, slow, uncertain
        Episodes of each class while the sensor was worn; ``None`` if no worn time was measured.
    n_not_confirmed
        Episodes of any class during unconfirmed wear, in no other number; ``None`` if there is no such time.
    clonus_with_doubt
        ``clonus`` if the sensor was worn during all unconfirmed time; ``None`` if there is no such time.
    n_left_out
        Episodes that no other number includes: a person said that the sensor was not worn, or an earlier recording of
        the same leg covers them or shows more of the same movement.
    """

    coverage: Coverage
    clonus: ClassFigures | None
    brief: ClassFigures | None
    slow: ClassFigures | None
    uncertain: ClassFigures | None
    n_not_confirmed: int | None
    clonus_with_doubt: ClassFigures | None
    n_left_out: int

    def of_class(self, episode_class: EpisodeClass) -> ClassFigures | None:
        """Numbers of one class."""
        return {
            EpisodeClass.CLONUS: self.clonus,
            EpisodeClass.BRIEF: self.brief,
            EpisodeClass.SLOW: self.slow,
            EpisodeClass.UNCERTAIN: self.uncertain,
        }[episode_class]


class Standing(Enum):
    """The number that includes an episode."""

    WORN = auto()
    """Counts."""
    NOT_CONFIRMED = auto()
    """Counted separately: the sensor was perhaps not on the leg."""
    LEFT_OUT = auto()
    """Not counted: not from the leg according to the person, or covered by another recording of the same leg."""


@dataclass(frozen=True, slots=True)
class PlacedEpisode:
    """An episode at its absolute time.

    Parameters
    ----------
    onset
        Its start, never before its recording.
    episode
        The episode.
    recording_at, episode_at
        Index of its recording and of the episode in it, from 0, because two episodes may be equal.
    standing
        The number that includes it.
    """

    onset: datetime
    episode: Episode
    recording_at: int
    episode_at: int
    standing: Standing

    @property
    def span(self) -> UtcSpan:
        """From its onset to its end."""
        return UtcSpan(self.onset, self.onset + timedelta(seconds=self.episode.duration_s))


class LegTime:
    """The time of one leg: coverage and episodes of all its recordings, without double counting."""

    def __init__(self, recordings: Sequence[RecordedSpan]) -> None:
        in_order = sorted(recordings, key=lambda recorded: recorded.span)
        self._worn = join(span for recorded in in_order for span in recorded.worn())
        unconfirmed = [span for recorded in in_order for span in recorded.unconfirmed()]
        self._not_confirmed = subtract(unconfirmed, self._worn)
        self._episodes = place_episodes(in_order)

    def figures(self, spans: Sequence[UtcSpan]) -> Figures:
        """Return the numbers of some spans that do not overlap."""
        worn = total_length(part for span in spans for part in clip(self._worn, span))
        not_confirmed = total_length(part for span in spans for part in clip(self._not_confirmed, span))
        not_measured = total_length(spans) - worn - not_confirmed
        coverage = Coverage(worn.total_seconds(), not_confirmed.total_seconds(), not_measured.total_seconds())
        inside = [placed for placed in self._episodes if any(span.holds(placed.onset) for span in spans)]
        on_leg = [placed.episode for placed in inside if placed.standing is Standing.WORN]
        in_doubt = [placed.episode for placed in inside if placed.standing is Standing.NOT_CONFIRMED]
        is_doubtful = bool(in_doubt or coverage.not_confirmed_s)
        with_doubt = [one for one in (*on_leg, *in_doubt) if one.episode_class is EpisodeClass.CLONUS]

        def of_class(wanted: EpisodeClass) -> ClassFigures | None:
            # An onset may lie in the end of a gap, half a period before the first beat; the episode still counts.
            if not on_leg and not coverage.worn_s:
                return None
            return _count([episode for episode in on_leg if episode.episode_class is wanted], coverage.worn_s)

        return Figures(
            coverage=coverage,
            clonus=of_class(EpisodeClass.CLONUS),
            brief=of_class(EpisodeClass.BRIEF),
            slow=of_class(EpisodeClass.SLOW),
            uncertain=of_class(EpisodeClass.UNCERTAIN),
            n_not_confirmed=len(in_doubt) if is_doubtful else None,
            clonus_with_doubt=_count(with_doubt, coverage.worn_s + coverage.not_confirmed_s) if is_doubtful else None,
            n_left_out=sum(placed.standing is Standing.LEFT_OUT for placed in inside),
        )


def place_episodes(recordings: Sequence[RecordedSpan]) -> tuple[PlacedEpisode, ...]:
    """Place the episodes of all recordings of one leg in absolute time.

    Parameters
    ----------
    recordings
        Of one person and leg, in any order; they may overlap.

    Returns
    -------
    tuple of PlacedEpisode
        By recording, then by onset, each with the number that includes it.
    """
    placed: list[PlacedEpisode] = []
    in_order = sorted(range(len(recordings)), key=lambda at: recordings[at].span)
    for number, recording_at in enumerate(in_order):
        span = recordings[recording_at].span
        earlier = [recordings[at] for at in in_order[:number] if recordings[at].span.overlaps(span)]
        own = _place_episodes(recordings[recording_at], recording_at, earlier)
        if earlier:
            own, placed = _count_once(own, placed)
        placed += own
    return tuple(placed)


def _place_episodes(recorded: RecordedSpan, recording_at: int, earlier: Sequence[RecordedSpan]) -> list[PlacedEpisode]:
    """Place the episodes of a recording, given the overlapping recordings that began earlier."""
    unconfirmed, said_not_worn = recorded.unconfirmed(), recorded.said_not_worn()
    taken = join(span for other in earlier for span in other.worn())
    placed = []
    for episode_at, episode in enumerate(recorded.episodes):
        onset = recorded.onset_of(episode)
        if any(span.holds(onset) for span in said_not_worn) or _is_seen_whole(onset, episode, taken):
            standing = Standing.LEFT_OUT
        elif any(span.holds(onset) for span in unconfirmed):
            standing = Standing.NOT_CONFIRMED
        else:
            standing = Standing.WORN
        placed.append(PlacedEpisode(onset, episode, recording_at, episode_at, standing))
    return placed


def _is_seen_whole(onset: datetime, episode: Episode, taken: Sequence[UtcSpan]) -> bool:
    """Whether an earlier recording holds a movement with all the signal that its judgement needs."""
    judged = UtcSpan(onset, onset + timedelta(seconds=episode.duration_s + LONGEST_LOOK_AHEAD_S))
    return any(span.start <= judged.start and judged.end <= span.end for span in taken)


def _count_once(
    own: Sequence[PlacedEpisode], before: Sequence[PlacedEpisode]
) -> tuple[list[PlacedEpisode], list[PlacedEpisode]]:
    """Count a movement once if the end of an earlier recording cuts it: keep the recording that holds more of it.

    Returns the episodes of the later recording and those of the earlier ones.
    """
    kept = list(before)
    counted: list[PlacedEpisode] = []
    for placed in own:
        if placed.standing is Standing.LEFT_OUT:
            counted.append(placed)
            continue
        rivals = [
            number
            for number, other in enumerate(kept)
            if other.standing is not Standing.LEFT_OUT and other.span.overlaps(placed.span)
        ]
        if any(_weight(kept[number]) >= _weight(placed) for number in rivals):
            counted.append(replace(placed, standing=Standing.LEFT_OUT))
            continue
        for number in rivals:
            kept[number] = replace(kept[number], standing=Standing.LEFT_OUT)
        counted.append(placed)
    return counted, kept


def _weight(placed: PlacedEpisode) -> tuple[bool, timedelta]:
    """Sort key for views of one movement: worn before unconfirmed, then by length."""
    return placed.standing is Standing.WORN, placed.span.length


def _count(episodes: Sequence[Episode], worn_s: float) -> ClassFigures:
    """Count episodes of one class."""
    durations_s = [episode.duration_s for episode in episodes]
    total_s = fsum(durations_s)
    levels = Counter(episode.confidence_level for episode in episodes)
    worn_h = worn_s / 3600 if worn_s >= SHORTEST_RATE_S else None
    return ClassFigures(
        n_episodes=len(episodes),
        n_beats=sum(episode.beats for episode in episodes),
        n_high=levels[ConfidenceLevel.HIGH],
        n_medium=levels[ConfidenceLevel.MEDIUM],
        n_low=levels[ConfidenceLevel.LOW],
        total_s=total_s,
        longest_s=max(durations_s, default=0.0),
        n_per_worn_hour=len(episodes) / worn_h if worn_h else None,
        total_s_per_worn_hour=total_s / worn_h if worn_h else None,
    )
