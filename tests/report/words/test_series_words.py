import pytest

from clonus_sense.i18n import translator
from clonus_sense.library import Library
from clonus_sense.report.words.series_words import series_sentences
from clonus_sense.review import find_leg_series, find_night
from tests.review.made import MadeLeg, add_leg, at

# Ten movements of 24 s, each 184 s after the last: 1680 s from the first to the end of the last, 240 s of them moving.
DENSE = tuple(at(4 + number * 184 / 3600, 24.0) for number in range(10))
SPARSE = tuple(at(7 + number * 0.2) for number in range(4))


def sentences(tmp_path, language, **fields):
    """Say the series of a night's only leg."""
    with Library.open(tmp_path / "library.sqlite3") as library:
        add_leg(library, MadeLeg(**fields))
        (leg,) = find_night(library, "last").legs
        return series_sentences(find_leg_series(leg), translator(language))


def test_longest_series_is_said_with_its_span_and_its_moving_time(tmp_path):
    (said,) = sentences(tmp_path, "en", episodes=(*DENSE, *SPARSE))
    assert said == "Longest series of movements: 28 min, 4 min of it moving (series in all: 1)."


def test_japanese_calls_a_series_a_run_of_movements(tmp_path):
    (said,) = sentences(tmp_path, "ja", episodes=DENSE)
    assert said == "最も長い一連の動き:28分、そのうち動いていた時間は4分(一連の動きは全部で1回)。"


@pytest.mark.parametrize("gap_h", [(3.99, 3.999), (4.48, 4.6)])
def test_series_beside_a_gap_is_said_to_be_cut(tmp_path, gap_h):
    (said,) = sentences(tmp_path, "en", episodes=DENSE, gaps_h=(gap_h,))
    assert said.startswith("Longest series of movements: 28 min or more")
    assert "It is cut" in said


def test_no_series_is_no_sentence(tmp_path):
    assert sentences(tmp_path, "en", episodes=SPARSE) == []


def test_movements_outside_the_rest_window_do_not_count_in_the_night(tmp_path):
    early = tuple(at(0.1 + number * 0.02) for number in range(5))
    assert sentences(tmp_path, "en", episodes=early) == []


def test_many_movements_come_with_what_chance_would_make(tmp_path):
    spread = tuple(at(1.02 + number * 0.099) for number in range(80))
    said = sentences(tmp_path, "en", episodes=spread)
    assert said == ["So many movements, spread by chance, would make about 3 series."]
