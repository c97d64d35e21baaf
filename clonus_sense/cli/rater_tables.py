"""The agreement of two raters as tables for people and as a record for programs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from clonus_sense.cli.score_tables import align, number_text, say_how_certain, with_interval
from clonus_sense.evaluation import Agreement, Difference, Figure, LoneBout


def agreement_tables(agreement: Agreement, first: str, second: str) -> str:
    """Write the figures of two raters as tables.

    Parameters
    ----------
    agreement
        All figures.
    first, second
        What their annotations are called.

    Returns
    -------
    str
        Who A and B are, on which bouts they agree, splits and merges apart, time, and differences.
    """
    a = agreement
    hours = "" if a.hours is None else f", {a.hours:.1f} h"
    lines = [
        f"A: {first}  B: {second}  recordings rated by both: {a.n_recordings}{hours}",
        f"bouts: A {a.n_first}, B {a.n_second}; marked by both {a.n_pairs}, by A alone {len(a.only_first)}, by B alone "
        f"{len(a.only_second)}",
        f"A's bouts that B has {_figure(a.first_found)}  B's bouts that A has {_figure(a.second_found)}  "
        f"F1 {_figure(a.f1)}",
        f"splits and merges: one bout of A is several of B {a.n_splits}, several bouts of A are one of B {a.n_merges}; "
        f"left without a partner by that: A {a.n_touching_first}, B {a.n_touching_second}",
        f"time marked: overlap (Dice) {_figure(a.time_agreement)}  Cohen's kappa {_figure(a.kappa)}"
        + (" (the recordings are not at hand: name them with --recordings)" if a.hours is None else ""),
        _certainty(a),
    ]
    return "\n".join(lines) + "\n\n" + _differences(a)


def lone_table(title: str, lone: Sequence[LoneBout]) -> str:
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
    return align((title, "onset s", "offset s", "beats", "label"), rows)


def agreement_record(agreement: Agreement) -> dict[str, object]:
    """Lay out the figures of two raters for JSON: every figure under the name of its field."""
    return asdict(agreement)


def _certainty(agreement: Agreement) -> str:
    """Say what the intervals mean."""
    if agreement.n_recordings > 1:
        return say_how_certain(agreement.n_recordings)
    return (
        "One recording only: in brackets 90 % intervals, its bouts drawn with replacement. They say nothing about "
        "another recording or person."
    )


def _differences(agreement: Agreement) -> str:
    """Write by how much the two differ in what both marked."""
    a = agreement
    rows = [
        ("onset s", *_sizes(a.onset_s, 3)),
        ("offset s", *_sizes(a.offset_s, 3)),
        ("duration s", *_sizes(a.duration_s, 3)),
        ("beats", *_sizes(a.beats, 1)),
        ("frequency Hz", *_sizes(a.frequency_hz, 2)),
    ]
    return align(("where both marked", "bouts", "median B - A", "median size", "p95 of size"), rows)


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
