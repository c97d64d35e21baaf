"""However a file's rows lie in time, the same movements are found at the same times."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clonus_sense.config import DetectionSettings
from clonus_sense.recording import stream_recording
from clonus_sense.workflows import analyse_recording

DURATION_S = 90.0
# Onset, length and frequency; between them the row layout changes, in the last one the rate does.
BOUTS = ((12.0, 4.0, 6.0), (40.0, 5.0, 5.5), (65.0, 5.0, 6.5))
HEADS = {
    "ours": "# format: clonus-sense-recording/1\n# fs_hz: 50.0\n# sensor_site: foot\ntime_s,x_g,y_g,z_g",
    "foreign": "time,ax,ay,az",
}


def signal(times_s, seed):
    """Three bouts of 0.3 g on 1 g and 3 mg of noise."""
    accel_g = np.tile([0.1, 0.2, 0.975], (len(times_s), 1))
    for onset_s, length_s, frequency_hz in BOUTS:
        inside = (times_s >= onset_s) & (times_s < onset_s + length_s)
        accel_g[inside] += np.outer(np.sin(2 * np.pi * frequency_hz * (times_s[inside] - onset_s)), [0.3, 0.0, 0.1])
    return accel_g + np.random.default_rng(seed).normal(0.0, 0.003, accel_g.shape)


def analyse(path, head, times_s, accel_g, rows=None):
    """Write rows in the given order and look for movements."""
    lines = [f"{t:.6f},{x:.5f},{y:.5f},{z:.5f}" for t, (x, y, z) in zip(times_s, accel_g, strict=True)]
    lines = lines if rows is None else [lines[row] for row in rows]
    path.write_text("\n".join([HEADS[head], *lines, ""]), encoding="utf-8")
    return analyse_recording(path, DetectionSettings()).analysis


def check_found(analysis, off_s=0.01):
    """Each bout is found once, within 10 ms of where it is found without any trouble."""
    assert [episode.episode_class for episode in analysis.episodes] == ["clonus"] * 3
    for episode, (onset_s, length_s, frequency_hz) in zip(analysis.episodes, BOUTS, strict=True):
        assert episode.frequency_hz == pytest.approx(frequency_hz, abs=0.15)
        # Half a period at either end belongs to the definition of onset and offset.
        assert episode.onset_s == pytest.approx(onset_s, abs=0.5 / frequency_hz + off_s)
        assert episode.offset_s == pytest.approx(onset_s + length_s, abs=0.5 / frequency_hz + off_s)
        assert episode.missing_s >= 0.0


@pytest.mark.parametrize("head", HEADS)
@pytest.mark.parametrize("later_hz", [25.0, 100.0])
@pytest.mark.parametrize("change_s", [30.0, 67.5])
def test_a_rate_that_changes_costs_no_movement(tmp_path, head, later_hz, change_s):
    times_s = np.concatenate([np.arange(0.0, change_s, 0.02), np.arange(change_s, DURATION_S, 1 / later_hz)])
    analysis = analyse(tmp_path / "a.csv", head, times_s, signal(times_s, 1))
    check_found(analysis, off_s=0.03)
    assert analysis.gaps == ()
    assert [episode.missing_s for episode in analysis.episodes] == [0.0] * 3
    assert "rate-changed" in [finding.kind for finding in analysis.findings]


@pytest.mark.parametrize("share", [0.01, 0.05, 0.2])
def test_lost_samples_of_a_foreign_file_cost_no_movement_and_are_counted(tmp_path, share):
    times_s = np.arange(0.0, DURATION_S, 1 / 60)
    keep = np.random.default_rng(3).random(len(times_s)) >= share
    keep[2:] |= ~(keep[1:-1] | keep[:-2])  # more than two in a row are a gap
    analysis = analyse(tmp_path / "a.csv", "foreign", times_s[keep], signal(times_s, 3)[keep])
    check_found(analysis, off_s=0.03)
    for episode in analysis.episodes:
        inside = (times_s >= episode.onset_s) & (times_s < episode.offset_s)
        assert episode.missing_s == pytest.approx(np.count_nonzero(inside & ~keep) / 60, abs=0.02)


@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 10**6), head=st.sampled_from(list(HEADS)), n_packet=st.sampled_from([1, 5, 10, 25]))
def test_late_and_repeated_packets_change_no_movement(tmp_path_factory, seed, head, n_packet):
    rng = np.random.default_rng(seed)
    times_s = np.arange(0.0, DURATION_S, 0.02)
    accel_g = signal(times_s, seed)
    folder = tmp_path_factory.mktemp("a")
    expected = analyse(folder / "even.csv", head, times_s, accel_g)
    packets = np.split(np.arange(len(times_s)), np.arange(n_packet, len(times_s), n_packet))
    # The first packet is in time, for it says when the file begins.
    key = np.arange(len(packets)) + np.where(rng.random(len(packets)) < 0.1, rng.integers(1, 150 // n_packet + 2), 0)
    key[0] = -1
    twice = rng.random(len(packets)) < 0.2
    rows = [np.tile(packets[number], 2 if twice[number] else 1) for number in np.argsort(key, kind="stable")]
    got = analyse(folder / "mixed.csv", head, times_s, accel_g, np.concatenate(rows))
    assert got.episodes == expected.episodes
    assert got.gaps == expected.gaps


def test_a_file_cut_anywhere_gives_the_same_stretches_up_to_there(tmp_path):
    times_s = np.concatenate([np.arange(0.0, 20.0, 0.02), np.arange(20.0, 30.0, 0.01), np.arange(31.0, 40.0, 0.02)])
    analyse_lines = [
        f"{t:.6f},{x:.5f},{y:.5f},{z:.5f}" for t, (x, y, z) in zip(times_s, signal(times_s, 5), strict=True)
    ]
    path = tmp_path / "a.csv"

    def stretches(n_rows):
        path.write_text("\n".join([HEADS["ours"], *analyse_lines[:n_rows], ""]), encoding="utf-8")
        with stream_recording(path) as stream:
            found = {}
            for batch in stream.batches():
                found[batch.stretch.number] = (batch.stretch.fs_hz, batch.end_index)
        return found

    whole = stretches(None)
    assert [rate for rate, _ in whole.values()] == [50.0, 100.0, 50.0]
    for n_rows in (900, 1000, 1001, 1017, 1500, 2000, 2001, 2017, 2100):
        part = stretches(n_rows)
        for number in list(part)[:-2]:
            assert part[number] == whole[number]
        assert sum(end for _, end in part.values()) == n_rows
