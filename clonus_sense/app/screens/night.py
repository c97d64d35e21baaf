"""One night: its axis with all samples behind it, each movement, and verdicts that are kept as they are given."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping

from clonus_sense.app.gate import CONTENT_POLICY
from clonus_sense.app.screen import Answers, File, Next, Screen, Visit
from clonus_sense.i18n import message
from clonus_sense.library import Library
from clonus_sense.report.pages.night_document import NightView, view_night
from clonus_sense.review import PersonNight, find_night, plan_import, read_review, take_import
from clonus_sense.workflows.night_pages import windows_of

NIGHT_POLICY = f"{CONTENT_POLICY}; style-src 'self' 'unsafe-inline'"
"""Charts set the styles of their own parts; scripts stay those of the app alone."""


def show_night(visit: Visit) -> Mapping[str, object]:
    """Lay out the screen."""
    night = _read_night(visit)
    view = _view(visit, night)
    return {**view.context, "person": night.person, "night": night.name}


def give_data(visit: Visit) -> File:
    """Give the charts and samples of the night."""
    content = json.dumps(_view(visit, _read_night(visit)).data, ensure_ascii=False, separators=(",", ":"))
    return File(content.encode(), "application/json")


def take_review(visit: Visit, answers: Answers) -> Next:
    """Keep verdicts; they come as a review file, as a page saves it."""
    review = read_review(io.BytesIO(answers.get("review", "").encode()), "the review")
    with Library.open(visit.place.library_path) as library:
        take_import(library, review, plan_import(library, review))
    return Next(stays=True)


def _read_night(visit: Visit) -> PersonNight:
    """Read the night that an address names."""
    with Library.open(visit.place.library_path) as library:
        return find_night(library, visit.query.get("night", ""), person=visit.query.get("person") or None)


def _view(visit: Visit, night: PersonNight) -> NightView:
    """Lay out a night with all its samples, or take it as it was laid out for the same content."""

    def make() -> NightView:
        window_of = {one.stored.id: windows_of(one.stored, None) for one in night.recordings}
        return view_night(night, window_of, language=visit.translate.language, whole=True)

    return visit.house.nights.get(f"{visit.translate.language} {night.fingerprint}", make)


NIGHT = Screen(
    "night",
    message("Night"),
    show_night,
    acts={"review": take_review},
    gives={"data": give_data},
    is_listed=False,
    policy=NIGHT_POLICY,
)
