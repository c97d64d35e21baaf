import shutil
import subprocess
import sys
import textwrap
from datetime import UTC, datetime
from pathlib import Path

import pytest

from clonus_sense.config import DetectionSettings
from clonus_sense.errors import LibraryError, RecordingError, SignalError
from clonus_sense.library import (
    Library,
    Person,
    Profession,
    Rater,
    TimeSpan,
    Verdict,
    add_person,
    annotate,
    list_annotations,
    list_binned,
    list_epochs,
    list_moves,
    list_people,
    list_recordings,
    list_runs,
    put_in_bin,
    read_episodes,
    standing,
)
from clonus_sense.model import EpisodeClass, Site
from clonus_sense.recording import ForeignFormat, read_recording, write_recording
from clonus_sense.review import list_nights
from clonus_sense.workflows import Particulars, analyse_recording, keep_recording, reanalyse_recording
from tests.workflows.made import START, write_minute

NARROW = DetectionSettings(band_low_hz=7.0, band_high_hz=8.5)


def test_a_recording_is_kept_with_what_was_found(library, tmp_path):
    path = write_minute(tmp_path / "night.csv")
    kept = keep_recording(library, path)
    assert not kept.was_known
    assert kept.recording.path == path
    assert (kept.recording.info.person, kept.recording.info.side, kept.recording.info.start) == ("P07", "left", START)
    assert [person.code for person in list_people(library)] == ["P07"]
    [run] = list_runs(library, kept.recording.id)
    assert read_episodes(library, run) == kept.episodes
    assert kept.episodes == analyse_recording(path, DetectionSettings()).analysis.episodes
    assert [episode.episode_class for episode in kept.episodes] == [EpisodeClass.CLONUS]
    assert [epoch.start_s for epoch in list_epochs(library, kept.recording.id)] == [0.0, 30.0]
    assert list_epochs(library, kept.recording.id)[1].still is not None


@pytest.mark.parametrize("name", ["copy.csv", "copy.csv.gz", "copy.parquet"])
def test_the_same_recording_in_another_file_is_one(library, tmp_path, name):
    path = write_minute(tmp_path / "night.csv")
    keep_recording(library, path)
    other = tmp_path / name
    recording = read_recording(path)
    [piece] = recording.window(0.0, 100.0)
    write_recording(other, recording.info, piece.times_s, piece.accel_g)
    again = keep_recording(library, other)
    assert again.was_known
    assert again.comparison is None
    assert [one.path for one in list_recordings(library)] == [other]
    assert len(list_runs(library, again.recording.id)) == 1


def test_what_a_person_says_wins_over_the_file(library, tmp_path):
    path = write_minute(tmp_path / "night.csv")
    kept = keep_recording(library, path, Particulars(person="P08", side="right", site=Site.SHANK))
    info = kept.recording.info
    assert (info.person, info.side, info.site) == ("P08", "right", Site.SHANK)


def test_what_was_nobodys_is_filed_when_it_is_added_again_with_a_name(library, tmp_path):
    path = write_minute(tmp_path / "night.csv", person="", side="")
    keep_recording(library, path)
    kept = keep_recording(library, path, Particulars(person="P07", side="left"))
    assert (kept.recording.info.person, kept.recording.info.side, kept.stays_filed) == ("P07", "left", False)
    [move] = list_moves(library, kept.recording.id)
    assert (move.before.person, move.after.person) == ("", "P07")


def test_what_is_somebodys_stays_theirs_and_this_is_said(library, tmp_path):
    path = write_minute(tmp_path / "night.csv")
    keep_recording(library, path)
    kept = keep_recording(library, path, Particulars(person="P08"))
    assert (kept.recording.info.person, kept.stays_filed) == ("P07", True)
    assert not keep_recording(library, path, Particulars(person="P07")).stays_filed


def test_the_persons_settings_and_usual_placement_hold(library, tmp_path):
    add_person(library, Person("P07", usual_placement=Site.SHANK, settings_toml=NARROW.as_toml()))
    kept = keep_recording(library, write_minute(tmp_path / "night.csv", site=None))
    assert kept.run.settings_toml == NARROW.as_toml()
    assert kept.recording.info.site is Site.SHANK
    assert [episode.episode_class for episode in kept.episodes] == [EpisodeClass.SLOW]
    # Settings that are named win over the person's.
    named = keep_recording(library, write_minute(tmp_path / "night.csv.gz", site=None), settings=DetectionSettings())
    assert [episode.episode_class for episode in named.episodes] == [EpisodeClass.CLONUS]


def test_a_recording_that_was_moved_is_analysed_with_its_new_owners_settings(library, tmp_path):
    path = write_minute(tmp_path / "night.csv", person="")
    keep_recording(library, path)
    add_person(library, Person("P07", settings_toml=NARROW.as_toml()))
    keep_recording(library, path, Particulars(person="P07"))
    assert keep_recording(library, path).run.settings_toml == NARROW.as_toml()


def test_an_unknown_place_is_kept_with_a_warning(library, tmp_path):
    kept = keep_recording(library, write_minute(tmp_path / "night.csv", site=None))
    assert kept.recording.info.site is None
    assert [finding.kind for finding in kept.recording.findings] == ["site-unknown"]


def test_a_recording_that_nobody_can_date_is_refused_until_somebody_says(library, tmp_path):
    path = write_minute(tmp_path / "phone.csv", start=None, timezone="")
    with pytest.raises(RecordingError, match=r"phone\.csv: the file does not say when it was recorded; add --start"):
        keep_recording(library, path)
    assert list_recordings(library) == ()
    said = datetime(2026, 11, 5, 13, 30, tzinfo=UTC)
    assert keep_recording(library, path, foreign=ForeignFormat(start=said)).recording.info.start == said
    # What was said about it makes it no other recording.
    assert keep_recording(library, path, foreign=ForeignFormat(start=said)).was_known


def test_a_start_against_the_files_own_is_refused(library, tmp_path):
    path = write_minute(tmp_path / "night.csv")
    with pytest.raises(RecordingError, match="says itself that it began at 2026-11-05T22:30"):
        keep_recording(library, path, foreign=ForeignFormat(start=datetime(2026, 11, 6, 22, 30, tzinfo=UTC)))


def test_values_in_another_unit_are_refused_with_the_files_name(library, tmp_path):
    path = tmp_path / "night.csv"
    rows = "".join(f"{k * 0.02:.2f},0,0,9.81\n" for k in range(2000))
    head = "# format: clonus-sense-recording/1\n# fs_hz: 50\n# start_time: 2026-11-05T22:30:00+09:00\n"
    path.write_text(head + "time_s,x_g,y_g,z_g\n" + rows, encoding="utf-8")
    with pytest.raises(SignalError, match=r"night\.csv: at rest the values show 9\.81"):
        keep_recording(library, path)
    assert list_recordings(library) == ()


def test_a_new_analysis_keeps_every_word_and_says_what_came_and_went(library, tmp_path):
    kept = keep_recording(library, write_minute(tmp_path / "night.csv"))
    [episode] = kept.episodes
    rater = Rater("Sato", Profession.PHYSIOTHERAPIST)
    span = TimeSpan(episode.onset_s, episode.offset_s)
    word = annotate(library, kept.recording.id, span, Verdict.JUDGED_AS_CLONUS, rater)
    # A floor above the movement: nothing is found any more.
    again = reanalyse_recording(library, kept.recording.id, settings=DetectionSettings(floor_g=0.9))
    assert (again.episodes, again.was_known) == ((), True)
    assert (again.comparison.went, again.comparison.came) == ((episode,), ())
    assert standing(list_annotations(library, kept.recording.id)) == (word,)
    assert len(list_runs(library, kept.recording.id)) == 2
    back = reanalyse_recording(library, kept.recording.id)
    assert back.comparison.came == (episode,)
    [shown] = list_nights(library)[0].recordings
    assert shown.words_about(shown.episodes[0]) == (word,)


def test_a_new_analysis_of_a_file_that_changed_or_is_gone_is_refused(library, tmp_path):
    path = write_minute(tmp_path / "night.csv")
    kept = keep_recording(library, path)
    other = write_minute(tmp_path / "other.csv", seed=2)
    shutil.copy(other, path)
    with pytest.raises(LibraryError, match="no longer holds the samples of recording 1"):
        reanalyse_recording(library, kept.recording.id)
    path.unlink()
    with pytest.raises(RecordingError, match="the file of recording 1 is missing"):
        reanalyse_recording(library, kept.recording.id)
    assert len(list_runs(library, kept.recording.id)) == 1


def run_program(code, *arguments):
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code), *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )


def test_kill_in_the_middle_of_adding_leaves_the_library_whole(tmp_path):
    place = tmp_path / "library.sqlite3"
    first, second = write_minute(tmp_path / "one.csv"), write_minute(tmp_path / "two.csv", seed=2)
    with Library.open(place) as library:
        keep_recording(library, first)
    code = """
        import os, signal, sys
        from pathlib import Path
        from clonus_sense.library import Library
        from clonus_sense.workflows import keep_recording, keeping

        def die(library, recording_id, epochs):
            # The recording and its run are written by now, and not yet the epochs.
            os.kill(os.getpid(), signal.SIGKILL)

        keeping.replace_epochs = die
        with Library.open(Path(sys.argv[1])) as library:
            keep_recording(library, Path(sys.argv[2]))
    """
    program = run_program(code, place, second)
    program.communicate()
    assert program.returncode == -9
    with Library.open(place) as library:
        assert [one.path for one in list_recordings(library)] == [first]
        assert not keep_recording(library, second).was_known


def test_two_programs_add_at_once_and_lose_nothing(tmp_path):
    place = tmp_path / "library.sqlite3"
    paths = [write_minute(tmp_path / f"{number}.csv", seed=number) for number in range(6)]
    code = """
        import sys
        from pathlib import Path
        from clonus_sense.library import Library
        from clonus_sense.workflows import keep_recording

        with Library.open(Path(sys.argv[1])) as library:
            for path in sys.argv[2:]:
                keep_recording(library, Path(path))
    """
    programs = [run_program(code, place, *paths[:4]), run_program(code, place, *paths[2:])]
    for program in programs:
        _, errors = program.communicate()
        assert program.returncode == 0, errors
    with Library.open(place) as library:
        assert sorted(one.path for one in list_recordings(library)) == paths
        assert all(list_runs(library, one.id) for one in list_recordings(library))


def test_a_full_disk_is_one_sentence_and_loses_nothing(tmp_path):
    place = tmp_path / "library.sqlite3"
    first, second = write_minute(tmp_path / "one.csv"), write_minute(tmp_path / "two.csv", seed=2)
    with Library.open(place) as library:
        keep_recording(library, first)
    code = """
        import resource, signal, sys
        from clonus_sense.cli import run

        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        # No file may grow any more: what a full disk looks like from inside.
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
        sys.exit(run(["add", sys.argv[2], "--library", sys.argv[1], "--lang", "en"]))
    """
    program = run_program(code, place, second)
    _, errors = program.communicate()
    assert program.returncode == 1
    assert "Traceback" not in errors
    [sentence] = [line for line in errors.splitlines() if line.startswith("clonus-sense: ")]
    assert "full" in sentence
    with Library.open(place) as library:
        assert [one.path for one in list_recordings(library)] == [first]


def test_the_site_that_was_said_holds_in_every_later_analysis(library, tmp_path):
    # Below the foot's floor: seen on the thigh, whose floor is lower, and not on the foot.
    path = write_minute(tmp_path / "night.csv", bout_g=0.0095, site=Site.FOOT)
    said = keep_recording(library, path, Particulars(site=Site.THIGH))
    assert (len(said.episodes), said.recording.info.site) == (1, Site.THIGH)
    assert reanalyse_recording(library, said.recording.id).episodes == said.episodes
    assert keep_recording(library, path).episodes == said.episodes
    assert analyse_recording(path, DetectionSettings()).analysis.episodes == ()


def test_a_movement_that_changed_its_class_is_told(library, tmp_path):
    kept = keep_recording(library, write_minute(tmp_path / "night.csv"))
    again = reanalyse_recording(library, kept.recording.id, settings=NARROW)
    [pair] = again.comparison.reclassified
    assert (pair.old.episode_class, pair.new.episode_class) == (EpisodeClass.CLONUS, EpisodeClass.SLOW)


def test_a_part_in_the_bin_comes_back_when_the_whole_recording_is_added(library, tmp_path):
    whole = write_minute(tmp_path / "whole.csv")
    part = tmp_path / "part.csv"
    part.write_text("".join(whole.read_text(encoding="utf-8").splitlines(keepends=True)[:1500]), encoding="utf-8")
    known = keep_recording(library, part)
    put_in_bin(library, known.recording.id)
    kept = keep_recording(library, whole)
    assert (kept.recording.id, kept.was_known, kept.was_binned) == (known.recording.id, True, True)
    assert list_binned(library) == ()
