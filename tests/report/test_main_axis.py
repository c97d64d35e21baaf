import numpy as np
import pytest

from clonus_sense.report.main_axis import compute_spectrum, measured_rate_hz, project_on_main_axis

from .builders import FS_HZ, cut_window, make_episode, make_gap, make_pieces

DIAGONAL = (0.6, 0.0, 0.8)


def sine(frequency_hz, fs_hz=FS_HZ, duration_s=6.0):
    times_s = np.arange(round(duration_s * fs_hz)) / fs_hz
    return times_s, (0.3 * np.sin(2 * np.pi * frequency_hz * times_s))[:, None] * np.array(DIAGONAL)


def middle(signal):
    return signal[len(signal) // 4 : -len(signal) // 4]


def test_movement_along_the_axis_keeps_size_and_time():
    times_s, accel_g = sine(6.0)
    signal_g = project_on_main_axis(times_s, accel_g + np.array([0.0, 0.0, 1.0]), DIAGONAL)
    expected_g = accel_g @ np.array(DIAGONAL)
    assert np.abs(middle(signal_g) - middle(expected_g)).max() < 0.03


def test_posture_and_slow_movement_are_taken_out():
    times_s, accel_g = sine(0.5)
    assert np.abs(middle(project_on_main_axis(times_s, accel_g, DIAGONAL))).max() < 0.03


def test_movement_across_the_axis_is_not_shown():
    times_s, accel_g = sine(6.0)
    assert np.abs(project_on_main_axis(times_s, accel_g, (-0.8, 0.0, 0.6))).max() < 1e-9


@pytest.mark.parametrize("n_samples", [1, 2, 7, 8, 9, 20])
def test_a_short_piece_is_no_error(n_samples):
    times_s, accel_g = sine(6.0)
    signal_g = project_on_main_axis(times_s[:n_samples], accel_g[:n_samples], DIAGONAL)
    assert signal_g.shape == (n_samples,)
    assert np.isfinite(signal_g).all()


@pytest.mark.parametrize("fs_hz", [18.0, 24.0, 25.0, 400.0])
def test_every_rate_can_be_filtered(fs_hz):
    times_s, accel_g = sine(6.0, fs_hz)
    signal_g = middle(project_on_main_axis(times_s, accel_g, DIAGONAL))
    assert np.sqrt(2 * np.mean(signal_g**2)) == pytest.approx(0.3, rel=0.15)


def test_the_rate_is_that_of_the_times():
    assert measured_rate_hz(np.arange(101) / 98.0) == pytest.approx(98.0)


def test_the_spectrum_peaks_at_the_fundamental_with_its_amplitude():
    episode = make_episode(5.0, beats=20, frequency_hz=5.5, peak_g=0.25)
    spectrum = compute_spectrum(cut_window(make_pieces(20.0, [episode]), 3.0, 12.0), episode)
    at = np.argmax(spectrum.amplitude_g)
    assert spectrum.frequency_hz[at] == pytest.approx(5.5, abs=0.05)
    assert spectrum.amplitude_g[at] == pytest.approx(0.25, rel=0.05)


def test_the_spectrum_takes_the_longest_piece_between_gaps():
    episode = make_episode(5.0, beats=30, frequency_hz=5.0, peak_g=0.2)
    pieces = make_pieces(20.0, [episode], [make_gap(5.4, 6.0)])
    spectrum = compute_spectrum(cut_window(pieces, 3.0, 13.0), episode)
    assert spectrum.frequency_hz[np.argmax(spectrum.amplitude_g)] == pytest.approx(5.0, abs=0.05)


def test_nothing_measured_gives_an_empty_spectrum():
    spectrum = compute_spectrum(cut_window([], 0.0, 5.0), make_episode(1.0))
    assert len(spectrum.frequency_hz) == len(spectrum.amplitude_g) == 0
