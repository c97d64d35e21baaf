import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from clonus_sense.export.edf_annotations import distribute
from clonus_sense.export.edf_file import EdfIdentity, edf_blocks
from clonus_sense.export.edf_records import plan_records
from clonus_sense.export.edf_scale import choose_scale
from clonus_sense.model import Stretch
from clonus_sense.recording import StretchSamples
from tests.export.edf_reader import read_edf

NOBODY = EdfIdentity("", None, "", (), "")


@st.composite
def patterns(draw):
    """Stretches of any length and true rate, some with uneven clocks, gaps from half a period on."""
    fs_hz = draw(st.sampled_from([18.0, 26.0, 52.0, 100.0]))
    start_s, stretches = draw(st.floats(0, 3)), []
    for number in range(draw(st.integers(1, 6))):
        n_samples = draw(st.integers(1, 400))
        period_s = draw(st.floats(0.97, 1.03)) / fs_hz
        stretch = Stretch(number, fs_hz)
        indices = np.arange(0, n_samples, stretch.knot_every)
        wobble_s = draw(st.sampled_from([0.0, 1e-4, 5e-3])) * np.sin(indices)
        knots_s = np.round(start_s + indices * period_s + wobble_s - wobble_s[0], 6)
        accel_g = np.round(np.random.default_rng(number).normal(0, 1, (n_samples, 3)), 3)
        stretches.append(StretchSamples(stretch, accel_g, knots_s))
        last_s = float(stretches[-1].time_map.seconds(n_samples - 1))
        start_s = last_s + (1.5 + draw(st.sampled_from([0.01, 1.0, 4.0, 1000.0]))) / fs_hz
    return stretches, fs_hz


@settings(max_examples=80, deadline=None)
@given(patterns())
def test_records_begin_at_their_true_time_and_lose_no_sample(pattern):
    stretches, fs_hz = pattern
    plan = plan_records(stretches, fs_hz)
    peak_g = max(np.abs(samples.accel_g).max() for samples in stretches)
    scale = choose_scale(peak_g, step_g=0.001, range_g=16.0)
    read = read_edf(b"".join(edf_blocks(NOBODY, stretches, plan, scale, distribute([], plan.n_records))))

    n_samples = read.digital.shape[2]
    first_of_record = [
        float(samples.time_map.seconds(row))
        for samples in stretches
        for row in range(0, len(samples.accel_g), n_samples)
    ]
    np.testing.assert_allclose(read.onsets_s, first_of_record, rtol=0, atol=0.51e-6)
    assert (np.diff(read.onsets_s) >= read.duration_s - 1e-9).all()

    times_s, accel_g = read.samples()
    true_s = np.concatenate([samples.time_map.seconds(np.arange(len(samples.accel_g))) for samples in stretches])
    assert len(times_s) == len(true_s)
    assert np.abs(times_s - true_s).max() <= plan.largest_error_s + 1e-9
    assert plan.largest_error_s <= 0.5 / fs_hz + 1e-6
    np.testing.assert_array_equal(np.round(accel_g, 3), np.concatenate([samples.accel_g for samples in stretches]))


def even(number, n_samples, start_s, fs_hz=52.0, period_s=1 / 52):
    stretch = Stretch(number, fs_hz)
    knots_s = start_s + np.arange(0, n_samples, stretch.knot_every) * period_s
    return StretchSamples(stretch, np.zeros((n_samples, 3)), knots_s)


def test_long_gaps_leave_records_of_half_a_second():
    plan = plan_records([even(0, 1000, 0.0), even(1, 1000, 60.0)], 52.0)
    assert (plan.n_samples, plan.duration_us) == (26, 500_000)
    assert plan.n_records == 2 * 39


def test_a_sensor_off_its_rate_never_drifts_away():
    plan = plan_records([even(0, 52 * 3600, 0.0, period_s=1.02 / 52)], 52.0)
    assert plan.n_samples == 26
    assert plan.largest_error_s < 2e-6


def test_a_gap_of_two_samples_makes_records_shorter_and_no_longer_than_it_bears():
    # 27 samples fill one record of 26 and leave 25 of the next empty: more than the gap of 2.
    plan = plan_records([even(0, 27, 0.0), even(1, 100, 29 / 52)], 52.0)
    assert plan.n_samples == 14
    assert int(plan.onsets_us[0][-1]) + plan.duration_us <= int(plan.onsets_us[1][0])


def test_a_single_sample_is_a_recording():
    plan = plan_records([even(0, 1, 0.0)], 52.0)
    assert (plan.n_samples, plan.n_records) == (1, 1)


def test_annotations_that_need_more_room_than_there_are_records_get_it():
    lists = [b"x" * 50] * 9
    distributed = distribute(lists, 2)
    assert b"".join(distributed.of_record) == b"".join(lists)
    assert len(distributed.of_record) == 2
    assert max(map(len, distributed.of_record)) <= distributed.n_bytes
