"""``evaluate``: scores episode logs against truth or a therapist's annotation."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from clonus_sense.cli.console.options import PATH, json_option, language_option, verbose_option
from clonus_sense.cli.console.outputs import check_may_write, replace_option
from clonus_sense.cli.console.printing import echo
from clonus_sense.i18n import translator
from clonus_sense.terms import EpisodeClass

if TYPE_CHECKING:
    from clonus_sense.cli.console.score_pages import PageRequest


def split_at_commas(item_type: click.ParamType[Any]) -> Callable[..., tuple[Any, ...] | None]:
    """Make the callback of an option that takes values separated by commas."""

    def split(context: click.Context, parameter: click.Parameter, text: str | None) -> tuple[Any, ...] | None:
        if text is None:
            return None
        return tuple(item_type.convert(word.strip(), parameter, context) for word in text.split(","))

    return split


@click.command()
@click.argument("detections", type=PATH)
@click.argument("cases", type=PATH)
@click.option(
    "--classes",
    metavar="A,B",
    callback=split_at_commas(click.Choice([one.value for one in EpisodeClass])),
    default="clonus",
    show_default=True,
    help="Classes of episodes that count as detections, separated by commas.",
)
@click.option(
    "--folds", metavar="0,1", callback=split_at_commas(click.INT), help="Score only the cases of these folds."
)
@click.option(
    "--raters", "are_raters", is_flag=True, help="Compare the annotations of two people; neither is the truth."
)
@click.option(
    "--bout-text",
    "bout_texts",
    metavar="TEXT",
    multiple=True,
    help="Only annotations with this text are bouts; may be repeated.",
)
@click.option(
    "--recordings", type=PATH, metavar="DIR", help="Folder of the recordings.  [default: beside the annotations]"
)
@click.option("--misses", "with_misses", is_flag=True, help="List each bout of five beats or more that was not found.")
@click.option("--false", "with_false", is_flag=True, help="List each detection where there is no bout.")
@click.option(
    "--page",
    "page_path",
    type=PATH,
    metavar="HTML",
    help="Write a page with a picture of each miss and each false detection.",
)
@replace_option
@json_option
@language_option
@verbose_option
def evaluate(
    *,
    detections: Path,
    cases: Path,
    classes: tuple[str, ...],
    folds: tuple[int, ...] | None,
    are_raters: bool,
    bout_texts: tuple[str, ...],
    recordings: Path | None,
    with_misses: bool,
    with_false: bool,
    page_path: Path | None,
    may_replace: bool,
    as_json: bool,
    language: str,
) -> None:
    """Score episode logs against truth or an annotation.

    DETECTIONS is the folder that `detect` wrote, or one log.  CASES is the annotation of a therapist, a CSV file with
    onset_s and offset_s or EDF+ annotations (.edf), or a folder of such files, each named after its recording
    (NAME.annotation.csv, NAME.edf); or simulated truth, NAME.truth.csv, with cases.json where there is one.

    With --raters both are annotations, either of one recording or of a folder.  --misses then lists the bouts of the
    first rater alone, --false those of the second alone.
    """
    _ = translator(language)
    request = None
    if page_path is not None:
        from clonus_sense.cli.console.score_pages import PageRequest, check_page_path

        check_page_path(page_path)
        check_may_write([page_path], may_replace=may_replace)
        places = (recordings or (cases if cases.is_dir() else cases.parent),)
        request = PageRequest(page_path, language, places, as_json)
    if are_raters:
        if folds is not None:
            raise click.UsageError("--folds needs cases with an index; leave it out with --raters.")
        listed = Listed(with_misses, with_false, as_json, language)
        compare_two_raters(detections, cases, bout_texts, recordings, listed, request)
        return
    from clonus_sense.cli.console.score_tables import evaluation_record, false_table, misses_table, score_tables
    from clonus_sense.evaluation import evaluate as score

    evaluation = score(
        detections,
        cases,
        classes=[EpisodeClass(name) for name in classes],
        folds=folds,
        bout_texts=bout_texts,
        recordings=recordings,
    )
    if as_json:
        record = evaluation_record(evaluation, with_misses=with_misses, with_false=with_false)
        echo(json.dumps(record, indent=1, ensure_ascii=False))
    else:
        echo(score_tables(evaluation, _))
        if with_misses:
            echo("\n" + misses_table(evaluation, _))
        if with_false:
            echo("\n" + false_table(evaluation, _))
    if request is not None:
        from clonus_sense.cli.console.score_pages import print_evaluation_page

        print_evaluation_page(request, evaluation, detections, cases)


@dataclass(frozen=True, slots=True)
class Listed:
    """Which lists are printed, in which form and language."""

    with_misses: bool
    with_false: bool
    as_json: bool
    language: str


def compare_two_raters(
    first: Path,
    second: Path,
    bout_texts: tuple[str, ...],
    recordings: Path | None,
    listed: Listed,
    request: PageRequest | None,
) -> None:
    """Print the agreement of two raters, and make its page."""
    from clonus_sense.cli.console.rater_tables import agreement_record, agreement_tables, lone_table
    from clonus_sense.evaluation import measure_agreement, read_rated

    _ = translator(listed.language)
    rated = read_rated(first, second, bout_texts=bout_texts, recordings=recordings)
    agreement = measure_agreement(rated)
    if listed.as_json:
        echo(json.dumps(agreement_record(agreement), indent=1, ensure_ascii=False))
    else:
        echo(agreement_tables(agreement, first.name, second.name, _))
        if listed.with_misses:
            echo("\n" + lone_table(_("A alone in"), agreement.only_first, _))
        if listed.with_false:
            echo("\n" + lone_table(_("B alone in"), agreement.only_second, _))
    if request is not None:
        from clonus_sense.cli.console.score_pages import print_agreement_page

        print_agreement_page(request, agreement, rated, first, second)
