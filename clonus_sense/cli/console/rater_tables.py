"""The agreement of two raters as tables for people and as a record for programs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from clonus_sense.cli.console.score_tables import align, number_text, say_how_certain, with_interval
from clonus_sense.evaluation import Agreement, Difference, Figure, LoneBout
from clonus_sense.i18n import Translator


def agreement_tables(agreement: Agreement, first: str, second: str, _: Translator) -> str:
    """Write the figures of two raters as tables."""
    a = agreement
    who = _("A: {first}  B: {second}  recordings rated by both: {n}")
    bouts = _("bouts: A {a}, B {b}; marked by both {both}, by A alone {only_a}, by B alone {only_b}")
    shares = _("A's bouts that B has {first}  B's bouts that A has {second}  F1 {f1}")
    habits = _(
        "splits and merges: one bout of A is several of B {splits}, several bouts of A are one of B {merges}; bouts "
        "without a partner for this reason: A {left_a}, B {left_b}"
    )
    time = _("time marked: overlap (Dice) {dice}  Cohen's kappa {kappa}")
    lines = [
        who.format(first=first, second=second, n=a.n_recordings) + ("" if a.hours is None else f", {a.hours:.1f} h"),
        bouts.format(a=a.n_first, b=a.n_second, both=a.n_pairs, only_a=len(a.only_first), only_b=len(a.only_second)),
        shares.format(first=_figure(a.first_found), second=_figure(a.second_found), f1=_figure(a.f1)),
        habits.format(splits=a.n_splits, merges=a.n_merges, left_a=a.n_touching_first, left_b=a.n_touching_second),
        time.format(dice=_figure(a.time_agreement), kappa=_figure(a.kappa))
        + (_(" (the recordings were not found: name their folder with --recordings)") if a.hours is None else ""),
        _certainty(a, _),
    ]
    return "\n".join(lines) + "\n\n" + _differences(a, _)


def lone_table(title: str, lone: Sequence[LoneBout], _: Translator) -> str:
    """List each bout that one rater alone marked."""
    rows = [
        (
            one.recording,
            f"{one.bout.onset_s:.3f}",
            f"{one.bout.offset_s:.3f}",
            number_text(one.bout.beats, 0),
            one.bout.kind,
        )
        for one in lone
    ]
    return align((title, _("onset s"), _("offset s"), _("beats"), _("label")), rows)


def agreement_record(agreement: Agreement) -> dict[str, object]:
    """Lay out the figures of two raters for JSON: every figure under the name of its field."""
    return asdict(agreement)


def _certainty(agreement: Agreement, _: Translator) -> str:
    """Say what the intervals mean."""
    if agreement.n_recordings > 1:
        return say_how_certain(agreement.n_recordings, _)
    return _(
        "One recording only: the brackets hold intervals (90 %) from its bouts, drawn with replacement. They do not "
        "apply to other recordings or people."
    )


def _differences(agreement: Agreement, _: Translator) -> str:
    """Write the differences in the bouts that both marked."""
    a = agreement
    rows = [
        (_("onset s"), *_sizes(a.onset_s, 3)),
        (_("offset s"), *_sizes(a.offset_s, 3)),
        (_("duration s"), *_sizes(a.duration_s, 3)),
        (_("beats"), *_sizes(a.beats, 1)),
        (_("frequency Hz"), *_sizes(a.frequency_hz, 2)),
    ]
    return align((_("where both marked"), _("bouts"), _("median B - A"), _("median size"), _("p95 of size")), rows)


def _sizes(difference: Difference, n_digits: int) -> tuple[str, ...]:
    """Cells of one difference."""
    signed = "-" if difference.median is None else f"{difference.median:+.{n_digits}f}"
    return (
        str(difference.n),
        signed,
        number_text(difference.median_absolute, n_digits),
        number_text(difference.p95_absolute, n_digits),
    )


def _figure(figure: Figure) -> str:
    """Write a figure and its interval."""
    return with_interval(figure.value, figure.interval)
