"""The page of several nights: a sentence for each leg, a dot a night, movements by the clock, and a row a night."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from clonus_sense.i18n import Translator, translator
from clonus_sense.model import Site
from clonus_sense.report.clock_labels import date_range, date_words
from clonus_sense.report.duration_words import length_words, rounded_seconds_words
from clonus_sense.report.pages.kit import render
from clonus_sense.report.pages.nights_drawings import LegDrawings, draw_leg
from clonus_sense.report.wording import SITE_WORDS, profession_word, side_word, verdict_word
from clonus_sense.review import LegTrend, NightNote, SeveralNights, changed_settings
from clonus_sense.trends import Change, NightRow, Quartiles, TrendSummary, summarise_nights

# A quarter of three nights is less than one night.
FEWEST_FOR_QUARTILES = 4


@dataclass(frozen=True, slots=True)
class LegNights:
    """One leg on the page: its sentence, drawings and changes."""

    side: str
    leg: str
    sentence: str
    drawings: LegDrawings
    changes: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class TableRow:
    """A night of one leg in the table."""

    name: str
    link: str
    leg: str
    worn: str
    count: str
    per_hour: str
    total: str
    longest: str
    reviewed: str
    is_half_worn: bool


def build_nights_document(
    found: SeveralNights,
    links: Mapping[str, str],
    *,
    made_at: datetime,
    language: str = "en",
    hide_personal: bool = False,
) -> str:
    """Build the page of several nights of one person.

    Parameters
    ----------
    found
        The nights in numbers.
    links
        Address of each night's own page, by the night's name, where there is one.
    made_at
        When the page is made; it does not change with the library.
    language
        Language of every text.
    hide_personal
        Whether codes, names and notes are left out.

    Returns
    -------
    str
        A whole HTML document without scripts; it asks for nothing from outside.
    """
    _ = translator(language)
    legs = [leg for leg in found.legs if leg.rows]
    whose = "" if hide_personal else _("Person: {code}").format(code=found.person or _("person unknown"))
    made = _("Made {time}; later changes are not on it.").format(time=f"{made_at:%Y-%m-%d %H:%M}")
    context = {
        "title": _("Nights of {dates}").format(dates=date_range(_midnight(found.first), _midnight(found.last), _)),
        "facts": " · ".join(part for part in (whose, made) if part),
        "cautions": _cautions(found, _),
        "legs": [lay_out_leg(leg, found, links, _, hide_personal=hide_personal) for leg in legs],
        "rows": lay_out_rows(legs, links, _),
        "has_two_legs": len(legs) > 1,
        "notes": [] if hide_personal else [note_words(note, _) for note in found.notes],
    }
    return render("nights.html.jinja", context, language=language, fingerprint=found.fingerprint)


def _midnight(day: date) -> datetime:
    """Give a date as a moment, for words about a range of dates."""
    return datetime.combine(day, time())


def _cautions(found: SeveralNights, _: Translator) -> list[str]:
    """Say which nights the page leaves out."""
    said = []
    if found.n_older:
        text = _("Shown are the newest {n} nights; {left_out} earlier ones are left out.")
        said.append(text.format(n=len(found.nights), left_out=found.n_older))
    if found.n_without_rest:
        text = _("{n} recordings without a rest window are no nights and are left out.")
        said.append(text.format(n=found.n_without_rest))
    return said


def lay_out_leg(
    leg: LegTrend, found: SeveralNights, links: Mapping[str, str], _: Translator, *, hide_personal: bool = False
) -> LegNights:
    """Lay out one leg."""
    return LegNights(
        side=leg.side,
        leg=side_word(leg.side, _),
        sentence=tell_nights(summarise_nights(leg.rows, found.first, found.last), _),
        drawings=draw_leg(leg, links, _),
        changes=tuple(
            (date_words(change.date, _), change_words(change, _, hide_personal=hide_personal)) for change in leg.changes
        ),
    )


def tell_nights(summary: TrendSummary, _: Translator) -> str:
    """Say how often and how long a leg moved, and on how many nights each number stands."""
    text = _("{n} of {all} nights were worn for half of the rest window or more; {recorded} were recorded.")
    said = [text.format(n=summary.n_half_worn, all=summary.n_nights, recorded=summary.n_recorded)]
    if summary.n_movements is not None:
        text = _("In these {n} nights: median {spread} movements a night.")
        said.append(text.format(n=summary.n_movements.n, spread=spread_words(summary.n_movements, _)))
    if summary.n_total:
        text = _("In the {n} recorded nights: {count} movements, {total} in all, longest {longest} (worn {worn}).")
        said.append(
            text.format(
                n=summary.n_recorded,
                count=summary.n_total,
                total=rounded_seconds_words(summary.total_s, _),
                longest=rounded_seconds_words(summary.longest_s, _),
                worn=length_words(summary.worn_s, _),
            )
        )
    return ("" if _.language == "ja" else " ").join(said)


def spread_words(spread: Quartiles, _: Translator) -> str:
    """Write a median with its quartiles, which need four nights."""
    if spread.n < FEWEST_FOR_QUARTILES:
        return _plain(spread.median)
    text = _("{median} (half of the nights {low}–{high})")
    return text.format(median=_plain(spread.median), low=_plain(spread.lower), high=_plain(spread.upper))


def _plain(value: float) -> str:
    """Write a number; a median between two whole numbers keeps its half."""
    return f"{value:.0f}" if value == round(value) else f"{value:.1f}"


def change_words(change: Change, _: Translator, *, hide_personal: bool) -> str:
    """Say what changed between two nights."""
    if change.name == "settings":
        changed = [f"{name} {before} → {after}" for name, before, after in changed_settings(change)]
        return _("settings: {changes}").format(changes=", ".join(changed))
    if change.name == "orthosis":
        named = "" if hide_personal else f" ({change.before or '–'} → {change.after or '–'})"
        return _("orthosis changed") + named
    before, after = change.before, change.after
    if change.name == "site":
        before, after = (_(SITE_WORDS[Site(value)]) if value else "–" for value in (before, after))
        return _("place of the sensor: {before} → {after}").format(before=before, after=after)
    return f"clonus_sense {before} → {after}"


def lay_out_rows(
    legs: Sequence[LegTrend],
    links: Mapping[str, str],
    _: Translator,
    *,
    keep: Callable[[NightRow], bool] = lambda _row: True,
) -> list[TableRow]:
    """Lay out the table of the nights to keep, newest first."""
    placed = [(row, leg.side) for leg in legs for row in leg.rows if keep(row)]
    # By time backwards, left before right.
    placed.sort(key=lambda pair: pair[1])
    placed.sort(key=lambda pair: pair[0].name, reverse=True)
    return [_row(row, side, links, _) for row, side in placed]


def _row(row: NightRow, side: str, links: Mapping[str, str], _: Translator) -> TableRow:
    """Lay out a row; a dash stands where nothing was measured."""
    clonus, rate = row.figures.clonus, row.n_per_worn_hour
    dash = "–"
    return TableRow(
        name=date_words(row.date, _),
        link=links.get(row.name, ""),
        leg=side_word(side, _),
        worn=f"{length_words(row.figures.coverage.worn_s, _)} ({100 * row.worn_ratio:.0f} %)",
        count=str(clonus.n_episodes) if clonus else dash,
        per_hour=f"{rate:.1f}" if rate is not None else dash,
        total=rounded_seconds_words(clonus.total_s, _) if clonus else dash,
        longest=rounded_seconds_words(clonus.longest_s, _) if clonus and clonus.n_episodes else dash,
        reviewed=f"{row.n_reviewed}/{row.n_shown}",
        is_half_worn=row.is_half_worn,
    )


def note_words(note: NightNote, _: Translator) -> tuple[str, str]:
    """Write a note with its time and who wrote it."""
    word = note.word
    who = " · ".join(part for part in (word.rater.name, profession_word(word.rater.profession, _)) if part)
    return f"{note.moment:%Y-%m-%d %H:%M}", f"{verdict_word(word.verdict, _)} · {who} – {word.note}"
