"""The page of a night: one sentence a leg, the night on one axis, each movement a click away, the numbers behind."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from clonus_sense.i18n import translator
from clonus_sense.model import EpisodeClass
from clonus_sense.report.confidence import CONFIDENCE_NOTE
from clonus_sense.report.night_axis import NightAxis, axis_of, cover_leg
from clonus_sense.report.pages.background import (
    changes_section,
    findings_section,
    gaps_section,
    glossary_section,
    origin_section,
    words_section,
)
from clonus_sense.report.pages.detail_chart import detail_chart
from clonus_sense.report.pages.kit import bokeh_script, browser_script, render
from clonus_sense.report.pages.leg_sentences import tell_leg
from clonus_sense.report.pages.movement_cards import MovementCard, draw_movements
from clonus_sense.report.pages.night_charts import LONGEST_S, SHORTEST_S, night_chart
from clonus_sense.report.pages.night_numbers import hours_section, numbers_sections
from clonus_sense.report.pages.night_signal import pack_signal, read_signal, signal_words
from clonus_sense.report.pages.page_clock import clock_changes, origin_ms
from clonus_sense.report.pages.page_context import PageContext
from clonus_sense.report.pages.print_sheets import lay_out_sheet
from clonus_sense.report.pages.verdict_panel import review_data, verdict_panel
from clonus_sense.report.pages.wear_questions import ask_about_wear
from clonus_sense.report.shown_episodes import list_shown
from clonus_sense.report.window import WindowOf
from clonus_sense.report.wording import HEADLINE, class_word, side_word
from clonus_sense.review import LegNight, PersonNight

# Units of the drawing for paper and for readers without scripts: 1000 across.
STILL_WIDTH, STILL_HEIGHT = 1000, 90


def build_night_document(
    night: PersonNight,
    window_of: Mapping[int, WindowOf | None],
    *,
    language: str = "en",
    hide_personal: bool = False,
    whole: bool = False,
    made_at: datetime | None = None,
) -> str:
    """Build the page of a night.

    Parameters
    ----------
    night
        What the page is about.
    window_of
        Samples of each recording by its number in the library; ``None`` where its file is not at hand.
    language
        Language of every text.
    hide_personal
        Whether codes, names, notes, file names and serial numbers are left out.
    whole
        Whether the page carries all samples of the night, and not those around movements alone.
    made_at
        When the page is made, as its review file says; ``None`` for now.

    Returns
    -------
    str
        A whole HTML document with its samples inside; it asks for nothing from outside.
    """
    view = view_night(night, window_of, language=language, hide_personal=hide_personal, whole=whole, made_at=made_at)
    return render(
        "night.html.jinja",
        view.context,
        language=language,
        fingerprint=night.fingerprint,
        scripts=(bokeh_script(), browser_script("night_page.js")),
        data=view.data,
    )


@dataclass(frozen=True, slots=True)
class NightView:
    """A night for templates and the browser.

    Parameters
    ----------
    context
        What the templates show.
    data
        Blocks of JSON for the scripts, by their name.
    """

    context: Mapping[str, object]
    data: Mapping[str, object]


def view_night(
    night: PersonNight,
    window_of: Mapping[int, WindowOf | None],
    *,
    language: str = "en",
    hide_personal: bool = False,
    whole: bool = False,
    made_at: datetime | None = None,
) -> NightView:
    """Lay out a night for its page and for the app's screen of it; see :func:`build_night_document`."""
    _ = translator(language)
    page = PageContext(night, axis_of(night), _, hide_personal)
    shown = list_shown(night)
    signal = read_signal(night, page.axis, window_of)
    drawn = draw_movements(page, shown, signal)
    sentences = [tell_leg(leg, _) for leg in night.legs]
    movements = list(zip(shown, drawn.cards, strict=True))
    sheets = [
        lay_out_sheet(leg, sentence, [one for one in movements if one[0].side == leg.side], page)
        for leg, sentence in zip(night.legs, sentences, strict=True)
    ]
    lanes = pack_signal(page, shown, signal, whole=whole)
    chart = night_chart(page, drawn.cards, [number for number, parts in enumerate(lanes) if parts])
    closer = detail_chart(language)
    behind = (gaps_section, words_section, changes_section, findings_section, origin_section, glossary_section)
    folded = [hours_section(page), *(section for build in behind if (section := build(page)) is not None)]
    kinds = {card.kind for card in drawn.cards}
    context = {
        "title": f"{page.title} – {_(HEADLINE)}",
        "title_text": page.title,
        "facts": page.facts,
        "sentences": sentences,
        "sheets": sheets,
        "questions": [question for leg in night.legs if (question := ask_about_wear(leg, page))],
        "night_chart": chart,
        "has_signal": any(lanes),
        "detail_chart": closer,
        "still": [_still_leg(leg, drawn.cards, page) for leg in night.legs],
        "ticks": _ticks(page.axis),
        "cards": drawn.cards,
        "kinds": [(kind.value, class_word(kind, _)) for kind in EpisodeClass if kind.value in kinds],
        "lacks_samples": drawn.lacks_samples,
        "confidence_note": _(CONFIDENCE_NOTE),
        "review": verdict_panel(page),
        "numbers": numbers_sections(page),
        "folded": folded,
    }
    data = {
        "page-data": {
            "origin_ms": origin_ms(page.axis.clock),
            "clock_changes": clock_changes(page.axis.clock, page.axis.length_s),
            "legs": [side_word(leg.side, _) for leg in night.legs],
            "words": signal_words(night.name, _),
        },
        "night-chart-data": chart.item,
        "detail-chart-data": closer.item,
        "movement-data": drawn.records,
        "signal-data": lanes,
        "review-data": review_data(page, shown, made_at or datetime.now(UTC)),
    }
    return NightView(context, data)


def _still_leg(leg: LegNight, cards: Sequence[MovementCard], page: PageContext) -> dict[str, object]:
    """Lay out a leg's night for paper: strips of the three states, and a stem for each movement."""
    cover = cover_leg(leg, page.axis)
    states = (("worn", cover.worn), ("unconfirmed", cover.not_confirmed), ("unmeasured", cover.not_measured))
    scale = STILL_WIDTH / page.axis.length_s
    strips = [
        (name, f"{span.start_s * scale:.1f}", f"{max((span.end_s - span.start_s) * scale, 0.5):.1f}")
        for name, spans in states
        for span in spans
    ]
    mine = [card for card in cards if len(page.night.legs) == 1 or card.anchor.startswith(f"movement-{leg.side}-")]
    stems = [(f"{card.onset_s * scale:.1f}", f"{_height_of(card.duration_s):.0f}", card.kind) for card in mine]
    return {"label": side_word(leg.side, page.translate), "height": STILL_HEIGHT, "strips": strips, "stems": stems}


def _height_of(duration_s: float) -> float:
    """Place a duration on the logarithmic height of the drawing for paper."""
    share = math.log(max(duration_s, SHORTEST_S) / SHORTEST_S) / math.log(LONGEST_S / SHORTEST_S)
    return (STILL_HEIGHT - 18) * (1 - min(share, 1.0)) * 0.9


def _ticks(axis: NightAxis) -> list[dict[str, object]]:
    """Place the hours below the drawing for paper."""
    return [
        {"left": f"{100 * tick.at_s / axis.length_s:.1f}", "label": tick.label}
        for tick in axis.clock.ticks(0.0, axis.length_s)
    ]
