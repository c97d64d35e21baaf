"""Several settings tried on the same night, and the answer laid out for the part of it that a page shows."""

from dataclasses import replace

import pytest

from clonus_sense.config import DetectionSettings
from clonus_sense.detection import Detector
from clonus_sense.errors import RecordingError
from clonus_sense.library import list_runs
from clonus_sense.model import EpisodeClass, Site
from clonus_sense.review import list_nights
from clonus_sense.workflows import add_effects, analyse_recording, detect_with_each, effect_on_leg, keep_recording
from tests.review.made import MadeLeg, add_leg, at
from tests.workflows.made import START, write_minute

WIDE = DetectionSettings(band_low_hz=4.0)


def test_each_of_the_settings_finds_what_it_finds_alone_and_nothing_is_stored(library, tmp_path):
    path = write_minute(tmp_path / "slow.csv", hz=4.2)
    stored = keep_recording(library, path).recording
    variants = [DetectionSettings(), WIDE, DetectionSettings(floor_g=0.9)]
    found = detect_with_each(stored, variants)
    assert found == tuple(analyse_recording(path, one).analysis.episodes for one in variants)
    assert [[one.episode_class for one in each] for each in found] == [[EpisodeClass.SLOW], [EpisodeClass.CLONUS], []]
    assert len(list_runs(library, stored.id)) == 1


def test_where_nobody_says_where_the_sensor_sat_the_usual_place_of_the_person_holds(library, tmp_path, monkeypatch):
    sites = []

    def remember(settings, *, site):
        sites.append(site)
        return Detector(settings, site=site)

    monkeypatch.setattr("clonus_sense.workflows.settings_effect.Detector", remember)
    unsaid = keep_recording(library, write_minute(tmp_path / "unsaid.csv", site=None)).recording
    said = keep_recording(library, write_minute(tmp_path / "said.csv", start=START.replace(day=6))).recording
    for stored in (unsaid, said):
        detect_with_each(stored, [WIDE], usual_site=Site.THIGH)
    assert sites == [Site.THIGH, Site.FOOT]


def test_a_recording_that_is_gone_is_refused(library, tmp_path):
    stored = keep_recording(library, write_minute(tmp_path / "night.csv")).recording
    stored.path.unlink()
    with pytest.raises(RecordingError, match="is missing"):
        detect_with_each(stored, [WIDE])


def test_only_what_began_in_the_night_counts_for_it(library):
    # 30 hours are two nights: 22:00 to the next evening, and from there on.
    add_leg(library, MadeLeg(length_h=30.0, rest_h=((1, 9), (25, 29.5))))
    first, second = list_nights(library)
    [recording] = first.recordings
    present, other = (at(2), at(3), at(27)), (at(2), at(4), at(26), at(27))
    found = {recording.stored.id: (present, other)}
    effect = effect_on_leg(first.legs[0], found, 1)
    assert (effect.before, effect.after) == ((at(2), at(3)), (at(2), at(4)))
    assert (effect.comparison.came, effect.comparison.went) == ((at(4),), (at(3),))
    assert [pair.new for pair in effect.comparison.stayed] == [at(2)]
    later = effect_on_leg(second.legs[0], found, 1)
    assert (later.before, later.after, later.comparison.came) == ((at(27),), (at(26), at(27)), (at(26),))
    both = add_effects([effect, later])
    assert (len(both.before), len(both.after), len(both.comparison.came)) == (3, 4, 2)


def test_only_the_rhythmic_ones_are_the_headline(library):
    add_leg(library, MadeLeg())
    [night] = list_nights(library)
    slow = replace(at(2), episode_class=EpisodeClass.SLOW)
    effect = effect_on_leg(night.legs[0], {night.recordings[0].stored.id: ((slow,), (at(2),))}, 1)
    assert (effect.rhythmic_before, effect.rhythmic_after) == ((), (at(2),))
    assert len(effect.comparison.reclassified) == 1


def test_a_leg_of_which_a_recording_could_not_be_analysed_has_no_effect(library):
    add_leg(library, MadeLeg())
    [night] = list_nights(library)
    assert effect_on_leg(night.legs[0], {}, 1) is None
