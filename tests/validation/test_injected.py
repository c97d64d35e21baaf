"""Bouts added to a recording of somebody who moves are where they are said to be, and as strong as is asked for."""

from __future__ import annotations

import numpy as np
import pytest

from clonus_sense.model import SampleBatch, Stretch
from tests.validation.injected import BEATS, SIGNAL_TO_BACKGROUND_DB, inject_bouts

FS_HZ = 50.0


def make_batches(accel_g, true_hz=FS_HZ, cut=None):
    stretch = Stretch(number=0, fs_hz=FS_HZ)
    knots_s = np.arange(0, len(accel_g), stretch.knot_every) / true_hz
    batch = SampleBatch(stretch, 0, accel_g, knots_s)
    return batch.cut([cut]) if cut else [batch]


@pytest.fixture(scope="module")
def moving():
    rng = np.random.default_rng(2)
    return rng.normal([0.0, 0.0, 1.0], 0.2, size=(6000, 3))


def test_samples_change_inside_bouts_only(moving):
    got = inject_bouts(make_batches(moving), np.random.default_rng(1))
    changed_s = np.flatnonzero((got.batches[0].accel_g != moving).any(axis=1)) / FS_HZ
    assert len(got.bouts) >= 5
    near = [(bout.onset_s - 0.6 <= changed_s) & (changed_s <= bout.offset_s + 0.6) for bout in got.bouts]
    assert np.any(near, axis=0).all()
    assert all(BEATS[0] <= bout.beats <= BEATS[1] for bout in got.bouts)


def test_a_bout_is_as_strong_beside_the_movement_as_is_asked_for(moving):
    got = inject_bouts(make_batches(moving), np.random.default_rng(1))
    added_g = got.batches[0].accel_g - moving
    for bout in got.bouts:
        rows = slice(round(bout.onset_s * FS_HZ), round(bout.offset_s * FS_HZ))
        ratio_db = 10 * np.log10(added_g[rows].var(axis=0).sum() / moving[rows].var(axis=0).sum())
        assert SIGNAL_TO_BACKGROUND_DB[0] - 1.5 <= ratio_db <= SIGNAL_TO_BACKGROUND_DB[1] + 1.5


def test_where_nobody_moves_nothing_is_added():
    still = np.tile([0.0, 0.0, 1.0], (3000, 1))
    got = inject_bouts(make_batches(still), np.random.default_rng(1))
    assert got.bouts == ()
    assert (got.batches[0].accel_g == still).all()


def test_the_time_of_a_bout_is_that_of_the_time_map(moving):
    nominal = inject_bouts(make_batches(moving), np.random.default_rng(1)).bouts
    slower = inject_bouts(make_batches(moving, true_hz=49.0), np.random.default_rng(1)).bouts
    assert [bout.onset_s for bout in slower] == pytest.approx(
        [bout.onset_s * 50.0 / 49.0 for bout in nominal], abs=0.05
    )


def test_a_later_batch_keeps_its_place_in_time(moving):
    got = inject_bouts(make_batches(moving, cut=3001), np.random.default_rng(1))
    added_g = np.concatenate([batch.accel_g for batch in got.batches]) - moving
    changed_s = np.flatnonzero((added_g != 0.0).any(axis=1)) / FS_HZ
    late = [bout for bout in got.bouts if bout.onset_s > 60.0]
    assert late
    for bout in late:
        assert ((changed_s > bout.onset_s) & (changed_s < bout.offset_s)).sum() >= 0.9 * FS_HZ * (
            bout.offset_s - bout.onset_s
        ) - 2
