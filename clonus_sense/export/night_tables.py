"""Nights and episodes as tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from clonus_sense.export.columns import CellKind, Column, Table
from clonus_sense.export.content import ExportContent, LegOfNight, RecordingContent
from clonus_sense.i18n import message
from clonus_sense.model import Episode, EpisodeClass
from clonus_sense.night import ClassFigures, Coverage, Figures, Night, Standing, place_episodes

_WORD, _INTEGER, _NUMBER, _TRUTH = CellKind.WORD, CellKind.INTEGER, CellKind.NUMBER, CellKind.TRUTH
TIME_DECIMALS = 6
"""Recordings hold whole microseconds."""
_RATE_DECIMALS = 4


class Period(StrEnum):
    """Which part of a night's recordings a number speaks of."""

    NIGHT = "night"
    WAKING = "waking"


class CountedAs(StrEnum):
    """Which number an episode belongs to."""

    COUNTED = "counted"
    NOT_CONFIRMED = "wear not confirmed"
    LEFT_OUT = "left out"
    NO_DATE = "no date"


_COUNTED_AS = {
    Standing.WORN: CountedAs.COUNTED,
    Standing.NOT_CONFIRMED: CountedAs.NOT_CONFIRMED,
    Standing.LEFT_OUT: CountedAs.LEFT_OUT,
}


@dataclass(frozen=True, slots=True)
class EpisodeRow:
    """An episode of a recording's newest analysis, and where it counts."""

    person: str
    night: str
    recording: RecordingContent
    number: int
    episode: Episode
    onset: datetime | None
    period: Period | None
    counted_as: CountedAs

    @property
    def words(self) -> str:
        """Verdicts of people about its movement, each with the profession of who says it."""
        about = self.recording.leg.words_about(self.episode) if self.recording.leg else ()
        return "; ".join(f"{word.verdict.value} ({word.rater.profession.value})" for word in about)

    @property
    def word_numbers(self) -> str:
        """Numbers of the same in the table of annotations."""
        about = self.recording.leg.words_about(self.episode) if self.recording.leg else ()
        return " ".join(str(word.id) for word in about)


def local_time(recording: RecordingContent, moment: datetime | None) -> datetime | None:
    """Read a moment from the clock of the place of a recording."""
    return moment.astimezone(recording.leg.span.zone) if recording.leg and moment else None


EPISODES: Table[EpisodeRow] = Table(
    "episodes",
    "one episode of the newest analysis of a recording",
    (
        Column(
            "person",
            CellKind.TEXT,
            message("Code of the person; empty where nobody is named yet."),
            lambda row: row.person,
        ),
        Column("night", _WORD, message("Name of the night, as in the table nights."), lambda row: row.night),
        Column(
            "side",
            _WORD,
            message("Leg: left or right; empty where unknown."),
            lambda row: row.recording.stored.info.side,
        ),
        Column(
            "recording",
            _INTEGER,
            message("Number of the recording in the library."),
            lambda row: row.recording.stored.id,
        ),
        Column(
            "run",
            _INTEGER,
            message("Number of the analysis in the library, as in the table recordings."),
            lambda row: row.recording.newest.run.id if row.recording.newest else None,
        ),
        Column("episode", _INTEGER, message("Counts the episodes of the analysis from 1."), lambda row: row.number),
        Column(
            "onset_local",
            CellKind.LOCAL_TIME,
            message("When it began, by the clock of the place."),
            lambda row: local_time(row.recording, row.onset),
        ),
        Column("onset_utc", CellKind.UTC_TIME, message("The same moment in UTC."), lambda row: row.onset),
        Column(
            "onset_s",
            _NUMBER,
            message("When it began, since the start of the recording."),
            lambda row: row.episode.onset_s,
            "half a local period before the first beat",
            TIME_DECIMALS,
        ),
        Column(
            "offset_s",
            _NUMBER,
            message("When it ended, since the start of the recording."),
            lambda row: row.episode.offset_s,
            "half a local period after the last beat",
            TIME_DECIMALS,
        ),
        Column(
            "duration_s",
            _NUMBER,
            message("How long it was."),
            lambda row: row.episode.duration_s,
            "offset_s - onset_s",
            TIME_DECIMALS,
        ),
        Column(
            "beats", _INTEGER, message("Beats that were seen: cycles on the main axis."), lambda row: row.episode.beats
        ),
        Column(
            "frequency_hz",
            _NUMBER,
            message("Beats per second."),
            lambda row: row.episode.frequency_hz,
            "(beats - 1) / (last beat - first beat), time lost in gaps left out",
            _RATE_DECIMALS,
        ),
        Column(
            "drift_hz",
            _NUMBER,
            message("How much faster it ended than it began."),
            lambda row: row.episode.drift_hz,
            "frequency of the last third of the intervals - that of the first third",
            _RATE_DECIMALS,
        ),
        Column(
            "peak_g",
            _NUMBER,
            message("Strongest beat; to be compared for one placement of the sensor only."),
            lambda row: row.episode.peak_g,
            "largest half peak-to-peak of a beat on the main axis",
            6,
        ),
        Column(
            "rms_g",
            _NUMBER,
            message("Strength over its whole length; to be compared for one placement of the sensor only."),
            lambda row: row.episode.rms_g,
            "root mean square from onset to offset on the main axis",
            6,
        ),
        Column(
            "regularity",
            _NUMBER,
            message("How even the beats are; 1 is a metronome."),
            lambda row: row.episode.regularity,
            "1 - standard deviation of the beat intervals / their mean, slow drift taken out",
            4,
        ),
        Column(
            "confidence",
            _NUMBER,
            message("How sure the detector is, 0 to 1; how far that holds stands in the validation."),
            lambda row: row.episode.confidence,
            decimals=4,
        ),
        Column(
            "class",
            _WORD,
            message(
                "What it looks like, never a diagnosis. clonus: rhythmic, in the person's band, 5 beats or more; "
                "brief: 3 or 4 beats; slow: below the band; uncertain: as steady as a machine for 20 s or longer."
            ),
            lambda row: row.episode.episode_class.value,
        ),
        Column(
            "ended_by",
            _WORD,
            message("What ended it: quiet, movement, gap or end."),
            lambda row: row.episode.ended_by.value,
        ),
        Column(
            "missing_s",
            _NUMBER,
            message("Time inside it that was lost in gaps."),
            lambda row: row.episode.missing_s,
            decimals=TIME_DECIMALS,
        ),
        Column(
            "axis_x",
            _NUMBER,
            message("Main axis, a unit vector of the sensor."),
            lambda row: row.episode.axis[0],
            "",
            6,
        ),
        Column("axis_y", _NUMBER, message("The same, y."), lambda row: row.episode.axis[1], "", 6),
        Column("axis_z", _NUMBER, message("The same, z."), lambda row: row.episode.axis[2], "", 6),
        Column(
            "period",
            _WORD,
            message("night: its onset lies in the rest window; waking: outside of it; empty without a date."),
            lambda row: row.period.value if row.period else None,
        ),
        Column(
            "counted_as",
            _WORD,
            message(
                "counted: in the numbers of the table nights; wear not confirmed: apart, the sensor was perhaps not on "
                "the leg; left out: a person said that the sensor was not worn, or an earlier recording of the same "
                "leg covers it; no date: in no night."
            ),
            lambda row: row.counted_as.value,
        ),
        Column(
            "words",
            _WORD,
            message("What people say about the movement and still holds, with their profession."),
            lambda row: row.words,
        ),
        Column(
            "annotations",
            _WORD,
            message("Numbers of these words in the table annotations, with blanks between."),
            lambda row: row.word_numbers,
        ),
    ),
)


def episode_rows(content: ExportContent) -> Iterator[EpisodeRow]:
    """Lay out the episodes of the nights that are exported, then those without a date.

    Parameters
    ----------
    content
        What is exported.

    Yields
    ------
    EpisodeRow
        By person, night, leg, recording and onset; each episode once.
    """
    for part in content.legs:
        yield from _episodes_of_leg(content, part)
    for recording in content.recordings:
        if recording.leg is None and recording.newest is not None:
            for number, episode in enumerate(recording.newest.episodes, start=1):
                person = content.label(recording.stored.info.person)
                yield EpisodeRow(person, "", recording, number, episode, None, None, CountedAs.NO_DATE)


def _episodes_of_leg(content: ExportContent, part: LegOfNight) -> Iterator[EpisodeRow]:
    """Lay out the episodes of one leg's part of a night."""
    by_number = {recording.stored.id: recording for recording in content.recordings}
    # By identity: two recordings of one leg may look alike, and only one of them is meant.
    of_span = {id(one.span): by_number[one.stored.id] for one in part.leg.recordings}
    number_of = {
        id(episode): number for one in part.leg.recordings for number, episode in enumerate(one.span.episodes, start=1)
    }
    for placed in place_episodes([one.span for one in part.leg.recordings]):
        # A recording of two days reaches into several nights: its episode belongs to that of its onset.
        if not part.span.holds(placed.onset):
            continue
        recording = of_span[id(placed.recorded)]
        night = part.leg.summary.night
        yield EpisodeRow(
            content.label(part.night.person),
            part.night.name,
            recording,
            number_of[id(placed.episode)],
            placed.episode,
            placed.onset,
            Period.NIGHT if night and night.night.span.holds(placed.onset) else Period.WAKING,
            _COUNTED_AS[placed.standing],
        )


@dataclass(frozen=True, slots=True)
class NightRow:
    """One leg's night, or the waking time around it, in numbers."""

    person: str
    part: LegOfNight
    period: Period
    figures: Figures

    @property
    def rest(self) -> Night | None:
        """The rest window, told in the row of the night alone."""
        summary = self.part.leg.summary.night
        return summary.night if summary and self.period is Period.NIGHT else None

    @property
    def coverage(self) -> Coverage:
        """How well this time was measured."""
        return self.figures.coverage

    def of_class(self, episode_class: EpisodeClass) -> ClassFigures | None:
        """Return the numbers of one class; ``None`` where nothing was measured on the leg."""
        return self.figures.of_class(episode_class)


def _class_columns(episode_class: EpisodeClass) -> Iterator[Column[NightRow]]:
    """Give the columns of one class of episodes."""
    name = episode_class.value

    def column(ending: str, meaning: str, formula: str, attribute: str, decimals: int | None) -> Column[NightRow]:
        return Column(
            f"{name}_{ending}",
            _INTEGER if decimals is None else _NUMBER,
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


NIGHTS: Table[NightRow] = Table(
    "nights",
    "the night of one leg, or the waking time around it; left and right are never added",
    (
        Column(
            "person",
            CellKind.TEXT,
            message("Code of the person; empty where nobody is named yet."),
            lambda row: row.person,
        ),
        Column(
            "night",
            _WORD,
            message("Name of the night: the date of its evening, with -2 and more for further nights of one date."),
            lambda row: row.part.night.name,
        ),
        Column("side", _WORD, message("Leg: left or right; empty where unknown."), lambda row: row.part.leg.side),
        Column(
            "period",
            _WORD,
            message("night: the rest window; waking: what lies around it."),
            lambda row: row.period.value,
        ),
        Column(
            "timezone",
            _WORD,
            message("By whose clock it is told: a zone of the IANA list, or an offset."),
            lambda row: str(row.part.leg.summary.part.zone),
        ),
        Column(
            "rest_start_local",
            CellKind.LOCAL_TIME,
            message("Start of the rest window by the clock of the place; empty in the row of the waking time."),
            lambda row: row.rest.local_start if row.rest else None,
        ),
        Column(
            "rest_start_utc",
            CellKind.UTC_TIME,
            message("The same moment in UTC."),
            lambda row: row.rest.span.start if row.rest else None,
        ),
        Column(
            "rest_end_local",
            CellKind.LOCAL_TIME,
            message("End of the rest window by the clock of the place."),
            lambda row: row.rest.local_end if row.rest else None,
        ),
        Column(
            "rest_end_utc",
            CellKind.UTC_TIME,
            message("The same moment in UTC."),
            lambda row: row.rest.span.end if row.rest else None,
        ),
        Column(
            "rest_corrected",
            _TRUTH,
            message("Whether a person said when the rest window was; otherwise it is estimated from movement."),
            lambda row: row.rest.corrected if row.rest else None,
        ),
        Column(
            "length_s",
            _NUMBER,
            message("True length of this period, also through a change of the clocks."),
            lambda row: row.coverage.length_s,
            "worn_s + not_confirmed_s + not_measured_s",
            TIME_DECIMALS,
        ),
        Column("worn_s", _NUMBER, message("Measured on the leg."), lambda row: row.coverage.worn_s, "", TIME_DECIMALS),
        Column(
            "not_confirmed_s",
            _NUMBER,
            message("Measured, but too still to tell a resting leg from a bedside table."),
            lambda row: row.coverage.not_confirmed_s,
            "",
            TIME_DECIMALS,
        ),
        Column(
            "not_measured_s",
            _NUMBER,
            message("Gaps, time between recordings, and time of which a person said that the sensor was not worn."),
            lambda row: row.coverage.not_measured_s,
            "",
            TIME_DECIMALS,
        ),
        Column(
            "worn_ratio",
            _NUMBER,
            message("Part of the length that was measured on the leg, 0 to 1."),
            lambda row: row.coverage.worn_ratio,
            "worn_s / length_s",
            6,
        ),
        *(column for episode_class in EpisodeClass for column in _class_columns(episode_class)),
        Column(
            "not_confirmed_n",
            _INTEGER,
            message(
                "Episodes of any class while wear is not confirmed, in no other number; "
                "empty where there is no such time."
            ),
            lambda row: row.figures.n_not_confirmed,
        ),
        Column(
            "left_out_n",
            _INTEGER,
            message("Episodes of any class that count nowhere."),
            lambda row: row.figures.n_left_out,
        ),
        Column(
            "recordings",
            _WORD,
            message("Numbers of the recordings that reach into it, with blanks between."),
            lambda row: " ".join(str(recording.stored.id) for recording in row.part.leg.recordings),
        ),
    ),
)


def night_rows(content: ExportContent) -> Iterable[NightRow]:
    """Lay out the nights that are exported, by person, time, leg and period.

    Parameters
    ----------
    content
        What is exported.

    Yields
    ------
    NightRow
        One for a night, one for the waking time around it.
    """
    for part in content.legs:
        person, summary = content.label(part.night.person), part.leg.summary
        if summary.night:
            yield NightRow(person, part, Period.NIGHT, summary.night.figures)
        if summary.waking:
            yield NightRow(person, part, Period.WAKING, summary.waking)


def utc_of(moment: datetime | None) -> datetime | None:
    """Return the same moment in UTC."""
    return moment.astimezone(UTC) if moment else None
