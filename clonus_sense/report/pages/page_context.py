"""What holds for every part of the page of a night."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from clonus_sense.i18n import Translator
from clonus_sense.library import Annotation
from clonus_sense.report.clock_labels import date_words, later_date_words
from clonus_sense.report.night_axis import NightAxis
from clonus_sense.report.wording import profession_word, verdict_word
from clonus_sense.review import PersonNight


@dataclass(frozen=True, slots=True)
class PageContext:
    """The night, its clock, the language, and whether personal data stay out."""

    night: PersonNight
    axis: NightAxis
    translate: Translator
    hide_personal: bool

    @property
    def title(self) -> str:
        """The night by its dates, such as ``Night of 2026-11-05 (Thu), morning of 11-06 (Fri)``."""
        _ = self.translate
        evening = self.night.date
        if self.night.has_rest:
            text = _("Night of {evening}, morning of {morning}")
            morning = evening + timedelta(days=1)
            return text.format(evening=date_words(evening, _), morning=later_date_words(morning, evening, _))
        return _("Recording of {day}").format(day=date_words(evening, _))

    @property
    def facts(self) -> str:
        """Whose night it is, unless that stays out, and by which clock it is told."""
        _ = self.translate
        whose = "" if self.hide_personal else _("Person: {code}").format(code=self.night.person or _("person unknown"))
        return " · ".join(part for part in (whose, self.axis.clock.axis_label(self.axis.length_s, _)) if part)

    def clock_time(self, moment: datetime) -> str:
        """Hour and minute by the person's clock; with the offset in a night that has an hour twice or lacks one."""
        local = moment.astimezone(self.night.zone)
        return f"{local:%H:%M} UTC{local:%z}" if self.axis.clock.changes(self.axis.length_s) else f"{local:%H:%M}"


def words_of(word: Annotation, page: PageContext) -> str:
    """Say a person's word on one line; names and notes stay out where personal data do."""
    _ = page.translate
    who = profession_word(word.rater.profession, _)
    if word.rater.name and not page.hide_personal:
        who = f"{word.rater.name} ({who})"
    note = f" – {word.note}" if word.note and not page.hide_personal else ""
    return f"{verdict_word(word.verdict, _)} · {who}{note}"
