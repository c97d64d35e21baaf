"""Values of another unit are noticed, refused with the option that helps, and read once the unit is said."""

from __future__ import annotations

import pytest

from clonus_sense.errors import SignalError
from clonus_sense.model import RecordingInfo, Site
from clonus_sense.recording import ForeignFormat, parse_unit, write_recording
from tests.robustness.nights import FS_HZ, analyse, kinds


def write_scaled(path, short, scale):
    """The short recording with every value multiplied, as a logger of another unit would write it."""
    info = RecordingInfo(start=None, fs_hz=FS_HZ, site=Site.FOOT)
    write_recording(path, info, short.times_s, short.accel_g * scale)
    return path


def test_values_a_half_too_large_are_noticed(short, tmp_path):
    assert "wrong-scale" in kinds(analyse(write_scaled(tmp_path / "a.csv", short, 1.5)))


@pytest.mark.parametrize(("scale", "advice"), [(9.80665, "--unit m/s2"), (1000.0, "--unit mg"), (256.0, "--unit raw")])
def test_another_unit_in_columns_of_g_is_refused_with_the_option_that_helps(short, tmp_path, scale, advice):
    path = write_scaled(tmp_path / "a.csv", short, scale)
    with pytest.raises(SignalError, match=advice) as refused:
        analyse(path)
    assert str(path) in str(refused.value)


def test_a_recording_of_ours_in_metres_is_read_with_the_unit_given(short, short_episodes, tmp_path):
    path = write_scaled(tmp_path / "a.csv", short, 9.80665)
    found = analyse(path, foreign=ForeignFormat(unit=parse_unit("m/s2"))).episodes
    assert [episode.beats for episode in found] == [episode.beats for episode in short_episodes]
