"""The same recording in other bytes, with text between its rows or nothing behind them, gives the same episodes."""

from __future__ import annotations

import gzip
import os

import pytest

from tests.robustness.nights import FS_HZ, TEN_GIGABYTES, analyse, check_outside_holes, kinds


def with_head_in_cp932(text: bytes) -> bytes:
    return text.replace(b"# source:", "# person: 患者七\n# source:".encode("cp932"))


@pytest.mark.parametrize(
    ("rewrite", "found"),
    [
        (lambda text: b"\xef\xbb\xbf" + text, []),
        (lambda text: text.replace(b"\n", b"\r\n"), []),
        (lambda text: text.decode().encode("utf-16"), []),
        (lambda text: b"\xfe\xff" + text.decode().encode("utf-16-be"), []),
        (with_head_in_cp932, ["encoding"]),
        (gzip.compress, []),
        (lambda text: text + bytes(5000), ["nul-bytes"]),
    ],
    ids=["BOM", "CRLF", "UTF-16", "UTF-16-BE", "CP932", "gzip", "NUL tail"],
)
def test_same_recording_in_other_bytes_gives_the_same_episodes(short_text, short_episodes, tmp_path, rewrite, found):
    path = tmp_path / "a.csv"
    path.write_bytes(rewrite(short_text))
    analysis = analyse(path)
    assert analysis.episodes == short_episodes
    assert analysis.gaps == ()
    assert kinds(analysis) == found


def test_text_between_the_rows_is_passed_over_and_said(short_text, short_episodes, tmp_path):
    lines = short_text.split(b"\n")
    lines[5000:5000] = [b"sensor lost, reconnecting", "接続が切れました".encode("cp932"), b""]
    path = tmp_path / "a.csv"
    path.write_bytes(b"\n".join(lines))
    analysis = analyse(path)
    assert analysis.episodes == short_episodes
    [finding] = analysis.findings
    assert finding.kind == "unreadable-lines"
    assert "2; the first is line 5001." in finding.text


def test_block_of_nul_in_the_middle_is_a_gap(short_text, short_episodes, tmp_path):
    start, n_bytes = len(short_text) // 3, 100_000
    path = tmp_path / "a.csv"
    path.write_bytes(short_text[:start] + bytes(n_bytes) + short_text[start + n_bytes :])
    analysis = analyse(path)
    [gap] = analysis.gaps
    # The two lines at its edges are spoilt as well.
    n_lost = short_text[start : start + n_bytes].count(b"\n") + 1
    assert gap.duration_s == pytest.approx(n_lost / FS_HZ, abs=0.001)
    assert gap.reason == "unreadable lines"
    assert kinds(analysis) == ["nul-bytes", "unreadable-lines"]
    assert check_outside_holes(analysis, short_episodes, [(gap.start_s, gap.end_s)]) >= 3


def test_gigabytes_of_nothing_behind_a_recording_are_said(short_text, short_episodes, tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(short_text)
    os.truncate(path, TEN_GIGABYTES)
    analysis = analyse(path)
    assert analysis.episodes == short_episodes
    [finding] = analysis.findings
    assert finding.kind == "nul-bytes"
    assert str(TEN_GIGABYTES - len(short_text)) in finding.text
