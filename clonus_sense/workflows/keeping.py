"""Reads, analyses and stores a recording in the library, in one pass and one transaction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from clonus_sense.activity import ActivityBuilder, Epoch
from clonus_sense.config import DetectionSettings
from clonus_sense.detection import Detector, detect_batches, shown_to
from clonus_sense.errors import RecordingError, SettingsError
from clonus_sense.library import (
    DetectorRun,
    Filing,
    Library,
    Marker,
    Person,
    RecordingHasher,
    RunComparison,
    StoredRecording,
    add_markers,
    add_person,
    add_recording,
    add_run,
    compare_runs,
    find_recording,
    find_recording_by_hash,
    find_recordings_by_start,
    latest_run,
    list_people,
    move_recordings,
    renew_recording,
    replace_epochs,
)
from clonus_sense.model import Episode, EpisodeClass, Finding, Gap, RecordingInfo, Severity, Site
from clonus_sense.recording import UNFINISHED, ForeignFormat, how_it_was_read, stream_recording
from clonus_sense.version import __version__
from clonus_sense.workflows.beside import markers_of, merge_left_over, read_ledger_beside, with_reasons
from clonus_sense.workflows.stored_files import check_is_the_same, check_is_there, continues


@dataclass(frozen=True, slots=True)
class Particulars:
    """Facts stated by a person that are missing or wrong in the file.

    Parameters
    ----------
    person
        Code of the person; empty takes the code of the file.
    side
        ``left`` or ``right``; empty takes the side of the file.
    site
        Site of the sensor; ``None`` takes the site of the file, else the person's usual one.
    """

    person: str = ""
    side: str = ""
    site: Site | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """A recording in the library, with its newest analysis.

    Parameters
    ----------
    was_known
        Whether the library already held the recording.
    was_binned
        Whether it came back from the bin.
    comparison
        Differences from the previous analysis; ``None`` if there was none or it was the same.
    stays_filed
        Whether it stays with another person or leg than stated.
    passes_over_own
        Whether the given settings override the person's.
    """

    recording: StoredRecording
    was_known: bool
    run: DetectorRun
    episodes: tuple[Episode, ...]
    comparison: RunComparison | None
    stays_filed: bool = False
    passes_over_own: bool = False
    was_binned: bool = False


@dataclass(frozen=True, slots=True)
class _FileRead:
    """Results of one pass over a file; ``recorded_start`` is the start stated in the file."""

    content_hash: str
    recorded_start: datetime | None
    info: RecordingInfo
    duration_s: float
    gaps: tuple[Gap, ...]
    markers: tuple[Marker, ...]
    reader_findings: tuple[Finding, ...]
    detector_findings: tuple[Finding, ...]
    episodes: tuple[Episode, ...]
    epochs: tuple[Epoch, ...]
    settings: DetectionSettings


def keep_recording(
    library: Library,
    path: Path,
    particulars: Particulars | None = None,
    *,
    settings: DetectionSettings | None = None,
    foreign: ForeignFormat | None = None,
    on_progress: Callable[[float], None] | None = None,
) -> Kept:
    """Read and analyse a recording and store it in the library; if a step fails, the library stays unchanged.

    The file stays in its place. A recording that the library knows in whole or in part is analysed again. Its person
    and leg change only if they were unknown.

    Parameters
    ----------
    path
        A recording of ours, or the CSV of a phone or logger.
    particulars
        Facts stated by the person.
    settings
        Settings for this analysis; ``None`` takes those of the person, else the defaults.
    foreign
        What the person said about a foreign CSV.
    on_progress
        Is told the fraction of the file that has been read, 0 to 1.

    Returns
    -------
    Kept
        The recording with its new analysis.

    Raises
    ------
    RecordingError
        If the file cannot be read, has no date and none was given, or the given start contradicts the file.
    SignalError
        If the samples cannot be analysed.
    LibraryError
        If the recording cannot be stored; the library is then unchanged.
    """
    particulars = particulars or Particulars()
    reading = _read(library, path, particulars, settings, foreign, on_progress)
    known = _find_known(library, path, reading, foreign)
    if known:
        # The known recording may have another person, whose settings then apply, or another site.
        owners = settings or settings_of_person(library, known.info.person)
        if (owners, known.info.site) != (reading.settings, reading.info.site):
            as_filed = replace(particulars, person=known.info.person, site=known.info.site)
            reading = _read(library, path, as_filed, owners, foreign, on_progress)
        reading = replace(reading, info=_as_known(reading.info, known.info, foreign))
    with library.writing():
        if known and known.content_hash != reading.content_hash:
            _renew(library, known, path, reading)
        added = add_recording(
            library,
            path,
            reading.content_hash,
            reading.info,
            duration_s=reading.duration_s,
            gaps=reading.gaps,
            findings=reading.reader_findings,
        )
        recording = _file_if_nobodys(library, added.recording, particulars) if added.was_known else added.recording
        kept = _store(library, recording, reading, was_known=added.was_known)
    said = (particulars.person or recording.info.person, particulars.side or recording.info.side)
    return replace(
        kept,
        stays_filed=said != (recording.info.person, recording.info.side),
        passes_over_own=_passes_over_own(library, recording.info.person, settings),
        was_binned=added.was_binned,
    )


def reanalyse_recording(
    library: Library,
    recording_id: int,
    *,
    settings: DetectionSettings | None = None,
    foreign: ForeignFormat | None = None,
    on_progress: Callable[[float], None] | None = None,
) -> Kept:
    """Analyse a recording of the library again; earlier analyses stay.

    Annotations stay, because they belong to the time of the recording.

    Parameters
    ----------
    settings
        Settings for this analysis; ``None`` takes those of the person, else the defaults.
    foreign
        What the person said about a foreign CSV.
    on_progress
        Is told the fraction of the file that has been read, 0 to 1.

    Returns
    -------
    Kept
        The recording with its new analysis and the differences from the previous one.

    Raises
    ------
    LibraryError
        If the recording does not exist, or its file now holds another one.
    RecordingError
        If the file is missing or cannot be read.
    """
    stored = find_recording(library, recording_id)
    check_is_there(stored)
    particulars = Particulars(person=stored.info.person, side=stored.info.side, site=stored.info.site)
    foreign = how_it_was_read(stored.info, foreign)
    reading = _read(library, stored.path, particulars, settings, foreign, on_progress, is_known=True)
    with library.writing():
        if reading.content_hash != stored.content_hash and continues(
            library, stored, stored.path, reading.info.sensor, reading.duration_s, foreign=foreign
        ):
            stored = _renew(library, stored, stored.path, reading)
        check_is_the_same(stored, reading.content_hash)
        kept = _store(library, stored, reading, was_known=True)
    return replace(kept, passes_over_own=_passes_over_own(library, stored.info.person, settings))


def _read(
    library: Library,
    path: Path,
    particulars: Particulars,
    settings: DetectionSettings | None,
    foreign: ForeignFormat | None,
    on_progress: Callable[[float], None] | None,
    *,
    is_known: bool = False,
) -> _FileRead:
    """Read a file once for episodes, activity and the hash of the samples."""
    merge_left_over(path)
    hasher = RecordingHasher()
    with stream_recording(path, foreign=foreign, on_progress=on_progress) as stream:
        recorded_start = stream.recorded_start
        info = stream.info if is_known else _with_particulars(path, stream.info, particulars)
        person = " ".join((particulars.person or info.person).split())
        settings = settings or settings_of_person(library, person)
        site = particulars.site or info.site or _usual_site(library, person)
        activity = ActivityBuilder(info.step_g)
        detector = Detector(settings, site=site)
        batches = shown_to(stream.batches(), activity.add, hasher.add)
        episodes = tuple(detect_batches(batches, detector, source=path))
    ledger = read_ledger_beside(path)
    return _FileRead(
        # The start of the file: a start stated by a person does not change the hash.
        content_hash=hasher.hexdigest(recorded_start),
        recorded_start=recorded_start,
        info=replace(info, site=site),
        duration_s=stream.duration_s,
        gaps=with_reasons(stream.gaps, ledger),
        markers=markers_of(ledger),
        # "Unfinished" holds only for this analysis: the next reading may find more samples.
        reader_findings=(*(one for one in stream.findings if one != UNFINISHED), *_unknown_site(site)),
        detector_findings=(*((UNFINISHED,) if stream.is_unfinished else ()), *detector.findings()),
        episodes=episodes,
        epochs=activity.build([one.onset_s for one in episodes if one.episode_class is EpisodeClass.CLONUS]),
        settings=settings,
    )


def _find_known(
    library: Library, path: Path, reading: _FileRead, foreign: ForeignFormat | None
) -> StoredRecording | None:
    """Find the recording in the library, or the part of it that was read earlier."""
    known = find_recording_by_hash(library, reading.content_hash)
    if known is not None or reading.recorded_start is None:
        return known
    parts = find_recordings_by_start(library, reading.recorded_start)
    of = (path, reading.info.sensor, reading.duration_s)
    return next((part for part in parts if continues(library, part, *of, foreign=foreign)), None)


def _renew(library: Library, known: StoredRecording, path: Path, reading: _FileRead) -> StoredRecording:
    """Replace the reading of a recording by a longer one."""
    return renew_recording(
        library,
        known.id,
        path,
        reading.content_hash,
        duration_s=reading.duration_s,
        gaps=reading.gaps,
        findings=reading.reader_findings,
    )


def _with_particulars(path: Path, info: RecordingInfo, particulars: Particulars) -> RecordingInfo:
    """Override the file's facts by stated ones, and refuse a recording without a date."""
    if info.start is None:
        raise RecordingError(
            f"{path}: the file does not say when it was recorded; add --start with date, time and offset of its "
            "first sample, such as --start 2026-11-05T22:30+09:00."
        )
    return replace(
        info,
        person=particulars.person or info.person,
        side=particulars.side or info.side,
        site=particulars.site or info.site,
    )


def _as_known(info: RecordingInfo, known: RecordingInfo, foreign: ForeignFormat | None) -> RecordingInfo:
    """Keep the known time zone of a recording, unless another one is stated now."""
    if foreign is not None and foreign.timezone is not None:
        return info
    was_read = how_it_was_read(known) is not None
    notes = known.notes if was_read else info.notes
    return replace(info, start=known.start, timezone=known.timezone, notes=notes)


def _file_if_nobodys(library: Library, recording: StoredRecording, particulars: Particulars) -> StoredRecording:
    """Set person and leg of a known recording as far as they were unknown."""
    info = recording.info
    to = Filing(info.person or particulars.person, info.side or particulars.side)
    if to == Filing(info.person, info.side):
        return recording
    if to.person and _find(library, to.person) is None:
        add_person(library, Person(to.person))
    move_recordings(library, [recording.id], to, moved_by="", reason="said when it was added again")
    return find_recording(library, recording.id)


def settings_of_person(library: Library, person: str) -> DetectionSettings:
    """Read a person's settings.

    Parameters
    ----------
    person
        Code of a person, known or not.

    Returns
    -------
    DetectionSettings
        The defaults for an unknown person.

    Raises
    ------
    SettingsError
        If this version does not know a setting.
    """
    known = _find(library, person)
    return known.settings if known else DetectionSettings()


def _passes_over_own(library: Library, person: str, settings: DetectionSettings | None) -> bool:
    """Return whether given settings differ from the person's."""
    known = _find(library, person)
    if settings is None or known is None or not known.settings_toml:
        return False
    try:
        return known.settings != settings
    except SettingsError:
        # Unreadable settings of the person must not discard an analysis that did not need them.
        return True


def _usual_site(library: Library, person: str) -> Site | None:
    """Return the usual site of a person; ``None`` if unknown."""
    known = _find(library, person)
    return known.usual_placement if known else None


def _find(library: Library, person: str) -> Person | None:
    """Find a person; ``None`` if unknown."""
    return next((known for known in list_people(library) if known.code == person), None)


def _unknown_site(site: Site | None) -> tuple[Finding, ...]:
    """Warn that amplitudes are not comparable if the site is unknown."""
    if site is not None:
        return ()
    text = "Nobody says where the sensor sat; the limits of the ankle were used, and strengths cannot be compared."
    return (Finding(Severity.WARNING, "site-unknown", text),)


def _store(library: Library, recording: StoredRecording, reading: _FileRead, *, was_known: bool) -> Kept:
    """Store an analysis and the activity in one transaction, and compare with the previous analysis."""
    with library.writing():
        before = latest_run(library, recording.id)
        run = add_run(
            library,
            recording.id,
            reading.episodes,
            version=__version__,
            settings=reading.settings,
            findings=reading.detector_findings,
        )
        add_markers(library, recording.id, reading.markers)
        replace_epochs(library, recording.id, reading.epochs)
        is_new = before is not None and before.id != run.id
        return Kept(
            recording=recording,
            was_known=was_known,
            run=run,
            episodes=reading.episodes,
            comparison=compare_runs(library, before, run) if before and is_new else None,
        )
