import numpy as np
import pytest

from clonus_sense.activity.seconds import HANDLING_SECONDS, SECONDS_AT_ONCE, StretchSeconds
from tests.activity.builders import make_noise, make_stretch


def seconds_of(batch):
    seconds = StretchSeconds(batch.stretch)
    return np.concatenate([seconds.push(batch), seconds.remaining()])


def test_a_second_holds_mean_and_spread_of_its_samples():
    accel_g = make_noise(500, noise_g=0.1)
    seconds = seconds_of(make_stretch(accel_g, 50.0))
    blocks = accel_g.reshape(10, 50, 3)
    np.testing.assert_allclose(seconds["mean_g"], blocks.mean(axis=1))
    np.testing.assert_allclose(seconds["spread_g"], np.sqrt(blocks.var(axis=1).mean(axis=1)))


def test_steps_between_halves_and_to_the_next_second():
    # Half seconds at 0, 3 | 4, 4 | 10, 0 along one axis: second means 1.5, 4, 5.
    accel_g = np.outer(np.repeat([0.0, 3.0, 4.0, 4.0, 10.0, 0.0], 5), [0.6, 0.0, 0.8])
    seconds = seconds_of(make_stretch(accel_g, 10.0))
    np.testing.assert_allclose(seconds["next_step_g2"], [2.5**2, 1.0, 0.0])
    # The last second has no next one: its halves do not count either.
    np.testing.assert_allclose(seconds["half_step_g2"], [9.0, 0.0, 0.0])


def test_edges_are_the_recordings_own_times():
    batch = make_stretch(make_noise(260), 50.0, start_s=100.0, rate_error=0.02)
    seconds = seconds_of(batch)
    np.testing.assert_allclose(seconds["start_s"], 100.0 + np.arange(6) * 50 / 51)
    np.testing.assert_allclose(seconds["end_s"], 100.0 + np.minimum(np.arange(1, 7) * 50, 260) / 51)


@pytest.mark.parametrize(("n_samples", "known"), [(24, False), (25, True), (49, True)])
def test_less_than_half_a_second_has_no_spread(n_samples, known):
    (second,) = seconds_of(make_stretch(make_noise(n_samples), 50.0))
    assert second["known"] == known
    assert second["end_s"] == pytest.approx(n_samples / 50)


def test_what_remains_can_be_asked_at_any_time():
    whole = make_stretch(make_noise(175), 50.0)
    first, second = whole.cut([120])
    asked, unasked = StretchSeconds(whole.stretch), StretchSeconds(whole.stretch)
    asked.push(first), unasked.push(first)
    assert asked.remaining()["end_s"].tolist() == pytest.approx([1.0, 2.0, 2.4])
    asked.push(second), unasked.push(second)
    np.testing.assert_array_equal(asked.remaining(), unasked.remaining())


def gravity_along(*angles_deg):
    """Seconds in which gravity lies at each of these angles about one axis."""
    angles = np.radians(np.repeat(angles_deg, 50))
    return make_stretch(np.column_stack([np.sin(angles), np.zeros(len(angles)), np.cos(angles)]), 50.0)


def test_handling_is_the_way_of_gravity_beyond_its_turn_in_six_seconds():
    one_way = seconds_of(gravity_along(*[0] * 8, 60, 120, 170, *[170] * 8))
    np.testing.assert_allclose(one_way["handling_deg"], 0.0, atol=1e-4)
    to_and_fro = seconds_of(gravity_along(*[0] * 8, 90, 0, 90, *[0] * 8))
    # From the second before the first turn on: four turns of 90 degrees, and back where it was.
    assert to_and_fro["handling_deg"][7] == pytest.approx(360.0, abs=1e-3)
    # The way there and back fits into six seconds, so it counts; two turns further apart than that are two turns.
    assert seconds_of(gravity_along(*[0] * 8, *[90] * 5, *[0] * 8))["handling_deg"].max() == pytest.approx(180.0)
    assert seconds_of(gravity_along(*[0] * 8, *[90] * 7, *[0] * 8))["handling_deg"].max() == pytest.approx(0.0)


def test_a_fall_turns_nowhere():
    falling = make_stretch(0.2 * make_noise(500, noise_g=0.1), 50.0)
    assert seconds_of(falling)["handling_deg"].tolist() == [0.0] * 10


def test_nothing_but_the_second_begun_and_six_before_it_is_kept_of_an_hour():
    seconds = StretchSeconds(make_stretch(make_noise(1), 10.0).stretch)
    whole = make_stretch(make_noise(36_003), 10.0)
    assert len(whole.accel_g) > 2 * 10 * SECONDS_AT_ONCE
    assert len(seconds.push(whole)) == 3600 - HANDLING_SECONDS
    assert seconds._held.base is None
    assert [piece.shape for piece in seconds._begun] == [(3, 3)]
    assert seconds._begun[0].base is None
    assert len(seconds._knot_times_s) <= 4
