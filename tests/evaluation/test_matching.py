from hypothesis import given, settings
from hypothesis import strategies as st

from clonus_sense.evaluation import DetectedBout, Matching, ReferenceBout, match_bouts
from clonus_sense.evaluation.matching import TOLERANCE_S


def reference(*intervals):
    return [ReferenceBout(onset_s, offset_s) for onset_s, offset_s in intervals]


def reported(*intervals):
    return [DetectedBout(onset_s, offset_s) for onset_s, offset_s in intervals]


def test_detection_beside_every_bout_is_false():
    matching = match_bouts(reference((10, 12)), reported((10, 12), (20, 22)))
    assert matching == Matching(partners=(0,), touched=(True,), false=(1,), splits=(), merges=())


def test_bout_cut_in_two_is_found_once_and_split_once():
    matching = match_bouts(reference((10, 14)), reported((10, 11), (11.2, 14)))
    # The longer half is the partner.
    assert matching == Matching(partners=(1,), touched=(True,), false=(), splits=(0,), merges=())


def test_detection_over_two_bouts_finds_one_and_is_a_merge():
    matching = match_bouts(reference((10, 11), (12, 15)), reported((10, 15)))
    assert matching == Matching(partners=(None, 0), touched=(True, True), false=(), splits=(), merges=(0,))


def test_total_overlap_decides_and_not_the_largest_single_one():
    # Detection 0 overlaps bout 1 most, but only with bout 0 do both bouts find a partner.
    matching = match_bouts(reference((10, 12), (12, 15)), reported((10.5, 14), (14.2, 15)))
    assert matching.partners == (0, 1)


def test_bouts_are_widened_by_half_a_second_but_no_further():
    near = match_bouts(reference((10, 12)), reported((12.49, 13)))
    far = match_bouts(reference((10, 12)), reported((12.5, 13)))
    assert near.partners == (0,)
    assert far.partners == (None,)
    assert far.false == (0,)


def test_nothing_reported_and_nothing_there_is_no_error():
    assert match_bouts([], []) == Matching((), (), (), (), ())
    assert match_bouts(reference((1, 2)), []).partners == (None,)
    assert match_bouts([], reported((1, 2))).false == (0,)


INTERVALS = st.lists(
    st.tuples(st.integers(0, 60), st.integers(1, 12)).map(lambda pair: (pair[0], pair[0] + pair[1])), max_size=6
)


@settings(max_examples=60, deadline=None)
@given(bouts=INTERVALS, detections=INTERVALS)
def test_every_detection_is_partner_false_or_split_and_none_twice(bouts, detections):
    matching = match_bouts(reference(*bouts), reported(*detections))
    partners = [j for j in matching.partners if j is not None]
    assert sorted([*partners, *matching.false, *matching.splits]) == list(range(len(detections)))
    assert set(matching.merges) <= set(partners)
    for j in matching.false:
        onset_s, offset_s = detections[j]
        assert all(offset_s <= b[0] - TOLERANCE_S or onset_s >= b[1] + TOLERANCE_S for b in bouts)


@settings(max_examples=60, deadline=None)
@given(bouts=INTERVALS)
def test_reference_matched_with_itself_finds_every_bout(bouts):
    assert None not in match_bouts(reference(*bouts), reported(*bouts)).partners
