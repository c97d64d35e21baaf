import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clonus_sense.config import DetectionSettings
from clonus_sense.errors import LibraryError
from clonus_sense.library import add_run, compare_episodes, compare_runs, latest_run, list_runs, read_episodes
from clonus_sense.library.detector_runs import span_of
from clonus_sense.library.nouns import EpisodePair, RunComparison
from clonus_sense.model import EpisodeClass, Evidence
from tests.library.made import EPISODES, FINDINGS, add_found, add_night, episode

WIDER = DetectionSettings(band_low_hz=4.0)


def test_episodes_come_back_bit_for_bit(library):
    run = add_found(library, add_night(library))
    assert read_episodes(library, run) == EPISODES


def test_evidence_that_is_no_number_stays_none(library):
    odd = replace(EPISODES[0], evidence=(Evidence("tonality", math.nan, -math.inf, False),))
    (test,) = read_episodes(library, add_found(library, add_night(library), [odd]))[0].evidence
    assert math.isnan(test.value)
    assert (test.name, test.limit, test.passed) == ("tonality", -math.inf, False)


def test_evidence_keeps_how_much_it_weighed(library):
    tests = (Evidence("beats", 12.0, 6.5, True, logit=1 / 3), Evidence("confidence", 0.9, 0.4, True))
    weighed = replace(EPISODES[0], evidence=tests)
    assert read_episodes(library, add_found(library, add_night(library), [weighed])) == (weighed,)


def test_run_says_what_found_the_episodes(library):
    night = add_night(library)
    run = add_run(library, night.id, (), version="0.1.0", settings=WIDER, findings=FINDINGS)
    assert (run.version, run.settings_toml, run.findings) == ("0.1.0", WIDER.as_toml(), FINDINGS)
    assert list_runs(library, night.id) == (run,)
    assert read_episodes(library, run) == ()


def test_each_analysis_is_a_run_of_its_own(library):
    night, other = add_night(library), add_night(library, "b2")
    assert latest_run(library, night.id) is None
    first = add_found(library, night)
    second = add_found(library, night, EPISODES[:1], settings=WIDER)
    add_found(library, other)
    assert list_runs(library, night.id) == (first, second)
    assert latest_run(library, night.id) == second
    assert read_episodes(library, first) == EPISODES
    assert read_episodes(library, second) == EPISODES[:1]


@pytest.mark.parametrize(
    "change",
    [
        {"version": "0.2.0"},
        {"settings": WIDER},
        {"findings": FINDINGS},
        {"episodes": EPISODES[:2]},
    ],
    ids=lambda change: next(iter(change)),
)
def test_analysis_is_stored_again_only_if_something_differs(library, change):
    night = add_night(library)
    usual = {"episodes": EPISODES, "version": "0.1.0", "settings": DetectionSettings(), "findings": ()}

    def add(given):
        return add_run(library, night.id, given.pop("episodes"), **given)

    assert add(dict(usual)) == add(dict(usual))
    assert len(list_runs(library, night.id)) == 1
    changed = add(usual | change)
    assert changed == latest_run(library, night.id)
    assert len(list_runs(library, night.id)) == 2


def test_run_on_nothing_is_refused(library):
    with pytest.raises(LibraryError, match="Recording 7 is not in the library"):
        add_run(library, 7, (), version="0.1.0", settings=WIDER)


def test_comparison_says_which_episodes_came_and_went(library):
    night = add_night(library)
    kept, moved = episode(100.0, 110.0), episode(103.0, 115.0)
    gone, new = episode(10.0, 14.0), episode(200.0, 204.0)
    doubted, judged = episode(300.0, 301.0, EpisodeClass.UNCERTAIN), episode(300.0, 301.0)
    old = add_found(library, night, [gone, kept, doubted])
    comparison = compare_runs(library, old, add_found(library, night, [moved, new, judged], settings=WIDER))
    assert comparison == RunComparison(
        came=(new,), went=(gone,), stayed=(EpisodePair(kept, moved), EpisodePair(doubted, judged))
    )
    assert [pair.reclassified for pair in comparison.stayed] == [False, True]


def test_split_and_join_stay():
    whole, parts = [episode(0.0, 20.0)], [episode(0.0, 9.0), episode(10.5, 19.0)]
    split, joined = compare_episodes(whole, parts), compare_episodes(parts, whole)
    assert split == RunComparison((), (), tuple(EpisodePair(whole[0], part) for part in parts))
    assert joined == RunComparison((), (), tuple(EpisodePair(part, whole[0]) for part in parts))


def test_neighbours_that_only_touch_are_not_the_same():
    comparison = compare_episodes([episode(0.0, 10.0)], [episode(5.5, 15.5)])
    assert (len(comparison.came), len(comparison.went), comparison.stayed) == (1, 1, ())


def test_runs_on_different_recordings_are_not_compared(library):
    runs = [add_found(library, add_night(library, name)) for name in "ab"]
    with pytest.raises(LibraryError, match="different recordings"):
        compare_runs(library, *runs)


@st.composite
def lists_of_episodes(draw):
    edges = sorted(draw(st.lists(st.integers(0, 60), max_size=16, unique=True)))
    return [episode(float(onset), float(offset)) for onset, offset in zip(edges[::2], edges[1::2], strict=False)]


@settings(max_examples=150, deadline=None)
@given(old=lists_of_episodes(), new=lists_of_episodes())
def test_every_pair_that_matches_is_found(old, new):
    comparison = compare_episodes(old, new)
    expected = [(one, other) for one in old for other in new if span_of(one).matches(span_of(other))]
    assert sorted((pair.old.onset_s, pair.new.onset_s) for pair in comparison.stayed) == [
        (one.onset_s, other.onset_s) for one, other in expected
    ]
    assert set(comparison.went) == set(old) - {one for one, _ in expected}
    assert set(comparison.came) == set(new) - {other for _, other in expected}
