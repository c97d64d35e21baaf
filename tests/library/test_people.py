import pytest

from clonus_sense.config import DetectionSettings
from clonus_sense.errors import LibraryError, SettingsError
from clonus_sense.library import Person, add_person, change_person, find_person, list_people
from clonus_sense.model import Site

SETTINGS = DetectionSettings(band_low_hz=4.1, floor_g=0.02, placement=Site.SHANK)
PERSON = Person("P07", "both", "脊髄損傷 C6, 2019", Site.FOOT, SETTINGS.as_toml())


def test_person_comes_back_as_given(library):
    add_person(library, PERSON)
    assert find_person(library, "P07") == PERSON
    assert find_person(library, "P07").settings == SETTINGS


def test_person_without_settings_has_the_usual_ones(library):
    add_person(library, Person("P08"))
    assert find_person(library, "P08").settings == DetectionSettings()


def test_people_are_listed_by_code(library):
    for code in ("P2", "P1"):
        add_person(library, Person(code))
    assert [person.code for person in list_people(library)] == ["P1", "P2"]


def test_change_replaces_what_is_known(library):
    add_person(library, PERSON)
    add_person(library, Person("P08"))
    change_person(library, Person("P07", affected_side="left"))
    assert list_people(library) == (Person("P07", affected_side="left"), Person("P08"))


def test_taken_code_is_refused(library):
    add_person(library, PERSON)
    with pytest.raises(LibraryError, match="P07: this person is in the library already"):
        add_person(library, Person("P07"))
    assert list_people(library) == (PERSON,)


@pytest.mark.parametrize("code", ["", " P07", "P\n07"])
def test_code_that_is_not_one_plain_line_is_refused(library, code):
    with pytest.raises(LibraryError, match="must be one line"):
        add_person(library, Person(code))


@pytest.mark.parametrize("act", [add_person, change_person])
def test_wrong_side_and_wrong_settings_are_refused(library, act):
    with pytest.raises(LibraryError, match="'links'; it must be left, right, both or empty"):
        act(library, Person("P07", affected_side="links"))
    with pytest.raises(SettingsError, match="unknown setting `bnd`"):
        act(library, Person("P07", settings_toml="bnd = 1"))


def test_unknown_person_is_answered_with_those_who_are_known(library):
    with pytest.raises(LibraryError, match="P9: this person is not in the library; it holds nobody yet"):
        find_person(library, "P9")
    add_person(library, Person("P1"))
    add_person(library, Person("P2"))
    with pytest.raises(LibraryError, match="it holds P1, P2"):
        change_person(library, Person("P9"))
