import csv
import errno
import json
import os
from dataclasses import replace
from math import inf

import numpy as np
import pytest

from clonus_sense.config import DetectionSettings
from clonus_sense.errors import RecordingError
from clonus_sense.files import write_text_atomically
from clonus_sense.model import (
    EndedBy,
    Episode,
    EpisodeClass,
    Evidence,
    Finding,
    Gap,
    RecordingInfo,
    Rejection,
    SampleBatch,
    Severity,
    Site,
    Stretch,
)
from clonus_sense.report.analysis import Analysis
from clonus_sense.report.log import (
    EPISODE_COLUMNS,
    episode_as_json,
    episodes_as_csv,
    read_log,
    rejections_as_csv,
    run_as_json,
    write_log,
    write_rejections,
)
from clonus_sense.report.overview import OverviewBuilder

EPISODE = Episode(
    onset_s=10.123456,
    offset_s=12.623457,
    beats=15,
    frequency_hz=6.1234,
    drift_hz=-0.25,
    peak_g=0.31234,
    rms_g=0.15678,
    regularity=0.9876,
    axis=(0.6, 0.0, -0.8),
    confidence=0.875,
    episode_class=EpisodeClass.CLONUS,
    ended_by=EndedBy.QUIET,
    missing_s=0.5,
    beat_times_s=(10.2, 10.4),
    evidence=(Evidence("tonality", 0.9, 0.5, passed=True), Evidence("contrast", 3.0, inf, passed=True)),
)
REJECTION = Rejection(
    onset_s=1.0,
    offset_s=2.0,
    beats=6,
    frequency_hz=6.0,
    peak_g=0.05,
    evidence=(
        Evidence("tonality", 0.312345, 0.5, passed=False),
        Evidence("regularity", 0.9, 0.8, passed=True),
        Evidence("contrast", 1.0, 2.0, passed=False),
    ),
)


def analysis(*episodes):
    overview = OverviewBuilder()
    overview.add(SampleBatch(Stretch(0, 50.0), 0, np.ones((100, 3)), np.array([0.0, 0.5, 1.0, 1.5])))
    return Analysis(
        info=RecordingInfo(start=None, fs_hz=50.0, site=Site.FOOT),
        episodes=episodes,
        gaps=(Gap(3.0, 4.0, "no connection"),),
        findings=(Finding(Severity.WARNING, "clipped", "The sensor's range was too small."),),
        overview=overview.build(),
        settings=DetectionSettings(band_low_hz=4.0),
        version="1.2.3",
        duration_s=20.0,
        measured_s=19.0,
    )


def test_table_has_the_promised_columns_and_values():
    [row] = csv.DictReader(episodes_as_csv([EPISODE]).splitlines())
    assert tuple(row) == EPISODE_COLUMNS
    assert row["onset_s"] == "10.123456"
    assert row["duration_s"] == "2.500001"
    assert row["class"] == "clonus"
    assert row["ended_by"] == "quiet"
    assert row["axis_z"] == "-0.8000"


def test_no_episodes_leave_the_header_alone():
    assert episodes_as_csv([]) == ",".join(EPISODE_COLUMNS) + "\n"


def test_written_log_is_read_back(tmp_path):
    path = write_log(analysis(EPISODE, EPISODE), tmp_path / "new" / "folder", "night", "night.csv.gz")
    assert path == tmp_path / "new" / "folder" / "night.csv"
    expected = replace(EPISODE, beat_times_s=(), evidence=())
    assert read_log(path) == (expected, expected)


def test_run_says_how_the_episodes_were_found(tmp_path):
    write_log(analysis(EPISODE), tmp_path, "night", "night.csv.gz")
    run = json.loads((tmp_path / "night.run.json").read_text(encoding="utf-8"))
    assert run["version"] == "1.2.3"
    assert run["settings"]["band_low_hz"] == 4.0
    assert run["input"] == "night.csv.gz"
    assert run["site"] == "foot"
    assert (run["duration_s"], run["measured_s"]) == (20.0, 19.0)
    assert run["gaps"] == [{"start_s": 3.0, "end_s": 4.0, "reason": "no connection"}]
    assert run["findings"][0]["text"] == "The sensor's range was too small."
    assert "not a medical device" in run["notice"]
    assert run["episodes"][0]["class"] == "clonus"
    assert run["episodes"][0]["beat_times_s"] == [10.2, 10.4]
    assert run["episodes"][0]["evidence"][0] == {
        "name": "tonality",
        "value": 0.9,
        "limit": 0.5,
        "passed": True,
        "logit": None,
    }


def test_json_holds_no_infinity():
    text = run_as_json(analysis(EPISODE), "night.csv")
    assert "Infinity" not in text
    assert json.loads(episode_as_json(EPISODE))["evidence"][1]["limit"] is None


def test_rejected_candidates_are_listed_with_reasons_and_every_value(tmp_path):
    path = write_rejections([REJECTION], tmp_path, "night")
    assert path.name == "night.rejected.csv"
    [row] = csv.DictReader(rejections_as_csv([REJECTION]).splitlines())
    assert row["onset_s"] == "1.000000"
    assert row["reasons"] == "tonality; contrast"
    assert row["evidence"] == "tonality 0.3123:0.5; regularity 0.9:0.8; contrast 1:2"


def test_older_log_is_replaced_but_a_recording_never(tmp_path):
    write_log(analysis(EPISODE), tmp_path, "night", "night.csv.gz")
    path = write_log(analysis(), tmp_path, "night", "night.csv.gz")
    assert read_log(path) == ()
    recording = tmp_path / "day.csv"
    recording.write_text("# format: clonus-sense-recording/1\n", encoding="utf-8")
    with pytest.raises(RecordingError, match=r"day\.csv: is no episode log and will not be overwritten"):
        write_log(analysis(), tmp_path, "day", "day.csv")
    assert recording.read_text(encoding="utf-8") == "# format: clonus-sense-recording/1\n"
    assert not (tmp_path / "day.run.json").exists()


def test_failed_write_leaves_the_older_file_and_no_rest(tmp_path, monkeypatch):
    path = tmp_path / "night.csv"
    write_text_atomically(path, "whole\n")

    def full_disk(_descriptor):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full_disk)
    with pytest.raises(OSError, match="No space left on device") as refused:
        write_text_atomically(path, "half" * 10_000)
    assert refused.value.filename == str(path)
    assert path.read_text(encoding="utf-8") == "whole\n"
    assert [p.name for p in tmp_path.iterdir()] == ["night.csv"]


@pytest.mark.parametrize("text", ["onset_s,offset_s\n1,2\n", "# fs_hz: 50\ntime_s,x_g\n0,1\n"])
def test_other_tables_are_refused_as_logs(tmp_path, text):
    path = tmp_path / "a.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RecordingError, match="is no episode log"):
        read_log(path)
    with pytest.raises(RecordingError, match="cannot be read"):
        read_log(tmp_path / "missing.csv")
