"""What taking a review file into a library would do, and doing it: each verdict becomes a word on its time, once."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto

from clonus_sense.errors import LibraryError, ReviewFileError
from clonus_sense.library import (
    Annotation,
    Library,
    Rater,
    ReviewSource,
    StoredRecording,
    annotate,
    keep_source,
    list_annotations,
    list_recordings,
    list_sources,
    standing,
)
from clonus_sense.review.review_file import ReviewedRecording, ReviewFile, ReviewVerdict
from clonus_sense.terms import Verdict

# An episode at an end of a recording reaches half a period beyond it.
BEYOND_END_S = 1.0


class Outcome(Enum):
    """What becomes of a verdict."""

    NEW = auto()
    REPLACES = auto()
    """Takes the place of earlier words of the same reviewer."""
    KNOWN = auto()
    """Was taken before."""
    OLDER = auto()
    """The library keeps a later word of the same reviewer."""
    CONFLICT = auto()
    """The library knows the same revision with another content."""
    NOTHING_TO_TAKE_BACK = auto()

    @property
    def is_taken(self) -> bool:
        """Whether the verdict becomes a word."""
        return self in (Outcome.NEW, Outcome.REPLACES)


@dataclass(frozen=True, slots=True)
class ImportStep:
    """What becomes of one verdict on a recording of the library.

    Parameters
    ----------
    verdict
        As the file says it.
    recording
        What it is about.
    rater
        Under which name the library keeps it.
    outcome
        What becomes of it.
    replaces
        Ids of the words whose place it takes.
    """

    verdict: ReviewVerdict
    recording: StoredRecording
    rater: Rater
    outcome: Outcome
    replaces: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What taking a review file would do.

    Parameters
    ----------
    steps
        One for each verdict on a recording of the library, in the order of the file.
    unknown
        Recordings of the file that the library does not have, with the number of verdicts on each.
    """

    steps: tuple[ImportStep, ...]
    unknown: tuple[tuple[ReviewedRecording, int], ...]

    @property
    def n_taken(self) -> int:
        """How many verdicts become words."""
        return sum(step.outcome.is_taken for step in self.steps)


def find_namesakes(library: Library, review: ReviewFile) -> tuple[Rater, ...]:
    """Find reviewers of a file whose name and profession somebody in the library has, perhaps another person.

    A reviewer whose verdicts were taken before is known by their random ids; the nameless are never taken for one.
    """
    with library.reading():
        return _namesakes(review, _Known.read(library))


def plan_import(library: Library, review: ReviewFile, *, others: Collection[Rater] = ()) -> ImportPlan:
    """Find out what taking a review file would do; nothing is changed.

    Parameters
    ----------
    library
        Open library.
    review
        The file.
    others
        Namesakes that are other people than those in the library; their words are kept under a numbered name.

    Returns
    -------
    ImportPlan
        What would become of each verdict.

    Raises
    ------
    ReviewFileError
        If a verdict is about a time outside of its recording.
    """
    with library.reading():
        known = _Known.read(library)
        keeps_apart = set(_namesakes(review, known)) & set(others)
        steps = []
        for number, verdict in enumerate(review.verdicts, 1):
            recording = known.recordings.get(verdict.recording)
            if recording is not None:
                _check_span(verdict, recording, number)
                rater = _rater_in_library(verdict.reviewer, review, known, keeps_apart)
                steps.append(_step(verdict, recording, rater, known))
    unknown = [
        (one, sum(verdict.recording == one.key for verdict in review.verdicts))
        for one in review.recordings
        if one.key not in known.recordings
    ]
    return ImportPlan(tuple(steps), tuple(unknown))


def take_import(
    library: Library, review: ReviewFile, plan: ImportPlan, *, others: Collection[Rater] = ()
) -> tuple[Annotation, ...]:
    """Write down the words of a review file, all of them or none.

    Parameters
    ----------
    library, review, others
        As :func:`plan_import` was given them.
    plan
        What a person agreed to.

    Returns
    -------
    tuple of Annotation
        The new words.

    Raises
    ------
    LibraryError
        If the library has changed since the plan was made.
    """
    with library.writing():
        if plan_import(library, review, others=others) != plan:
            raise LibraryError("The library has changed meanwhile; nothing was taken; import the file once more.")
        words = []
        for step in plan.steps:
            if not step.outcome.is_taken:
                continue
            said = step.verdict
            word = annotate(
                library, step.recording.id, said.span, said.verdict, step.rater, note=said.note, replaces=step.replaces
            )
            keep_source(library, ReviewSource(word.id, said.id, said.revision, said.said_at))
            words.append(word)
        return tuple(words)


@dataclass(frozen=True, slots=True)
class _Known:
    """What the library holds: recordings by their key, words, and where some words came from."""

    recordings: dict[str, StoredRecording]
    words: dict[int, Annotation]
    standing: frozenset[int]
    sources: dict[str, tuple[ReviewSource, ...]]
    said_at: dict[int, datetime]

    @classmethod
    def read(cls, library: Library) -> _Known:
        """Read it."""
        recordings = {one.content_hash: one for one in list_recordings(library)}
        words = [word for one in recordings.values() for word in list_annotations(library, one.id)]
        sources: dict[str, tuple[ReviewSource, ...]] = {}
        for source in list_sources(library):
            sources[source.verdict_id] = (*sources.get(source.verdict_id, ()), source)
        said_at = {word.id: word.written_at for word in words}
        said_at |= {one.annotation_id: one.said_at for several in sources.values() for one in several}
        return cls(
            recordings,
            {word.id: word for word in words},
            frozenset(word.id for word in standing(words)),
            sources,
            said_at,
        )

    def words_from(self, verdict_id: str) -> list[tuple[ReviewSource, Annotation]]:
        """Find the words that came from a verdict, by revision."""
        found = [
            (one, self.words[one.annotation_id])
            for one in self.sources.get(verdict_id, ())
            if one.annotation_id in self.words
        ]
        return sorted(found, key=lambda pair: pair[0].revision)


def _namesakes(review: ReviewFile, known: _Known) -> tuple[Rater, ...]:
    """Find reviewers who share name and profession with somebody, and no verdict."""
    raters = {word.rater for word in known.words.values()}
    reviewers = dict.fromkeys(one.reviewer for one in review.verdicts if one.reviewer.name)
    return tuple(one for one in reviewers if one in raters and _rater_of_ids(one, review, known) is None)


def _rater_of_ids(reviewer: Rater, review: ReviewFile, known: _Known) -> Rater | None:
    """Find under which name the library keeps a reviewer, from verdicts that were taken before."""
    for verdict in review.verdicts:
        if verdict.reviewer == reviewer:
            for _source, word in known.words_from(verdict.id):
                if _is_name_of(word.rater, reviewer):
                    return word.rater
    return None


def _is_name_of(rater: Rater, reviewer: Rater) -> bool:
    """Tell whether a rater is kept under the name of a reviewer, numbered or not."""
    is_named_so = rater.name == reviewer.name or re.fullmatch(re.escape(reviewer.name) + r" \(\d+\)", rater.name)
    return rater.profession is reviewer.profession and bool(is_named_so)


def _rater_in_library(reviewer: Rater, review: ReviewFile, known: _Known, keeps_apart: Collection[Rater]) -> Rater:
    """Choose the name under which a reviewer's words are kept."""
    rater = _rater_of_ids(reviewer, review, known)
    if rater is not None:
        return rater
    if reviewer not in keeps_apart:
        return reviewer
    taken = {word.rater.name for word in known.words.values()} | {one.reviewer.name for one in review.verdicts}
    number = next(number for number in range(2, len(taken) + 3) if f"{reviewer.name} ({number})" not in taken)
    return Rater(f"{reviewer.name} ({number})", reviewer.profession)


def _step(verdict: ReviewVerdict, recording: StoredRecording, rater: Rater, known: _Known) -> ImportStep:
    """Find out what becomes of a verdict."""
    before = known.words_from(verdict.id)
    same = next((word for source, word in before if source.revision == verdict.revision), None)
    if same is not None:
        is_same = _says_the_same(same, verdict, recording, rater)
        return ImportStep(verdict, recording, rater, Outcome.KNOWN if is_same else Outcome.CONFLICT)
    own_before = [
        (source, word) for source, word in before if word.rater == rater and word.recording_id == recording.id
    ]
    rivals = _own_words_on(verdict, recording, rater, known)
    if any(source.revision > verdict.revision for source, _word in own_before) or (
        not own_before and any(known.said_at[word.id] > verdict.said_at for word in rivals)
    ):
        return ImportStep(verdict, recording, rater, Outcome.OLDER)
    replaces = {word.id for _source, word in own_before[-1:]} | {word.id for word in rivals}
    if verdict.verdict is Verdict.WITHDRAWN:
        replaces = {word.id for _source, word in own_before[-1:]}
        if not replaces:
            return ImportStep(verdict, recording, rater, Outcome.NOTHING_TO_TAKE_BACK)
    outcome = Outcome.REPLACES if replaces else Outcome.NEW
    return ImportStep(verdict, recording, rater, outcome, tuple(sorted(replaces)))


def _own_words_on(
    verdict: ReviewVerdict, recording: StoredRecording, rater: Rater, known: _Known
) -> Sequence[Annotation]:
    """Find words of the same named reviewer on the same movement that stand."""
    if not (rater.name and verdict.verdict.is_about_movement):
        return ()
    return [
        word
        for word in known.words.values()
        if word.id in known.standing
        and word.recording_id == recording.id
        and word.rater == rater
        and word.verdict.is_about_movement
        and word.span.matches(verdict.span)
    ]


def _says_the_same(word: Annotation, verdict: ReviewVerdict, recording: StoredRecording, rater: Rater) -> bool:
    """Tell whether a word is what the verdict says."""
    return (word.recording_id, word.span, word.verdict, word.rater, word.note) == (
        recording.id,
        verdict.span,
        verdict.verdict,
        rater,
        verdict.note,
    )


def _check_span(verdict: ReviewVerdict, recording: StoredRecording, number: int) -> None:
    """Refuse a time that the recording does not have."""
    span = verdict.span
    if (
        span.start_s < -BEYOND_END_S
        or span.end_s > recording.duration_s + BEYOND_END_S
        or (span.end_s <= 0 or span.start_s >= recording.duration_s)
    ):
        raise ReviewFileError(
            f"Verdict {number} is about {span.start_s} s to {span.end_s} s of recording {recording.id}, which lasts "
            f"{recording.duration_s} s; nothing was taken; save the file once more from the page."
        )
