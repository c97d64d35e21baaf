from clonus_sense.evaluation import Case, DetectedBout, MatchedBout, ReferenceBout
from clonus_sense.evaluation.groups import (
    BEATS_GROUPS,
    FREQUENCY_GROUPS_HZ,
    PEAK_GROUPS_G,
    SIGNAL_GROUPS_DB,
    group_by_name,
    group_by_value,
)


def matched(bout, *, found=True, tag="", recording="name"):
    case = Case(recording, "night", (bout,), tag=tag)
    return MatchedBout(case, bout, DetectedBout(bout.onset_s, bout.offset_s) if found else None)


def test_edges_of_the_groups_of_beats():
    bouts = [matched(ReferenceBout(0, 1, beats=beats)) for beats in (2, 3, 4, 5, 9, 10, 500)]
    shares = group_by_value(bouts, BEATS_GROUPS, lambda bout: bout.beats)
    assert [(share.name, share.n_bouts) for share in shares] == [("3-4", 2), ("5-9", 2), (">=10", 2)]


def test_edges_of_the_groups_of_amplitude_and_frequency():
    bouts = [matched(ReferenceBout(0, 1, peak_g=g)) for g in (0.039, 0.04, 0.079, 0.08, 0.199, 0.2)]
    assert [share.n_bouts for share in group_by_value(bouts, PEAK_GROUPS_G, lambda b: b.peak_g)] == [1, 2, 2, 1]
    bouts = [matched(ReferenceBout(0, 1, frequency_hz=f)) for f in (4.99, 5.0, 7.79, 7.8)]
    assert [s.n_bouts for s in group_by_value(bouts, FREQUENCY_GROUPS_HZ, lambda b: b.frequency_hz)] == [1, 2, 1]


def test_share_found_is_counted_in_its_own_group():
    bouts = [
        matched(ReferenceBout(0, 1, beats=7)),
        matched(ReferenceBout(0, 1, beats=7), found=False),
        matched(ReferenceBout(0, 1, beats=12), found=False),
    ]
    shares = group_by_value(bouts, BEATS_GROUPS, lambda bout: bout.beats)
    assert [share.sensitivity for share in shares] == [None, 0.5, 0.0]


def test_bout_without_the_value_stands_in_no_group():
    shares = group_by_value([matched(ReferenceBout(0, 1))], BEATS_GROUPS, lambda bout: bout.beats)
    assert [share.n_bouts for share in shares] == [0, 0, 0]


def test_names_are_sorted_and_the_nameless_left_out():
    bouts = [matched(ReferenceBout(0, 1), tag=tag, found=tag == "weak") for tag in ("weak", "plain", "", "weak")]
    shares = group_by_name(bouts, lambda m: m.case.tag)
    assert [(s.name, s.n_bouts, s.n_found) for s in shares] == [("plain", 1, 0), ("weak", 2, 2)]


def test_edges_of_the_groups_of_signal_to_background():
    kinds = ("snr-20", "snr-6", "snr-5", "snr-1", "snr-0", "snr+4", "snr+5", "snr+10", "snr+19", "snr+20")
    bouts = [matched(ReferenceBout(0, 1, kind=f"dde|foot|activity|{kind}")) for kind in kinds]
    bouts.append(matched(ReferenceBout(0, 1, kind="dde|foot|turn")))
    shares = group_by_value(bouts, SIGNAL_GROUPS_DB, lambda bout: bout.signal_to_background_db)
    assert [share.n_bouts for share in shares] == [2, 2, 2, 1, 2, 1]


def test_a_share_has_an_interval_over_recordings():
    bouts = [matched(ReferenceBout(0, 1, beats=7), found=found, recording=str(number)) for number, found in
             enumerate([True, False] * 50)]  # fmt: skip
    [_, share, _] = group_by_value(bouts, BEATS_GROUPS, lambda bout: bout.beats)
    # 0.5 +- 1.645 * sqrt(0.25 / 100), as for any share of a hundred.
    assert abs(share.interval.low - 0.418) < 0.012
    assert abs(share.interval.high - 0.582) < 0.012
