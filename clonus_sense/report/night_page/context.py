"""What holds for every part of the page of a night."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape

from clonus_sense.i18n import Translator
from clonus_sense.report.clock_labels import date_words
from clonus_sense.report.night_axis import NightAxis
from clonus_sense.report.wording import side_word
from clonus_sense.review import LegNight, PersonNight


@dataclass(frozen=True, slots=True)
class PageContext:
    """The night, its clock, the language, and whether personal data stay out."""

    night: PersonNight
    axis: NightAxis
    translate: Translator
    hide_personal: bool

    @property
    def title(self) -> str:
        """The night by its dates, such as ``Night of 2026-11-05 (Thu) to 2026-11-06``."""
        _ = self.translate
        evening = self.night.date
        if self.night.has_rest:
            text = _("Night of {evening}, morning of {morning}")
            morning = evening + timedelta(days=1)
            return text.format(evening=date_words(evening, _), morning=date_words(morning, _))
        return _("Recording of {day}").format(day=date_words(evening, _))

    def clock_time(self, moment: datetime) -> str:
        """Hour and minute by the person's clock; with the offset in a night that has an hour twice or lacks one."""
        local = moment.astimezone(self.night.zone)
        return f"{local:%H:%M} UTC{local:%z}" if self.axis.clock.changes(self.axis.length_s) else f"{local:%H:%M}"

    def leg_heading(self, leg: LegNight) -> str:
        """Head a part of the page with its leg, where that says something."""
        if len(self.night.legs) == 1 and not leg.side:
            return ""
        return f"<h3>{escape(side_word(leg.side, self.translate))}</h3>"


def length_words(seconds: float, _: Translator) -> str:
    """Say a length of time in hours and minutes, such as ``7 h 12 min``; below a minute in seconds."""
    if 0 < seconds < 60:
        return _("{seconds:.0f} s").format(seconds=seconds)
    minutes = round(seconds / 60)
    if minutes < 60:
        return _("{minutes} min").format(minutes=minutes)
    return _("{hours} h {minutes:02d} min").format(hours=minutes // 60, minutes=minutes % 60)


def seconds_words(seconds: float, _: Translator) -> str:
    """Say seconds of movement with the digits that mean something, such as ``8.4 s`` or ``184 s``."""
    text = f"{seconds:.1f}" if seconds < 100 else f"{seconds:.0f}"
    return _("{number} s").format(number=text)
