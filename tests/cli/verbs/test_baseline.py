"""Baseline nights from the command line, and the settings that they suggest."""

import json
from dataclasses import replace

import pytest

from clonus_sense.library import Library, find_person
from tests.review.made import MadeLeg, add_leg, at
from tests.workflows.made import START, write_minute


@pytest.fixture
def nights(library_path):
    """Two nights of P07, five movements in the first and one in the second."""
    sure = tuple(replace(at(2 + hour), frequency_hz=5.0 + 0.25 * hour) for hour in range(5))
    with Library.open(library_path) as library:
        add_leg(library, MadeLeg(episodes=sure))
        add_leg(library, MadeLeg(start="2026-11-06 22:00", episodes=(at(2),)))


def test_a_night_is_marked_listed_and_taken_out_again(run, nights, library_path):
    assert run("baseline")[1] == ["P07: no baseline night"]
    marked = [
        "P07:",
        "  Baseline night 2026-11-05: Left leg, rhythmic movements 5, beats 120, together 20.0 s; "
        "measured on the leg 8 h 00 min; per worn hour 0.6 and 2.5 s",
        f"  `clonus-sense settings P07 --from-baseline --library {library_path}` shows what settings they suggest",
    ]
    assert run("baseline", "2026-11-05", "--person", "P07")[1] == marked
    assert run("baseline")[1] == marked
    assert run("baseline", "2026-11-05", "--remove")[1] == ["P07: no baseline night"]


def test_nights_shows_later_ones_beside_it_and_says_that_nothing_follows(run, nights):
    run("baseline", "2026-11-05")
    _, lines, _ = run("nights")
    first, second = lines[: lines.index("Night 2026-11-06, P07")], lines[lines.index("Night 2026-11-06, P07") :]
    assert "    This is a baseline night." in first
    assert any(line.startswith("    Baseline night 2026-11-05: rhythmic movements 5, beats 120") for line in second)
    assert any(line.startswith("    This night: rhythmic movements 1, beats 24, together 4.0 s") for line in second)
    assert any("does not show whether anything changed" in line for line in second)
    legs = [night["legs"][0] for night in json.loads(run("nights", "--json")[1][0])]
    assert [leg["is_baseline"] for leg in legs] == [True, False]
    assert [[one["headline"]["clonus"]["n_episodes"] for one in leg["baselines"]] for leg in legs] == [[], [5]]


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (("2026-12-24",), 1, "There is no night 2026-12-24"),
        (("--person", "P99"), 1, "P99: this person is not in the library"),
        (("--remove",), 2, "Name the night."),
    ],
)
def test_what_cannot_be_is_refused(run, nights, arguments, code, sentence):
    told = run("baseline", *arguments)
    assert told[0] == code
    assert sentence in told[2]


def test_a_night_that_is_nobodys_yet_is_nobodys_baseline(run, library_path):
    with Library.open(library_path) as library:
        add_leg(library, MadeLeg(person=""))
    code, _, errors = run("baseline", "last")
    assert code == 1
    assert "belongs to nobody yet, so it cannot be a baseline" in errors


def test_the_baseline_suggests_settings_with_its_reasons_and_their_effect_and_takes_nothing(
    run, library_path, tmp_path
):
    bouts = [
        write_minute(tmp_path / f"{n}.csv", hz=5.5 + 0.2 * n, start=START.replace(minute=30 + 2 * n)) for n in range(5)
    ]
    run("add", *bouts, "--no-page")
    run("baseline", "last")
    code, lines, _ = run("settings", "P07", "--from-baseline")
    assert code == 0
    assert lines[0].startswith(
        "From the baseline nights (1): 5 sure movements of 5.5–6.3 Hz; suggested band: 1 Hz wider on each"
    )
    assert lines[0].endswith("too little rest to suggest a smallest beat.")
    assert lines[1].startswith("P07: lowest frequency 4.5 Hz → 4.4 Hz; highest frequency 8.5 Hz → 7.")
    assert lines[2].startswith("  Night 2026-11-05, Left leg: 0 come, 0 go, 5 stay")
    assert lines[-1] == "The settings were not changed."
    with Library.open(library_path) as library:
        assert find_person(library, "P07").settings_toml == ""
    _, lines, _ = run("settings", "P07", "--from-baseline", "--band-low", "4", "--yes")
    assert "lowest frequency 4.5 Hz → 4 Hz" in lines[1]
    with Library.open(library_path) as library:
        assert find_person(library, "P07").settings.band_low_hz == 4.0


def test_without_a_baseline_the_way_to_one_is_told(run, nights, library_path):
    code, _, errors = run("settings", "P07", "--from-baseline")
    assert code == 1
    command = f"clonus-sense baseline NIGHT --person P07 --library {library_path}"
    assert f"P07: has no baseline night yet; mark one with `{command}`." in errors
