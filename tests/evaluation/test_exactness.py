import pytest

from clonus_sense.evaluation import Case, DetectedBout, ErrorSize, MatchedBout, ReferenceBout
from clonus_sense.evaluation.exactness import measure_exactness, overlap_ratio

CASE = Case("name", "night", ())


def pair(bout, detection):
    return MatchedBout(CASE, bout, detection)


def test_errors_are_absolute_with_median_and_95th_percentile():
    bout = ReferenceBout(10.0, 14.0, beats=20, frequency_hz=6.0)
    exactness = measure_exactness(
        [
            pair(bout, DetectedBout(9.9, 14.3, beats=21, frequency_hz=6.1)),
            pair(bout, DetectedBout(10.3, 13.9, beats=17, frequency_hz=5.8)),
        ]
    )
    assert exactness.onset_error_s.median == pytest.approx(0.2)
    assert exactness.onset_error_s.p95 == pytest.approx(0.1 + 0.95 * 0.2)
    assert exactness.offset_error_s.median == pytest.approx(0.2)
    assert exactness.frequency_error_hz.median == pytest.approx(0.15)
    assert exactness.beats_error.median == pytest.approx(2.0)
    assert exactness.beats_within_1_ratio == 0.5


def test_overlap_ratio_is_shared_of_covered_time():
    assert overlap_ratio(ReferenceBout(10, 14), DetectedBout(12, 14)) == 0.5
    assert overlap_ratio(ReferenceBout(10, 14), DetectedBout(12, 18)) == 0.25
    # Matched only because the reference is widened.
    assert overlap_ratio(ReferenceBout(10, 14), DetectedBout(14.2, 15)) == 0.0


def test_half_of_the_overlap_counts_from_one_half_on():
    bout = ReferenceBout(10, 14)
    exactness = measure_exactness([pair(bout, DetectedBout(12, 14)), pair(bout, DetectedBout(12.1, 14))])
    assert exactness.overlap_ratio_half_share == 0.5
    assert exactness.overlap_ratio_median == pytest.approx((0.5 + 1.9 / 4) / 2)


def test_what_either_side_does_not_say_is_not_compared():
    known, unknown = ReferenceBout(0, 1, beats=6, frequency_hz=6.0), ReferenceBout(0, 1)
    exactness = measure_exactness(
        [pair(unknown, DetectedBout(0, 1, beats=9, frequency_hz=9.0)), pair(known, DetectedBout(0, 1, beats=7))]
    )
    assert exactness.frequency_error_hz == ErrorSize(None, None)
    assert exactness.beats_error == ErrorSize(1.0, 1.0)


def test_missed_bouts_have_no_error():
    exactness = measure_exactness([pair(ReferenceBout(0, 1), None)])
    assert exactness.onset_error_s == ErrorSize(None, None)
    assert exactness.overlap_ratio_median is None
    assert exactness.overlap_ratio_half_share is None
