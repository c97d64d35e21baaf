"""Printed lines about one analysed recording."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from clonus_sense.cli.console.pasting import command_line
from clonus_sense.i18n import Translator
from clonus_sense.model import Episode, EpisodeClass, Finding, Rejection, Severity
from clonus_sense.report.analysis import Analysis
from clonus_sense.report.clock_labels import elapsed
from clonus_sense.report.confidence import level_counts_of
from clonus_sense.report.wording import class_word, finding_word, side_word
from clonus_sense.report.words.looks import looks_words
from clonus_sense.report.words.reasons import evidence_title, find_beats_judged, tell_reasons

if TYPE_CHECKING:
    from clonus_sense.workflows import Kept


def summary_lines(analysis: Analysis, name: str, _: Translator) -> list[str]:
    """Describe the results and the gaps of a recording."""
    lines = [
        _("{name}: {duration} long, {measured} measured (h:min:s)").format(
            name=name, duration=elapsed(analysis.duration_s), measured=elapsed(analysis.measured_s)
        ),
        "  " + _count_classes(analysis.episodes, _),
    ]
    lines += _level_lines(analysis.episodes, _)
    if analysis.gaps:
        text = _("gaps {n} ({seconds:.1f} s not measured)")
        missing_s = sum(gap.duration_s for gap in analysis.gaps)
        lines.append("  " + text.format(n=len(analysis.gaps), seconds=missing_s))
    for finding in analysis.findings:
        kind = _("mind this") if finding.severity is Severity.WARNING else _("note")
        lines.append(f"  {kind}: {finding_line(finding, _)}")
    return lines


def kept_lines(kept: Kept, _: Translator) -> list[str]:
    """Describe a kept recording, and the changes since the analysis before."""
    info = kept.recording.info
    text = _("{file}: recording {id} of {person}, {leg}")
    first = text.format(
        file=kept.recording.path.name,
        id=kept.recording.id,
        person=info.person or _("person unknown"),
        leg=side_word(info.side, _),
    )
    known = _("was in the bin and is back, with all words about it")
    if not kept.was_binned:
        known = _("was in the library already")
    lines = [f"{first} ({known})" if kept.was_known else first]
    if kept.stays_filed:
        said = [("--to-person", "CODE"), ("--to-side", "SIDE"), ("--by", "NAME"), ("--reason", "TEXT")]
        command = command_line("move", f"recording:{kept.recording.id}", options=said)
        lines.append("  " + _("its person and leg stay as they are; `{command}` changes them").format(command=command))
    if kept.passes_over_own:
        text = _("found with the settings of the named file, not with {person}'s own")
        lines.append("  " + text.format(person=info.person))
    lines.append("  " + _count_classes(kept.episodes, _))
    lines += _level_lines(kept.episodes, _)
    if kept.comparison is not None:
        changes = _(
            "since the analysis before: {came} came, {went} went, {stayed} stayed, {other} of them in another class"
        )
        lines.append(
            "  "
            + changes.format(
                came=len(kept.comparison.came),
                went=len(kept.comparison.went),
                stayed=len(kept.comparison.stayed),
                other=len(kept.comparison.reclassified),
            )
        )
    for finding in (*kept.recording.findings, *kept.run.findings):
        kind = _("mind this") if finding.severity is Severity.WARNING else _("note")
        lines.append(f"  {kind}: {finding_line(finding, _)}")
    return lines


def explanation_lines(episodes: Sequence[Episode], rejections: Sequence[Rejection], _: Translator) -> list[str]:
    """List the reasons for each episode and each rejected candidate."""
    candidates: list[Episode | Rejection] = sorted([*episodes, *rejections], key=lambda one: one.onset_s)
    if not candidates:
        return []
    lines = ["  " + _("+ for the movement, - against it; the deciding reason first, then by weight")]
    for candidate in candidates:
        lines += _episode_lines(candidate, _) if isinstance(candidate, Episode) else _rejection_lines(candidate, _)
    return lines


def _episode_lines(episode: Episode, _: Translator) -> list[str]:
    """List the reasons for and against an episode."""
    lines = [f"  {_facts(episode, _)}", f"    {_looks(episode, _)}"]
    if find_beats_judged(episode) is not None:
        lines.append(f"    {evidence_title(episode, _)}")
    reasons = tell_reasons(episode.evidence, _)
    return lines + [f"      {'+' if reason.is_met else '-'} {reason.sentence}" for reason in reasons]


def _rejection_lines(rejection: Rejection, _: Translator) -> list[str]:
    """List the reasons against a rejected candidate."""
    against = [reason.sentence for reason in tell_reasons(rejection.evidence, _) if not reason.is_met]
    no_episode = _("no episode")
    return [f"  {_facts(rejection, _)}", f"    {no_episode}", *(f"      - {sentence}" for sentence in against)]


def episode_line(episode: Episode, _: Translator) -> str:
    """Describe an episode on one line: time, beats, frequency, size, class."""
    return f"{_facts(episode, _)}  {_looks(episode, _)}"


def finding_line(finding: Finding, _: Translator) -> str:
    """Describe a finding; another language gets a general sentence, then the facts in English."""
    word = finding_word(finding.kind, _)
    return finding.text if _.language == "en" or not word else f"{word} [{finding.text}]"


def _count_classes(episodes: Sequence[Episode], _: Translator) -> str:
    """Count the episodes of each class, with their seconds; `clonus` comes first, even at zero."""
    counts = []
    for episode_class in EpisodeClass:
        durations_s = [e.duration_s for e in episodes if e.episode_class is episode_class]
        if durations_s or episode_class is EpisodeClass.CLONUS:
            counts.append(f"{class_word(episode_class, _)} {len(durations_s)} ({sum(durations_s):.1f} s)")
    return ", ".join(counts)


def _level_lines(episodes: Sequence[Episode], _: Translator) -> list[str]:
    """Count the rhythmic episodes by confidence; empty if there are none."""
    counts = level_counts_of(episodes, _)
    return [f"  {counts}"] if counts else []


def _looks(episode: Episode, _: Translator) -> str:
    """Describe the class and the confidence of an episode."""
    return looks_words(episode.episode_class, episode.confidence, episode.evidence, _)


def _facts(candidate: Episode | Rejection, _: Translator) -> str:
    """Write time, beats, frequency and size."""
    return _("{onset} to {offset} s, {beats} beats, {frequency:.2f} Hz, peak {peak:.3f} g").format(
        onset=f"{candidate.onset_s:.3f}",
        offset=f"{candidate.offset_s:.3f}",
        beats=candidate.beats,
        frequency=candidate.frequency_hz,
        peak=candidate.peak_g,
    )
