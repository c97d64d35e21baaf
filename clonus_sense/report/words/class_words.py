"""The smaller classes of movement in a few words."""

from __future__ import annotations

from clonus_sense.i18n import Translator
from clonus_sense.model import EpisodeClass
from clonus_sense.night import Figures
from clonus_sense.report.duration_words import seconds_words
from clonus_sense.report.wording import class_word


def also_found_words(figures: Figures, _: Translator) -> str:
    """Name the smaller classes that were found, such as ``Also found: 2 uncertain (32 s).``; empty for none."""
    counts = []
    for episode_class in EpisodeClass:
        of_class = figures.of_class(episode_class)
        if episode_class is not EpisodeClass.CLONUS and of_class is not None and of_class.n_episodes:
            text = _("{n} {kind} ({total})")
            total = seconds_words(of_class.total_s, _)
            counts.append(text.format(n=of_class.n_episodes, kind=class_word(episode_class, _), total=total))
    return _("Also found: {counts}.").format(counts=_(", ").join(counts)) if counts else ""
