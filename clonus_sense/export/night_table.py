"""Table of nights: figures of each leg's night and of the waking time around it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from clonus_sense.export.columns import CellKind, ExportColumn, ExportTable
from clonus_sense.export.content import ExportContent, LegOfNight
from clonus_sense.export.shared_columns import PERSON, TIME_DECIMALS, utc_column
from clonus_sense.i18n import message
from clonus_sense.model import EpisodeClass
from clonus_sense.night import ClassFigures, Coverage, Figures, Night


class Period(StrEnum):
    """Part of a night to which a figure belongs."""

    NIGHT = "night"
    WAKING = "waking"


@dataclass(frozen=True, slots=True)
class NightRow:
    """Figures of one leg's night or of the waking time around it."""

    person: str
    part: LegOfNight
    period: Period
    figures: Figures

    @property
    def rest(self) -> Night | None:
        """The rest window; only in the row of the night."""
        summary = self.part.leg.summary.night
        return summary.night if summary and self.period is Period.NIGHT else None

    @property
    def coverage(self) -> Coverage:
        """Measured, unconfirmed and missing time of this period."""
        return self.figures.coverage

    def of_class(self, episode_class: EpisodeClass) -> ClassFigures | None:
        """Return the figures of one class; ``None`` without measurement on the leg."""
        return self.figures.of_class(episode_class)


def _class_columns(episode_class: EpisodeClass) -> Iterator[ExportColumn[NightRow]]:
    """Yield the columns of one class of episodes."""
    name = episode_class.value

    def column(ending: str, meaning: str, formula: str, attribute: str, decimals: int | None) -> ExportColumn[NightRow]:
        return ExportColumn(
            f"{name}_{ending}",
            CellKind.INTEGER if decimals is None else CellKind.NUMBER,
            meaning,
            lambda row: getattr(row.of_class(episode_class), attribute, None),
            formula,
            decimals,
        )

    yield column(
        "n",
        message(
            "Counted episodes of this class with their onset in this period; "
            "empty where nothing was measured on the leg."
        ),
        "",
        "n_episodes",
        None,
    )
    yield column(
        "total_s",
        message("Length of these episodes together; empty where nothing was measured on the leg."),
        "sum of duration_s",
        "total_s",
        TIME_DECIMALS,
    )
    yield column(
        "longest_s",
        message("Longest of these episodes, 0 where there is none; empty where nothing was measured on the leg."),
        "",
        "longest_s",
        TIME_DECIMALS,
    )
    yield column(
        "n_per_worn_hour",
        message("These episodes for each hour measured on the leg; empty below 10 minutes of it."),
        f"{name}_n / (worn_s / 3600)",
        "n_per_worn_hour",
        6,
    )
    yield column(
        "total_s_per_worn_hour",
        message("Length of these episodes for each hour measured on the leg; empty below 10 minutes of it."),
        f"{name}_total_s / (worn_s / 3600)",
        "total_s_per_worn_hour",
        6,
    )


NIGHTS: ExportTable[NightRow] = ExportTable(
    "nights",
    "the night of one leg, or the waking time around it; left and right are never added",
    (
        PERSON,
        ExportColumn(
            "night",
            CellKind.WORD,
            message("Name of the night: the date of its evening, with -2 and more for further nights of one date."),
            lambda row: row.part.night.name,
        ),
        ExportColumn(
            "side", CellKind.WORD, message("Leg: left or right; empty where unknown."), lambda row: row.part.leg.side
        ),
        ExportColumn(
            "period",
            CellKind.WORD,
            message("night: the rest window; waking: what lies around it."),
            lambda row: row.period.value,
        ),
        ExportColumn(
            "timezone",
            CellKind.WORD,
            message("Time zone of the local times: a zone of the IANA list, or an offset."),
            lambda row: str(row.part.leg.summary.part.zone),
        ),
        ExportColumn(
            "rest_start_local",
            CellKind.LOCAL_TIME,
            message("Start of the rest window by the clock of the place; empty in the row of the waking time."),
            lambda row: row.rest.local_start if row.rest else None,
        ),
        utc_column("rest_start_utc", lambda row: row.rest.span.start if row.rest else None),
        ExportColumn(
            "rest_end_local",
            CellKind.LOCAL_TIME,
            message("End of the rest window by the clock of the place."),
            lambda row: row.rest.local_end if row.rest else None,
        ),
        utc_column("rest_end_utc", lambda row: row.rest.span.end if row.rest else None),
        ExportColumn(
            "rest_corrected",
            CellKind.TRUTH,
            message("Whether a person said when the rest window was; otherwise it is estimated from movement."),
            lambda row: row.rest.corrected if row.rest else None,
        ),
        ExportColumn(
            "length_s",
            CellKind.NUMBER,
            message("True length of this period, also through a change of the clocks."),
            lambda row: row.coverage.length_s,
            "worn_s + not_confirmed_s + not_measured_s",
            TIME_DECIMALS,
        ),
        ExportColumn(
            "worn_s",
            CellKind.NUMBER,
            message("Measured on the leg."),
            lambda row: row.coverage.worn_s,
            "",
            TIME_DECIMALS,
        ),
        ExportColumn(
            "not_confirmed_s",
            CellKind.NUMBER,
            message("Measured, but too still to tell a resting leg from a bedside table."),
            lambda row: row.coverage.not_confirmed_s,
            "",
            TIME_DECIMALS,
        ),
        ExportColumn(
            "not_measured_s",
            CellKind.NUMBER,
            message("Gaps, time between recordings, and time of which a person said that the sensor was not worn."),
            lambda row: row.coverage.not_measured_s,
            "",
            TIME_DECIMALS,
        ),
        ExportColumn(
            "worn_ratio",
            CellKind.NUMBER,
            message("Part of the length that was measured on the leg, 0 to 1."),
            lambda row: row.coverage.worn_ratio,
            "worn_s / length_s",
            6,
        ),
        *(column for episode_class in EpisodeClass for column in _class_columns(episode_class)),
        ExportColumn(
            "not_confirmed_n",
            CellKind.INTEGER,
            message(
                "Episodes of any class while wear is not confirmed, in no other number; "
                "empty where there is no such time."
            ),
            lambda row: row.figures.n_not_confirmed,
        ),
        ExportColumn(
            "left_out_n",
            CellKind.INTEGER,
            message("Episodes of any class that count nowhere."),
            lambda row: row.figures.n_left_out,
        ),
        ExportColumn(
            "recordings",
            CellKind.WORD,
            message("Numbers of the recordings that reach into it, with blanks between."),
            lambda row: " ".join(str(recording.stored.id) for recording in row.part.leg.recordings),
        ),
    ),
)


def night_rows(content: ExportContent) -> Iterable[NightRow]:
    """Yield the exported nights by person, time, leg and period."""
    for part in content.legs:
        person, summary = content.label(part.night.person), part.leg.summary
        if summary.night:
            yield NightRow(person, part, Period.NIGHT, summary.night.figures)
        if summary.waking:
            yield NightRow(person, part, Period.WAKING, summary.waking)
