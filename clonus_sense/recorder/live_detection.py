"""Live detection: finds episodes during the recording, and writes each to the ledger within seconds of its end.

An episode is decided when no further movement can join it, which takes seconds while the leg moves on.  Until then the
ledger holds it as if the recording ended there.  If the episode is withdrawn, a further line of the ledger says so.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from clonus_sense.config import DetectionSettings
from clonus_sense.detection import Detector
from clonus_sense.errors import SignalError
from clonus_sense.model import Episode, EpisodeClass, SampleBatch, Site
from clonus_sense.recording.ledger import EntryKind, Ledger

logger = logging.getLogger(__name__)

# An episode is reported within 3 s of its end, which includes a packet of half a second and the interval of the looks.
# In 37 h of cases and nights, no episode that had ended for this long was withdrawn.
ENDED_FOR_S = 1.75
# Also ongoing episodes: an episode ends half a period after its last beat, perhaps after the newest sample.
GOING_ON_S = -1.0
# A look ahead during walking takes two or three milliseconds.
LOOK_EVERY_S = 0.5


class LiveDetection:
    """Episodes of one recording as they are found."""

    def __init__(
        self,
        path: Path,
        settings: DetectionSettings,
        site: Site | None,
        *,
        ledger: Ledger,
        on_episode: Callable[[Episode], None],
    ) -> None:
        self._path = path
        self._settings = settings
        self._site = site
        self._ledger = ledger
        self._on_episode = on_episode
        self._detector: Detector | None = Detector(settings, site=site)
        self._so_far: list[Episode] = []  # reported, but not decided
        self._unlooked_s = 0.0
        self.episodes: list[Episode] = []

    @property
    def n_clonus(self) -> int:
        """Number of clonus episodes, undecided ones included."""
        return sum(episode.episode_class is EpisodeClass.CLONUS for episode in (*self.episodes, *self._so_far))

    def push(self, batch: SampleBatch, now_s: float) -> None:
        """Search further samples for episodes."""
        self._take(self._ask(lambda detector: detector.push(batch), now_s), now_s)
        self._unlooked_s += len(batch.accel_g) / batch.stretch.fs_hz
        if self._unlooked_s >= LOOK_EVERY_S:
            self.look_ahead(now_s)

    def look_ahead(self, now_s: float, *, ended_for_s: float = ENDED_FOR_S) -> None:
        """Report undecided episodes that have ended, and withdraw reported ones that are no longer found."""
        self._unlooked_s = 0.0
        told = self._so_far
        seen = self._ask(lambda detector: detector.foresee(ended_for_s=ended_for_s), now_s)
        for episode in seen:
            if not any(_is_the_same(episode, before) for before in told):
                self._write(EntryKind.EPISODE_SO_FAR, episode, now_s)
        known = [*seen, *self.episodes]
        missing = [before for before in told if not any(_overlap(before, episode) for episode in known)]
        # A reported episode may still go on.
        going_on = self._ask(lambda detector: detector.foresee(ended_for_s=GOING_ON_S), now_s) if missing else []
        if self._detector is None:
            return  # the last report still holds
        stay = [before for before in missing if any(_overlap(before, episode) for episode in going_on)]
        self._so_far = [*stay, *seen]
        for before in missing:
            if before not in stay:
                self._write(EntryKind.EPISODE_WITHDRAWN, before, now_s)

    def finish(self, now_s: float) -> None:
        """Decide the open episodes at the end of the recording."""
        self._take(self._ask(lambda detector: detector.flush(), now_s), now_s)
        self.look_ahead(now_s)

    def restart(self, now_s: float) -> None:
        """Start again behind samples that were never written."""
        self.finish(now_s)
        if self._detector is not None:
            self._detector = Detector(self._settings, site=self._site)

    def _ask(self, work: Callable[[Detector], list[Episode]], now_s: float) -> list[Episode]:
        """Call the detector; an error there ends live detection but not the recording."""
        if self._detector is None:
            return []
        try:
            return work(self._detector)
        except SignalError as error:
            self._detector = None
            self._ledger.write(now_s, EntryKind.DETECTION_ENDED, reason=str(error))
            logger.error("%s: live detection ended: %s  The recording goes on.", self._path, error)  # noqa: TRY400
            return []

    def _take(self, decided: list[Episode], now_s: float) -> None:
        """Write decided episodes to the ledger."""
        for episode in decided:
            self.episodes.append(episode)
            self._write(EntryKind.EPISODE, episode, now_s)
            self._on_episode(episode)
        if decided:
            self.look_ahead(now_s)  # a decided episode must leave the undecided ones, or it would count twice

    def _write(self, kind: EntryKind, episode: Episode, now_s: float) -> None:
        """Write an episode to the ledger."""
        self._ledger.write(
            now_s,
            kind,
            onset_s=episode.onset_s,
            offset_s=episode.offset_s,
            beats=episode.beats,
            frequency_hz=episode.frequency_hz,
            peak_g=episode.peak_g,
            episode_class=episode.episode_class,
            confidence=episode.confidence,
        )


def _is_the_same(one: Episode, other: Episode) -> bool:
    """Tell whether two views of one episode agree, within tolerances because the last digits seldom do."""
    return _overlap(one, other) and one.beats == other.beats and one.episode_class is other.episode_class


def _overlap(one: Episode, other: Episode) -> bool:
    """Tell whether two episodes overlap."""
    return one.onset_s < other.offset_s and other.onset_s < one.offset_s
