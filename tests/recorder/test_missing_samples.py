import pytest

from clonus_sense.model import Gap
from clonus_sense.recorder.missing_samples import MOST_ASKED, MissingSamples
from clonus_sense.sensors.clock import SensorGap

PERIOD_S = 0.02


def gap(number, *, boot_id=7):
    """Ten seconds without samples, 100 s times the number from the start."""
    return SensorGap(Gap(100.0 * number, 100.0 * number + 10.0, "link"), 500, first_lost_index=number, boot_id=boot_id)


def missing_of(*gaps):
    missing = MissingSamples()
    for one in gaps:
        missing.add(one, one.n_lost)
    return missing


def test_the_youngest_gaps_are_asked_for_first_and_no_more_than_a_sensor_keeps():
    gaps = [gap(number) for number in range(1, MOST_ASKED + 3)]
    assert missing_of(*gaps).find_askable(7) == gaps[:1:-1]


def test_gaps_of_an_earlier_boot_are_given_up():
    missing = missing_of(gap(1, boot_id=6), gap(2))
    assert missing.find_askable(7) == [gap(2)]
    assert missing.find_askable(6) == []
    assert missing.is_empty


@pytest.mark.parametrize("first_s", [100.0 - PERIOD_S, 100.0, 109.99])
def test_a_gap_is_full_once_as_many_samples_came_as_it_lacked(first_s):
    missing = missing_of(gap(1), gap(2))
    assert missing.fill(first_s, 499, PERIOD_S) is None
    assert missing.fill(first_s, 1, PERIOD_S) == gap(1)
    assert missing.find_askable(7) == [gap(2)]


def test_samples_outside_every_gap_fill_none():
    missing = missing_of(gap(1))
    assert missing.fill(99.9, 500, PERIOD_S) is None
    assert missing.fill(110.0, 500, PERIOD_S) is None
    assert missing.find_askable(7) == [gap(1)]


def test_what_the_sensor_has_forgotten_is_not_asked_for_again():
    missing = missing_of(gap(1), gap(2))
    missing.give_up(1)
    assert missing.find_askable(7) == [gap(2)]
    missing.clear()
    assert missing.is_empty
