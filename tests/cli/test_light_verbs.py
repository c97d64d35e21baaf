"""What draws no picture and reads no table of dates does not wait for the libraries that do."""

import json
import subprocess
import sys

import pytest

from clonus_sense.library import Library
from clonus_sense.workflows import keep_recording
from tests.workflows.made import write_minute

# Verbs for which two small libraries of ours and NumPy do; in the order in which they are run.
LIGHT = (
    "sensors", "nights", "people", "settings", "annotate", "correct", "baseline", "backup", "move", "delete",
    "undelete", "erase",
)  # fmt: skip
# Those that look at a signal, run behind the others.
ANALYSING = ("detect", "add", "reanalyse")

# Runs verbs one behind the other and tells, on its last line, which libraries each was the first to load.
PROGRAM = """
import json, sys
from clonus_sense.cli import run

loaded = {}
for verb, *arguments in json.loads(sys.argv[1]):
    before = set(sys.modules)
    assert run([verb, *arguments]) == 0, (verb, arguments)
    loaded[verb] = sorted({name.split(".")[0] for name in set(sys.modules) - before})
print(json.dumps(loaded))
"""


@pytest.fixture(scope="module")
def loaded_by(tmp_path_factory):
    """For each verb the top names of what it loaded and no verb before it had."""
    folder = tmp_path_factory.mktemp("light")
    place, recording = folder / "data" / "library.sqlite3", write_minute(folder / "night.csv")
    with Library.open(place) as library:
        keep_recording(library, recording)
    moment = ["--from", "22:30:19", "--to", "22:30:21"]
    of_verb = {
        "settings": ["P07"],
        "annotate": ["last", *moment, "--verdict", "rhythmic", "--profession", "patient"],
        "correct": ["worn", "last", "off", *moment],
        "baseline": ["last"],
        "backup": [folder / "copy.sqlite3"],
        "move": ["last", "--to-person", "P08", "--by", "Sato", "--reason", "mixed up"],
        "delete": ["2026-11-05", "--yes"],
        "erase": ["P08", "--yes"],
        "detect": [recording, "--output", folder / "logs"],
        "add": [recording, "--no-page"],
        "reanalyse": ["last"],
        "page": ["last"],
    }
    verbs = [
        [verb, *of_verb.get(verb, []), *([] if verb in ("sensors", "detect") else ["--library", place])]
        for verb in (*LIGHT, *ANALYSING, "page")
    ]
    result = subprocess.run(
        [sys.executable, "-c", PROGRAM, json.dumps(verbs, default=str)], capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr
    return {verb: set(libraries) for verb, libraries in json.loads(result.stdout.splitlines()[-1]).items()}


@pytest.mark.parametrize("verb", LIGHT)
def test_a_verb_that_looks_at_no_signal_loads_no_library_for_signals_files_or_pictures(loaded_by, verb):
    assert not loaded_by[verb] & {"matplotlib", "pandas", "pyarrow", "scipy", "bleak"}


@pytest.mark.parametrize("verb", ANALYSING)
def test_a_recording_is_analysed_without_the_libraries_of_pictures_and_dates(loaded_by, verb):
    assert not loaded_by[verb] & {"matplotlib", "pandas", "bleak"}


def test_what_is_loaded_is_seen(loaded_by):
    # Without this the tests above could be blind.
    assert {"scipy", "pyarrow"} <= loaded_by["detect"]
    assert "bokeh" in loaded_by["page"]
    assert "matplotlib" not in loaded_by["page"]
