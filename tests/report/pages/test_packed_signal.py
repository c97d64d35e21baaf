"""What a page carries of a recording, unpacked again."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clonus_sense.report.main_axis import band_pass
from clonus_sense.report.pages.movement_samples import NearPiece
from clonus_sense.report.pages.packed_signal import (
    BAND_STEP_G,
    BLOCK_SAMPLES,
    FINE_BIN_SAMPLES,
    KNOT_TOLERANCE_S,
    OVERVIEW_BINS,
    RAW_STEP_G,
    pack_part,
    unpack,
)

FS_HZ = 50.0


def make_piece(start_s, n, seed=0):
    rng = np.random.default_rng(seed)
    return NearPiece(start_s + np.arange(n) / FS_HZ, rng.normal(0.0, 0.2, (n, 3)) + np.array([0.0, 0.0, 1.0]))


def held(part):
    """Samples of a part by their number."""
    samples = {}
    for block in part["blocks"]:
        for number, row in enumerate(unpack(block["xyz"], 3, RAW_STEP_G)):
            samples[block["first"] + number] = row
    return samples


def times_of(part):
    """Time of every sample, from the knots."""
    return np.concatenate(
        [np.interp(np.arange(knots[0], knots[-2] + 1), knots[::2], knots[1::2]) for knots in part["pieces"]]
    )


@given(lengths=st.lists(st.integers(1, 300), min_size=1, max_size=3))
def test_a_whole_recording_comes_back_with_its_times(lengths):
    pieces, start_s = [], 0.0
    for seed, n in enumerate(lengths):
        pieces.append(make_piece(start_s, n, seed))
        start_s += n / FS_HZ + 3.0
    part = json.loads(json.dumps(pack_part(pieces, shift_s=12.5)))
    samples = held(part)
    assert sorted(samples) == list(range(sum(lengths)))
    accel_g = np.concatenate([piece.accel_g for piece in pieces])
    assert np.abs(np.array([samples[at] for at in range(len(accel_g))]) - accel_g).max() <= RAW_STEP_G / 2 + 1e-9
    assert np.abs(times_of(part) - np.concatenate([piece.times_s for piece in pieces])).max() < KNOT_TOLERANCE_S
    assert part["shift_s"] == 12.5


@given(lengths=st.lists(st.integers(1, 300), min_size=1, max_size=3))
def test_each_bin_of_the_overview_holds_the_lowest_and_highest_of_its_samples(lengths):
    pieces = [make_piece(100.0 * seed, n, seed) for seed, n in enumerate(lengths)]
    part = pack_part(pieces)
    raw, band = unpack(part["raw"], 6, RAW_STEP_G), unpack(part["band"], 2, BAND_STEP_G)
    row = 0
    for piece in pieces:
        filtered = np.column_stack([band_pass(piece.accel_g[:, axis], part["rate_hz"]) for axis in range(3)])
        for first in range(0, len(piece.times_s), FINE_BIN_SAMPLES):
            inside = slice(first, first + FINE_BIN_SAMPLES)
            assert raw[row, ::2] == pytest.approx(piece.accel_g[inside].min(axis=0), abs=RAW_STEP_G)
            assert raw[row, 1::2] == pytest.approx(piece.accel_g[inside].max(axis=0), abs=RAW_STEP_G)
            assert band[row] == pytest.approx([filtered[inside].min(), filtered[inside].max()], abs=BAND_STEP_G)
            row += 1
    assert row == len(raw) == len(band)


def test_only_the_samples_of_the_chosen_times_are_held():
    pieces = [make_piece(0.0, 500), make_piece(30.0, 5000)]
    part = pack_part(pieces, spans=[(5.0, 32.0), (100.0, 101.0)])
    times_s = times_of(part)
    chosen_s = times_s[sorted(held(part))] + 1e-6
    assert len(chosen_s) == 250 + 100 + 50
    assert ((chosen_s >= 5.0) & (chosen_s < 32.0) | (chosen_s >= 100.0) & (chosen_s < 101.0)).all()


def test_a_night_has_a_bounded_overview_and_blocks():
    part = pack_part([make_piece(0.0, 100_000)], spans=[(0.0, 1000.0)])
    assert OVERVIEW_BINS * 0.9 < len(unpack(part["band"], 2, BAND_STEP_G)) <= OVERVIEW_BINS
    assert max(block["n"] for block in part["blocks"]) == BLOCK_SAMPLES


@pytest.mark.parametrize("lengths", [(70_001,), (30_000, 7, 40_003)])
def test_the_overview_of_a_fast_recording_keeps_its_rhythm_and_its_bins(lengths):
    pieces, start_s = [], 0.0
    for n in lengths:
        times_s = start_s + np.arange(n) / 200.0
        accel_g = np.zeros((n, 3))
        accel_g[:, 1] = 0.2 * np.sin(2 * np.pi * 6.0 * times_s)
        pieces.append(NearPiece(times_s, accel_g))
        start_s = times_s[-1] + 5.0
    # Wide bins: as in a night of eight hours.
    repeated = [NearPiece(piece.times_s + 400.0 * at, piece.accel_g) for at in range(20) for piece in pieces]
    part = pack_part(repeated, spans=[])
    raw, band = unpack(part["raw"], 6, RAW_STEP_G), unpack(part["band"], 2, BAND_STEP_G)
    assert part["bin"] > 4 * FINE_BIN_SAMPLES
    assert len(raw) == len(band) == 20 * sum(-(-n // part["bin"]) for n in lengths)
    assert np.median(band[:, 1]) == pytest.approx(0.2, rel=0.08)
    assert np.median(band[:, 0]) == pytest.approx(-0.2, rel=0.08)


def test_times_that_are_not_straight_get_knots():
    piece = make_piece(0.0, 20_000)
    bent_s = piece.times_s * (1 + 1e-4 * np.sin(piece.times_s / 60))
    part = pack_part([NearPiece(bent_s, piece.accel_g)])
    assert np.abs(times_of(part) - bent_s).max() < KNOT_TOLERANCE_S + 1e-4
    assert len(part["pieces"][0]) < 200


def test_strong_knocks_are_kept_to_the_range_of_two_bytes():
    accel_g = np.zeros((300, 3))
    accel_g[100] = [40.0, -40.0, 15.9]
    part = pack_part([NearPiece(np.arange(300) / FS_HZ, accel_g)])
    assert held(part)[100] == pytest.approx([40.0, -40.0, 15.9], abs=RAW_STEP_G)


@pytest.mark.parametrize("pieces", [[], [NearPiece(np.empty(0), np.empty((0, 3)))]], ids=["none", "empty"])
def test_a_recording_without_samples_has_no_pieces(pieces):
    assert pack_part(pieces)["pieces"] == []


def test_too_slow_a_recording_is_shown_without_its_band():
    part = pack_part([NearPiece(np.arange(60) / 5.0, np.ones((60, 3)))])
    assert part["filter"]["sections"] == []
    assert (unpack(part["band"], 2, BAND_STEP_G) == 0).all()
