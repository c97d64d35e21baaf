"""The library: people, recordings, detector runs and what people say, in one SQLite file."""

from clonus_sense.library.annotations import about_episode, annotate, list_annotations, standing
from clonus_sense.library.backup import (
    automatic_copies,
    back_up,
    damaged_copies,
    list_backups,
    replace_damaged,
    restore,
)
from clonus_sense.library.baselines import list_baselines, mark_baseline, unmark_baseline
from clonus_sense.library.bin import BinnedRecording, list_binned, put_in_bin, take_out_of_bin
from clonus_sense.library.content_hash import RecordingHasher, hash_recording
from clonus_sense.library.detector_runs import (
    add_run,
    compare_episodes,
    compare_runs,
    latest_run,
    list_runs,
    read_episodes,
)
from clonus_sense.library.epochs import list_epochs, replace_epochs
from clonus_sense.library.erasure import (
    delete_person,
    delete_recordings,
    erase_in_copy,
    holds_person,
    list_filed_before,
    list_files,
    sweep_library,
)
from clonus_sense.library.erasure_journal import ErasurePlan, read_plans, strike_plan, write_plan
from clonus_sense.library.markers import add_markers, list_markers
from clonus_sense.library.moves import correct_start, list_moves, list_start_corrections, move_recordings, swap_sides
from clonus_sense.library.night_entries import (
    RecordingState,
    keep_night_entries,
    list_recording_states,
    read_night_entries,
)
from clonus_sense.library.nouns import (
    AddedRecording,
    DetectorRun,
    EpisodePair,
    Erasure,
    Filing,
    Move,
    Person,
    RunComparison,
    StartCorrection,
    StoredRecording,
    TimeSpan,
)
from clonus_sense.library.people import add_person, change_person, find_person, list_people
from clonus_sense.library.recordings import (
    add_recording,
    find_recording,
    find_recording_by_hash,
    find_recordings_by_start,
    list_recordings,
    renew_recording,
    salvage_recording,
)
from clonus_sense.library.review_sources import ReviewSource, keep_source, list_sources
from clonus_sense.library.store import Library, default_path
from clonus_sense.library.word_counts import WordCounts, count_words
from clonus_sense.library.words import Annotation, BaselineMark, Marker, MarkerKind, Rater
from clonus_sense.terms import Profession, Verdict

__all__ = [
    "AddedRecording",
    "Annotation",
    "BaselineMark",
    "BinnedRecording",
    "DetectorRun",
    "EpisodePair",
    "Erasure",
    "ErasurePlan",
    "Filing",
    "Library",
    "Marker",
    "MarkerKind",
    "Move",
    "Person",
    "Profession",
    "Rater",
    "RecordingHasher",
    "RecordingState",
    "ReviewSource",
    "RunComparison",
    "StartCorrection",
    "StoredRecording",
    "TimeSpan",
    "Verdict",
    "WordCounts",
    "about_episode",
    "add_markers",
    "add_person",
    "add_recording",
    "add_run",
    "annotate",
    "automatic_copies",
    "back_up",
    "change_person",
    "compare_episodes",
    "compare_runs",
    "correct_start",
    "count_words",
    "damaged_copies",
    "default_path",
    "delete_person",
    "delete_recordings",
    "erase_in_copy",
    "find_person",
    "find_recording",
    "find_recording_by_hash",
    "find_recordings_by_start",
    "hash_recording",
    "holds_person",
    "keep_night_entries",
    "keep_source",
    "latest_run",
    "list_annotations",
    "list_backups",
    "list_baselines",
    "list_binned",
    "list_epochs",
    "list_filed_before",
    "list_files",
    "list_markers",
    "list_moves",
    "list_people",
    "list_recording_states",
    "list_recordings",
    "list_runs",
    "list_sources",
    "list_start_corrections",
    "mark_baseline",
    "move_recordings",
    "put_in_bin",
    "read_episodes",
    "read_night_entries",
    "read_plans",
    "renew_recording",
    "replace_damaged",
    "replace_epochs",
    "restore",
    "salvage_recording",
    "standing",
    "strike_plan",
    "swap_sides",
    "sweep_library",
    "take_out_of_bin",
    "unmark_baseline",
    "write_plan",
]
