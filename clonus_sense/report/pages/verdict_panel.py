"""What the page needs to take verdicts: which recording and time each movement is, and the words of its screens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from clonus_sense.i18n import Translator, message
from clonus_sense.report.pages.page_clock import origin_ms
from clonus_sense.report.pages.page_context import PageContext
from clonus_sense.report.shown_episodes import ShownEpisode
from clonus_sense.report.wording import PROFESSION_WORDS, side_word
from clonus_sense.review.review_file import FORMAT, LONGEST_NAME, LONGEST_NOTE
from clonus_sense.terms import Verdict

BUTTONS: tuple[tuple[Verdict, str, str], ...] = (
    (Verdict.RHYTHMIC, message("yes"), "1"),
    (Verdict.NOT_RHYTHMIC, message("no"), "2"),
    (Verdict.UNSURE, message("not sure"), "3"),
    (Verdict.JUDGED_AS_CLONUS, message("judged as clonus"), ""),
)
"""The answers on a card, each with its key."""


@dataclass(frozen=True, slots=True)
class VerdictPanel:
    """The answers on each card, who may be the reviewer, the legs to choose from, and the limits of texts."""

    buttons: tuple[tuple[str, str, str], ...]
    professions: tuple[tuple[str, str], ...]
    legs: tuple[str, ...]
    longest_name: int = LONGEST_NAME
    longest_note: int = LONGEST_NOTE


def verdict_panel(page: PageContext) -> VerdictPanel:
    """Put the screens of the review into words."""
    _ = page.translate
    return VerdictPanel(
        buttons=tuple((verdict.value, _(word), key) for verdict, word, key in BUTTONS),
        professions=tuple((one.value, _(word)) for one, word in PROFESSION_WORDS.items()),
        legs=tuple(side_word(leg.side, _) for leg in page.night.legs) if len(page.night.legs) > 1 else (),
    )


def review_data(page: PageContext, shown: Sequence[ShownEpisode], made_at: datetime) -> dict[str, object]:
    """Lay out for the browser what a review file says about recordings and times.

    Parameters
    ----------
    page
        The night.
    shown
        Its movements.
    made_at
        When the page is made.

    Returns
    -------
    dict
        One block of JSON.
    """
    whose = "" if page.hide_personal or not page.night.person else f"{page.night.person}-"
    return {
        "format": FORMAT,
        "page_made_at": made_at.isoformat(timespec="seconds"),
        "file_name": f"review-{whose}{page.night.name}.json",
        "origin_ms": origin_ms(page.axis.clock),
        "length_s": page.axis.length_s,
        "recordings": [
            {
                "key": one.stored.content_hash,
                "start": one.stored.info.start.isoformat() if one.stored.info.start else None,
                "side": one.stored.info.side,
            }
            for one in page.night.recordings
        ],
        "movements": {
            one.anchor: {
                "recording": one.recording.stored.content_hash,
                "start_s": round(one.episode.onset_s, 3),
                "end_s": round(one.episode.offset_s, 3),
            }
            for one in shown
        },
        "legs": [
            {
                "side": leg.side,
                "parts": [
                    {
                        "recording": one.stored.content_hash,
                        "shift_s": page.axis.at_s(one.moment(0.0)),
                        "duration_s": one.stored.duration_s,
                    }
                    for one in leg.recordings
                ],
            }
            for leg in page.night.legs
        ],
        "professions": [[one.value, page.translate(word)] for one, word in PROFESSION_WORDS.items()],
        "clinicians": [one.value for one in PROFESSION_WORDS if one.is_clinician],
        "words": _words(page.translate),
    }


def _words(_: Translator) -> dict[str, str]:
    """Sentences that the browser says; it fills in the numbers."""
    return {
        "reviewed": _("Reviewed: {n} of {all}."),
        "unsaved": _("{n} not saved."),
        "needs_clinician": _("Only a clinician who gives name and profession can judge a movement as clonus."),
        "needs_place": _("Zoom to the place or open a movement first, and lay the ruler over what was missed."),
        "no_such_time": _("Write two times of this night, such as 02:10:05, the earlier one first."),
        "answered": _("The answer is kept; save it with the others."),
        "copied": _("Copied. Paste it into a message or a file."),
        "take_back": _("take back"),
    }
