"""The smaller classes of movement in a few words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from clonus_sense.i18n import Translator
from clonus_sense.model import Episode, EpisodeClass
from clonus_sense.night import Figures
from clonus_sense.report.duration_words import seconds_words
from clonus_sense.report.wording import class_word

SMALLER_CLASSES = tuple(one for one in EpisodeClass if one is not EpisodeClass.CLONUS)


def also_found_words(figures: Figures, _: Translator) -> str:
    """Name the smaller classes that were found, such as ``Also found: 2 uncertain (32 s).``; empty for none."""
    found = {one: figures.of_class(one) for one in SMALLER_CLASSES}
    return _words({one: (of.n_episodes, of.total_s) for one, of in found.items() if of is not None}, _)


def also_found_among(episodes: Sequence[Episode], _: Translator) -> str:
    """Name the smaller classes among some episodes in the same words."""
    lengths_s = {one: [e.duration_s for e in episodes if e.episode_class is one] for one in SMALLER_CLASSES}
    return _words({one: (len(lengths), sum(lengths)) for one, lengths in lengths_s.items()}, _)


def _words(found: Mapping[EpisodeClass, tuple[int, float]], _: Translator) -> str:
    """Write the number and total seconds of each class that has any."""
    counts = [
        _("{n} {kind} ({total})").format(n=n, kind=class_word(one, _), total=seconds_words(total_s, _))
        for one, (n, total_s) in found.items()
        if n
    ]
    text = _(", ").join(counts)
    return _("Also found: {counts}.").format(counts=text) if text else ""
