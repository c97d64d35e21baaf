"""What draws no picture and reads no table of dates does not wait for the libraries that do."""

import json
import subprocess
import sys

import pytest

from clonus_sense.library import Library
from clonus_sense.session import keep_recording
from tests.session.made import write_minute

# Runs verbs one behind the other and tells, on its last line, which libraries each was the first to load.
PROGRAM = """
import json, sys
from clonus_sense.cli import run

loaded = {}
for arguments in json.loads(sys.argv[1]):
    before = set(sys.modules)
    assert run(arguments) == 0, arguments
    new = {name.split(".")[0] for name in set(sys.modules) - before}
    loaded[arguments[0]] = sorted(new & set(json.loads(sys.argv[2])))
print(json.dumps(loaded))
"""


def loaded_by(verbs, libraries):
    """Run verbs in one new process; gives for each which of some libraries it loaded."""
    arguments = [json.dumps([[str(word) for word in verb] for verb in verbs]), json.dumps(libraries)]
    result = subprocess.run([sys.executable, "-c", PROGRAM, *arguments], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout.splitlines()[-1])


@pytest.fixture
def library(tmp_path):
    """The path of a library with one night of P07; made without the command line, that it may draw nothing."""
    place = tmp_path / "data" / "library.sqlite3"
    with Library.open(place) as library:
        keep_recording(library, write_minute(tmp_path / "night.csv"))
    return place


def test_verbs_that_only_look_things_up_start_without_signal_and_picture_libraries(library, tmp_path):
    of_night = ["--library", library]
    moment = ["--from", "22:30:19", "--to", "22:30:21"]
    verbs = [
        ["sensors"],
        ["nights", *of_night],
        ["people", *of_night],
        ["settings", "P07", *of_night],
        ["annotate", "last", *moment, "--verdict", "rhythmic", "--profession", "patient", *of_night],
        ["correct", "not-worn", "last", *moment, *of_night],
        ["baseline", "last", *of_night],
        ["backup", tmp_path / "copy.sqlite3", *of_night],
        ["move", "last", "--to-person", "P08", "--by", "Sato", "--reason", "mixed up", *of_night],
        ["delete", "last", "--yes", *of_night],
        ["erase", "P08", "--yes", *of_night],
    ]
    loaded = loaded_by(verbs, ["matplotlib", "pandas", "pyarrow", "scipy", "bleak"])
    assert {verb: libraries for verb, libraries in loaded.items() if libraries} == {}


def test_a_recording_is_analysed_and_kept_without_the_libraries_of_pictures_and_dates(library, tmp_path):
    recording = write_minute(tmp_path / "another.csv", seed=2)
    verbs = [
        ["detect", recording, "--output", tmp_path / "logs"],
        ["add", recording, "--no-page", "--library", library],
        ["reanalyse", "last", "--library", library],
    ]
    loaded = loaded_by(verbs, ["matplotlib", "pandas", "bleak"])
    assert {verb: libraries for verb, libraries in loaded.items() if libraries} == {}


def test_a_page_loads_the_library_of_pictures_and_this_test_sees_it(library):
    # Without this the two above could be blind.
    assert loaded_by([["page", "last", "--library", library]], ["matplotlib"]) == {"page": ["matplotlib"]}
