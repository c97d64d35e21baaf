"""The therapist's first screen: a person's last twelve weeks, three movements to look at, and each night."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from clonus_sense.app.screen import File, Screen, Visit
from clonus_sense.errors import FormError
from clonus_sense.i18n import Translator, message
from clonus_sense.library import Library, list_people
from clonus_sense.model import EpisodeClass
from clonus_sense.report.clock_labels import WEEKDAYS
from clonus_sense.report.duration_words import rounded_seconds_words
from clonus_sense.report.pages.nights_document import lay_out_leg, lay_out_rows, note_words
from clonus_sense.report.pages.nights_tables import WINDOW_HEADINGS, lay_out_windows
from clonus_sense.report.representative import choose_representative
from clonus_sense.report.shown_episodes import LEG_LETTERS, ShownEpisode, list_shown
from clonus_sense.report.wording import place_words
from clonus_sense.review import SeveralNights, find_night, read_several_nights
from clonus_sense.trends import NightRow

WEEKS = 12
"""Time between two injections of botulinum toxin, about which therapists ask."""

_DAYS_OF_WEEK = 7
# Heights of the two marks of a day in the calendar, in pixels, and the count that fills one.
_MARK_PX, _FULL_COUNT = 22.0, 20


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the calendar.

    Parameters
    ----------
    link
        Address of its night; empty if there is none.
    number
        Day of the month.
    legs
        For each recorded leg its letter, the worn share and the count as heights, and both in words.
    """

    link: str
    number: int
    legs: tuple[tuple[str, float, float, str], ...]


@dataclass(frozen=True, slots=True)
class Search:
    """Which nights the table lists."""

    longer_than_s: float | None
    more_than: int | None
    with_note: bool
    not_reviewed: bool


def show_nights(visit: Visit) -> Mapping[str, object]:
    """Lay out the screen."""
    _ = visit.translate
    if not visit.place.library_path.exists():
        return {"people": [], "person": "", "is_empty": True}
    with Library.open(visit.place.library_path) as library:
        people = [person.code for person in list_people(library)]
        person = visit.query.get("person", "")
        if person not in people:
            # One person needs no choice; an unknown code in an address leads to the choice.
            person = people[0] if len(people) == 1 else ""
        if not person:
            return {"people": people, "person": "", "is_empty": not people}
        found = read_several_nights(library, person, last=WEEKS * _DAYS_OF_WEEK)
        newest = find_night(library, found.nights[-1].name, person=person)
    legs = [leg for leg in found.legs if leg.rows]
    links = {night.name: night_link(person, night.name) for night in found.nights}
    search = read_search(visit.query)
    infos = [recording.stored.info for recording in newest.recordings]
    facts = dict.fromkeys(part for info in infos for part in (place_words(info, _), info.orthosis) if part)
    return {
        "people": people,
        "person": person,
        "is_empty": False,
        "facts": tuple(facts),
        "newest": newest.name,
        "legs": [lay_out_leg(leg, found, links, _) for leg in legs],
        "windows": [lay_out_windows(leg, found.first, found.last, _) for leg in legs],
        "window_headings": [_(heading) for heading in WINDOW_HEADINGS],
        "picks": _pick(list_shown(newest), person, newest.name, _),
        "calendar": lay_out_calendar(found, links, _),
        "weekdays": [_(day) for day in WEEKDAYS],
        "rows": lay_out_rows(legs, links, _, keep=lambda row: _is_wanted(row, search, found)),
        "n_nights": sum(len(leg.rows) for leg in legs),
        "has_two_legs": len(legs) > 1,
        "notes": [note_words(note, _) for note in reversed(found.notes)],
        "search": {name: visit.query.get(name, "") for name in ("longest", "count", "note", "new")},
        "is_searching": any(visit.query.get(name) for name in ("longest", "count", "note", "new")),
    }


def night_link(person: str, name: str, anchor: str = "") -> str:
    """Address of the screen of a night, or of a movement in it."""
    query = urlencode({"person": person, "night": name})
    return f"/night?{query}" + (f"#{anchor}" if anchor else "")


def read_search(query: Mapping[str, str]) -> Search:
    """Read the fields of a search; raise :class:`FormError` for what is no number."""
    longest, count = query.get("longest", "").strip(), query.get("count", "").strip()
    try:
        return Search(
            float(longest) if longest else None,
            int(count) if count else None,
            with_note=query.get("note") == "on",
            not_reviewed=query.get("new") == "on",
        )
    except ValueError as error:
        raise FormError("A search takes numbers, such as 10 for the seconds of the longest movement.") from error


def _is_wanted(row: NightRow, search: Search, found: SeveralNights) -> bool:
    """Whether a night fits a search."""
    clonus = row.figures.clonus
    longest_s, count = (clonus.longest_s, clonus.n_episodes) if clonus else (0.0, 0)
    return (
        (search.longer_than_s is None or longest_s > search.longer_than_s)
        and (search.more_than is None or count > search.more_than)
        and (not search.with_note or any(note.night == row.name for note in found.notes))
        and (not search.not_reviewed or row.n_reviewed < row.n_shown)
    )


def _pick(shown: Iterable[ShownEpisode], person: str, night: str, _: Translator) -> list[tuple[str, str, str]]:
    """Choose three movements of the newest night to look at: rule, words, address."""
    rhythmic = [one for one in shown if one.counts and one.episode.episode_class is EpisodeClass.CLONUS]
    picks = []
    for rules, one in choose_representative(rhythmic, _, with_median=False):
        beats = _("{n} beats").format(n=one.episode.beats)
        words = " · ".join((one.label(_), rounded_seconds_words(one.duration_s, _), beats))
        picks.append((rules, words, night_link(person, night, one.anchor)))
    return picks


def lay_out_calendar(found: SeveralNights, links: Mapping[str, str], _: Translator) -> Sequence[Sequence[Day]]:
    """Lay out weeks of days, Monday first: how well each leg was measured, and how much was found."""
    rows_of: dict[date, list[tuple[str, NightRow]]] = {}
    for leg in found.legs:
        for row in leg.rows:
            rows_of.setdefault(row.date, []).append((leg.side, row))
    monday = found.first - timedelta(days=found.first.weekday())
    n_weeks = ((found.last - monday).days // _DAYS_OF_WEEK) + 1
    days = [monday + timedelta(days=at) for at in range(n_weeks * _DAYS_OF_WEEK)]
    laid = [_lay_out_day(day, rows_of.get(day, []), links, _) for day in days]
    return [laid[at : at + _DAYS_OF_WEEK] for at in range(0, len(laid), _DAYS_OF_WEEK)]


def _lay_out_day(day: date, rows: Sequence[tuple[str, NightRow]], links: Mapping[str, str], _: Translator) -> Day:
    """Lay out a day; two nights of one date share it, and the address leads to the first."""
    marks = []
    for side, row in rows:
        count = row.n_movements
        words = _("{leg}: worn {share} %, {count}").format(
            leg=_(LEG_LETTERS.get(side, message("leg"))),
            share=f"{100 * row.worn_ratio:.0f}",
            count=_("{n} movements").format(n=count) if count is not None else _("nothing measured"),
        )
        worn_px = round(_MARK_PX * min(row.worn_ratio, 1.0), 1)
        found_px = round(_MARK_PX * min((count or 0) / _FULL_COUNT, 1.0), 1)
        marks.append((_(LEG_LETTERS.get(side, message("leg"))), worn_px, found_px, words))
    return Day(links.get(rows[0][1].name, "") if rows else "", day.day, tuple(marks))


def give_report(visit: Visit) -> File:
    """Make the report of the last twelve weeks."""
    from clonus_sense.workflows import PageChoices, default_pages_folder, make_report  # noqa: PLC0415 - for this alone

    with Library.open(visit.place.library_path) as library:
        found = read_several_nights(library, visit.query.get("person", ""), last=WEEKS * _DAYS_OF_WEEK)
        choices = PageChoices(default_pages_folder(library), visit.translate.language)
        content = make_report(library, found, choices, made_on=datetime.now().astimezone().date())
        return File(content, "application/pdf", choices.path_of_several(found).with_suffix(".pdf").name)


NIGHTS = Screen("nights", message("Nights"), show_nights, gives={"report": give_report})
