import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import lfilter
from scipy.spatial.transform import Rotation

from clonus_sense.activity import ActivityBuilder, WearState
from clonus_sense.activity import seconds as seconds_module
from clonus_sense.model import SampleBatch, Stretch
from tests.activity.builders import NOISE_G, UP, build, make_noise, make_stretch


def make_wandering_stretch(number, fs_hz, n_samples, start_s):
    """A lively stretch whose clock wanders."""
    random = np.random.default_rng(number)
    batch = make_stretch(random.normal(size=(n_samples, 3)), fs_hz, number=number, start_s=start_s)
    times_s = batch.knot_times_s + random.uniform(0, 0.01, len(batch.knot_times_s))
    return SampleBatch(batch.stretch, 0, batch.accel_g, times_s)


@settings(max_examples=40, deadline=None)
@given(
    data=st.data(),
    fs_hz=st.sampled_from([3.0, 18.0, 25.0, 52.0]),
    at_once=st.sampled_from([1, 7, 512]),
    order=st.sampled_from(["C", "F"]),
)
def test_any_cut_gives_the_same_epochs(data, fs_hz, at_once, order):
    lengths = data.draw(st.lists(st.integers(1, 3000), min_size=1, max_size=3))
    # Each stretch begins a little after the one before, in the same epoch or in a later one.
    starts_s = np.cumsum([0.0, *(n / fs_hz + data.draw(st.sampled_from([0.3, 12.0, 95.0])) for n in lengths)])
    whole = [make_wandering_stretch(k, fs_hz, n, starts_s[k]) for k, n in enumerate(lengths)]
    expected = build(whole)
    builder = ActivityBuilder(0.0)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(seconds_module, "SECONDS_AT_ONCE", at_once)
        for batch in whole:
            for part in batch.cut(data.draw(st.lists(st.integers(1, 3000), max_size=12))):
                accel_g = part.accel_g.copy(order=order)
                builder.add(SampleBatch(part.stretch, part.first_index, accel_g, part.knot_times_s))
                if data.draw(st.booleans()):
                    builder.build()
    assert builder.build() == expected


def test_one_sample_at_a_time_gives_the_same_epochs():
    whole = make_wandering_stretch(0, 25.0, 1700, 3.0)
    assert build(whole.cut(list(range(1700)))) == build([whole])


def test_movement_of_a_sine_is_its_size_over_the_root_of_six():
    # 0.6 g at 6 Hz on one axis: standard deviation 0.6 / sqrt(2) there, root mean square of the axes / sqrt(3).
    wave = 0.6 * np.sin(2 * np.pi * 6.0 * np.arange(6000) / 100.0)
    first, second = build([make_stretch(np.array(UP) + np.outer(wave, [0.0, 1.0, 0.0]), 100.0)])
    assert first.movement_g == pytest.approx(0.6 / np.sqrt(6))
    assert second.movement_g == pytest.approx(0.6 / np.sqrt(6))


def test_movement_is_the_mean_over_the_seconds_and_posture_drops_out():
    # Ten seconds of one minute move; the posture turns over between seconds.
    accel_g = np.repeat([[0.0, 0.0, 1.0], [0.0, 1.0, 0.0]], 750, axis=0)
    accel_g[:500, 0] += 0.3 * (-1.0) ** np.arange(500)
    (epoch,) = build([make_stretch(accel_g, 50.0)])
    assert epoch.movement_g == pytest.approx(10 / 30 * 0.3 / np.sqrt(3))
    assert epoch.gravity == pytest.approx((0.0, np.sqrt(0.5), np.sqrt(0.5)))


@settings(max_examples=15, deadline=None)
@given(quaternion=st.lists(st.floats(0.1, 1.0), min_size=4, max_size=4))
def test_movement_is_the_same_in_every_mounting(quaternion):
    accel_g = make_noise(1500) + np.outer(np.sin(np.arange(1500)), [0.1, 0.4, 0.0])
    mounting = Rotation.from_quat(quaternion)
    (one,), (other,) = build([make_stretch(accel_g, 50.0)]), build([make_stretch(mounting.apply(accel_g), 50.0)])
    assert other.movement_g == pytest.approx(one.movement_g)
    assert other.sway_ratio == pytest.approx(one.sway_ratio)
    assert other.gravity == pytest.approx(tuple(mounting.apply(one.gravity)))


def test_epochs_are_true_seconds_where_a_sensor_is_off_its_rate():
    # 2 % fast: movement from sample 4600 on begins at 90.2 s; at the stated rate it would be 92 s.
    accel_g = make_noise(4700)
    accel_g[4600:, 0] += 0.5 * (-1.0) ** np.arange(100)
    epochs = build([make_stretch(accel_g, 50.0, rate_error=0.02)])
    assert [epoch.start_s for epoch in epochs] == [0.0, 30.0, 60.0, 90.0]
    assert [epoch.measured_s for epoch in epochs] == pytest.approx([30.0, 30.0, 30.0, 4700 / 51 - 90])
    assert epochs[2].movement_g == pytest.approx(NOISE_G, rel=0.05)
    assert epochs[3].movement_g == pytest.approx(100 / 51 / epochs[3].measured_s * 0.5 / np.sqrt(3), rel=0.01)


def test_a_second_across_a_border_counts_in_both_epochs_by_its_share():
    accel_g = np.tile(UP, (110, 1))
    accel_g[:10, 0] = [0.3, -0.3] * 5
    # The moved second lies from 29.8 to 30.8 s.
    first, second = build([make_stretch(accel_g, 10.0, start_s=29.8)])
    assert (first.measured_s, first.movement_g) == pytest.approx((0.2, 0.3 / np.sqrt(3)))
    assert (second.measured_s, second.movement_g) == pytest.approx((10.8, 0.8 / 10.8 * 0.3 / np.sqrt(3)))


def test_what_was_not_measured_is_an_epoch_of_its_own():
    batches = [
        make_stretch(make_noise(2000), 50.0, start_s=35.0),
        make_stretch(make_noise(500), 50.0, number=1, start_s=125.0),
    ]
    epochs = build(batches)
    assert [epoch.measured_s for epoch in epochs] == pytest.approx([0.0, 25.0, 15.0, 0.0, 10.0])
    none, worn = WearState.NOT_MEASURED, WearState.MEASURED_AND_WORN
    assert [epoch.state for epoch in epochs] == [none, worn, worn, none, worn]
    empty = epochs[3]
    assert (empty.movement_g, empty.gravity, empty.sway_ratio, empty.still) == (None, None, None, False)


def test_samples_too_few_for_a_spread_are_measured_but_say_nothing():
    (epoch,) = build([make_stretch(make_noise(20), 50.0)])
    assert epoch.measured_s == pytest.approx(0.4)
    assert (epoch.movement_g, epoch.state) == (None, WearState.NOT_MEASURED)


def test_a_fall_has_no_direction():
    (epoch,) = build([make_stretch(0.4 * make_noise(1500), 50.0)])
    assert epoch.gravity is None


def test_still_means_the_noise_of_this_sensor():
    # Noise of 1 mg; then twice that, which another sensor could show at rest.
    accel_g = np.concatenate([make_noise(1500, noise_g=0.001), make_noise(1500, noise_g=0.002, seed=1)])
    assert [epoch.still for epoch in build([make_stretch(accel_g, 50.0)])] == [True, False]


def test_toggling_between_two_steps_is_still():
    # A coarse sensor shows nothing in one posture and toggles in another.
    toggling = np.tile(UP, (1500, 1))
    toggling[:, 0] += 0.004 * np.random.default_rng(0).integers(0, 2, 1500)
    batch = make_stretch(np.concatenate([np.tile(UP, (1500, 1)), toggling]), 50.0)
    assert [epoch.still for epoch in build([batch], step_g=0.004)] == [True, True]
    assert [epoch.still for epoch in build([batch], step_g=None)] == [True, True]
    assert [epoch.still for epoch in build([batch], step_g=0.001)] == [True, False]


def test_a_recording_without_rest_has_no_still_epoch():
    assert not any(epoch.still for epoch in build([make_stretch(make_noise(6000, noise_g=0.012), 50.0)]))


def test_a_piece_of_an_epoch_is_no_measure_of_the_noise():
    # Ten seconds without any noise at all: a sensor that starts up.
    accel_g = np.concatenate([np.tile(UP, (500, 1)), make_noise(3000)])
    assert all(epoch.still for epoch in build([make_stretch(accel_g, 50.0, start_s=20.0)])[1:])


def sway_ratio_of(accel_g, fs_hz=50.0):
    ratios = [epoch.sway_ratio for epoch in build([make_stretch(accel_g, fs_hz)])]
    return float(np.median(ratios))


def test_sway_ratio_of_noise_is_one_whatever_its_colour_within_a_half_second():
    white = make_noise(90_000) - UP
    assert sway_ratio_of(white + UP) == pytest.approx(1.0, abs=0.1)
    # A sensor that averages four samples: neighbouring ones are alike, and the mean of a second scatters four times as
    # much as the samples within it predict.
    assert sway_ratio_of(lfilter(np.ones(4) / 4, 1.0, white, axis=0) + UP) == pytest.approx(1.0, abs=0.12)


def test_sway_ratio_does_not_take_a_cooling_sensor_for_breath():
    # 12 mg in ten minutes on a sensor with 0.5 mg of noise.
    drift = np.outer(0.012 * np.arange(30_000) / 30_000, UP)
    assert sway_ratio_of(make_noise(30_000, noise_g=0.0005) + drift) == pytest.approx(1.0, abs=0.2)


def test_sway_ratio_of_breath_without_noise():
    # Half seconds of sin(2 pi f t) differ by 4 sin^2(pi f / 2) sinc^2(f / 2), seconds by 4 sin^2(pi f) sinc^2(f).
    f_hz = 0.25
    breath = np.outer(0.01 * np.sin(2 * np.pi * f_hz * np.arange(30_000) / 50.0), [0.6, 0.0, 0.8])
    steps = [np.sin(np.pi * f_hz * tau_s) ** 2 * np.sinc(f_hz * tau_s) ** 2 for tau_s in (1.0, 0.5)]
    assert sway_ratio_of(breath + UP) == pytest.approx(2 * steps[0] / steps[1], rel=0.02)


def test_sway_ratio_of_a_constant_cannot_be_told():
    (epoch,) = build([make_stretch(np.tile(UP, (1500, 1)), 50.0)])
    assert epoch.sway_ratio is None
    assert epoch.still


def test_a_sensor_that_hangs_for_a_while_does_not_show_what_its_noise_is():
    still = make_noise(90_000)
    hanging = still.copy()
    hanging[70_600:80_300] = hanging[70_600]  # from within a second to within another one
    epochs = build([make_stretch(hanging, 50.0)])
    assert all(epoch.still for epoch in epochs)
    assert {epoch.state for epoch in epochs} == {WearState.WEAR_NOT_CONFIRMED}


def test_a_recording_without_samples_has_no_epochs():
    assert build([]) == ()
    assert build([SampleBatch(Stretch(0, 50.0), 0, np.zeros((0, 3)), np.zeros(0))]) == ()


def test_a_left_out_batch_is_noticed():
    parts = make_stretch(make_noise(300), 50.0).cut([100, 200])
    builder = ActivityBuilder()
    builder.add(parts[0])
    with pytest.raises(ValueError, match="starts at index 200 of stretch 0, but index 100 comes next"):
        builder.add(parts[2])


def test_what_a_damaged_stamp_puts_before_the_start_is_in_no_epoch():
    before = make_stretch(np.tile(UP, (500, 1)), 50.0, start_s=-1000.0)
    after = make_stretch(np.tile(UP, (500, 1)), 50.0, number=1)
    assert build([before]) == ()
    assert build([before, after]) == build([after])
