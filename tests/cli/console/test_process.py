"""The process around a command: encodings, closed streams, full disks, permissions, Ctrl-C."""

from __future__ import annotations

import codecs
import contextlib
import json
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clonus_sense.cli.console import process
from clonus_sense.cli.console.process import ENCODING_ERRORS, stoppable
from clonus_sense.cli.console.progress import show_progress
from tests.workflows.made import write_minute

SAMPLE = Path(__file__).parents[3] / "recordings" / "shank_weak.csv.gz"

on_posix = pytest.mark.skipif(os.name != "posix", reason="Permissions, /dev/full and closed descriptors are POSIX.")


def start(*arguments, encoding="utf-8", environment=None, **streams):
    """Run the command line as a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "clonus_sense", *map(os.fsdecode, arguments)],
        env=os.environ | {"PYTHONIOENCODING": encoding} | (environment or {}),
        check=False,
        **(streams or {"capture_output": True}),
    )


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    path = tmp_path_factory.mktemp("kept") / "library.db"
    done = start("add", SAMPLE, "--person", "P☂7", "--library", path, "--no-page")
    assert done.returncode == 0, done.stderr
    return path


@pytest.mark.parametrize("encoding", ["cp932", "cp1252", "ascii"])
@pytest.mark.parametrize("verb", ["nights", "people"])
def test_a_console_of_another_encoding_gets_every_line(library, verb, encoding):
    done = start(verb, "--library", library, "--lang", "ja", encoding=encoding)
    assert done.returncode == 0
    assert b"Traceback" not in done.stderr
    # click speaks UTF-8 where the console claims to know ASCII alone.
    assert ("P☂7".encode() if encoding == "ascii" else b"P\\u26027") in done.stdout


@pytest.mark.parametrize("encoding", ["cp932", "cp1252"])
def test_json_stays_json_in_every_encoding(library, encoding):
    done = start("people", "--json", "--library", library, encoding=encoding)
    [person] = json.loads(done.stdout.decode(encoding))
    assert person["code"] == "P☂7"


@on_posix
def test_a_full_disk_behind_stdout_is_a_sentence(library):
    with Path("/dev/full").open("w") as full:
        done = start("nights", "--library", library, stdout=full, stderr=subprocess.PIPE)
    assert done.returncode == 1
    assert done.stderr.startswith(b"clonus-sense: ")
    assert b"No space left on device" in done.stderr
    assert done.stderr.count(b"\n") == 1


@on_posix
@pytest.mark.parametrize("closed", ["2>&-", ">&-", "<&-", ">&- 2>&-"])
def test_a_closed_stream_stops_nothing(library, closed):
    line = f'"{sys.executable}" -m clonus_sense nights --library "{library}" {closed}'
    done = subprocess.run(["sh", "-c", line], capture_output=True, check=False)
    assert done.returncode == 0
    assert b"Traceback" not in done.stderr


@on_posix
def test_what_is_written_is_private(quiet_recording, tmp_path):
    folder = tmp_path / "results" / "deep"
    assert start("detect", quiet_recording, "--output", folder, "--explain").returncode == 0
    assert start("simulate", "still", "--hours", "0.01", "--output", folder / "still.csv").returncode == 0
    made = [path for path in (tmp_path / "results").rglob("*")]
    assert len(made) == 6
    for path in [folder, *made]:
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


@on_posix
def test_a_file_name_that_is_no_utf_8_is_kept_and_shown(tmp_path):
    path = os.fsencode(tmp_path) + b"/n\xe9t.csv"
    try:
        with open(path, "wb") as file:  # noqa: PTH123  # a path of bytes
            file.write(write_minute(tmp_path / "minute.csv").read_bytes())
    except OSError:
        pytest.skip("This file system takes names in UTF-8 alone.")
    done = start("detect", path, "--output", tmp_path / "results")
    assert done.returncode == 0, done.stderr
    [run] = (tmp_path / "results").glob("*.run.json")
    assert json.loads(run.read_text(encoding="utf-8"))["input"] == "n\udce9t.csv"
    kept = start("add", path, "--library", tmp_path / "library.db")
    assert (kept.returncode, b"Traceback" in kept.stderr) == (0, False)


def test_a_backend_of_other_programs_does_not_matter(quiet_recording, tmp_path):
    done = start("plot", quiet_recording, "--output", tmp_path, environment={"MPLBACKEND": "nonsense"})
    assert done.returncode == 0, done.stderr


@pytest.fixture
def usual_interrupt():
    """Let Ctrl-C do in this test what it does in a program; a runner of tests may have set it aside."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("usual_interrupt")
def test_ctrl_c_that_a_library_swallows_still_ends_the_work():
    done = 0
    with pytest.raises(KeyboardInterrupt), show_progress("night.csv") as on_progress:
        # As matplotlib does in its callbacks.
        with contextlib.suppress(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        for _ in range(10):
            on_progress(done / 10)
            done += 1
    assert done == 0
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


@pytest.mark.usefixtures("usual_interrupt")
def test_ctrl_c_that_a_library_swallows_at_the_end_is_not_lost():
    with pytest.raises(KeyboardInterrupt), stoppable(), contextlib.suppress(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)


@given(st.text(alphabet=st.characters(exclude_characters='"\\–—−…×≤≥✓', exclude_categories=("Cc",))))
def test_every_text_can_be_encoded_and_read_back_as_json(text):
    codecs.register_error(ENCODING_ERRORS, process._escape)
    assert json.loads(f'"{text}"'.encode("ascii", ENCODING_ERRORS)) == text
