"""The one question of the morning: was the sensor worn?  Asked only where the recording leaves a doubt."""

from __future__ import annotations

from dataclasses import dataclass

from clonus_sense.report.pages.page_context import PageContext
from clonus_sense.report.wording import side_word
from clonus_sense.report.words.doubt_words import doubt_words
from clonus_sense.review import LegNight, find_doubts


@dataclass(frozen=True, slots=True)
class WearQuestion:
    """The question about one leg, why it is asked, and the answers."""

    side: str
    title: str
    why: str
    answers: str


def ask_about_wear(leg: LegNight, page: PageContext) -> WearQuestion | None:
    """Ask whether the sensor was worn; ``None`` where nothing is in doubt."""
    _ = page.translate
    doubt = doubt_words(find_doubts(leg), page.clock_time, _)
    if not doubt:
        return None
    question = _("Was the sensor on the leg all night?")
    if len(page.night.legs) > 1:
        question = f"{side_word(leg.side, _)}{_(': ')}{question}"
    return WearQuestion(
        leg.side,
        question,
        _("In doubt: {doubt}. Nothing shows a leg then.").format(doubt=doubt),
        _("Answers: worn throughout, not at all, or off from … to …. Until there is an answer, both counts are shown."),
    )
