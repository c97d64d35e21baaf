"""The page of a night, held against nights whose answer is known."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser

import pytest

from clonus_sense.config import DetectionSettings
from clonus_sense.i18n import notice, translator
from clonus_sense.library import (
    Filing,
    Library,
    Marker,
    MarkerKind,
    Person,
    Profession,
    Rater,
    TimeSpan,
    Verdict,
    add_markers,
    add_person,
    add_run,
    annotate,
    correct_start,
    move_recordings,
)
from clonus_sense.model import EpisodeClass, Evidence, Finding, Severity
from clonus_sense.report.pages.night_document import build_night_document
from clonus_sense.report.pages.night_numbers import _cells
from clonus_sense.report.words.baseline_words import baseline_lines
from clonus_sense.review import list_entry, list_nights, mark_as_baseline
from tests.night.builders import clock
from tests.report.undrawn import leave_charts_out
from tests.review.made import PATIENT, MadeLeg, add_leg, answer_not_worn, at, say

JUDGEMENT = re.compile(r"\b(abnormal|worse|better|improve\w*|severe|bad|good|normal)\b", re.IGNORECASE)


class Reader(HTMLParser):
    """Checks that tags close, and collects ids, links and whatever could be fetched."""

    def __init__(self):
        super().__init__()
        self.open, self.ids, self.links, self.sources = [], [], [], []

    def handle_starttag(self, tag, attributes):
        facts = dict(attributes)
        self.ids += [facts["id"]] if "id" in facts else []
        self.links += [facts["href"]] if "href" in facts else []
        self.sources += [facts[name] for name in ("src", "srcset") if name in facts]
        if tag not in {"meta", "br", "input"}:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        """A tag that closes itself has nothing in it."""

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.fixture
def library(tmp_path):
    with Library.open(tmp_path / "library.sqlite3") as opened:
        yield opened


@pytest.fixture(autouse=True)
def no_charts(monkeypatch):
    """Leave the charts out: what they show is tried in a browser."""
    leave_charts_out(monkeypatch)


def page_of(night, *, language="en", hide_personal=False):
    return build_night_document(night, {}, language=language, hide_personal=hide_personal)


def page_of_only(library, **choices):
    (night,) = list_nights(library)
    return page_of(night, **choices)


def words(page):
    """The page as a reader sees it, without tags, style and scripts."""
    bare = re.sub(r"<style>.*?</style>|<script.*?</script>|</?span[^>]*>", "", page, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", bare)).split())


def part_of(page, title):
    """The words of one part: a section under its heading, or one that is folded away."""
    heading = re.escape(title)
    for pattern in (
        rf"<h3>{heading}</h3>(.*?)</section>",
        rf'<details class="behind">\s*<summary><h2>{heading}</h2></summary>(.*?)</details>',
        rf"<h2>{heading}</h2>(.*?)</section>",
    ):
        if found := re.findall(pattern, page, flags=re.DOTALL):
            [part] = found
            return words(part)
    raise AssertionError(f"the page has no part {title}")


def sentences(page):
    """The sentence of each leg."""
    found = re.findall(r'<p class="sentence".*?</p>', page, flags=re.DOTALL)
    return [words(re.sub(r"</?strong>", "", one)) for one in found]


def test_the_first_sentence_says_how_often_how_long_and_in_how_much_worn_time(library):
    add_leg(library, MadeLeg(gaps_h=((2.0, 2.5),), episodes=(at(3, 4.0), at(5, 8.5), at(9.5, 20.0))))
    page = page_of_only(library)
    assert sentences(page) == [
        "Left leg: 2 times, 12 s in all, longest 8.5 s (worn 7 h 30 min). Outside the rest window: once, 20 s."
    ]
    behind = part_of(page, "Left leg")
    assert "measured and worn 9 h 30 min (95 %)" in behind
    assert "wear not confirmed 0 min (0 %)" in behind
    assert "not measured 30 min (5 %)" in behind
    assert "Rest window (estimated): 23:00–07:00, 8 h 00 min." in behind
    assert "How often 2" in behind
    assert "Per worn hour 0.3" in behind
    assert "Outside the rest window: 1 rhythmic movements, 20.0 s in 2 h 00 min on the leg." in behind


def test_the_example_of_the_japanese_sentence(library):
    for day, n in enumerate((8, 17, 9, 10, 11, 12, 13)):
        start = f"2026-10-{25 + day} 22:00"
        add_leg(library, MadeLeg(start=start, episodes=tuple(at(1.5 + k / 4, 2.0) for k in range(n))))
    found = tuple(at(1.5 + k / 4, 5.0 if k == 3 else 2.25) for k in range(13))
    unsure = (at(6.1, 16.0, EpisodeClass.UNCERTAIN), at(6.6, 16.0, EpisodeClass.UNCERTAIN))
    add_leg(library, MadeLeg(start="2026-11-01 22:00", episodes=(*found, *unsure), gaps_h=((8.0, 8 + 1 / 12),)))
    [said] = sentences(page_of(list_nights(library)[-1], language="ja"))
    assert said == "左脚:13回、合計32秒、最長5.0秒(装着7時間55分)。直近7夜は8〜17回。区別できない動き2回、32秒。"


def test_nothing_wraps_between_a_number_and_its_unit(library):
    add_leg(library, MadeLeg(episodes=(at(3, 4.0), at(5, 8.5))))
    page = page_of_only(library)
    amounts = re.findall(r'<span class="amount">(.*?)</span>', page)
    assert {"12 s", "8.5 s", "8 h 00 min"} <= set(amounts)


def test_less_than_half_worn_stands_first(library):
    add_leg(library, MadeLeg(rest_h=((1, 9),), gaps_h=((2, 7),), episodes=(at(8, 4.0),)))
    [said] = sentences(page_of_only(library))
    assert said.startswith("Left leg: Only 3 h 00 min of 8 h 00 min were measured on the leg. Once, 4.0 s")


def test_a_few_uncertain_seconds_do_not_join_the_sentence(library):
    add_leg(library, MadeLeg(episodes=(at(3, 4.0), at(5, 9.9, EpisodeClass.UNCERTAIN))))
    page = page_of_only(library)
    assert "told apart" not in sentences(page)[0]
    assert "Also found: 1 uncertain (9.9 s)." in part_of(page, "Left leg")


def test_a_night_is_compared_with_the_persons_own_last_nights(library):
    for day, seconds in enumerate((2.0, 4.0, 6.0, 4.0, 4.0)):
        add_leg(library, MadeLeg(start=f"2026-11-0{1 + day} 22:00", episodes=(at(2, seconds), at(3, seconds))))
    add_leg(library, MadeLeg(start="2026-11-06 22:00", episodes=(at(3, 5.0),)))
    page = page_of(list_nights(library)[-1])
    assert "Last 5 nights: 2 times each." in sentences(page)[0]
    found = part_of(page, "Left leg")
    assert "How often 1 2 Total time 5.0 s 8.0 s Longest 5.0 s 4.0 s Per worn hour 0.1 0.2" in found
    assert "5 of them" in found


def test_a_baseline_night_stands_beside_in_a_quiet_line_and_nothing_is_concluded(library):
    add_leg(library, MadeLeg(start="2026-10-01 22:00", gaps_h=((3.0, 4.0),), episodes=(at(2, 2.0), at(5, 3.0))))
    [night] = list_nights(library)
    mark_as_baseline(library, night)
    assert "This is a baseline night." in words(page_of_only(library))
    add_leg(library, MadeLeg(episodes=(at(3, 4.0),)))
    baseline, later = list_nights(library)
    assert "Numbers vary" not in words(page_of(baseline))
    found = part_of(page_of(later), "Left leg")
    assert (
        "How often Beats Total time On the leg Per worn hour "
        "Baseline night 2026-10-01 2 30 5.0 s 7 h 00 min 0.3 This night 1 24 4.0 s 8 h 00 min 0.1 "
        "Numbers vary from night to night by chance alone: one night beside another does not show whether anything "
        "changed."
    ) in found
    assert not JUDGEMENT.search(words(page_of(later)))


def test_a_baseline_night_in_japanese_judges_nothing(library):
    add_leg(library, MadeLeg(start="2026-11-04 22:00", episodes=(at(2),)))
    [night] = list_nights(library)
    mark_as_baseline(library, night)
    add_leg(library, MadeLeg())
    page = words(page_of(list_nights(library)[-1], language="ja"))
    assert "基準の夜 2026-11-04 1 24 4.0秒 8時間00分 0.1 この夜 0 0 0.0秒 8時間00分 0.0" in page
    assert "一夜と一夜を並べても、変化があったかどうかは分かりません。" in page
    # The fixed notice alone speaks of effects, to rule them out.
    assert not re.search("改善|悪化|効果|異常", page.replace(notice("ja"), ""))


def test_a_night_of_which_nothing_was_measured_has_no_number_beside_a_baseline_either(library):
    add_leg(library, MadeLeg(start="2026-11-04 22:00", episodes=(at(2),)))
    [night] = list_nights(library)
    mark_as_baseline(library, night)
    recording = add_leg(library, MadeLeg())
    answer_not_worn(library, recording, 0, 10)
    later = list_nights(library)[-1]
    assert baseline_lines(list_entry(later).legs[0], translator("en"))[1] == (
        "This night: nothing was measured on the leg, so there is no number"
    )
    assert _cells(later.legs[0].summary.headline, translator("en")) == ["–", "–", "–", "0 min", "–"]


def test_without_a_baseline_night_nothing_is_said_about_one(library):
    add_leg(library, MadeLeg())
    assert "aseline" not in words(page_of_only(library))


def test_without_enough_nights_the_reason_stands_there(library):
    add_leg(library, MadeLeg())
    assert "of the last 7 nights 0 were measured well enough, 5 are needed" in words(page_of_only(library))


def test_a_night_little_worn_says_why_it_is_not_compared(library):
    add_leg(library, MadeLeg(rest_h=((1, 9),), unconfirmed_h=((2, 9),)))
    assert "less than 4 hours, or less than three quarters" in words(page_of_only(library))


def test_smaller_classes_stand_beside_and_much_slow_is_noted(library):
    episodes = (at(2, 3.0), at(3, 1.0, EpisodeClass.BRIEF), at(4, 30.0, EpisodeClass.SLOW))
    add_leg(library, MadeLeg(episodes=episodes))
    found = part_of(page_of_only(library), "Left leg")
    assert "Also found: 1 brief (1.0 s), 1 slow (30.0 s)." in found
    assert "more time of slow rhythmic movement (30.0 s) than inside the accepted band of 4.5–8.5 Hz (3.0 s)" in found


def test_little_slow_is_not_noted(library):
    add_leg(library, MadeLeg(episodes=(at(2, 30.0), at(4, 3.0, EpisodeClass.SLOW))))
    assert "more time of slow" not in page_of_only(library)


def test_a_still_sensor_is_asked_about_and_its_movements_are_not_counted(library):
    recording = add_leg(library, MadeLeg(unconfirmed_h=((3, 5),), episodes=(at(2), at(4))))
    page = page_of_only(library)
    assert "Was the sensor on the leg all night? In doubt: 2 h 00 min: 01:00–03:00 (2 h 00 min)." in words(page)
    assert page.count('class="question"') == 1
    assert "Surely worn (6 h 00 min): once, 4.0 s in all; with the time in doubt 2 times, 8.0 s." in sentences(page)[0]
    assert "While wear is not confirmed: 1 movements, in no number above." in words(page)
    say(library, recording, 3, 5, Verdict.WORN)
    assert "Was the sensor on the leg" not in page_of_only(library)


def test_a_sensor_that_came_off_early_is_told_before_the_counts(library):
    add_leg(library, MadeLeg(rest_h=((0, 2.5),), unconfirmed_h=((2.5, 10),), episodes=(at(2),)))
    [said] = sentences(page_of_only(library))
    assert said.startswith("Left leg: Only 2 h 30 min of 10 h 00 min were measured on the leg. Once, 4.0 s")


def test_movements_outside_the_rest_window_are_told_beside_the_nights_counts(library):
    add_leg(library, MadeLeg(episodes=(at(0.5), at(9.5, 6.0))))
    [said] = sentences(page_of_only(library))
    assert said.endswith("None of 5 beats or more found in 8 h 00 min worn. Outside the rest window: 2 times, 10 s.")


def test_a_night_all_in_doubt_says_what_there_would_be(library):
    add_leg(library, MadeLeg(rest_h=(), unconfirmed_h=((0, 10),), episodes=(at(2),)))
    [said] = sentences(page_of_only(library))
    assert "If the sensor was worn in the time in doubt: once, 4.0 s in all." in said


def test_stated_times_in_doubt_add_up_to_their_total_however_they_round(library):
    # Eleven times of a minute and a half with a gap of seconds in one: each alone would be 2 min.
    spans = tuple((1 + k / 4, 1 + k / 4 + 0.025) for k in range(11))
    add_leg(library, MadeLeg(unconfirmed_h=spans))
    asked = re.search(r"In doubt: (\d+) min: (.*?)\. Nothing", words(page_of_only(library)))
    lengths = [int(minutes) for minutes in re.findall(r"\((\d+) min\)", asked[2])]
    assert len(lengths) == 11
    assert sum(lengths) == int(asked[1]) == 16


def test_what_was_never_on_the_leg_has_no_number(library):
    recording = add_leg(library, MadeLeg(rest_h=(), episodes=(at(2),)))
    answer_not_worn(library, recording, 0, 10)
    page = page_of_only(library)
    assert "Nothing was measured on the leg." in sentences(page)[0]
    assert "Nothing was measured on the leg in this time, so there is no number." in words(page)
    assert "How often 0" not in part_of(page, "Left leg")


def test_two_legs_stand_side_by_side_and_are_never_added(library):
    add_leg(library, MadeLeg(side="left", episodes=(at(3), at(4))))
    add_leg(library, MadeLeg(side="right", episodes=(at(5),)))
    page = page_of_only(library)
    left, right = sentences(page)
    assert left.startswith("Left leg: 2 times")
    assert right.startswith("Right leg: Once")
    assert "3 times" not in words(page)
    assert re.findall(r'<span class="label">(\w+)</span>', page) == ["L1", "L2", "R1"]


def test_hours_show_what_was_measured_and_a_dash_where_nothing_was(library):
    add_leg(library, MadeLeg(gaps_h=((3.0, 5.0),), episodes=(at(2.5, 4.0),)))
    [table] = re.findall(r'<table class="hours">.*?<tbody>(.*?)</tbody>', page_of_only(library), flags=re.DOTALL)
    by_hour = [words(row) for row in table.split("</tr>")]
    assert by_hour[2] == "00:00 60 1 4.0"
    assert by_hour[3] == "01:00 0 – –"
    assert by_hour[5] == "03:00 60 0 0.0"


def test_the_hour_that_comes_twice_stands_there_twice_with_its_offset(library):
    add_leg(library, MadeLeg(start="2026-10-24 22:00"))
    page = page_of_only(library)
    [table] = re.findall(r'<table class="hours">.*?<tbody>(.*?)</tbody>', page, flags=re.DOTALL)
    hours = [" ".join(words(row).split()[:2]) for row in table.split("</tr>")]
    assert [hour for hour in hours if hour.startswith("02:00")] == ["02:00 UTC+0200", "02:00 UTC+0100"]
    assert "the clocks change in this time" in words(page)
    assert "23:00 UTC+0200–06:00 UTC+0100, 8 h 00 min" in words(page)


def test_all_movements_are_listed_and_can_be_opened(library):
    add_leg(library, MadeLeg(episodes=tuple(at(1.5 + k / 50) for k in range(60))))
    page = page_of_only(library)
    assert page.count('<details class="movement"') == 60


def test_every_tag_is_closed_and_every_id_is_one(library):
    add_leg(library, MadeLeg(episodes=tuple(at(1.5 + k / 50) for k in range(45))))
    reader = Reader()
    reader.feed(page_of_only(library))
    assert reader.open == []
    assert len(reader.ids) == len(set(reader.ids)) > 45


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_page_asks_for_nothing_from_outside(library, language):
    add_leg(library, MadeLeg(episodes=(at(3),)))
    page = page_of_only(library, language=language)
    reader = Reader()
    reader.feed(page)
    assert reader.sources == reader.links == []
    assert not re.search(r"https?://|@import|url\(|<link|<iframe", page)
    assert "default-src 'none'" in unescape(page)


def test_episodes_show_their_numbers_and_what_spoke_for_them(library):
    shown = replace(at(3, 4.0), evidence=(Evidence("unevenness", 0.2, 0.5, True), Evidence("beats", 3.0, 5.0, False)))
    add_leg(library, MadeLeg(episodes=(shown,)))
    listed = part_of(page_of_only(library), "Each movement")
    assert "1 01:00:00" in listed
    assert "Duration 4.00 s" in listed
    assert "● beats even: 20 % spread, at most 50 % expected" in listed
    assert "○ few beats: 3, at least 5 expected" in listed
    assert "Counted in rest window" in listed


def test_each_movement_says_why_when_opened_and_the_night_counts_how_sure_it_is(library):
    reasons = (Evidence("beats", 24.0, 6.5, True, 2.8), Evidence("busier_flank_ratio", 0.9, 0.5, False, -0.3))
    unsure = replace(at(5), confidence=0.45)
    add_leg(library, MadeLeg(episodes=(replace(at(3), evidence=reasons), unsure, at(6, 0.5, EpisodeClass.BRIEF))))
    page = page_of_only(library)
    assert "Confidence: high 1, medium 0, low 1" in part_of(page, "Left leg")
    listed = part_of(page, "Each movement")
    assert "● many beats: 24, at least 7 expected" in listed
    assert "○ much movement before or after: 90 % of its strength beside it, at most 50 % expected" in listed
    assert "low (0.45)" in listed
    assert "the same confidence is right less often" in listed


def test_without_the_recording_the_numbers_stay_and_the_waveform_is_said_to_be_missing(library):
    add_leg(library, MadeLeg(episodes=(at(3),)))
    page = page_of_only(library)
    assert "The waveform is missing" in words(page)
    assert "Duration 4.00 s" in words(page)


def test_gaps_stand_there_with_their_reasons_and_so_does_the_time_between_recordings(library):
    add_leg(library, MadeLeg(length_h=4, rest_h=((1, 4),), gaps_h=((2.0, 2.5),)))
    add_leg(library, MadeLeg(start="2026-11-06 02:30", length_h=5, rest_h=((0, 4),)))
    gaps = part_of(page_of_only(library), "Times not measured")
    assert "00:00:00 00:30:00 1800.0 the link to the sensor was lost" in gaps
    assert "02:00:00 02:30:00 1800.0 no recording in this time" in gaps


def test_of_many_gaps_the_longest_are_listed_and_all_are_added_up(library):
    add_leg(library, MadeLeg(gaps_h=tuple((1 + k / 20, 1 + k / 20 + 0.01) for k in range(60))))
    gaps = part_of(page_of_only(library), "Times not measured")
    assert "The 40 longest of 60; all of them together last 36 min." in gaps
    assert gaps.count("the link to the sensor was lost") == 40


def test_words_markers_moves_and_corrections_stand_there(library):
    recording = add_leg(library, MadeLeg(episodes=(at(3),)))
    rater = Rater("Sato", Profession.PHYSIOTHERAPIST)
    annotate(library, recording.id, TimeSpan(10_800, 10_804), Verdict.JUDGED_AS_CLONUS, rater, note="ankle")
    add_markers(library, recording.id, [Marker(11_000.0, MarkerKind.FELT)])
    add_person(library, Person("P08"))
    move_recordings(library, [recording.id], Filing("P08", "left"), moved_by="Sato", reason="wrong bed")
    correct_start(library, recording.id, clock("2026-11-05 22:10"), corrected_by="Sato", reason="clock")
    page = page_of_only(library)
    said = part_of(page, "What people say")
    assert "01:10:00 judged as clonus · Sato (physiotherapist) – ankle" in said
    assert "01:13:20 I felt it" in said
    assert "before P07, Left leg, since then P08, Left leg" in said
    assert "before 2026-11-05 22:00, since then 2026-11-05 22:10. No length changed." in said
    assert "judged as clonus · Sato" in part_of(page, "Each movement")


def test_personal_data_stay_out_on_request(library, tmp_path):
    recording = add_leg(library, MadeLeg(person="Hanako-7", episodes=(at(3),), path=tmp_path / "Hanako's night.csv"))
    rater = Rater("Dr Sato", Profession.PHYSICIAN)
    annotate(library, recording.id, TimeSpan(10_800, 10_804), Verdict.RHYTHMIC, rater, note="told me so")
    add_markers(library, recording.id, [Marker(11_000.0, MarkerKind.OTHER, "my own words")])
    add_person(library, Person("Taro-1"))
    move_recordings(library, [recording.id], Filing("Taro-1", "left"), moved_by="Dr Sato", reason="wrong bed")
    secrets = ("Hanako", "Taro", "Sato", "told me so", "my own words", "0017", "Sensor A", "wrong bed")
    page = page_of_only(library, hide_personal=True)
    assert [secret for secret in secrets if secret in page] == []
    assert "rhythmic movement · physician" in words(page)
    shown = page_of_only(library)
    assert [secret for secret in secrets if secret not in shown] == ["wrong bed"]


def test_changes_since_the_analysis_before_are_listed(library):
    recording = add_leg(library, MadeLeg(episodes=(at(2), at(3))))
    assert "Changes since the analysis before" not in page_of_only(library)
    add_run(library, recording.id, (at(3), at(4)), version="0.2.0", settings=DetectionSettings(band_low_hz=4.0))
    page = page_of_only(library)
    changes = part_of(page, "Changes since the analysis before")
    assert "00:00:00 Left leg went rhythmic 4.0" in changes
    assert "02:00:00 Left leg came rhythmic 4.0" in changes
    assert "01:00:00" not in changes
    origin = part_of(page, "Where the numbers come from")
    assert "clonus_sense 0.2.0" in origin
    assert "band_low_hz = 4.0" in origin


def test_version_settings_false_rate_and_notice_stand_there(library):
    add_leg(library, MadeLeg())
    page = page_of_only(library)
    origin = part_of(page, "Where the numbers come from")
    assert "clonus_sense 0.1.0" in origin
    assert "joining_pause_s = 1.0" in origin
    assert "in 10.9 hours of daily life 0.7 movements per 8 hours were wrongly called rhythmic" in origin
    assert "there is no clinical validation" in origin
    assert words(page).endswith(notice("en"))


def test_a_quiet_night_says_so_and_is_no_blank(library):
    add_leg(library, MadeLeg())
    page = page_of_only(library)
    assert sentences(page) == ["Left leg: None of 5 beats or more found in 8 h 00 min worn."]
    assert "Longest –" in words(page)
    assert "The search found no movement in the measured time." in words(page)
    # A movement that the search missed is marked on this page too.
    assert 'id="missed"' in page
    assert "None: the recording has no gap." in words(page)


def test_an_afternoon_is_no_night(library):
    add_leg(library, MadeLeg(start="2026-11-05 14:00", length_h=2, rest_h=(), episodes=(at(1),)))
    page = page_of_only(library)
    assert "<h1>Recording of 2026-11-05 (Thu)</h1>" in page
    assert "No rest window was found: all numbers are of the whole time." in words(page)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_no_word_judges_and_no_colour_is_red_or_green(library, language):
    add_leg(library, MadeLeg(unconfirmed_h=((6, 7),), episodes=(at(3), at(4, 1.0, EpisodeClass.SLOW))))
    page = page_of_only(library, language=language)
    assert not JUDGEMENT.findall(words(page).replace(notice(language), ""))
    for red, green, blue in re.findall(r"#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})\b", page):
        channels = [int(part, 16) for part in (red, green, blue)]
        assert channels[2] >= channels[0] - 8, "warm or green colours stay out of the page"


def test_everything_is_japanese_on_request(library):
    recording = add_leg(library, MadeLeg(unconfirmed_h=((6, 7),), gaps_h=((2, 3),), episodes=(at(4),)))
    say(library, recording, 4, 4.001, Verdict.UNSURE)
    page = page_of_only(library, language="ja")
    assert '<html lang="ja">' in page
    assert "2026年11月5日(木)夜〜11月6日(金)朝" in page
    assert "発生回数 1" in words(page)
    # What is left in Latin letters are units, codes, settings and the program's own name.
    untold = r"<pre>.*?</pre>|<style>.*?</style>|<script.*?</script>|simulated Sensor A S/N 0017"
    left = re.sub(untold, " ", page, flags=re.DOTALL)
    assert re.findall(r"[A-Za-z]+(?: [A-Za-z]+)+", words(left)) == []


def test_a_code_with_signs_of_html_is_text(library):
    add_leg(library, MadeLeg(person='<b>"P&7"</b>'))
    assert "<b>" not in page_of_only(library)
    assert 'Person: <b>"P&7"</b>' in words(page_of_only(library).replace("&lt;", "<").replace("&gt;", ">")) or (
        "&lt;b&gt;" in page_of_only(library)
    )


def test_a_word_by_nobody_in_particular_says_only_as_what(library):
    recording = add_leg(library, MadeLeg(episodes=(at(3),)))
    say(library, recording, 3, 3.001, Verdict.NOT_RHYTHMIC, PATIENT)
    assert "no rhythmic movement · patient" in part_of(page_of_only(library), "Each movement")


def test_what_a_file_says_of_a_person_stays_out_of_its_findings(library):
    recording = add_leg(library, MadeLeg())
    leak = Finding(Severity.NOTE, "head-value", "The head says `side: Taro's left`, which is no side.")
    add_run(library, recording.id, (), version="0.1.0", settings=DetectionSettings(), findings=(leak,))
    assert "Taro" in page_of_only(library)
    assert "Taro" not in page_of_only(library, hide_personal=True)
