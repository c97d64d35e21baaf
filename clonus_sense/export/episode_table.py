"""Table of episodes, with the figure that counts each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from clonus_sense.export.columns import CellKind, ExportColumn, ExportTable
from clonus_sense.export.content import ExportContent, LegOfNight, RecordingContent
from clonus_sense.export.night_table import Period
from clonus_sense.export.shared_columns import PERSON, RECORDING, SIDE, TIME_DECIMALS, utc_column
from clonus_sense.i18n import message
from clonus_sense.model import Episode
from clonus_sense.night import Standing, place_episodes

_RATE_DECIMALS = 4


class CountedAs(StrEnum):
    """The figure that counts an episode."""

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
    """An episode of a recording's newest analysis, and the figure that counts it."""

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
        """Verdicts of people about its movement, each with the rater's profession."""
        about = self.recording.leg.words_about(self.episode) if self.recording.leg else ()
        return "; ".join(f"{word.verdict.value} ({word.rater.profession.value})" for word in about)

    @property
    def word_numbers(self) -> str:
        """Numbers of these verdicts in the table of annotations."""
        about = self.recording.leg.words_about(self.episode) if self.recording.leg else ()
        return " ".join(str(word.id) for word in about)


def local_time(recording: RecordingContent, moment: datetime | None) -> datetime | None:
    """Convert a time to the local time of a recording."""
    return moment.astimezone(recording.leg.span.zone) if recording.leg and moment else None


EPISODES: ExportTable[EpisodeRow] = ExportTable(
    "episodes",
    "one episode of the newest analysis of a recording",
    (
        PERSON,
        ExportColumn(
            "night", CellKind.WORD, message("Name of the night, as in the table nights."), lambda row: row.night
        ),
        SIDE,
        RECORDING,
        ExportColumn(
            "run",
            CellKind.INTEGER,
            message("Number of the analysis in the library, as in the table recordings."),
            lambda row: row.recording.newest.run.id if row.recording.newest else None,
        ),
        ExportColumn(
            "episode", CellKind.INTEGER, message("Counts the episodes of the analysis from 1."), lambda row: row.number
        ),
        ExportColumn(
            "onset_local",
            CellKind.LOCAL_TIME,
            message("When it began, by the clock of the place."),
            lambda row: local_time(row.recording, row.onset),
        ),
        utc_column("onset_utc", lambda row: row.onset),
        ExportColumn(
            "onset_s",
            CellKind.NUMBER,
            message("When it began, since the start of the recording."),
            lambda row: row.episode.onset_s,
            "half a local period before the first beat",
            TIME_DECIMALS,
        ),
        ExportColumn(
            "offset_s",
            CellKind.NUMBER,
            message("When it ended, since the start of the recording."),
            lambda row: row.episode.offset_s,
            "half a local period after the last beat",
            TIME_DECIMALS,
        ),
        ExportColumn(
            "duration_s",
            CellKind.NUMBER,
            message("How long it was."),
            lambda row: row.episode.duration_s,
            "offset_s - onset_s",
            TIME_DECIMALS,
        ),
        ExportColumn(
            "beats",
            CellKind.INTEGER,
            message("Beats that were seen: cycles on the main axis."),
            lambda row: row.episode.beats,
        ),
        ExportColumn(
            "frequency_hz",
            CellKind.NUMBER,
            message("Beats per second."),
            lambda row: row.episode.frequency_hz,
            "(beats - 1) / (last beat - first beat), time lost in gaps left out",
            _RATE_DECIMALS,
        ),
        ExportColumn(
            "drift_hz",
            CellKind.NUMBER,
            message("How much faster it ended than it began."),
            lambda row: row.episode.drift_hz,
            "frequency of the last third of the intervals - that of the first third",
            _RATE_DECIMALS,
        ),
        ExportColumn(
            "peak_g",
            CellKind.NUMBER,
            message("Strongest beat; to be compared for one placement of the sensor only."),
            lambda row: row.episode.peak_g,
            "largest half peak-to-peak of a beat on the main axis",
            6,
        ),
        ExportColumn(
            "rms_g",
            CellKind.NUMBER,
            message("Strength over its whole length; to be compared for one placement of the sensor only."),
            lambda row: row.episode.rms_g,
            "root mean square from onset to offset on the main axis",
            6,
        ),
        ExportColumn(
            "regularity",
            CellKind.NUMBER,
            message("How even the beats are; 1 is a metronome."),
            lambda row: row.episode.regularity,
            "1 - standard deviation of the beat intervals / their mean, slow drift taken out",
            4,
        ),
        ExportColumn(
            "confidence",
            CellKind.NUMBER,
            message("Chance that the movement is truly rhythmic, 0 to 1; the validation says how well this holds."),
            lambda row: row.episode.confidence,
            decimals=4,
        ),
        ExportColumn(
            "class",
            CellKind.WORD,
            message(
                "What it looks like, never a diagnosis. clonus: rhythmic, in the person's band, 5 beats or more; "
                "brief: 3 or 4 beats; slow: below the band; uncertain: as steady as a machine for 20 s or longer."
            ),
            lambda row: row.episode.episode_class.value,
        ),
        ExportColumn(
            "ended_by",
            CellKind.WORD,
            message("Reason for its end: quiet, movement, gap or end."),
            lambda row: row.episode.ended_by.value,
        ),
        ExportColumn(
            "missing_s",
            CellKind.NUMBER,
            message("Time inside it that was lost in gaps."),
            lambda row: row.episode.missing_s,
            decimals=TIME_DECIMALS,
        ),
        ExportColumn(
            "axis_x",
            CellKind.NUMBER,
            message("Main axis, a unit vector of the sensor."),
            lambda row: row.episode.axis[0],
            "",
            6,
        ),
        ExportColumn("axis_y", CellKind.NUMBER, message("The same, y."), lambda row: row.episode.axis[1], "", 6),
        ExportColumn("axis_z", CellKind.NUMBER, message("The same, z."), lambda row: row.episode.axis[2], "", 6),
        ExportColumn(
            "period",
            CellKind.WORD,
            message("night: its onset lies in the rest window; waking: outside of it; empty without a date."),
            lambda row: row.period.value if row.period else None,
        ),
        ExportColumn(
            "counted_as",
            CellKind.WORD,
            message(
                "counted: in the numbers of the table nights; wear not confirmed: apart, the sensor was perhaps not on "
                "the leg; left out: a person said that the sensor was not worn, or an earlier recording of the same "
                "leg covers it; no date: in no night."
            ),
            lambda row: row.counted_as.value,
        ),
        ExportColumn(
            "words",
            CellKind.WORD,
            message("Valid verdicts of people about the movement, with their profession."),
            lambda row: row.words,
        ),
        ExportColumn(
            "annotations",
            CellKind.WORD,
            message("Numbers of these verdicts in the table annotations, with blanks between."),
            lambda row: row.word_numbers,
        ),
    ),
)


def episode_rows(content: ExportContent) -> Iterator[EpisodeRow]:
    """Yield the episodes of exported nights by person, night, leg, recording and onset, then those without a date."""
    for part in content.legs:
        yield from _episodes_of_leg(content, part)
    for recording in content.recordings:
        if recording.leg is None and recording.newest is not None:
            for number, episode in enumerate(recording.newest.episodes, start=1):
                person = content.label(recording.stored.info.person)
                yield EpisodeRow(person, "", recording, number, episode, None, None, CountedAs.NO_DATE)


def _episodes_of_leg(content: ExportContent, part: LegOfNight) -> Iterator[EpisodeRow]:
    """Yield the episodes of one leg's part of a night."""
    by_number = {recording.stored.id: recording for recording in content.recordings}
    for placed in place_episodes([one.span for one in part.leg.recordings]):
        # A recording of two days overlaps several nights: an episode belongs to the night of its onset.
        if not part.span.holds(placed.onset):
            continue
        night = part.leg.summary.night
        yield EpisodeRow(
            content.label(part.night.person),
            part.night.name,
            by_number[part.leg.recordings[placed.recording_at].stored.id],
            placed.episode_at + 1,
            placed.episode,
            placed.onset,
            Period.NIGHT if night and night.night.span.holds(placed.onset) else Period.WAKING,
            _COUNTED_AS[placed.standing],
        )
