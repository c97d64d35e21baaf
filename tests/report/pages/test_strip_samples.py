"""Samples of strips: without posture, the same wherever a part begins, thinned where they come too fast to be seen."""

import numpy as np
import pytest

from clonus_sense.report.pages.packed_signal import unpack
from clonus_sense.report.pages.strip_samples import PART_S, STEP_G, pack_parts
from clonus_sense.report.window import Window
from tests.report.builders import MadePiece, cut_window, make_episode, make_pieces


def read(parts):
    """Times and acceleration of packed parts."""
    pieces = [piece for part in parts for piece in part["pieces"]]
    times_s = np.concatenate([np.linspace(one["from_s"], one["to_s"], one["n"]) for one in pieces])
    return times_s, np.vstack([unpack(one["xyz"], 3, STEP_G) for one in pieces])


def test_a_bout_keeps_its_place_and_strength_and_gravity_goes():
    pieces = make_pieces(120.0, [make_episode(40.0, beats=30, peak_g=0.1)])
    times_s, accel_g = read(pack_parts(lambda a, b: cut_window(pieces, a, b), 0.0, 120.0))
    inside = (times_s > 41) & (times_s < 44)
    assert np.abs(accel_g[inside, 2]).max() == pytest.approx(0.1, abs=0.01)
    assert np.abs(accel_g[(times_s < 38) | (times_s > 47)]).max() < 0.01


def test_parts_meet_without_a_step_inside_a_turn():
    # The leg turns slowly over the edge of two parts.
    times_s = np.arange(round(2 * PART_S * 50)) / 50
    angle = np.clip((times_s - PART_S + 10) / 20, 0, 1) * np.pi / 2
    piece = MadePiece(times_s, np.column_stack([np.sin(angle), 0 * angle, np.cos(angle)]))
    read_s, accel_g = read(pack_parts(lambda a, b: cut_window([piece], a, b), 0.0, 2 * PART_S))
    assert len(read_s) == len(times_s)
    at = int(np.searchsorted(read_s, PART_S))
    assert np.abs(np.diff(accel_g[at - 5 : at + 5], axis=0)).max() <= 0.01


def test_a_gap_stays_a_gap():
    pieces = [one for one in make_pieces(100.0) if len(one.times_s)]
    cut = [
        MadePiece(one.times_s[keep], one.accel_g[keep])
        for one in pieces
        for keep in (slice(0, 2000), slice(3000, 5000))
    ]
    (part,) = pack_parts(lambda a, b: cut_window(cut, a, b), 0.0, 100.0)
    assert [(piece["from_s"], piece["to_s"]) for piece in part["pieces"]] == [(0.0, 39.98), (60.0, 99.98)]


def test_fast_samples_are_thinned_and_beats_stay():
    times_s = np.arange(20 * 800) / 800
    accel_g = np.zeros((len(times_s), 3))
    accel_g[:, 1] = 0.2 * np.sin(2 * np.pi * 6 * times_s)
    # A hum that thinning would fold into the band.
    accel_g[:, 0] = 0.2 * np.sin(2 * np.pi * 106 * times_s)
    piece = MadePiece(times_s, accel_g)
    read_s, read_g = read(pack_parts(lambda a, b: cut_window([piece], a, b), 0.0, 20.0))
    assert len(read_s) == 20 * 100
    middle = (read_s > 3) & (read_s < 17)
    assert np.abs(read_g[middle, 1]).max() == pytest.approx(0.2, rel=0.03)
    assert np.abs(read_g[middle, 0]).max() < 0.02


def test_a_recording_of_nothing_has_parts_without_pieces():
    parts = pack_parts(lambda a, b: Window(a, b, ()), 0.0, 700.0)
    assert [part["pieces"] for part in parts] == [[], [], []]
