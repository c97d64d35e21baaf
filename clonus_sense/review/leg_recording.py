"""One recording of one leg with all data of the library, after applying annotations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from clonus_sense.activity import (
    Epoch,
    WearAnswer,
    WearState,
    apply_answers,
    find_rest_windows,
    find_wear_spans,
)
from clonus_sense.errors import DamagedLibraryError, NightError
from clonus_sense.library import (
    Annotation,
    DetectorRun,
    Library,
    Marker,
    Move,
    RunComparison,
    StartCorrection,
    StoredRecording,
    Verdict,
    about_episode,
    compare_runs,
    list_annotations,
    list_epochs,
    list_markers,
    list_moves,
    list_runs,
    list_start_corrections,
    read_episodes,
    standing,
)
from clonus_sense.model import Episode
from clonus_sense.night import Interval, RecordedSpan, WindowCorrection


@dataclass(frozen=True, slots=True)
class LegRecording:
    """A dated recording for review.

    Parameters
    ----------
    run
        The shown analysis; ``None`` if the recording was never analysed.
    episodes
        Episodes of that analysis, in order of onset.
    run_before
        The analysis before it; ``None`` if there is none.
    changes
        Differences between the episodes of ``run_before`` and ``run``; ``None`` without an earlier analysis.
    epochs
        Activity per half minute, after applying the answers about wear.
    annotations
        Annotations that are neither replaced nor withdrawn.
    moves, start_corrections
        Earlier owners and starts, oldest first.
    span
        This recording as input to the division into nights and days.
    """

    stored: StoredRecording
    run: DetectorRun | None
    episodes: tuple[Episode, ...]
    run_before: DetectorRun | None
    changes: RunComparison | None
    epochs: tuple[Epoch, ...]
    annotations: tuple[Annotation, ...]
    markers: tuple[Marker, ...]
    moves: tuple[Move, ...]
    start_corrections: tuple[StartCorrection, ...]
    span: RecordedSpan

    def moment(self, at_s: float) -> datetime:
        """Return the UTC time of ``at_s`` seconds since the start."""
        return self.span.span.start + timedelta(seconds=at_s)

    def words_about(self, episode: Episode) -> tuple[Annotation, ...]:
        """Return the annotations about an episode of this recording."""
        return about_episode(self.annotations, episode)


def read_leg_recording(library: Library, stored: StoredRecording) -> LegRecording:
    """Read all data of the library about a recording.

    Parameters
    ----------
    stored
        Recording of this library.

    Returns
    -------
    LegRecording
        With the episodes of the newest analysis.

    Raises
    ------
    NightError
        If the recording has no date and thus belongs to no night.
    """
    if stored.info.start is None:
        raise NightError(
            f"Recording {stored.id} ({stored.path.name}) has no date; say when it began with "
            "`clonus-sense correct start`."
        )
    with library.reading():
        runs = list_runs(library, stored.id)
        run = runs[-1] if runs else None
        run_before = runs[-2] if len(runs) > 1 else None
        episodes = read_episodes(library, run) if run else ()
        changes = compare_runs(library, run_before, run) if run and run_before else None
        annotations = standing(list_annotations(library, stored.id))
        answers = wear_answers(annotations)
        epochs = apply_answers(list_epochs(library, stored.id), answers)
        markers = list_markers(library, stored.id)
        moves, start_corrections = list_moves(library, stored.id), list_start_corrections(library, stored.id)
    _check_times(stored, epochs, episodes)
    span = RecordedSpan(
        start=stored.info.start,
        duration_s=stored.duration_s,
        timezone=stored.info.timezone,
        person=stored.info.person,
        side=stored.info.side,
        gaps=stored.gaps,
        not_confirmed=_not_confirmed(epochs),
        not_worn=said_not_worn(answers),
        rest_windows=tuple(Interval(window.start_s, window.end_s) for window in find_rest_windows(epochs)),
        episodes=episodes,
    )
    return LegRecording(
        stored=stored,
        run=run,
        episodes=episodes,
        run_before=run_before,
        changes=changes,
        epochs=epochs,
        annotations=annotations,
        markers=markers,
        moves=moves,
        start_corrections=start_corrections,
        span=span,
    )


def window_corrections(recordings: Sequence[LegRecording]) -> tuple[WindowCorrection, ...]:
    """Collect the stated rest windows from the annotations of all recordings, oldest first."""
    said = [
        (word, recording) for recording in recordings for word in recording.annotations if word.verdict is Verdict.REST
    ]
    said.sort(key=lambda pair: pair[0].id)
    return tuple(
        WindowCorrection(
            recording.moment(word.span.start_s),
            recording.moment(word.span.end_s),
            recording.span.person,
            recording.span.side,
        )
        for word, recording in said
    )


def wear_answers(annotations: Sequence[Annotation]) -> tuple[WearAnswer, ...]:
    """Collect the answers about wear from annotations, oldest first."""
    return tuple(
        WearAnswer(word.span.start_s, word.span.end_s, worn=word.verdict is Verdict.WORN)
        for word in annotations
        if word.verdict in (Verdict.WORN, Verdict.NOT_WORN)
    )


def said_not_worn(answers: Sequence[WearAnswer]) -> tuple[Interval, ...]:
    """Find the times for which the last answer is "not worn", in order of time."""
    off: list[Interval] = []
    for answer in answers:
        # A later answer replaces earlier ones about the same time.
        off = [
            part
            for before in off
            for part in (
                Interval(before.start_s, min(before.end_s, answer.start_s)),
                Interval(max(before.start_s, answer.end_s), before.end_s),
            )
            if part.start_s < part.end_s
        ]
        if not answer.worn:
            off.append(Interval(answer.start_s, answer.end_s))
    return tuple(sorted(off, key=lambda interval: interval.start_s))


def _check_times(stored: StoredRecording, epochs: Sequence[Epoch], episodes: Sequence[Episode]) -> None:
    """Refuse stored times outside their recording: no analysis writes them, and they would break the nights."""
    spans = [
        *((epoch.start_s, epoch.start_s) for epoch in epochs),
        *((episode.onset_s, episode.offset_s) for episode in episodes),
        *((gap.start_s, gap.end_s) for gap in stored.gaps),
    ]
    for start_s, end_s in spans:
        # An episode at an end of the recording reaches half a period beyond it.
        if not -1.0 <= start_s <= end_s <= stored.duration_s + 1.0:
            raise DamagedLibraryError(
                f"The library is damaged: recording {stored.id} lasts {stored.duration_s} s and holds something from "
                f"{start_s} to {end_s} s; `clonus-sense restore FILE` brings a backup back."
            )


def _not_confirmed(epochs: Sequence[Epoch]) -> tuple[Interval, ...]:
    """Find the times without confirmed wear."""
    return tuple(
        Interval(span.start_s, span.end_s)
        for span in find_wear_spans(epochs)
        if span.state is WearState.WEAR_NOT_CONFIRMED
    )
