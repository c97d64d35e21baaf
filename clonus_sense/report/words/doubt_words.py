"""The one question of a night and leg: was the sensor worn?  Asked only where the recording leaves a doubt."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from itertools import accumulate, pairwise

from clonus_sense.i18n import Translator
from clonus_sense.night import Figures, UtcSpan
from clonus_sense.report.duration_words import length_words, seconds_words

# Times so near each other look like one by the minutes of a clock; short gaps part them.
SHOWN_AS_ONE = timedelta(minutes=1)


def doubt_words(doubts: Iterable[UtcSpan], clock: Callable[[datetime], str], _: Translator) -> str:
    """Say how long wear is in doubt, and when; empty where it is not."""
    shown: list[tuple[UtcSpan, float]] = []
    for span in doubts:
        if shown and span.start - shown[-1][0].end < SHOWN_AS_ONE:
            before, length_s = shown.pop()
            shown.append((UtcSpan(before.start, span.end), length_s + span.length_s))
        else:
            shown.append((span, span.length_s))
    if not shown:
        return ""
    # The running total is rounded, not each length: so the minutes add up.
    edges_min = [round(total_s / 60) for total_s in accumulate((length_s for _span, length_s in shown), initial=0.0)]
    times = _(", ").join(
        _("{start}–{end} ({length})").format(
            start=clock(span.start), end=clock(span.end), length=length_words(60.0 * (after - before), _)
        )
        for (span, _length_s), (before, after) in zip(shown, pairwise(edges_min), strict=True)
    )
    return _("{total}: {times}").format(total=length_words(60.0 * edges_min[-1], _), times=times)


def both_counts_words(figures: Figures, _: Translator) -> str:
    """Say the headline numbers without and with the time in doubt; empty where nothing is in doubt."""
    certain, whole = figures.clonus, figures.clonus_with_doubt
    if whole is None:
        return ""
    if certain is None:
        text = _("If the sensor was on the leg in the time in doubt: rhythmic movements {n}, together {total}.")
        return text.format(n=whole.n_episodes, total=seconds_words(whole.total_s, _))
    text = _(
        "Rhythmic movements without the time in doubt: {n}, together {total}; with it: {n_with}, together {total_with}."
    )
    return text.format(
        n=certain.n_episodes,
        total=seconds_words(certain.total_s, _),
        n_with=whole.n_episodes,
        total_with=seconds_words(whole.total_s, _),
    )
