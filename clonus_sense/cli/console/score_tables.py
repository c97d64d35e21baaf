"""An evaluation as tables for people and as a record for programs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, fields, is_dataclass
from io import StringIO

from rich.console import Console
from rich.table import Table

from clonus_sense.evaluation import ClassScore, ErrorSize, Evaluation, FigureInterval
from clonus_sense.i18n import Translator, message

# Wider than any table here: people paste tables into files, so lines must not wrap.
TABLE_WIDTH = 200

UNKNOWN = "-"

HOURS_UNKNOWN = message("The hours of some recordings are unknown: name their folder with --recordings.")

# Bootstrap intervals of a share are clearly too narrow below about ten independent units.
FEW_RECORDINGS = 10


def score_tables(evaluation: Evaluation, _: Translator) -> str:
    """Write the figures of an evaluation as tables."""
    return "\n\n".join(part(evaluation, _) for part in (_headline, _exactness, _groups, _classes))


def misses_table(evaluation: Evaluation, _: Translator) -> str:
    """List each bout of five beats or more that was not found."""
    header = (_("missed in"), _("onset s"), _("beats"), _("peak g"), "Hz", _("kind"), "")
    rows = [
        (
            missed.case.name,
            f"{missed.bout.onset_s:.3f}",
            number_text(missed.bout.beats, 0),
            number_text(missed.bout.peak_g, 3),
            number_text(missed.bout.frequency_hz, 2),
            missed.bout.kind,
            _("merged") if missed.is_merged else "",
        )
        for missed in evaluation.misses
    ]
    return align(header, rows)


def false_table(evaluation: Evaluation, _: Translator) -> str:
    """List each detection where the reference has no bout."""
    header = (_("false in"), _("class"), _("onset s"), _("offset s"), _("beats"), "Hz")
    rows = [
        (
            case.case.name,
            case.case.case_class,
            f"{detection.onset_s:.3f}",
            f"{detection.offset_s:.3f}",
            number_text(detection.beats, 0),
            number_text(detection.frequency_hz, 2),
        )
        for case in evaluation.cases
        for detection in case.false
    ]
    return align(header, rows)


def evaluation_record(evaluation: Evaluation, *, with_misses: bool, with_false: bool) -> dict[str, object]:
    """Lay out an evaluation for JSON: every figure under the name of its field."""
    names = [field.name for field in fields(evaluation) if field.name != "cases"]
    record = {name: _plain(getattr(evaluation, name)) for name in names}
    if with_misses:
        record["misses"] = [
            {"case": missed.case.name, **asdict(missed.bout), "is_merged": missed.is_merged}
            for missed in evaluation.misses
        ]
    if with_false:
        record["false"] = [
            {"case": case.case.name, "class": case.case.case_class, **asdict(detection)}
            for case in evaluation.cases
            for detection in case.false
        ]
    return record


def _headline(evaluation: Evaluation, _: Translator) -> str:
    """Write sensitivity, precision and false detections."""
    e = evaluation
    found = _("bouts of 5 beats or more: {bouts}, found {found} in {cases} cases")
    shares = _(
        "sensitivity {sensitivity}  precision {precision}  F1 {f1}  strict sensitivity (overlap ratio >= 0.3) {strict}"
    )
    false = _("false {false} in {hours} h = {per_8h} per 8 h = {per_24h} per 24 h  splits {splits}  merges {merges}")
    return "\n".join(
        (
            found.format(bouts=e.n_reference, found=e.n_found, cases=e.n_cases),
            shares.format(
                sensitivity=with_interval(e.sensitivity, e.sensitivity_interval),
                precision=with_interval(e.precision, e.precision_interval),
                f1=with_interval(e.f1, e.f1_interval),
                strict=number_text(e.strict_sensitivity, 3),
            ),
            false.format(
                false=e.n_false,
                hours=number_text(e.hours, 1),
                per_8h=with_interval(e.false_per_8h, e.false_per_8h_interval, 2),
                per_24h=number_text(e.false_per_24h, 2),
                splits=e.n_splits,
                merges=e.n_merges,
            ),
            *([_(HOURS_UNKNOWN)] if e.hours is None else []),
            say_how_certain(e.n_cases, _),
        )
    )


def say_how_certain(n_recordings: int, _: Translator) -> str:
    """Explain the intervals, and warn about few recordings."""
    if n_recordings == 1:
        return _("One recording only: no intervals, because the spread between recordings is unknown.")
    text = _("The brackets hold intervals (90 %) from {n} recordings, drawn with replacement.").format(n=n_recordings)
    if n_recordings < FEW_RECORDINGS:
        text += _(" With so few recordings they are too narrow.")
    return text


def _exactness(evaluation: Evaluation, _: Translator) -> str:
    """Write how exact the found bouts are."""
    exactness = evaluation.exactness
    rows = [
        (_("onset s"), *_sizes(exactness.onset_error_s, 3)),
        (_("offset s"), *_sizes(exactness.offset_error_s, 3)),
        (_("frequency Hz"), *_sizes(exactness.frequency_error_hz, 3)),
        (_("beats"), *_sizes(exactness.beats_error, 1)),
    ]
    agreement = _("beats within 1: {beats}  overlap ratio: median {median}, >= 0.5 in {half}")
    return "\n".join(
        (
            align((_("absolute error of"), _("median"), _("p95")), rows),
            agreement.format(
                beats=number_text(exactness.beats_within_1_ratio, 2),
                median=number_text(exactness.overlap_ratio_median, 2),
                half=number_text(exactness.overlap_ratio_half_share, 2),
            ),
        )
    )


def _groups(evaluation: Evaluation, _: Translator) -> str:
    """Write the sensitivity of each group that holds a bout."""
    kinds = (
        (_("beats"), evaluation.by_beats),
        (_("amplitude"), evaluation.by_amplitude),
        (_("frequency Hz"), evaluation.by_frequency),
        (_("generator"), evaluation.by_generator),
        (_("placement"), evaluation.by_placement),
        (_("tag"), evaluation.by_tag),
        (_("signal to background dB"), evaluation.by_signal_to_background),
    )
    rows = [
        (kind, share.name, number_text(share.sensitivity, 2), _interval(share.interval, 2), str(share.n_bouts))
        for kind, shares in kinds
        for share in shares
        if share.n_bouts
    ]
    return align((_("sensitivity by"), "", _("found"), "[90 %]", _("bouts")), rows, n_text_columns=2)


def _classes(evaluation: Evaluation, _: Translator) -> str:
    """Write the figures of each class of recordings, those kept apart last."""
    header = (
        _("class"), _("cases"), _("hours"), _("bouts"), _("found"), _("optional"), _("false"), _("splits"), _("merges"),
        "/8 h", "/24 h", "[90 %]", _("false s/h"), "",
    )  # fmt: skip
    scores = sorted(evaluation.by_class, key=lambda score: (score.is_apart, score.name))
    return align(header, [_class_cells(score, _) for score in scores])


def _class_cells(score: ClassScore, _: Translator) -> tuple[str, ...]:
    """Cells of one class of recordings."""
    return (
        score.name,
        str(score.n_cases),
        number_text(score.hours, 2),
        str(score.n_reference),
        number_text(score.sensitivity, 2),
        str(score.n_optional_found),
        str(score.n_false),
        str(score.n_splits),
        str(score.n_merges),
        number_text(score.false_per_8h, 2),
        number_text(score.false_per_24h, 2),
        _interval(score.false_per_24h_interval, 1),
        number_text(score.false_seconds_per_hour, 2),
        _("apart") if score.is_apart else "",
    )


def align(header: Sequence[str], rows: Iterable[Sequence[str]], n_text_columns: int = 1) -> str:
    """Align cells: the first columns hold words, the others numbers."""
    table = Table(box=None, pad_edge=False)
    for number, name in enumerate(header):
        table.add_column(name, justify="left" if number < n_text_columns else "right", no_wrap=True)
    for row in rows:
        table.add_row(*row)
    text = StringIO()
    Console(file=text, width=TABLE_WIDTH, markup=False, color_system=None).print(table)
    return "\n".join(line.rstrip() for line in text.getvalue().splitlines())


def _sizes(error: ErrorSize, n_digits: int) -> tuple[str, str]:
    """Median and 95th percentile as text."""
    return number_text(error.median, n_digits), number_text(error.p95, n_digits)


def number_text(value: float | None, n_digits: int) -> str:
    """Write a number, or that it is unknown."""
    return UNKNOWN if value is None else f"{value:.{n_digits}f}"


def with_interval(value: float | None, interval: FigureInterval | None, n_digits: int = 3) -> str:
    """Write a figure and its interval."""
    return f"{number_text(value, n_digits)} {_interval(interval, n_digits)}".rstrip()


def _interval(interval: FigureInterval | None, n_digits: int) -> str:
    """Write an interval, nothing where there is none."""
    return "" if interval is None else f"[{interval.low:.{n_digits}f}-{interval.high:.{n_digits}f}]"


def _plain(value: object) -> object:
    """Convert figures and tuples of figures to JSON types."""
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    return value
