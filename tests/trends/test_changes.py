"""What differs from one night to the next, from which date on."""

from datetime import date

from clonus_sense.trends import Change, find_changes

DAYS = [date(2026, 11, day) for day in range(1, 6)]


def test_each_change_stands_at_the_first_night_of_the_new_value():
    values = [{"site": "foot"}, {"site": "foot"}, {"site": "ankle"}, {"site": "ankle"}, {"site": "foot"}]
    assert find_changes(zip(DAYS, values, strict=True)) == (
        Change(DAYS[2], "site", "foot", "ankle"),
        Change(DAYS[4], "site", "ankle", "foot"),
    )


def test_a_night_that_does_not_say_keeps_the_last_value():
    values = [{"version": "0.1"}, {}, {"version": "0.1"}, {}, {"version": "0.2"}]
    assert find_changes(zip(DAYS, values, strict=True)) == (Change(DAYS[4], "version", "0.1", "0.2"),)


def test_the_first_night_changes_nothing():
    assert find_changes([(DAYS[0], {"site": "foot", "orthosis": ""})]) == ()
