"""Words for the series of a leg: how long the longest went on, and how many chance would make."""

from __future__ import annotations

from clonus_sense.i18n import Translator
from clonus_sense.report.duration_words import length_words
from clonus_sense.review import LegSeries


def series_sentences(found: LegSeries, _: Translator) -> list[str]:
    """Say how many series there were, the longest one, and how many chance would make; empty where there is nothing."""
    sentences = []
    longest = found.longest
    if longest is not None:
        # Span and moving time of one series say how a person's night went.
        text = (
            _("Longest series of movements: {span}, {moving} of it moving (series in all: {n}).")
            if not longest.is_cut
            else _(
                "Longest series of movements: {span} or more, {moving} of it moving (series in all: {n}). It is cut: "
                "beside it lies a time that was not measured."
            )
        )
        sentences.append(
            text.format(
                span=length_words(longest.span_s, _), moving=length_words(longest.moving_s, _), n=len(found.series)
            )
        )
    if found.n_by_chance is not None:
        text = _("So many movements, spread by chance, would make about {n:.0f} series.")
        if found.n_by_chance < 1.0:
            text = _("So many movements, spread by chance, would make less than one series.")
        sentences.append(text.format(n=found.n_by_chance))
    return sentences
