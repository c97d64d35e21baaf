"""The whole state of the recording in words, as every open page asks for it once a second."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from clonus_sense.i18n import Translator
from clonus_sense.recorder import RememberedSensor
from clonus_sense.report.wording import side_word


def who_words(sensors: Sequence[RememberedSensor], _: Translator) -> str:
    """Say whose legs are recorded, such as ``P07 · left leg``."""
    people = list(dict.fromkeys(one.person or _("person unknown") for one in sensors))
    parts = []
    for person in people:
        legs = [side_word(one.side, _) for one in sensors if (one.person or _("person unknown")) == person]
        parts.append(" · ".join([person, *dict.fromkeys(legs)]))
    return " / ".join(parts) or _("Nobody is set up yet")


def tell_state(sensors: Sequence[RememberedSensor], _: Translator) -> Mapping[str, object]:
    """Say the whole state."""
    return {"who": who_words(sensors, _), "phase": "idle"}
