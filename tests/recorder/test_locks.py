import errno
import subprocess
import sys

import pytest

from clonus_sense import ClonusSenseError
from clonus_sense.errors import RecorderError
from clonus_sense.recorder.locks import SensorLocks

HOLD = (
    "import sys, time; from pathlib import Path; from clonus_sense.recorder.locks import SensorLocks\n"
    "locks = SensorLocks(Path(sys.argv[1])); locks.hold('Polar Sense 1A2B3C4D')\n"
    "print('held', flush=True); time.sleep(60)"
)


def test_a_second_recorder_of_one_sensor_is_refused_with_a_sentence(tmp_path):
    first, second = SensorLocks(tmp_path), SensorLocks(tmp_path)
    first.hold("Polar Sense 1A2B3C4D")
    with pytest.raises(RecorderError, match="Polar Sense 1A2B3C4D is being recorded already"):
        second.hold("Polar Sense 1A2B3C4D")
    second.hold("Polar Sense 11111111")
    first.release()
    second.hold("Polar Sense 1A2B3C4D")
    second.release()
    assert issubclass(RecorderError, ClonusSenseError)


def test_names_that_differ_in_odd_characters_only_are_two_sensors(tmp_path):
    locks, others = SensorLocks(tmp_path), SensorLocks(tmp_path)
    locks.hold("MetaWear C0:00")
    others.hold("MetaWear C0.00")
    assert len(list(tmp_path.iterdir())) == 2
    locks.release()
    others.release()


def test_the_lock_of_a_killed_program_is_free_again(tmp_path):
    with subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout.readline() == "held\n"
        with pytest.raises(RecorderError):
            SensorLocks(tmp_path).hold("Polar Sense 1A2B3C4D")
        other.kill()
    mine = SensorLocks(tmp_path)
    mine.hold("Polar Sense 1A2B3C4D")
    mine.release()


def test_a_folder_without_locks_keeps_nobody_from_recording(tmp_path, monkeypatch, caplog):
    def refuse(_file):
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr("clonus_sense.recorder.locks.lock_file", refuse)
    locks = SensorLocks(tmp_path)
    locks.hold("Polar Sense 1A2B3C4D")
    locks.release()
    assert "this folder has no locks" in caplog.text
