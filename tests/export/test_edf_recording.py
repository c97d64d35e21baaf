"""A recording as EDF+D, read back by edfio for the signals and by a reader of our own for times and annotations."""

from dataclasses import replace

import edfio
import numpy as np
import pytest

from clonus_sense.evaluation import ReferenceBout
from clonus_sense.evaluation.edf_bouts import _label_of, read_edf_bouts
from clonus_sense.export.edf_annotations import EdfAnnotation
from clonus_sense.export.edf_recording import lay_out_edf
from clonus_sense.library import Marker, MarkerKind, Profession, Rater, TimeSpan, Verdict, add_markers, annotate
from clonus_sense.recording import read_recording
from tests.export.edf_reader import read_edf
from tests.export.made import INFO, PERIOD_S, everything, keep, keep_with_gaps, samples


@pytest.fixture
def kept(library, tmp_path):
    return keep_with_gaps(library, tmp_path / "night.csv.gz")


def edf_of(library, **options):
    content = everything(library, **options)
    (about,) = content.recordings
    return b"".join(lay_out_edf(content, about, read_recording(about.stored.path)).blocks())


def test_samples_and_gaps_come_back_at_their_true_times(library, kept):
    times_s, accel_g = read_edf(edf_of(library)).samples()
    true_s, true_g = samples(4500, gaps_after=((1507, 30.0), (3001, 3 * PERIOD_S)))
    # The file begins at the whole second before the recording, which began at .25.
    np.testing.assert_allclose(times_s - 0.25, true_s, rtol=0, atol=2e-6)
    np.testing.assert_allclose(accel_g, true_g, rtol=0, atol=INFO.step_g / 2 + 1e-9)
    gaps = [(round(onset - 0.25, 3), round(length, 3)) for onset, length, text in read_edf(edf_of(library)).annotations
            if text == "Gap: no samples"]  # fmt: skip
    # A gap is counted by the nominal period.
    assert gaps == [
        (round(true_s[1506] + 0.02, 3), round(true_s[1507] - true_s[1506] - 0.02, 3)),
        (round(true_s[3000] + 0.02, 3), round(true_s[3001] - true_s[3000] - 0.02, 3)),
    ]


def test_edfio_reads_the_same_values_in_the_same_order(library, kept, tmp_path):
    content = edf_of(library)
    path = tmp_path / "night.edf"
    path.write_bytes(content)
    edf = edfio.read_edf(path)
    assert edf.reserved == "EDF+D"
    assert [signal.label for signal in edf.signals] == ["Accel X", "Accel Y", "Accel Z"]
    assert {signal.physical_dimension for signal in edf.signals} == {"g"}
    assert "step 0.002 g; -32768 means no sample" in edf.signals[0].transducer_type
    read = np.column_stack([signal.data for signal in edf.signals])
    is_sample = np.column_stack([signal.digital for signal in edf.signals]).min(axis=1) > -32768
    stored = np.concatenate([one.accel_g for one in read_recording(kept.recording.path).stretches])
    # Steps of the sensor come back as they stood in the file.
    np.testing.assert_array_equal(np.round(read[is_sample], 4), stored)
    ours = read_edf(content)
    assert sorted(a.text for a in edf.annotations) == sorted(text for _, _, text in ours.annotations)
    assert edf.num_data_records == len(ours.onsets_s)


def test_the_start_is_local_time_and_its_zone_and_the_clock_change_are_told(library, kept):
    read = read_edf(edf_of(library))
    assert read.header[8:88].strip() == "P07 X X X"
    recording_field = "Startdate 25-OCT-2026 X X simulated clonus_sense/0.1.0 Europe/Berlin UTC+02:00"
    assert read.header[88:168].strip() == recording_field
    assert read.header[168:184] == "25.10.2602.50.00"
    assert 0 <= read.onsets_s[0] < 1


def test_a_clock_change_is_told_at_its_moment(library, tmp_path):
    # 02:59:30 summer time: half a minute later the clocks go back to 02:00.
    info = replace(INFO, start=INFO.start.replace(minute=59, second=30, microsecond=0))
    keep_with_gaps(library, tmp_path / "night.csv", info)
    changes = [one for one in read_edf(edf_of(library)).annotations if "Clocks" in one[2]]
    assert changes == [(30.0, None, "Clocks change: UTC+02:00 to UTC+01:00")]


def test_a_clock_change_is_told_once_however_long_the_recording_goes_on(library, tmp_path):
    keep(library, tmp_path / "night.csv", *samples(3000, gaps_after=((1500, 2 * 3600.0),)))
    changes = [one for one in read_edf(edf_of(library)).annotations if "Clocks" in one[2]]
    # From 02:50:00 summer time on.
    assert changes == [(600.0, None, "Clocks change: UTC+02:00 to UTC+01:00")]


def test_episodes_words_and_markers_stand_at_their_times(library, kept):
    (episode,) = kept.episodes
    rater = Rater("佐藤", Profession.PHYSICIAN)
    annotate(library, kept.recording.id, TimeSpan(18, 22), Verdict.JUDGED_AS_CLONUS, rater, note="足\n" * 90)
    add_markers(library, kept.recording.id, [Marker(50.5, MarkerKind.FELT, "felt it")])
    read = read_edf(edf_of(library)).annotations
    [found] = [one for one in read if one[2].startswith("Episode 1: clonus")]
    assert found[0] == pytest.approx(episode.onset_s + 0.25, abs=1e-6)
    assert found[1] == pytest.approx(episode.duration_s, abs=2e-6)
    parts = [text.split(") ", 1)[1] for onset, _, text in read if onset == 18.25]
    assert len(parts) > 1
    assert "".join(parts) == "Word of physician 佐藤: judged as clonus: " + "足 " * 90
    assert (50.75, None, "Marker: felt: felt it") in read


def test_nobody_is_told_where_personal_data_are_left_out(library, kept):
    rater = Rater("Sato", Profession.PHYSICIAN)
    annotate(library, kept.recording.id, TimeSpan(18, 22), Verdict.JUDGED_AS_CLONUS, rater, note="for Hanako")
    content = edf_of(library, with_personal_data=False)
    for secret in (b"Hanako", b"Sato", b"P07", b"SN-4711", b"night.csv"):
        assert secret not in content
    assert read_edf(content).header[8:88].strip() == "P1 X X X"
    assert b"Word of physician: judged as clonus\x14" in content


def test_what_people_said_comes_back_as_the_bouts_of_an_annotation(library, kept, tmp_path):
    rater = Rater("佐藤", Profession.PHYSICIAN)
    # The note is long enough to stand in several annotations.
    annotate(library, kept.recording.id, TimeSpan(18.125, 22), Verdict.JUDGED_AS_CLONUS, rater, note="足 " * 90)
    annotate(library, kept.recording.id, TimeSpan(61, 62.5), Verdict.UNSURE, rater)
    annotate(library, kept.recording.id, TimeSpan(80, 82), Verdict.NOT_RHYTHMIC, rater)
    add_markers(library, kept.recording.id, [Marker(50.5, MarkerKind.FELT, "felt it")])
    path = tmp_path / "night.edf"
    path.write_bytes(edf_of(library))
    read = read_edf_bouts(path)
    assert read.bouts == (
        ReferenceBout(18.125, 22.0, kind="judged as clonus"),
        ReferenceBout(61.0, 62.5, kind="unsure", unsure=True),
    )
    # Without its gaps; each gap leaves a record that is not full.
    assert read.recorded_s == pytest.approx(4500 * PERIOD_S, abs=1.5)
    (episode,) = kept.episodes
    (found,) = read_edf_bouts(path, ["episode 1"]).bouts
    assert (found.onset_s, found.offset_s) == pytest.approx((episode.onset_s, episode.offset_s), abs=2e-6)


def test_times_come_back_where_the_first_sample_came_late(library, tmp_path):
    times_s, accel_g = samples(3000)
    kept = keep(library, tmp_path / "late.csv", times_s + 7.3, accel_g)
    annotate(library, kept.recording.id, TimeSpan(18, 22), Verdict.RHYTHMIC, Rater("", Profession.PATIENT))
    path = tmp_path / "late.edf"
    path.write_bytes(edf_of(library))
    assert read_edf_bouts(path).bouts == (ReferenceBout(18.0, 22.0, kind="rhythmic"),)


def test_every_verdict_is_known_to_the_reader_of_annotations(library, kept, tmp_path):
    words = [verdict.value for verdict in Verdict if _label_of(f"Word of nurse A: {verdict.value}: B", ()) is not None]
    assert words == ["rhythmic", "unsure", "judged as clonus"]


def test_control_characters_cannot_end_an_annotation():
    (written,) = EdfAnnotation(1_500_000, "a\x14b\x00c", 250_000).as_bytes()
    assert written == b"+1.5\x150.25\x14a b c\x14\x00"
