import pytest

from clonus_sense.evaluation import Case, DetectedBout, ReferenceBout, match_case, score_cases

HOUR_S = 3600.0


def case(name, bouts=(), *, case_class="night", hours=1.0, tag=""):
    return Case(name, case_class, tuple(bouts), None if hours is None else hours * HOUR_S, tag)


def bout(onset_s, *, beats=12):
    return ReferenceBout(onset_s, onset_s + 2.0, beats=beats, frequency_hz=6.0, peak_g=0.3, kind="dde|foot|plain|snr+9")


def hit(onset_s):
    return DetectedBout(onset_s, onset_s + 2.0, beats=12, frequency_hz=6.0)


def test_headline_counts_found_missed_false_and_splits():
    matched = match_case(
        case("a", [bout(10), bout(20), bout(30), bout(40)], hours=4.0),
        (hit(10), hit(20), DetectedBout(30, 30.8), DetectedBout(31, 32), hit(100)),
    )
    evaluation = score_cases([matched])
    assert (evaluation.n_reference, evaluation.n_found) == (4, 3)
    assert (evaluation.n_false, evaluation.n_splits, evaluation.n_merges) == (1, 1, 0)
    assert evaluation.sensitivity == 0.75
    assert evaluation.precision == pytest.approx(3 / 5)
    assert evaluation.f1 == pytest.approx(2 * 0.75 * 0.6 / 1.35)
    assert evaluation.false_per_8h == 2.0
    assert evaluation.false_per_24h == 6.0
    assert [missed.bout.onset_s for missed in evaluation.misses] == [40]


def test_brief_bouts_count_neither_for_nor_against():
    matched = match_case(case("a", [bout(10), bout(20, beats=4), bout(30, beats=3)]), (hit(10), hit(20)))
    evaluation = score_cases([matched])
    assert (evaluation.n_reference, evaluation.n_found, evaluation.n_false) == (1, 1, 0)
    assert evaluation.precision == 1.0
    assert evaluation.by_class[0].n_optional_found == 1
    assert [(share.name, share.n_bouts, share.n_found) for share in evaluation.by_beats] == [
        ("3-4", 2, 1),
        ("5-9", 0, 0),
        (">=10", 1, 1),
    ]
    assert evaluation.misses == ()


def test_bout_whose_beats_nobody_counted_is_headline_and_an_unsure_one_is_not():
    bouts = [ReferenceBout(10, 12), ReferenceBout(20, 22, unsure=True)]
    evaluation = score_cases([match_case(case("a", bouts), ())])
    assert evaluation.n_reference == 1


def test_classes_kept_apart_are_reported_but_not_in_the_headline():
    night = match_case(case("a", [bout(10)]), (hit(10),))
    jiggle = match_case(case("b", case_class="jiggle"), (hit(10), hit(20)))
    evaluation = score_cases([night, jiggle])
    assert (evaluation.n_false, evaluation.hours) == (0, 1.0)
    assert [(score.name, score.is_apart, score.n_false) for score in evaluation.by_class] == [
        ("night", False, 0),
        ("jiggle", True, 2),
    ]
    assert evaluation.by_class[1].false_per_8h == 16.0
    assert evaluation.by_class[1].false_seconds_per_hour == 4.0


def test_unknown_hours_leave_rates_unknown_and_nothing_else():
    cases = [match_case(case("a", [bout(10)], hours=None), (hit(10), hit(50))), match_case(case("b"), ())]
    evaluation = score_cases(cases)
    assert evaluation.sensitivity == 1.0
    assert evaluation.n_false == 1
    assert evaluation.hours is None
    assert evaluation.false_per_8h is None
    assert evaluation.by_class[0].false_per_24h_interval is None


def test_no_bout_and_no_detection_has_no_ratio():
    evaluation = score_cases([match_case(case("a"), ())])
    assert (evaluation.sensitivity, evaluation.precision, evaluation.f1) == (None, None, None)
    assert evaluation.sensitivity_interval is None
    assert evaluation.false_per_8h == 0.0


def test_nothing_found_scores_zero():
    evaluation = score_cases([match_case(case("a", [bout(10)]), (hit(50),))])
    assert (evaluation.sensitivity, evaluation.precision, evaluation.f1) == (0.0, 0.0, 0.0)


def test_touching_a_bout_finds_it_but_not_strictly():
    touching = DetectedBout(11.5, 15.0)
    evaluation = score_cases([match_case(case("a", [bout(10)]), (touching,))])
    assert (evaluation.sensitivity, evaluation.strict_sensitivity) == (1.0, 0.0)


def test_missed_because_merged_is_said():
    matched = match_case(case("a", [bout(10), bout(13)]), (DetectedBout(10, 14.5),))
    assert [(m.is_found, m.is_merged) for m in matched.bouts] == [(True, False), (False, True)]
    assert score_cases([matched]).n_merges == 1


def test_interval_of_the_sensitivity_is_over_recordings():
    # Whole recordings are found or missed; drawing single bouts would give a far narrower interval.
    found = [match_case(case(f"f{i}", [bout(10 * n) for n in range(10)]), tuple(hit(10 * n) for n in range(10))) for i in range(4)]  # fmt: skip  # noqa: E501
    missed = [match_case(case(f"m{i}", [bout(10 * n) for n in range(10)]), ()) for i in range(4)]
    interval = score_cases(found + missed).sensitivity_interval
    assert interval.low <= 0.25
    assert interval.high >= 0.75


def test_every_headline_figure_has_an_interval_that_holds_it():
    good = [match_case(case(f"g{i}", [bout(10)]), (hit(10),)) for i in range(5)]
    bad = [match_case(case(f"b{i}", [bout(10)]), (hit(100), hit(200))) for i in range(5)]
    evaluation = score_cases(good + bad)
    for name in ("sensitivity", "precision", "f1", "false_per_8h"):
        figure, interval = getattr(evaluation, name), getattr(evaluation, f"{name}_interval")
        assert interval.low < figure < interval.high, name
    # All good or all bad are the ends that ten recordings can reach.
    assert 0.1 < evaluation.precision_interval.low < evaluation.precision_interval.high < 0.8
    assert evaluation.false_per_8h_interval.high < 16.0


def test_one_recording_has_no_intervals():
    evaluation = score_cases([match_case(case("a", [bout(10), bout(20)]), (hit(10), hit(90)))])
    assert evaluation.sensitivity_interval is None
    assert evaluation.precision_interval is None
    assert evaluation.f1_interval is None
    assert evaluation.false_per_8h_interval is None
    assert evaluation.by_class[0].false_per_24h_interval is None


def test_unknown_hours_leave_the_interval_of_the_rate_unknown():
    cases = [match_case(case(name, [bout(10)], hours=None), (hit(10),)) for name in "ab"]
    assert score_cases(cases).false_per_8h_interval is None
    assert score_cases(cases).precision_interval is not None
