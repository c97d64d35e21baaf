"""The detector: sample batches in, episodes out; live, replay and simulation use this one path."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy, deepcopy

import numpy as np

from clonus_sense.config import DetectionSettings
from clonus_sense.detection.candidates import Candidate
from clonus_sense.detection.conditioning import Conditioner, QuietWatch, WorkingPiece
from clonus_sense.detection.decision import Decisions
from clonus_sense.detection.episodes import TimedRhythm
from clonus_sense.detection.filters import choose_working_rate
from clonus_sense.detection.gait.line_rhythm import measure_line_rhythm
from clonus_sense.detection.gait.line_verdict import LINE_DECISION, judge_line_rhythm
from clonus_sense.detection.gait.search import GaitCandidate
from clonus_sense.detection.rhythm import Rhythm, measure_rhythms
from clonus_sense.detection.segments import SegmentSearch, find_start
from clonus_sense.detection.signal_check import SignalChecker
from clonus_sense.detection.timeline import Timeline
from clonus_sense.detection.tracker import EpisodeTracker
from clonus_sense.detection.verdict import DECISION, judge_rhythm
from clonus_sense.errors import SignalError
from clonus_sense.model import EndedBy, Episode, Finding, Rejection, SampleBatch, Site, Stretch

DECISIONS = Decisions(plain=DECISION, in_gait=LINE_DECISION)
# A whole night may come as one batch; it is worked on in pieces of this many samples, so that the working signals of a
# night spent walking do not stand in memory all at once.
PIECE_SAMPLES = 1 << 16
# Small batches in which the leg lies still are put aside and worked on together: a live sensor sends dozens of them
# every minute of a quiet night.  Nothing can be found in them, so nothing comes later for it.
LONGEST_WAIT_S = 120.0
# So much may stay unlooked at while nothing is open: five beats of 8 Hz in it are decided at least 2.2 s after the
# first, and by then the samples have been worked on.
UNLOOKED_S = 2.2
# No episode is shorter than three beats of 12 Hz, where the wide band ends.
SHORTEST_S = 0.25


class Detector:
    """Finds episodes of rhythmic movement in batches of samples.

    Any cut of the same samples gives the same episodes, exactly.

    Parameters
    ----------
    settings
        The person's settings.
    site
        Where the sensor sits; sets the floor unless the settings do.
    explain
        Whether to keep the candidates that were rejected, for :meth:`take_rejections`.
    decisions
        Weights of the verdicts; other ones than the package's serve to fit and to check them.

    Notes
    -----
    1. A gate on fixed blocks skips what cannot hold a beat (:mod:`.conditioning`).  2. Moving parts are low-passed,
    brought to the working rate and band-passed without delay (:mod:`.filters`).  3. Peaks of each axis that follow one
    another like a rhythm are runs (:mod:`.runs`); overlapping runs are candidates (:mod:`.candidates`).  4. On its own
    main axis (:mod:`.axis`) a candidate's beats are located between samples (:mod:`.beats`) and measured
    (:mod:`.rhythm`).  5. The measures give a verdict (:mod:`.verdict`).  6. Where the leg walks, the strides are taken
    away and what is left is searched as well (:mod:`.gait`).  7. Accepted
    rhythms are joined over short pauses and gaps (:mod:`.tracker`, :mod:`.episodes`) and timed by the time map
    (:mod:`.timeline`).

    Examples
    --------
    >>> import numpy as np
    >>> t = np.arange(0, 10, 1 / 50)
    >>> phase = 2 * np.pi * 6 * (t - 5)
    >>> beating = 0.2 * (np.cos(phase) + 0.1 * np.cos(2 * phase)) * np.exp(-(((t - 5) / 0.9) ** 6))
    >>> accel_g = np.column_stack([beating, 0 * t, 1 + 0 * t])
    >>> stretch = Stretch(number=0, fs_hz=50.0)
    >>> batch = SampleBatch(stretch, 0, accel_g, knot_times_s=t[:: stretch.knot_every])
    >>> detector = Detector(DetectionSettings(), site=Site.FOOT)
    >>> [episode] = detector.push(batch) + detector.flush()
    >>> episode.episode_class, episode.beats, round(episode.frequency_hz, 1), round(episode.onset_s, 1)
    (<EpisodeClass.CLONUS: 'clonus'>, 11, 6.0, 4.1)
    """

    def __init__(
        self,
        settings: DetectionSettings,
        *,
        site: Site | None = None,
        explain: bool = False,
        decisions: Decisions = DECISIONS,
    ) -> None:
        self._settings = settings
        self._decisions = decisions
        self._floor_g = settings.floor_for(site)
        self._explain = explain
        self._rejections: list[Rejection] = []
        self._checker = SignalChecker()
        self._tracker = EpisodeTracker(settings)
        self._stretch: _StretchAnalysis | None = None

    def push(self, batch: SampleBatch) -> list[Episode]:
        """Take further samples and return the episodes that are now decided.

        Parameters
        ----------
        batch
            Samples that follow the last ones of the same stretch, or the first ones of a later stretch.

        Returns
        -------
        list of Episode
            In order of time; often empty.

        Raises
        ------
        SignalError
            If a sample is not a finite number, the rate is below 18 Hz, samples are out of order, or values at rest
            can only be of another unit than g.
        """
        if len(batch.accel_g) == 0:
            return []
        episodes: list[Episode] = []
        analysis = self._stretch
        if analysis is None or (batch.stretch is not analysis.stretch and batch.stretch != analysis.stretch):
            analysis, episodes = self._begin_stretch(batch)
        else:
            analysis.expect(batch)
        analysis.pending.append(batch)
        if self._tracker.is_open or not self._checker.knows_unit or not analysis.can_wait():
            episodes += self._process(analysis)
        self._checker.check_unit()
        return episodes

    def flush(self) -> list[Episode]:
        """End the recording and return the episodes that were still open.

        Returns
        -------
        list of Episode
            In order of time.

        Raises
        ------
        SignalError
            As :meth:`push` does.
        """
        episodes = self._end()
        self._checker.check_unit(at_end=True)
        return episodes

    def _end(self) -> list[Episode]:
        """Decide everything that is open."""
        episodes = self._finish_stretch()
        self._stretch = None
        return episodes + self._tracker.close(EndedBy.END)

    def foresee(self, *, ended_for_s: float) -> list[Episode]:
        """State the episodes that would still come out if the recording ended here; nothing is changed by it.

        Whatever waits for what follows, a walk's strides for one, is judged by what there is; movement of the last
        two seconds after stillness is not looked at yet.

        Parameters
        ----------
        ended_for_s
            Only episodes that ended so long ago: what has just ended, or goes on, is not known well.  Below 0 also
            what goes on, by so much at most, for an episode ends half a period after its last beat.

        Returns
        -------
        list of Episode
            In order of time; those that :meth:`push` has returned are not among them.
        """
        analysis = self._stretch
        if analysis is None or not (self._tracker.is_open or analysis.undecided_for_s > ended_for_s + SHORTEST_S):
            return []
        ahead, analysis_ahead = copy(self), deepcopy(analysis)
        ahead._checker, ahead._rejections = SignalChecker(), []
        ahead._tracker, ahead._stretch = self._tracker.fork(), analysis_ahead
        episodes = ahead._end()  # works on the samples that were put aside, so that their times are known
        return [episode for episode in episodes if episode.offset_s <= analysis_ahead.timeline.end_s - ended_for_s]

    def findings(self) -> tuple[Finding, ...]:
        """State what was noticed about the samples; complete after :meth:`flush`."""
        return self._checker.findings()

    def take_rejections(self) -> list[Rejection]:
        """Hand over the candidates rejected since the last call; empty unless ``explain`` was set."""
        taken, self._rejections = self._rejections, []
        return taken

    def _begin_stretch(self, batch: SampleBatch) -> tuple[_StretchAnalysis, list[Episode]]:
        """End the stretch before and begin the one of ``batch``; a batch that is refused changes nothing."""
        before = self._stretch
        if before is not None and batch.stretch.number <= before.stretch.number:
            raise SignalError(
                f"stretch {batch.stretch.number} came after stretch {before.stretch.number}; feed stretches in order."
            )
        analysis = _StretchAnalysis(batch.stretch, self._floor_g)
        analysis.expect(batch)
        episodes = self._finish_stretch()
        if before is not None:
            episodes += self._tracker.cross_gap(before.timeline.end_s, float(batch.knot_times_s[0]))
        self._stretch = analysis
        return analysis, episodes

    def _finish_stretch(self) -> list[Episode]:
        """Run out the filters of the stretch that has ended; what is cut by its end stays open."""
        if self._stretch is None:
            return []
        episodes = self._process(self._stretch)
        return episodes + self._analyse(self._stretch, self._stretch.conditioner.finish())

    def _process(self, analysis: _StretchAnalysis) -> list[Episode]:
        """Work on the samples that were put aside."""
        episodes: list[Episode] = []
        for batch in analysis.take_pending():
            analysis.timeline.add(batch)
            for start in range(0, len(batch.accel_g), PIECE_SAMPLES):
                accel_g = batch.accel_g[start : start + PIECE_SAMPLES]
                episodes += self._analyse(analysis, analysis.conditioner.push(accel_g))
                self._checker.look(accel_g, batch.first_index + start, batch.stretch.fs_hz)
            analysis.timeline.forget()
        return episodes

    def _analyse(self, analysis: _StretchAnalysis, pieces: list[WorkingPiece]) -> list[Episode]:
        """Take working pieces through candidates and verdicts to episodes."""
        episodes: list[Episode] = []
        for piece in pieces:
            for timed in analysis.search(piece, lambda candidate: self._judge(analysis, candidate)):
                episodes += self._take(timed)
            if not piece.samples_end:
                episodes += self._settle(analysis)
        if not pieces:
            episodes += self._settle(analysis)
        return episodes

    def _settle(self, analysis: _StretchAnalysis) -> list[Episode]:
        """Give out what nothing still undecided can change."""
        if not self._tracker.is_open:
            return []
        undecided_s = analysis.undecided_since_s()
        return self._tracker.settle(undecided_s) + self._tracker.settle_gap(undecided_s)

    def _take(self, timed: TimedRhythm) -> list[Episode]:
        """Take the next judged rhythm."""
        if self._explain and timed.verdict.episode_class is None:
            # Also what goes on with an episode: by itself it would be none.
            self._rejections.append(_describe_rejection(timed))
        return self._tracker.add(timed) if self._tracker.takes(timed) else []

    def _judge(self, analysis: _StretchAnalysis, candidate: Candidate | GaitCandidate) -> list[TimedRhythm]:
        """Measure, time and judge one candidate."""
        return [
            analysis.time_and_judge(rhythm, candidate, self._settings, self._decisions)
            for rhythm in self._measure(analysis, candidate)
        ]

    def _measure(self, analysis: _StretchAnalysis, candidate: Candidate | GaitCandidate) -> list[Rhythm]:
        """Measure the rhythms of one candidate."""
        if isinstance(candidate, Candidate):
            return measure_rhythms(candidate, analysis.working_hz, self._floor_g)
        rhythm = measure_line_rhythm(candidate, analysis.working_hz)
        return [] if rhythm is None else [rhythm]


class _StretchAnalysis:
    """Everything that belongs to one stretch and ends with it."""

    def __init__(self, stretch: Stretch, floor_g: float) -> None:
        rate = choose_working_rate(stretch.fs_hz)
        self.stretch = stretch
        self.working_hz = rate.working_hz
        self.timeline = Timeline(stretch, rate)
        self.conditioner = Conditioner(rate, floor_g)
        self._floor_g = floor_g
        self.pending: list[SampleBatch] = []
        self._watch: QuietWatch | None = None
        self._looked_until = 0  # sample up to which the watch has looked
        self._n_looked = 0  # pending batches that it has looked at
        self._search: SegmentSearch | None = None
        self._next_index = 0

    def expect(self, batch: SampleBatch) -> None:
        """Refuse a batch that does not follow the last one."""
        if batch.first_index != self._next_index:
            raise SignalError(
                f"stretch {batch.stretch.number}: expected sample {self._next_index}, got {batch.first_index}; "
                "feed batches in order, and begin a new stretch after every gap."
            )
        self._next_index = batch.end_index

    def can_wait(self) -> bool:
        """Tell whether the samples put aside can wait: working on them would decide nothing yet."""
        if self.conditioner.is_idle:
            return self._is_still()
        if self._search is None:
            return False
        return self._next_index <= self.conditioner.find_sample_that_completes(self._search.next_decision)

    def _is_still(self) -> bool:
        """Tell whether the samples put aside lie still, and not for too long."""
        fs_hz, end_index = self.stretch.fs_hz, self._next_index
        if end_index - self._looked_until < UNLOOKED_S * fs_hz:
            return True
        if end_index - self.pending[0].first_index > LONGEST_WAIT_S * fs_hz:
            return False
        if self._watch is None:
            self._watch = self.conditioner.start_watch(self._looked_until)
        else:
            self._watch.keep_last_look()  # each look is longer than a block
        fresh = [batch.accel_g for batch in self.pending[self._n_looked :]]
        first_index, self._looked_until = self._looked_until, end_index
        self._n_looked = len(self.pending)
        return self._watch.look(np.concatenate(fresh) if len(fresh) > 1 else fresh[0], first_index)

    def take_pending(self) -> list[SampleBatch]:
        """Hand over what was put aside, small batches joined into one."""
        pending, self.pending, self._watch = self.pending, [], None
        self._looked_until, self._n_looked = self._next_index, 0
        if len(pending) < 2:
            return pending
        accel_g = np.concatenate([batch.accel_g for batch in pending])
        knot_times_s = np.concatenate([batch.knot_times_s for batch in pending])
        return [SampleBatch(self.stretch, pending[0].first_index, accel_g, knot_times_s)]

    def search(
        self, piece: WorkingPiece, judge: Callable[[Candidate | GaitCandidate], list[TimedRhythm]]
    ) -> list[TimedRhythm]:
        """Search the next piece; each segment has a search of its own."""
        if self._search is None:
            self._search = SegmentSearch(self.working_hz, self._floor_g, piece.first_index)
        rhythms = self._search.push(piece, judge)
        if piece.closes:
            self._search = None
        return rhythms

    @property
    def undecided_for_s(self) -> float:
        """Length of what may hold the beginning of a rhythm that is not decided; 0 while the leg lies still."""
        if self._search is None:
            return 0.0
        n_put_aside = self._next_index - self.pending[0].first_index if self.pending else 0
        return self.timeline.end_s + n_put_aside / self.stretch.fs_hz - self.undecided_since_s()

    def undecided_since_s(self) -> float:
        """Time before which no further candidate can begin."""
        index = self._search.undecided_since if self._search else self.conditioner.undecided_since
        return float(self.timeline.find_seconds(np.asarray(index, dtype=np.float64)))

    def time_and_judge(
        self,
        rhythm: Rhythm,
        candidate: Candidate | GaitCandidate,
        settings: DetectionSettings,
        decisions: Decisions,
    ) -> TimedRhythm:
        """Time the beats by the time map, then judge: the band is held against the true frequency."""
        core_start = max(find_start(candidate), rhythm.positions[0])
        edges = np.concatenate([[rhythm.onset], rhythm.positions, [rhythm.offset, core_start]])
        seconds = self.timeline.find_seconds(edges)
        times_s = seconds[1:-2]
        frequency_hz = float((len(times_s) - 1) / (times_s[-1] - times_s[0]))
        return TimedRhythm(
            rhythm=rhythm,
            times_s=times_s,
            onset_s=float(seconds[0]),
            offset_s=float(seconds[-2]),
            core_start_s=float(seconds[-1]),
            verdict=(
                judge_rhythm(rhythm, frequency_hz, settings, decisions.plain)
                if rhythm.gait is None
                else judge_line_rhythm(rhythm, frequency_hz, settings, decisions.in_gait)
            ),
        )


def _describe_rejection(timed: TimedRhythm) -> Rejection:
    """Say what was looked at and why it is no episode."""
    return Rejection(
        onset_s=timed.onset_s,
        offset_s=timed.offset_s,
        beats=timed.rhythm.n_beats,
        frequency_hz=timed.frequency_hz,
        peak_g=float(timed.rhythm.amplitudes_g.max()),
        evidence=timed.verdict.evidence,
    )
