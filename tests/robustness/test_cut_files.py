"""A file that is cut off keeps what was decided before the cut."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest

from clonus_sense.model import Episode
from clonus_sense.report.analysis import Analysis
from tests.robustness.nights import FS_HZ, analyse, kinds

# A verdict uses this much after the last beat; what ended earlier than that cannot change any more.
DECIDED_AFTER_S = 2.5


def check_cut(path: Path, whole: tuple[Episode, ...]) -> Analysis:
    """What was decided before the cut is there, bit for bit; of the rest at most the one that the cut ends."""
    analysis = analyse(path)
    decided = tuple(e for e in whole if e.offset_s < analysis.duration_s - DECIDED_AFTER_S)
    assert analysis.episodes[: len(decided)] == decided
    beyond = analysis.episodes[len(decided) :]
    assert len(beyond) <= 1
    assert all(e.offset_s > analysis.duration_s - DECIDED_AFTER_S - 0.2 for e in beyond)
    return analysis


def test_file_cut_at_each_byte_of_its_last_two_lines_loses_those_lines_at_most(short_text, short_episodes, tmp_path):
    lines = short_text.splitlines(keepends=True)
    path = tmp_path / "a.csv"
    n_last = len(lines[-1]) + len(lines[-2])
    for n_cut in range(n_last + 1):
        path.write_bytes(short_text[: len(short_text) - n_cut])
        analysis = check_cut(path, short_episodes)
        n_lost = 0 if n_cut == 0 else 1 if n_cut <= len(lines[-1]) else 2
        assert analysis.duration_s == pytest.approx(360.0 - n_lost / FS_HZ, abs=1e-6)
        is_whole = n_cut in (0, len(lines[-1]), n_last)
        assert kinds(analysis) == ([] if is_whole else ["torn-end"])


@pytest.mark.parametrize("seed", range(20))
def test_file_cut_anywhere_keeps_what_was_before(short_text, short_episodes, tmp_path, seed):
    n_head = short_text.index(b"time_s")
    end = int(np.random.default_rng(seed).integers(n_head + 200, len(short_text)))
    path = tmp_path / "a.csv"
    path.write_bytes(short_text[:end])
    n_rows = short_text[:end].count(b"\n") - short_text[:n_head].count(b"\n") - 1
    assert check_cut(path, short_episodes).duration_s == pytest.approx(n_rows / FS_HZ, abs=1e-6)


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9, 0.999])
def test_gzip_cut_anywhere_keeps_what_was_before_and_says_so(short_text, short_episodes, tmp_path, share):
    packed = gzip.compress(short_text)
    path = tmp_path / "a.csv.gz"
    path.write_bytes(packed[: int(len(packed) * share)])
    analysis = check_cut(path, short_episodes)
    assert "torn-gzip" in kinds(analysis)
    assert analysis.duration_s == pytest.approx(360.0 * share, abs=30.0)
