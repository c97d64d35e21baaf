"""What baseline nights suggest as settings, on nights whose answer is known."""

from dataclasses import replace

import pytest

from clonus_sense.config import DetectionSettings
from clonus_sense.library import Verdict, replace_epochs
from clonus_sense.model import EpisodeClass
from clonus_sense.review import Suggestion, list_baseline_nights, list_nights, mark_as_baseline, suggest_settings
from clonus_sense.review.suggestion import FEWEST_MOVEMENTS
from tests.review.made import REST_G, MadeLeg, add_leg, answer_not_worn, at, epochs_of, say

SURE = tuple(replace(at(2 + hour), frequency_hz=5.0 + 0.25 * hour) for hour in range(FEWEST_MOVEMENTS))


def suggest(library):
    for night in list_nights(library):
        mark_as_baseline(library, night)
    return suggest_settings(list_baseline_nights(library, "P07"))


def test_the_band_reaches_a_hertz_beyond_what_is_sure(library):
    add_leg(library, MadeLeg(episodes=SURE))
    suggestion = suggest(library)
    assert (suggestion.n_nights, suggestion.n_movements) == (1, 5)
    assert (suggestion.lowest_hz, suggestion.highest_hz) == (5.0, 6.0)
    settings = suggestion.apply_to(DetectionSettings())
    assert (settings.band_low_hz, settings.band_high_hz) == (4.0, 7.0)


def test_too_few_sure_movements_leave_the_band_alone(library):
    unsure = replace(at(7), frequency_hz=3.0, confidence=0.79)
    add_leg(library, MadeLeg(episodes=(*SURE[1:], unsure)))
    suggestion = suggest(library)
    assert (suggestion.n_movements, suggestion.lowest_hz) == (4, None)
    present = DetectionSettings(band_low_hz=3.5)
    assert suggestion.apply_to(present).band_low_hz == 3.5


def test_a_persons_word_wins_over_confidence_and_class(library):
    doubtful = replace(at(7), frequency_hz=4.2, confidence=0.5, episode_class=EpisodeClass.SLOW)
    recording = add_leg(library, MadeLeg(episodes=(*SURE, doubtful)))
    for span, verdict in (
        ((2, 2.01), Verdict.NOT_RHYTHMIC),
        ((7, 7.01), Verdict.RHYTHMIC),
        ((6, 6.01), Verdict.UNSURE),
    ):
        say(library, recording, *span, verdict)
    suggestion = suggest(library)
    assert (suggestion.n_movements, suggestion.lowest_hz) == (4, None)
    say(library, recording, 6, 6.01, Verdict.NOTE)
    add_leg(library, MadeLeg(start="2026-11-06 22:00", episodes=(SURE[2],)))
    assert suggest(library).lowest_hz == 4.2


def test_other_classes_and_other_nights_say_nothing(library):
    slow = replace(at(2), frequency_hz=3.2, episode_class=EpisodeClass.SLOW)
    add_leg(library, MadeLeg(episodes=(slow, *SURE[1:])))
    [night] = list_nights(library)
    mark_as_baseline(library, night)
    add_leg(library, MadeLeg(start="2026-11-06 22:00", episodes=SURE))
    assert suggest_settings(list_nights(library)).n_movements == 4


def test_what_was_found_while_the_sensor_lay_on_a_table_says_nothing(library):
    recording = add_leg(library, MadeLeg(episodes=SURE))
    answer_not_worn(library, recording, 2.5, 3.5)
    assert suggest(library).n_movements == 4


def test_the_floor_is_four_times_what_the_noisier_leg_shows_at_rest(library):
    add_leg(library, MadeLeg(rest_h=((1, 9),)))
    assert suggest(library).quiet_g == REST_G
    assert suggest(library).apply_to(DetectionSettings()).floor_g == pytest.approx(0.016)


def resting(library, side, quiet_g):
    """A leg of which somebody says that it rested from hour 3 to 5, half of that time turning about."""
    leg = MadeLeg(side=side)
    recording = add_leg(library, leg)
    epochs = [
        replace(epoch, movement_g=(0.2 if n % 5 < 3 else quiet_g) if 360 <= n < 600 else 0.006)
        for n, epoch in enumerate(epochs_of(leg))
    ]
    replace_epochs(library, recording.id, epochs)
    say(library, recording, 3, 5, Verdict.REST)


def test_only_rest_without_turns_is_quiet_and_the_noisier_leg_decides(library):
    resting(library, "left", 0.002)
    assert suggest(library).quiet_g == 0.002
    resting(library, "right", 0.0031)
    assert suggest(library).quiet_g == 0.0031


def test_without_rest_there_is_no_floor(library):
    add_leg(library, MadeLeg(rest_h=()))
    suggestion = suggest(library)
    assert suggestion.quiet_g is None
    assert suggestion.apply_to(DetectionSettings(floor_g=0.02)).floor_g == 0.02


def test_what_is_not_allowed_is_not_suggested():
    settings = Suggestion(1, 9, 3.4, 9.6, 0.0001).apply_to(DetectionSettings())
    assert (settings.band_low_hz, settings.band_high_hz, settings.floor_g) == (3.0, 10.0, 0.003)
