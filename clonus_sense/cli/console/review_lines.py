"""What the command line says about a review file: who says what, and what becomes of it."""

from __future__ import annotations

from datetime import timedelta
from itertools import groupby

from clonus_sense.i18n import Translator, message
from clonus_sense.library import StoredRecording, TimeSpan
from clonus_sense.night import RecordedSpan
from clonus_sense.report.wording import profession_word, side_word, verdict_word
from clonus_sense.review import ImportPlan, ImportStep, Outcome

OUTCOME_WORDS: dict[Outcome, str] = {
    Outcome.NEW: message("new"),
    Outcome.REPLACES: message("takes the place of word {numbers}"),
    Outcome.KNOWN: message("taken before"),
    Outcome.OLDER: message("left out: the library has a later word of this reviewer"),
    Outcome.CONFLICT: message("left out: the library has this revision with another content"),
    Outcome.NOTHING_TO_TAKE_BACK: message("left out: there is nothing to take back"),
}


def plan_lines(plan: ImportPlan, _: Translator) -> list[str]:
    """Say what each reviewer says about each recording, and which recordings the library lacks."""
    lines = []
    # A reviewer's words stand together, in the order in which they were given.
    in_order = sorted(plan.steps, key=lambda step: (step.rater.name, step.rater.profession, step.recording.id))
    for rater, said in groupby(in_order, key=lambda step: step.rater):
        profession = profession_word(rater.profession, _)
        who = f"{rater.name} ({profession})" if rater.name else profession
        lines.append(_("{who}, as stated and not checked:").format(who=who))
        for recording, steps in groupby(said, key=lambda step: step.recording):
            lines.append("  " + _recording_words(recording, _))
            lines += [f"    {_step_words(step, _)}" for step in steps]
    for unknown, n_verdicts in plan.unknown:
        text = _("Not in this library, left out: recording of {start}, {leg} ({n} words).")
        start = f"{unknown.start:%Y-%m-%d %H:%M}" if unknown.start else _("unknown date")
        lines.append(text.format(start=start, leg=side_word(unknown.side, _), n=n_verdicts))
    return lines


def _recording_words(recording: StoredRecording, _: Translator) -> str:
    """Name a recording with its person, leg and start."""
    start = recording.info.start
    return _("recording {id} of {person}, {leg}, {start}:").format(
        id=recording.id,
        person=recording.info.person or _("person unknown"),
        leg=side_word(recording.info.side, _),
        start=f"{start:%Y-%m-%d %H:%M}" if start else _("unknown date"),
    )


def _step_words(step: ImportStep, _: Translator) -> str:
    """Say one verdict, and what becomes of it."""
    outcome = _(OUTCOME_WORDS[step.outcome]).format(numbers=_(", ").join(map(str, step.replaces)))
    note = f" – {' / '.join(step.verdict.note.splitlines())}" if step.verdict.note else ""
    return _("{time}: {verdict}{note} ({outcome})").format(
        time=_time_words(step.recording, step.verdict.span, _),
        verdict=verdict_word(step.verdict.verdict, _),
        note=note,
        outcome=outcome,
    )


def _time_words(recording: StoredRecording, span: TimeSpan, _: Translator) -> str:
    """Tell a time by the person's clock; in seconds where nobody knows when the recording was made."""
    start = recording.info.start
    if start is None:
        return _("{start:.1f}–{end:.1f} s").format(start=span.start_s, end=span.end_s)
    placed = RecordedSpan(start, recording.duration_s, timezone=recording.info.timezone)
    moments = [placed.span.start + timedelta(seconds=at_s) for at_s in (span.start_s, span.end_s)]
    first, last = (moment.astimezone(placed.zone) for moment in moments)
    return f"{first:%H:%M:%S}–{last:%H:%M:%S}"
