"""What the page of an evaluation says: its figures in words, for a detector and for two raters."""

from __future__ import annotations

from clonus_sense.evaluation import Agreement, Difference, ErrorSize, Evaluation, Figure, FigureInterval
from clonus_sense.i18n import Translator, message
from clonus_sense.model import EpisodeClass
from clonus_sense.report.pages.blocks import Heading
from clonus_sense.report.plots.look import CLASS_STYLES, GAP, SIGNAL
from clonus_sense.report.scores.moment_plot import MARKED, REJECTED
from clonus_sense.report.scores.score_page import Fact, FactTable
from clonus_sense.report.wording import NOT_MEASURED, class_word

UNKNOWN = "–"

MISSED = message("Missed")
MISSED_MEANING = message("Annotated bouts of five beats or more without a detection of their own.")
FALSE = message("Detected where nothing is annotated")
FALSE_MEANING = message("Each may be a false detection, or a movement that the annotation leaves out.")
NOTHING_SAID = message("The log of the detector holds nothing here.")
ONLY_FIRST = message("Marked by A alone")
ONLY_SECOND = message("Marked by B alone")
ONLY_MEANING = message("The other person marked nothing there at all.")


def evaluation_facts(evaluation: Evaluation, _: Translator) -> tuple[Fact, ...]:
    """Say the headline figures of an evaluation."""
    e = evaluation
    return (
        Fact(_("Annotated bouts found"), _("{n} of {all}").format(n=e.n_found, all=e.n_reference)),
        Fact(_("Sensitivity"), _number(e.sensitivity, 2), _interval(e.sensitivity_interval, 2)),
        Fact(_("Precision"), _number(e.precision, 2), _interval(e.precision_interval, 2)),
        Fact("F1", _number(e.f1, 2), _interval(e.f1_interval, 2)),
        Fact(_("Unannotated detections per 8 h"), _number(e.false_per_8h, 1), _interval(e.false_per_8h_interval, 1)),
        Fact(_("Measured (h)"), _number(e.hours, 1)),
    )


def evaluation_tables(evaluation: Evaluation, _: Translator) -> tuple[FactTable, ...]:
    """Lay out how exact the found bouts are, and the figures of each class of recordings."""
    exactness = evaluation.exactness
    sizes = (
        (_("Onset (s)"), exactness.onset_error_s, 2),
        (_("Offset (s)"), exactness.offset_error_s, 2),
        (_("Frequency (Hz)"), exactness.frequency_error_hz, 2),
        (_("Beats"), exactness.beats_error, 0),
    )
    columns = (Heading(_("Difference of")), Heading(_("Median"), "number"), Heading(_("95th percentile"), "number"))
    exact = FactTable(
        _("How exact the found bouts are"),
        columns,
        tuple((name, *_sizes(size, digits)) for name, size, digits in sizes),
    )
    header = (
        Heading(_("Recordings of the kind")),
        Heading(_("Number"), "number"),
        Heading(_("Measured (h)"), "number"),
        Heading(_("Bouts"), "number"),
        Heading(_("Found"), "number"),
        Heading(_("Not annotated"), "number"),
        Heading(_("Splits"), "number"),
        Heading(_("Merges"), "number"),
    )
    rows = tuple(
        (
            _("{name} (not counted above)").format(name=score.name) if score.is_apart else score.name,
            str(score.n_cases),
            _number(score.hours, 2),
            str(score.n_reference),
            str(score.n_found),
            str(score.n_false),
            str(score.n_splits),
            str(score.n_merges),
        )
        for score in sorted(evaluation.by_class, key=lambda score: (score.is_apart, score.name))
    )
    return exact, FactTable(_("By kind of recording"), header, rows)


def agreement_facts(agreement: Agreement, _: Translator) -> tuple[Fact, ...]:
    """Say the headline figures of two raters; as :func:`evaluation_facts`."""
    a = agreement
    return (
        Fact(_("Bouts of A / of B / of both"), f"{a.n_first} / {a.n_second} / {a.n_pairs}"),
        _fact(_("Bouts of A that B has"), a.first_found),
        _fact(_("Bouts of B that A has"), a.second_found),
        _fact("F1", a.f1),
        _fact(_("Overlap of marked time"), a.time_agreement),
        _fact(_("Cohen's kappa over time"), a.kappa),
    )


def agreement_tables(agreement: Agreement, _: Translator) -> tuple[FactTable, ...]:
    """Lay out by how much two raters differ, and splits and merges apart."""
    a = agreement
    sizes = (
        (_("Onset (s)"), a.onset_s, 2),
        (_("Offset (s)"), a.offset_s, 2),
        (_("Duration (s)"), a.duration_s, 2),
        (_("Beats"), a.beats, 0),
        (_("Frequency (Hz)"), a.frequency_hz, 2),
    )
    columns = (
        Heading(_("Difference of")),
        Heading(_("Bouts"), "number"),
        Heading(_("Median of B − A"), "number"),
        Heading(_("Median size"), "number"),
        Heading(_("95th percentile of size"), "number"),
    )
    differences = tuple((name, *_difference(difference, digits)) for name, difference, digits in sizes)
    habits = (
        (_("One bout of A is several of B"), str(a.n_splits)),
        (_("Several bouts of A are one of B"), str(a.n_merges)),
        (_("Left without a partner by that (A / B)"), f"{a.n_touching_first} / {a.n_touching_second}"),
    )
    return (
        FactTable(_("Where both marked"), columns, differences),
        FactTable(_("Splits and merges"), (Heading(""), Heading(_("Number"), "number")), habits),
    )


def certainty_words(n_recordings: int, _: Translator, *, are_raters: bool = False) -> str:
    """Say what the intervals mean, and that one recording says little."""
    if n_recordings > 1:
        text = _("Small figures are intervals (90 %): the {n} recordings drawn again and again with replacement.")
        return text.format(n=n_recordings)
    if are_raters:
        return _(
            "There is one recording only: small figures are intervals (90 %), its bouts drawn again and again with "
            "replacement. They say nothing about another recording or person."
        )
    return _("There is one recording only, so that nothing is known about how figures would differ in another one.")


def detector_legend(_: Translator) -> tuple[tuple[str, str], ...]:
    """Explain the colours of the pictures of an evaluation."""
    return (
        (MARKED, _("annotated (tinted)")),
        (CLASS_STYLES[EpisodeClass.CLONUS].edge, _("detected: {word}").format(word=class_word(EpisodeClass.CLONUS, _))),
        (CLASS_STYLES[EpisodeClass.UNCERTAIN].edge, _("detected as another kind, named above the bar")),
        (REJECTED, _("looked at and rejected")),
        (GAP, _(NOT_MEASURED)),
    )


def rater_legend(_: Translator) -> tuple[tuple[str, str], ...]:
    """Explain the colours of the pictures of two raters."""
    return (MARKED, _("marked by A (tinted)")), (SIGNAL, _("marked by B")), (GAP, _(NOT_MEASURED))


def _fact(name: str, figure: Figure) -> Fact:
    """Say one figure with its interval."""
    return Fact(name, _number(figure.value, 2), _interval(figure.interval, 2))


def _sizes(error: ErrorSize, n_digits: int) -> tuple[str, str]:
    """Median and 95th percentile as text."""
    return _number(error.median, n_digits), _number(error.p95, n_digits)


def _difference(difference: Difference, n_digits: int) -> tuple[str, ...]:
    """Cells of one difference."""
    signed = UNKNOWN if difference.median is None else f"{difference.median:+.{n_digits}f}".replace("-", "−")
    sizes = (_number(value, n_digits) for value in (difference.median_absolute, difference.p95_absolute))
    return str(difference.n), signed, *sizes


def _number(value: float | None, n_digits: int) -> str:
    """Write a number, or that it is unknown."""
    return UNKNOWN if value is None else f"{value:.{n_digits}f}"


def _interval(interval: FigureInterval | None, n_digits: int) -> str:
    """Write an interval, nothing where there is none."""
    return "" if interval is None else f"{interval.low:.{n_digits}f}–{interval.high:.{n_digits}f}"
