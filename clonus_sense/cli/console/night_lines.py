"""Printed lines about nights and about the library."""

from __future__ import annotations

from collections.abc import Sequence

from clonus_sense.cli.console.pasting import command_line
from clonus_sense.i18n import Translator
from clonus_sense.library import Library
from clonus_sense.report.confidence import level_counts
from clonus_sense.report.duration_words import length_words, seconds_words
from clonus_sense.report.wording import side_word
from clonus_sense.report.words.baseline_words import baseline_lines
from clonus_sense.report.words.class_words import also_found_words
from clonus_sense.report.words.doubt_words import both_counts_words, doubt_words
from clonus_sense.review import ListedLeg, ListedNight

MEGABYTE = 1_000_000


def night_lines(night: ListedNight, _: Translator) -> list[str]:
    """Describe the measured time and the results of a night, one block per leg."""
    whose = night.person or _("person unknown")
    lines = [_("Night {name}, {person}").format(name=night.name, person=whose)]
    for leg in night.legs:
        lines += [f"  {line}" for line in _leg_lines(night, leg, _)]
    return lines


def library_line(library: Library, _: Translator) -> str:
    """Write the path and the size of the library."""
    text = _("Library: {path} ({size:.1f} MB)")
    return text.format(path=library.path, size=library.size_bytes / MEGABYTE)


def recording_words(numbers: Sequence[int], _: Translator) -> str:
    """Name recordings by their numbers, so that a number does not read like a count."""
    if not numbers:
        return _("no recording")
    *before, last = map(str, numbers)
    if not before:
        return _("recording {id}").format(id=last)
    return _("recordings {before} and {last}").format(before=_(", ").join(before), last=last)


def _leg_lines(night: ListedNight, leg: ListedLeg, _: Translator) -> list[str]:
    """Describe the measured time and the results of one leg."""
    coverage, figures = leg.coverage, leg.headline
    text = _("{leg}: measured on the leg {worn} of {length}; wear not confirmed {doubtful}; not measured {missing}")
    lines = [
        text.format(
            leg=side_word(leg.side, _),
            worn=length_words(coverage.worn_s, _),
            length=length_words(coverage.length_s, _),
            doubtful=length_words(coverage.not_confirmed_s, _),
            missing=length_words(coverage.not_measured_s, _),
        ),
        "  " + _rest_words(night, leg, _),
    ]
    if figures.clonus is None:
        lines.append("  " + _("nothing was measured on the leg, so there is no number"))
    else:
        text = _("rhythmic movements {n}, together {total}, longest {longest}")
        clonus = figures.clonus
        lines.append(
            "  "
            + text.format(
                n=clonus.n_episodes,
                total=seconds_words(clonus.total_s, _),
                longest=seconds_words(clonus.longest_s, _),
            )
        )
        if clonus.n_episodes:
            lines.append("  " + level_counts(clonus, _))
        if also := also_found_words(figures, _):
            lines.append("  " + also)
    if both := both_counts_words(figures, _):
        lines.append("  " + both)
    lines += [f"  {line}" for line in baseline_lines(leg, _)]
    lines.append("  " + recording_words(leg.recording_ids, _))
    question = _wear_question(night, leg, _)
    return [*lines, f"  {question}"] if question else lines


def _wear_question(night: ListedNight, leg: ListedLeg, _: Translator) -> str:
    """Ask whether the sensor was worn, with the command that answers; empty without doubt."""
    doubt = doubt_words(leg.doubts, lambda moment: f"{moment.astimezone(night.zone):%H:%M}", _)
    if not doubt:
        return ""
    options = [("--person", night.person)]
    if leg.side and len(night.legs) > 1:
        options.append(("--side", leg.side))
    command = command_line("correct", "worn", night.name, "throughout", options=options)
    text = _(
        "was the sensor on the leg all night? in doubt: {doubt}; answer with `{command}`; instead of throughout, say "
        "not-at-all, or off with --from and --to"
    )
    return text.format(doubt=doubt, command=command)


def _rest_words(night: ListedNight, leg: ListedLeg, _: Translator) -> str:
    """Write the times of the rest window."""
    if leg.rest is None:
        return _("no rest window: the counts are of the whole time")
    stated, estimated = _("rest window (stated): {start}–{end}"), _("rest window (estimated): {start}–{end}")
    start, end = (f"{moment.astimezone(night.zone):%H:%M}" for moment in (leg.rest.start, leg.rest.end))
    return (stated if leg.is_rest_stated else estimated).format(start=start, end=end)
