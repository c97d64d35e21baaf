"""How long detection takes beside scipy's own zero-phase band-pass of the same samples."""

from __future__ import annotations

from scipy.signal import butter, sosfiltfilt

from clonus_sense.config import DetectionSettings
from clonus_sense.detection import Detector
from clonus_sense.model import Episode, EpisodeClass, SampleBatch, Site

from .figures import Figure, compare
from .nights import FS_HZ, N_EPISODES, repeat, seconds, take_hours, whole

BAND_PASS = butter(4, [5.0, 8.0], "bandpass", fs=FS_HZ, output="sos")
REFERENCE = "`sosfiltfilt`, order 4, three axes"


def detect(batches: list[SampleBatch], site: Site | None = Site.ANKLE) -> list[Episode]:
    detector = Detector(DetectionSettings(), site=site)
    return [episode for batch in batches for episode in detector.push(batch)] + detector.flush()


def band_pass(batches: list[SampleBatch]) -> None:
    """What the targets are stated against: each axis filtered forward and back, in memory."""
    for batch in batches:
        for axis in range(3):
            sosfiltfilt(BAND_PASS, batch.accel_g[:, axis])


def find_clonus(episodes: list[Episode]) -> list[Episode]:
    return [episode for episode in episodes if episode.episode_class is EpisodeClass.CLONUS]


def test_all_episodes_of_the_night_are_found_and_no_others(night):
    found = find_clonus(detect(whole(night)))
    assert len(night.truth) == len(found) == N_EPISODES
    for bout, episode in zip(night.truth, found, strict=True):
        assert abs(episode.onset_s - bout.onset_s) < 0.5
        assert abs(episode.offset_s - bout.offset_s) < 0.5


def test_whole_night(night, note):
    batches = whole(night)
    measured = compare(lambda: detect(batches), lambda: band_pass(batches), n_pairs=15)
    figure = note(Figure("a night, as a whole", measured.ratio, 1.0, REFERENCE, f"{measured.work_s:.2f} s"))
    assert figure.ratio <= figure.limit


def test_night_in_pushes_of_one_second(night, note):
    at_once, pushes = whole(night), seconds(night)
    assert detect(pushes) == detect(at_once)
    measured = compare(lambda: detect(pushes), lambda: band_pass(at_once), n_pairs=9)
    each_us = 1e6 * measured.work_s / len(pushes)
    figure = note(Figure("a night, in pushes of 1 s", measured.ratio, 5.0, REFERENCE, f"{each_us:.0f} µs each"))
    assert figure.ratio <= figure.limit


def test_eight_hours_of_walking(walk, note):
    batches = whole(walk)
    measured = compare(lambda: detect(batches), lambda: band_pass(batches), n_pairs=5)
    figure = note(Figure("8 h of walking", measured.ratio, 10.0, REFERENCE, f"{measured.work_s:.2f} s"))
    assert figure.ratio <= figure.limit


def test_zeros_take_no_longer_than_noise(zeros, night, note):
    silent, noisy = whole(zeros), whole(night)
    assert detect(silent) == []
    measured = compare(lambda: detect(silent), lambda: detect(noisy), n_pairs=9)
    figure = note(Figure("8 h of zeros", measured.ratio, 1.0, "the night itself", f"{measured.work_s:.2f} s"))
    assert figure.ratio <= figure.limit


def test_an_hour_costs_the_same_in_a_long_recording(night, note):
    hour = take_hours(night, 1.0)
    short, long = whole(hour), whole(repeat(hour, 24))
    assert len(detect(long)) >= 24 * len(find_clonus(detect(short))) > 0
    measured = compare(lambda: detect(long), lambda: [detect(short) for _ in range(24)], n_pairs=5)
    figure = note(
        Figure("an hour, inside 24 h", measured.ratio, 1.3, "an hour alone", f"{1e3 * measured.work_s / 24:.0f} ms")
    )
    assert figure.ratio <= figure.limit
