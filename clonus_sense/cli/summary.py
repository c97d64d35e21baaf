"""What the command line says about one analysed recording, in a few lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from clonus_sense.i18n import Translator
from clonus_sense.model import Episode, EpisodeClass, Evidence, Finding, Rejection, Severity
from clonus_sense.report.analysis import Analysis
from clonus_sense.report.clock import elapsed
from clonus_sense.report.confidence import level_counts_of, level_word
from clonus_sense.report.wording import class_word, evidence_word, finding_word, limit_text, side_word

if TYPE_CHECKING:
    from clonus_sense.session import Kept


def summary_lines(analysis: Analysis, name: str, _: Translator) -> list[str]:
    """Say what was found in a recording and what is missing.

    Parameters
    ----------
    analysis
        What was found.
    name
        Name of the recording's file.
    _
        Language of the lines.

    Returns
    -------
    list of str
        The recording, its episodes by class, its gaps, and each finding as a sentence.
    """
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
    """Say what was kept of a recording, and what came and went since the analysis before.

    Parameters
    ----------
    kept
        A recording in the library with its newest analysis.
    _
        Language of the lines.

    Returns
    -------
    list of str
        The recording, its episodes by class, what changed, and each finding as a sentence.
    """
    info = kept.recording.info
    text = _("{file}: recording {id} of {person}, {leg}")
    first = text.format(
        file=kept.recording.path.name,
        id=kept.recording.id,
        person=info.person or _("nobody's yet"),
        leg=side_word(info.side, _),
    )
    known = _("was in the bin and is back, with all that was said about it")
    if not kept.was_binned:
        known = _("was in the library already")
    lines = [f"{first} ({known})" if kept.was_known else first]
    if kept.stays_filed:
        lines.append("  " + _("it stays filed like this; `clonus-sense move` files it anew"))
    if kept.passes_over_own:
        text = _("found with the settings of the file that was named, which wins over {person}'s own")
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
    """Say of each episode and of each rejected candidate which tests decided.

    Parameters
    ----------
    episodes
        What was found.
    rejections
        What was looked at and not called an episode.
    _
        Language of the lines.

    Returns
    -------
    list of str
        One line for each, by onset.
    """
    reasons: list[tuple[Episode | Rejection, str]] = [
        (episode, f"{_looks(episode, _)}: {_tests(episode.evidence, _)}") for episode in episodes
    ]
    no_episode = _("no episode")
    for rejection in rejections:
        failed = [test for test in rejection.evidence if not test.passed]
        reasons.append((rejection, f"{no_episode}: {_tests(failed, _)}"))
    reasons.sort(key=lambda pair: pair[0].onset_s)
    return [f"  {_facts(candidate, _)}  {reason}" for candidate, reason in reasons]


def episode_line(episode: Episode, _: Translator) -> str:
    """Say when an episode was, what it looks like and how it moved, on one line."""
    return f"{_facts(episode, _)}  {_looks(episode, _)}"


def finding_line(finding: Finding, _: Translator) -> str:
    """Say what was noticed; in another language in general, followed by the facts, which are told in English alone."""
    word = finding_word(finding.kind, _)
    return finding.text if _.language == "en" or not word else f"{word} [{finding.text}]"


def _count_classes(episodes: Sequence[Episode], _: Translator) -> str:
    """Count the episodes of each class, with their seconds; the headline stands first, even at none."""
    counts = []
    for episode_class in EpisodeClass:
        durations_s = [e.duration_s for e in episodes if e.episode_class is episode_class]
        if durations_s or episode_class is EpisodeClass.CLONUS:
            counts.append(f"{class_word(episode_class, _)} {len(durations_s)} ({sum(durations_s):.1f} s)")
    return ", ".join(counts)


def _level_lines(episodes: Sequence[Episode], _: Translator) -> list[str]:
    """Say how sure the detector is of the rhythmic ones; nothing where there are none."""
    counts = level_counts_of(episodes, _)
    return [f"  {counts}"] if counts else []


def _looks(episode: Episode, _: Translator) -> str:
    """Say what an episode looks like, and how sure the detector is."""
    text = _("{looks}, confidence {level}")
    return text.format(looks=class_word(episode.episode_class, _), level=level_word(episode.confidence_level, _))


def _facts(candidate: Episode | Rejection, _: Translator) -> str:
    """Say when something was and how it moved."""
    return _("{onset} to {offset} s, {beats} beats, {frequency:.2f} Hz, peak {peak:.3f} g").format(
        onset=f"{candidate.onset_s:.3f}",
        offset=f"{candidate.offset_s:.3f}",
        beats=candidate.beats,
        frequency=candidate.frequency_hz,
        peak=candidate.peak_g,
    )


def _tests(evidence: Iterable[Evidence], _: Translator) -> str:
    """List tests with value and limit."""
    return ", ".join(f"{evidence_word(test.name, _)} {test.value:.3g} ({limit_text(test)})" for test in evidence)
