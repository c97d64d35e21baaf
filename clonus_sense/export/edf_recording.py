"""A recording of the library as EDF+D, with gaps, events and clock."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

import numpy as np

from clonus_sense.export.content import ExportContent, RecordingContent
from clonus_sense.export.edf_annotations import EdfAnnotation, distribute
from clonus_sense.export.edf_file import EdfIdentity, edf_blocks
from clonus_sense.export.edf_records import RecordPlan, plan_records
from clonus_sense.export.edf_scale import EdfScale, choose_scale
from clonus_sense.export.episode_table import EpisodeRow, episode_rows
from clonus_sense.library import standing
from clonus_sense.recording import Recording
from clonus_sense.version import __version__

_MICROSECONDS = 1_000_000
# Clocks change at full quarters of an hour.
_CLOCKS_CHANGE_EVERY_S = 900


@dataclass(frozen=True, slots=True)
class EdfContent:
    """A recording ready to be written as EDF+D; ``begin_us`` is a whole second of local time."""

    identity: EdfIdentity
    recording: Recording
    plan: RecordPlan
    scale: EdfScale
    begin_us: int
    annotations: tuple[EdfAnnotation, ...]

    def blocks(self) -> Iterator[bytes]:
        """Yield the file in pieces."""
        lists = [part for annotation in self.annotations for part in annotation.as_bytes()]
        distributed = distribute(lists, self.plan.n_records)
        return edf_blocks(self.identity, self.recording.stretches, self.plan, self.scale, distributed, self.begin_us)


def lay_out_edf(content: ExportContent, about: RecordingContent, recording: Recording) -> EdfContent:
    """Prepare a recording for EDF+D."""
    info = about.stored.info
    plan = plan_records(recording.stretches, recording.info.fs_hz)
    peak_g = max(float(np.abs(samples.accel_g).max()) for samples in recording.stretches)
    scale = choose_scale(peak_g, step_g=info.step_g, range_g=info.range_g)
    local_start, begin_us = _begin(about, int(plan.onsets_us[0][0]))
    where = " ".join(filter(None, (info.side, info.site.value if info.site else "")))
    identity = EdfIdentity(
        patient_code=content.label(info.person),
        local_start=local_start,
        # The sensor's family is free text of the file.
        equipment=info.sensor.family if content.with_personal_data else "",
        more=(f"clonus_sense/{__version__}", *_zone_words(about, local_start)),
        transducer=f"{where or 'leg'}; step {scale.step_g:.9g} g; {scale.digital_min} means no sample",
    )
    annotations = sorted(
        _annotations(content, about, recording, plan, begin_us), key=lambda annotation: annotation.onset_us
    )
    return EdfContent(identity, recording, plan, scale, begin_us, tuple(annotations))


def _begin(about: RecordingContent, first_us: int) -> tuple[datetime | None, int]:
    """Find the whole second of local time at which the file begins, less than 1 s before its samples."""
    first = about.local(first_us / _MICROSECONDS)
    if first is None:
        return None, first_us - first_us % _MICROSECONDS
    return first.replace(microsecond=0), first_us - first.microsecond


def _zone_words(about: RecordingContent, local_start: datetime | None) -> tuple[str, ...]:
    """Return words for the time zone of the start, because EDF has no time zone."""
    if local_start is None:
        return ("no_date",)
    return tuple(filter(None, (about.stored.info.timezone, _offset(local_start))))


def _offset(moment: datetime) -> str:
    """Write the offset of a time from UTC, such as ``UTC+01:00``."""
    return f"UTC{moment.isoformat()[-6:]}" if moment.utcoffset() else "UTC+00:00"


def _annotations(
    content: ExportContent, about: RecordingContent, recording: Recording, plan: RecordPlan, begin_us: int
) -> Iterator[EdfAnnotation]:
    """Yield annotations for episodes, gaps, words of people, markers and the clock."""

    def at(text: str, start_s: float, end_s: float | None = None) -> EdfAnnotation:
        onset_us = round(start_s * _MICROSECONDS) - begin_us
        return EdfAnnotation(onset_us, text, None if end_s is None else round((end_s - start_s) * _MICROSECONDS))

    first_s = int(plan.onsets_us[0][0]) / _MICROSECONDS
    yield at(f"Times within a record are right to {ceil(plan.largest_error_s * 1e6)} us", first_s)
    if first_s:
        # Our times count from here; most EDF readers count from the first sample.
        yield at("Second 0 of the recording", 0.0)
    yield from (at(text, at_s) for at_s, text in _clock_lines(about, first_s))
    for gap in recording.gaps:
        yield at(f"Gap: {gap.reason}", gap.start_s, gap.end_s)
    yield at("End of recording", recording.duration_s)
    for row in episode_rows(content):
        if row.recording.stored.id == about.stored.id:
            yield at(_episode_text(row), row.episode.onset_s, row.episode.offset_s)
    for word in standing(about.annotations):
        rater = (
            f"{word.rater.profession.value} {word.rater.name}"
            if content.with_personal_data
            else (word.rater.profession.value)
        )
        note = f": {word.note}" if word.note and content.with_personal_data else ""
        yield at(f"Word of {rater.strip()}: {word.verdict.value}{note}", word.span.start_s, word.span.end_s)
    for marker in about.markers:
        text = f": {marker.text}" if marker.text and content.with_personal_data else ""
        yield at(f"Marker: {marker.kind.value}{text}", marker.at_s)


def _episode_text(row: EpisodeRow) -> str:
    """Describe an episode."""
    episode = row.episode
    return (
        f"Episode {row.number}: {episode.episode_class.value} {episode.frequency_hz:.2f} Hz {episode.beats} beats "
        f"peak {episode.peak_g:.3f} g confidence {episode.confidence:.2f} ({row.counted_as.value})"
    )


def _clock_lines(about: RecordingContent, first_s: float) -> Iterator[tuple[float, str]]:
    """Yield the local time of the start and each clock change; durations are not affected."""
    first = about.local(first_s)
    if first is None:
        return
    yield first_s, f"Local time: {about.stored.info.timezone or 'by offset'} {_offset(first)}"
    # From the next quarter of an hour, each quarter.
    into_s = timedelta(minutes=first.minute, seconds=first.second, microseconds=first.microsecond).total_seconds()
    at_s = first_s + _CLOCKS_CHANGE_EVERY_S - into_s % _CLOCKS_CHANGE_EVERY_S
    before = first
    while at_s < about.stored.duration_s:
        now = about.local(at_s)
        if now is not None and now.utcoffset() != before.utcoffset():
            yield at_s, f"Clocks change: {_offset(before)} to {_offset(now)}"
        before = now or before
        at_s += _CLOCKS_CHANGE_EVERY_S
