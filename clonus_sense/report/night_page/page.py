"""The page of a night, put together: first what a patient asks, then what a therapist looks for."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from clonus_sense.i18n import notice, translator
from clonus_sense.report.html import document, fitting_image, paragraph, section
from clonus_sense.report.night_axis import axis_of
from clonus_sense.report.night_page.background import (
    changes_section,
    findings_section,
    gaps_section,
    glossary_section,
    origin_section,
    words_section,
)
from clonus_sense.report.night_page.context import PageContext
from clonus_sense.report.night_page.episodes import pictures_section, table_section
from clonus_sense.report.night_page.hours import hours_section
from clonus_sense.report.night_page.shown import EpisodePicture, list_shown
from clonus_sense.report.night_page.summary import coverage_section, numbers_section
from clonus_sense.report.wording import HEADLINE
from clonus_sense.review import PersonNight


@dataclass(frozen=True, slots=True)
class NightPictures:
    """Everything drawn on the page.

    Parameters
    ----------
    wide_png, narrow_png
        The night on one time axis, for a desktop and for a telephone.
    episodes
        All episodes or a choice of them, in the order of the page.
    """

    wide_png: bytes
    narrow_png: bytes
    episodes: tuple[EpisodePicture, ...]


def build_night_page(
    night: PersonNight, pictures: NightPictures, *, language: str = "en", hide_personal: bool = False
) -> str:
    """Build the page of a night.

    1. How well it was measured.  2. What was found, against the person's own last nights.  3. The night on one time
    axis, by hour.  4. Each movement.  5. What stands behind the numbers, a glossary, the notice.

    Parameters
    ----------
    night
        What the page is about.
    pictures
        What is drawn.
    language
        Language of every text.
    hide_personal
        Whether codes, names, notes, file names and serial numbers are left out.

    Returns
    -------
    str
        A whole HTML document with the pictures inside; it asks for nothing from outside.
    """
    _ = translator(language)
    page = PageContext(night, axis_of(night), _, hide_personal)
    shown = list_shown(night)
    body = [
        _header(page),
        "<main>",
        coverage_section(page),
        numbers_section(page),
        paragraph(_("A record for reference. Please read the notice at the end of this page."), "small"),
        _picture_section(page, pictures, len(shown)),
        hours_section(page),
        table_section(page, shown, pictures.episodes),
        pictures_section(page, shown, pictures.episodes),
        gaps_section(page),
        words_section(page),
        changes_section(page),
        findings_section(page),
        origin_section(page),
        glossary_section(page),
        "</main>",
        f"<footer>{paragraph(notice(language), 'notice')}</footer>",
    ]
    return document(f"{page.title} – {_(HEADLINE)}", body, language=language, fingerprint=night.fingerprint)


def _header(page: PageContext) -> str:
    """Name the night, and whose it is unless that stays out."""
    _ = page.translate
    whose = page.night.person if page.night.person else _("nobody's yet")
    person = "" if page.hide_personal else _("Person: {code}").format(code=whose)
    zone = page.axis.clock.zone_name
    clock = _("Local time ({zone})").format(zone=zone) if zone else _("Local time")
    if page.axis.clock.changes(page.axis.length_s):
        clock = _("{label} – the clocks change in this time").format(label=clock)
    facts = " · ".join(escape(part) for part in (person, clock) if part)
    return f'<header>\n<h1>{escape(page.title)}</h1>\n<p class="facts">{facts}</p>\n</header>'


def _picture_section(page: PageContext, pictures: NightPictures, n_episodes: int) -> str:
    """Show the night on one time axis."""
    _ = page.translate
    alt = _("Picture of the night on one time axis; movements in it: {n}.").format(n=n_episodes)
    image = fitting_image(pictures.wide_png, alt, narrow_png=pictures.narrow_png)
    return section(_("The night on one time axis"), f"<figure>{image}</figure>")
