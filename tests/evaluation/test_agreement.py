"""Two raters, neither of whom is the truth: what they share, what they split, and by how much they differ."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clonus_sense.evaluation import RatedRecording, ReferenceBout, measure_agreement


def bout(onset_s, length_s=2.0, **facts):
    return ReferenceBout(float(onset_s), float(onset_s + length_s), **facts)


def rate(first, second, name="night", recorded_s=3600.0):
    return RatedRecording(name, tuple(first), tuple(second), recorded_s)


def test_each_way_is_counted_by_its_own_bouts():
    agreement = measure_agreement([rate([bout(10), bout(20), bout(30), bout(40)], [bout(10), bout(20), bout(90)])])
    assert (agreement.n_first, agreement.n_second, agreement.n_pairs) == (4, 3, 2)
    assert agreement.first_found.value == 0.5
    assert agreement.second_found.value == pytest.approx(2 / 3)
    assert agreement.f1.value == pytest.approx(4 / 7)
    assert [lone.bout.onset_s for lone in agreement.only_first] == [30.0, 40.0]
    assert [lone.bout.onset_s for lone in agreement.only_second] == [90.0]


def test_splits_and_merges_stand_apart_from_what_one_rater_alone_saw():
    first = [bout(10, 10), bout(50), bout(53)]
    second = [bout(10, 4), bout(15, 5), bout(50, 5)]
    agreement = measure_agreement([rate(first, second)])
    assert (agreement.n_splits, agreement.n_merges) == (1, 1)
    assert (agreement.only_first, agreement.only_second) == ((), ())
    assert (agreement.n_touching_first, agreement.n_touching_second) == (1, 1)
    assert agreement.n_pairs == 2


def test_unsure_and_brief_bouts_count_for_nobody_but_can_be_partners():
    first = [bout(10), bout(20), bout(30, unsure=True), bout(40, beats=4)]
    second = [bout(10, unsure=True), bout(50, unsure=True), bout(60, beats=3)]
    agreement = measure_agreement([rate(first, second)])
    assert (agreement.n_first, agreement.n_second) == (2, 0)
    assert agreement.first_found.value == 0.5
    assert agreement.second_found.value is None
    assert [lone.bout.onset_s for lone in agreement.only_first] == [20.0]
    assert agreement.only_second == ()


def test_differences_are_second_minus_first():
    first = [bout(10, 2, beats=12), bout(20, 2, beats=12), bout(30, 2)]
    second = [bout(10.1, 2, beats=11), bout(20.3, 2.5, beats=12), bout(29.8, 2, beats=9)]
    agreement = measure_agreement([rate(first, second)])
    assert agreement.onset_s.median == pytest.approx(0.1)
    assert agreement.onset_s.median_absolute == pytest.approx(0.2)
    assert agreement.duration_s.p95_absolute == pytest.approx(0.45)
    assert (agreement.beats.n, agreement.beats.median) == (2, -0.5)
    assert agreement.frequency_hz.n == 0
    assert agreement.frequency_hz.median is None


def test_kappa_is_that_of_the_seconds():
    # Of 100 s, both mark 10, each 10 more alone: 80 % agreement, of which 0.2² + 0.8² is chance.
    agreement = measure_agreement([rate([bout(0, 20)], [bout(10, 20)], recorded_s=100.0)])
    assert agreement.kappa.value == pytest.approx((0.8 - 0.68) / (1 - 0.68))
    assert agreement.time_agreement.value == pytest.approx(0.5)
    assert agreement.hours == pytest.approx(100 / 3600)


def test_kappa_of_one_recording_is_over_its_time_however_many_bouts_it_holds():
    # Of 100 s, A marks 20 and B 20, 10 of them together, now in two places.
    first, second = [bout(0, 10), bout(50, 10)], [bout(5, 10), bout(55, 10)]
    agreement = measure_agreement([rate(first, second, recorded_s=100.0)])
    assert agreement.kappa.value == pytest.approx((0.8 - 0.68) / (1 - 0.68))


def test_time_of_which_a_rater_was_unsure_is_not_marked_time():
    first = [bout(0, 10), bout(50, 10, unsure=True)]
    agreement = measure_agreement([rate(first, [bout(0, 10)], recorded_s=100.0)])
    assert agreement.time_agreement.value == 1.0


def test_marks_of_one_rater_that_overlap_count_their_time_once():
    agreement = measure_agreement([rate([bout(0, 10), bout(5, 10)], [bout(0, 15)], recorded_s=100.0)])
    assert agreement.time_agreement.value == 1.0
    assert agreement.kappa.value == 1.0


def test_unknown_time_leaves_kappa_unknown_and_nothing_else():
    known, unknown = rate([bout(10)], [bout(10)]), rate([bout(10)], [bout(50)], recorded_s=None)
    agreement = measure_agreement([known, unknown])
    assert (agreement.hours, agreement.kappa.value) == (None, None)
    assert agreement.f1.value == 0.5
    assert agreement.time_agreement.value == 0.5


def test_intervals_draw_recordings_or_bouts_where_there_is_one():
    agreed, apart = [bout(10 * n) for n in range(10)], [bout(10 * n + 5) for n in range(10)]
    nights = [rate(agreed, agreed, f"a{n}") for n in range(5)] + [rate(agreed, apart, f"b{n}") for n in range(5)]
    agreement = measure_agreement(nights)
    assert agreement.drawn == "recordings"
    assert agreement.f1.interval.low <= 0.3
    assert agreement.f1.interval.high >= 0.7
    # A hundred bouts of one recording, half of them found: 0.5 +- 1.645 * sqrt(0.25 / 100).
    first = [bout(10 * n) for n in range(100)]
    one = measure_agreement([rate(first, first[::2])])
    assert one.drawn == "bouts"
    assert one.first_found.interval.low == pytest.approx(0.418, abs=0.015)
    assert one.first_found.interval.high == pytest.approx(0.582, abs=0.015)
    assert one.kappa.interval.low < one.kappa.value < one.kappa.interval.high


def test_raters_who_agree_on_all_are_not_certain_to_do_so_again():
    first = [bout(10 * n) for n in range(20)]
    agreement = measure_agreement([rate(first, first)])
    # 0.05 ** (1 / 20)
    assert agreement.f1.interval.low == pytest.approx(0.861, abs=0.001)
    assert agreement.first_found.interval.high == 1.0


def test_one_bout_alone_has_no_interval():
    agreement = measure_agreement([rate([bout(10), bout(50, unsure=True)], [bout(11)])])
    assert agreement.kappa.value is not None
    for figure in (agreement.first_found, agreement.f1, agreement.time_agreement, agreement.kappa):
        assert figure.interval is None


def test_a_night_in_which_nobody_marked_anything_agrees_on_nothing_that_can_be_counted():
    agreement = measure_agreement([rate([], [])])
    figures = [agreement.first_found, agreement.f1, agreement.time_agreement, agreement.kappa]
    assert [(figure.value, figure.interval) for figure in figures] == [(None, None)] * 4


marks = st.lists(st.tuples(st.integers(0, 200), st.integers(1, 15)), max_size=8).map(
    lambda pairs: sorted({pair[0]: bout(pair[0], pair[1] / 2) for pair in pairs}.values(), key=lambda b: b.onset_s)
)


@settings(deadline=None)  # a thousand draws, on a machine that may be busy
@given(marks, marks)
def test_who_is_called_first_changes_no_count(first, second):
    one, other = measure_agreement([rate(first, second)]), measure_agreement([rate(second, first)])
    assert (one.n_splits, one.n_merges) == (other.n_merges, other.n_splits)
    assert one.only_first == other.only_second
    assert one.kappa.value == pytest.approx(other.kappa.value, nan_ok=True) or one.kappa.value == other.kappa.value
    assert one.time_agreement.value == pytest.approx(other.time_agreement.value)


@settings(deadline=None)  # a thousand draws, on a machine that may be busy
@given(marks)
def test_a_rater_agrees_wholly_with_oneself(first):
    agreement = measure_agreement([rate(first, first)])
    if first:
        assert agreement.f1.value == 1.0
        assert agreement.onset_s.p95_absolute == 0.0
        assert np.isclose(agreement.time_agreement.value, 1.0)
    assert agreement.only_first == agreement.only_second == ()
