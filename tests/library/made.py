"""Nouns of known content for the tests of this folder, and programs that use a library beside them."""

import subprocess
import sys
import textwrap
from datetime import datetime
from pathlib import Path

from clonus_sense.config import DetectionSettings
from clonus_sense.library import add_recording, add_run
from clonus_sense.model import (
    EndedBy,
    Episode,
    EpisodeClass,
    Evidence,
    Finding,
    Gap,
    RecordingInfo,
    SensorIdentity,
    Severity,
    Site,
)

INFO = RecordingInfo(
    start=datetime.fromisoformat("2026-11-05T22:30:00.000001+09:00"),
    fs_hz=52.0,
    timezone="Asia/Tokyo",
    site=Site.FOOT,
    side="left",
    person="P07",
    orthosis="night splint",
    sensor=SensorIdentity("mpu6050", "Fuß", "0017", "1.2"),
    step_g=0.000488,
    range_g=16.0,
    clock_trusted=False,
    notes=(("mattress", "硬い"), ("mattress", "new")),
)
GAPS = (Gap(100.0, 160.5, "link lost"), Gap(2000.25, 2001.0, "link lost"))
FINDINGS = (
    Finding(Severity.WARNING, "clipped", "12 samples reach the sensor's range.", 7.0, 9.5),
    Finding(Severity.NOTE, "rate", "The rate was measured."),
)


def episode(onset_s, offset_s, episode_class=EpisodeClass.CLONUS):
    """An episode with awkward numbers, which a store could round."""
    return Episode(
        onset_s=onset_s,
        offset_s=offset_s,
        beats=17,
        frequency_hz=5.9 + 1e-13,
        drift_hz=-0.1,
        peak_g=1 / 3,
        rms_g=0.1 + 0.2,
        regularity=0.97,
        axis=(0.6, 0.0, -0.8),
        confidence=0.93,
        episode_class=episode_class,
        ended_by=EndedBy.GAP,
        missing_s=0.25,
        beat_times_s=tuple(onset_s + 0.1 + number / 7 for number in range(17)),
        evidence=(Evidence("tonality", 0.1 + 0.7, 0.5, True), Evidence("off_phase", float("inf"), 2.0, False)),
    )


EPISODES = (episode(10.0, 13.0), episode(300.0, 301.5, EpisodeClass.BRIEF), episode(3000.0, 3020.0))


def add_night(library, content_hash="a1", info=INFO):
    """Add a recording of an hour with its gaps and findings."""
    return add_recording(
        library, Path("/nights/one.csv"), content_hash, info, duration_s=3600.0, gaps=GAPS, findings=FINDINGS
    ).recording


def add_found(library, recording, episodes=EPISODES, version="0.1.0", settings=None):
    """Add a run that found the episodes."""
    return add_run(library, recording.id, episodes, version=version, settings=settings or DetectionSettings())


def bytes_on_disk(path):
    """Everything that the library has on disk, its companions included."""
    return b"".join(file.read_bytes() for file in sorted(path.parent.glob(f"{path.name}*")))


def start_program(code, *arguments):
    """Run a Python program beside this one; its output can be read line by line."""
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code), *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
