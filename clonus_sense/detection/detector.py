"""The detector: sample batches in, episodes out.  Live, replay and simulation share this one path."""

from __future__ import annotations

from copy import copy, deepcopy

import numpy as np

from clonus_sense.config import DetectionSettings
from clonus_sense.detection.conditioning import WorkingPiece
from clonus_sense.detection.episodes import TimedRhythm
from clonus_sense.detection.gait.line_rhythm import LineRhythm
from clonus_sense.detection.gait.line_verdict import LINE_DECISION, judge_line_rhythm
from clonus_sense.detection.joining import EpisodeJoiner
from clonus_sense.detection.logistic_decision import Decisions
from clonus_sense.detection.plain_rhythm import PlainRhythm
from clonus_sense.detection.signal_check import SignalChecker
from clonus_sense.detection.stretch_analysis import StretchAnalysis
from clonus_sense.detection.verdict import DECISION, judge_rhythm
from clonus_sense.detection.working_clock import WorkingClock
from clonus_sense.errors import SignalError
from clonus_sense.model import LONGEST_STEP_PERIODS, EndedBy, Episode, Finding, Rejection, SampleBatch, Site

DECISIONS = Decisions(plain=DECISION, in_gait=LINE_DECISION)
# A whole night may come as one batch.  It is processed in pieces of this size, so that the working signals of a night
# spent walking are never in memory all at once.
PIECE_SAMPLES = 1 << 16
# The shortest episode has three beats at 12 Hz, where the wide band ends.
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
        Weights of the verdicts; others than the package's serve to fit and check them.

    Notes
    -----
    1. A gate on fixed blocks skips what cannot hold a beat (:mod:`.conditioning`).  2. Moving parts are low-passed,
    brought to the working rate and band-passed without delay (:mod:`.filters`).  3. Peaks of one axis that follow each
    other like a rhythm are runs (:mod:`.runs`); overlapping runs are a candidate (:mod:`.candidates`).  4. Its beats
    are located between samples (:mod:`.beats`) on its own main axis (:mod:`.axis`) and measured
    (:mod:`.plain_rhythm`).  5. Where the leg walks, the strides are taken away, and the rest is searched and measured
    as well (:mod:`.gait`).  6. The time map times each rhythm (:mod:`.working_clock`), and its measures give a verdict
    (:mod:`.verdict`).  7. Accepted rhythms are joined over short pauses and gaps (:mod:`.joining`,
    :mod:`.episodes`).

    Examples
    --------
    >>> import numpy as np
    >>> from clonus_sense.model import Stretch
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
        self._joiner = EpisodeJoiner(settings)
        self._stretch: StretchAnalysis | None = None

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
        if self._joiner.is_open or not self._checker.knows_unit or not analysis.can_wait():
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
        return episodes + self._joiner.close(EndedBy.END)

    def foresee(self, *, ended_for_s: float) -> list[Episode]:
        """State the episodes that would still come out if the recording ended here, and change nothing.

        Undecided rhythms, such as those of a walk, are judged by the samples so far.  Movement that began after
        stillness within the last two seconds is not processed yet.

        Parameters
        ----------
        ended_for_s
            Least time since an episode ended, in seconds: the end of a later one is still uncertain.  A negative
            value lets episodes end after the last sample by this much, half a period after their last beat.

        Returns
        -------
        list of Episode
            In order of time; those that :meth:`push` has returned are not among them.
        """
        analysis = self._stretch
        if analysis is None or not (self._joiner.is_open or analysis.undecided_for_s > ended_for_s + SHORTEST_S):
            return []
        ahead, analysis_ahead = copy(self), deepcopy(analysis)
        ahead._checker, ahead._rejections = SignalChecker(), []
        ahead._joiner, ahead._stretch = self._joiner.fork(), analysis_ahead
        episodes = ahead._end()  # processes the waiting samples, so that their times are known
        return [episode for episode in episodes if episode.offset_s <= analysis_ahead.clock.end_s - ended_for_s]

    def findings(self) -> tuple[Finding, ...]:
        """State the findings about the samples; complete after :meth:`flush`."""
        return self._checker.findings()

    def take_rejections(self) -> list[Rejection]:
        """Hand over the candidates rejected since the last call; empty unless ``explain`` was set."""
        taken, self._rejections = self._rejections, []
        return taken

    def _begin_stretch(self, batch: SampleBatch) -> tuple[StretchAnalysis, list[Episode]]:
        """End the stretch before and begin the one of ``batch``; a refused batch changes nothing."""
        before = self._stretch
        if before is not None and batch.stretch.number <= before.stretch.number:
            raise SignalError(
                f"stretch {batch.stretch.number} came after stretch {before.stretch.number}; feed stretches in order."
            )
        analysis = StretchAnalysis(batch.stretch, self._floor_g)
        analysis.expect(batch)
        episodes = self._finish_stretch()
        if before is not None:
            first_s = float(batch.knot_times_s[0])
            episodes += self._joiner.cross_gap(_end_before(before, batch.stretch.fs_hz, first_s), first_s)
        self._stretch = analysis
        return analysis, episodes

    def _finish_stretch(self) -> list[Episode]:
        """Run out the filters of the stretch that has ended; an episode that its end cuts stays open."""
        if self._stretch is None:
            return []
        episodes = self._process(self._stretch)
        return episodes + self._analyse(self._stretch, self._stretch.conditioner.finish())

    def _process(self, analysis: StretchAnalysis) -> list[Episode]:
        """Process the waiting samples."""
        episodes: list[Episode] = []
        for batch in analysis.take_pending():
            analysis.clock.add(batch)
            for start in range(0, len(batch.accel_g), PIECE_SAMPLES):
                accel_g = batch.accel_g[start : start + PIECE_SAMPLES]
                episodes += self._analyse(analysis, analysis.conditioner.push(accel_g))
                self._checker.look(accel_g, batch.first_index + start, batch.stretch.fs_hz)
            analysis.clock.forget()
        return episodes

    def _analyse(self, analysis: StretchAnalysis, pieces: list[WorkingPiece]) -> list[Episode]:
        """Lead working pieces through search, verdict and joiner to episodes."""
        episodes: list[Episode] = []
        for piece in pieces:
            for rhythm in analysis.search(piece):
                episodes += self._take(self._judge(rhythm, analysis.clock))
            if not piece.samples_end:
                episodes += self._settle(analysis)
        if not pieces:
            episodes += self._settle(analysis)
        return episodes

    def _settle(self, analysis: StretchAnalysis) -> list[Episode]:
        """Give out the episode that no undecided rhythm can join."""
        if not self._joiner.is_open:
            return []
        undecided_s = analysis.undecided_since_s()
        return self._joiner.settle(undecided_s) + self._joiner.settle_gap(undecided_s)

    def _take(self, timed: TimedRhythm) -> list[Episode]:
        """Hand a judged rhythm to the joiner."""
        if self._explain and timed.verdict.episode_class is None:
            # This includes the rest of a bout, which alone would be no episode.
            self._rejections.append(_describe_rejection(timed))
        return self._joiner.add(timed) if self._joiner.takes(timed) else []

    def _judge(self, rhythm: PlainRhythm | LineRhythm, clock: WorkingClock) -> TimedRhythm:
        """Time the beats by the time map, then judge: the band is held against the true frequency."""
        core_start = max(rhythm.core_start, rhythm.positions[0])
        seconds = clock.find_seconds(np.array([rhythm.onset, *rhythm.positions, rhythm.offset, core_start]))
        times_s = seconds[1:-2]
        frequency_hz = float((len(times_s) - 1) / (times_s[-1] - times_s[0]))
        if isinstance(rhythm, LineRhythm):
            verdict = judge_line_rhythm(rhythm, frequency_hz, self._settings, self._decisions.in_gait)
        else:
            verdict = judge_rhythm(rhythm, frequency_hz, self._settings, self._decisions.plain)
        return TimedRhythm(rhythm, times_s, float(seconds[0]), float(seconds[-2]), float(seconds[-1]), verdict)


def _end_before(analysis: StretchAnalysis, next_hz: float, first_s: float) -> float:
    """Find where the gap before ``first_s`` begins: there itself where nothing but the rate changes."""
    end_s, fs_hz = analysis.clock.end_s, analysis.stretch.fs_hz
    step_s = first_s - end_s + 1 / fs_hz
    return first_s if next_hz != fs_hz and step_s <= LONGEST_STEP_PERIODS / min(fs_hz, next_hz) else end_s


def _describe_rejection(timed: TimedRhythm) -> Rejection:
    """State the candidate and why it is no episode."""
    return Rejection(
        onset_s=timed.onset_s,
        offset_s=timed.offset_s,
        beats=timed.rhythm.n_beats,
        frequency_hz=timed.frequency_hz,
        peak_g=float(timed.rhythm.amplitudes_g.max()),
        evidence=timed.verdict.evidence,
    )
