import base64
import re
from html.parser import HTMLParser

import pytest

from clonus_sense.model import EpisodeClass, Evidence, Finding, Severity
from clonus_sense.report.glossary import GLOSSARY
from clonus_sense.report.pages.recording_document import EpisodePicture, build_recording_document
from tests.report.builders import make_analysis, make_episode, make_gap, make_info

EPISODES = (
    make_episode(10.0, beats=12, frequency_hz=6.0, peak_g=0.4),
    make_episode(30.0, beats=20, frequency_hz=5.0, peak_g=0.3),
    make_episode(50.0, beats=3, frequency_hz=6.0, episode_class=EpisodeClass.BRIEF),
)
NIGHT = b"night"


class Page(HTMLParser):
    """Tags and text of a page; fails where a tag is not closed in its order."""

    VOID = frozenset({"meta", "img", "br", "input"})

    def __init__(self, html):
        super().__init__()
        self.open, self.tags, self.attributes, self.text = [], [], [], ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "style" not in self.open:
            self.text += data

    def values(self, tag, name):
        return [attributes[name] for at, attributes in self.attributes if at == tag and name in attributes]


def build(episodes=EPISODES, gaps=(), *, pictured=None, language="en", name="night_1", **facts):
    analysis, _window_of = make_analysis(120.0, episodes, gaps, **facts)
    numbers = range(1, len(episodes) + 1) if pictured is None else pictured
    pictures = [EpisodePicture(n, episodes[n - 1], b"episode %d" % n) for n in numbers]
    return build_recording_document(analysis, NIGHT, pictures, name, language=language)


def rows(html):
    """Cells of every row of every table body, as text."""
    bodies = re.findall(r"<tbody>(.*?)</tbody>", html, flags=re.DOTALL)
    lines = [line for body in bodies for line in re.findall(r"<tr>(.*?)</tr>", body)]
    return [[re.sub(r"<[^>]+>", "", cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", line)] for line in lines]


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_page_is_whole_and_says_its_language(language):
    html = build(language=language, gaps=[make_gap(60.0, 70.0)])
    page = Page(html)
    assert page.open == []
    assert html.startswith("<!doctype html>")
    assert page.values("html", "lang") == [language]
    assert page.tags.count("h1") == 1


def test_the_page_fetches_nothing_and_runs_nothing():
    html = build()
    page = Page(html)
    assert not re.search(r"https?:|//|@import|url\(", re.sub(r"base64,[^\"]*", "", html).replace("<!--", ""))
    assert "script" not in page.tags
    assert "link" not in page.tags
    assert all(source.startswith("data:image/png;base64,") for source in page.values("img", "src"))
    assert all(target.startswith("#movement-") for target in page.values("a", "href"))


def test_pictures_are_inside_the_page_in_order_and_described():
    page = Page(build())
    contents = [base64.b64decode(source.split(",")[1]) for source in page.values("img", "src")]
    assert contents == [b"night", b"episode 1", b"episode 2", b"episode 3"]
    assert page.values("img", "alt")[0] == "Picture of the whole recording; movements in it: 3."
    assert page.values("img", "alt")[2] == "Waveform, beats, spectrum and numbers of movement no. 2."


def test_the_table_holds_every_episode_with_its_numbers():
    assert rows(build())[0] == [
        "1", "22:30:10", "rhythmic",
        "highConfidence 0.90For it: beats even: 10 % spread, at most 57 % expected"
        "Against it: slower movement beneath it: 90 % of it is slower, at most 20 % expected",
        "2.00", "12", "6.00", "0.400", "0.280", "0.97", "stillness",
    ]  # fmt: skip
    assert [row[2] for row in rows(build())[:3]] == ["rhythmic", "rhythmic", "brief"]


def test_the_headline_counts_the_rhythmic_and_names_the_others_beside():
    text = Page(build()).text
    summary = re.search(r"Rhythmic movements(\d+)Total time([\d.]+ s)Longest([\d.]+ s)", text)
    assert summary is not None
    assert summary.groups() == ("2", "6.0 s", "4.0 s")
    assert "Also found: 1 brief (" in text


def test_the_summary_counts_the_confidence_of_the_rhythmic_ones_and_says_what_it_holds_for():
    sure, unsure = make_episode(10.0, confidence=0.8), make_episode(30.0, confidence=0.41)
    brief = make_episode(50.0, beats=3, confidence=0.9, episode_class=EpisodeClass.BRIEF)
    text = Page(build((sure, unsure, brief))).text
    assert "Confidence: high 1, medium 0, low 1" in text
    assert text.count("where rhythmic movement is rarer, the same confidence is right less often") == 2
    assert "rhythmic, confidence low (0.41); 2.0 s, 12 beats, 6.00 Hz, peak 0.400 g" in text


def test_an_uncertain_movement_reads_as_no_contradiction():
    weak = (Evidence("stronger_than_tremor_g", 0.022, 0.032, False),)
    html = build((make_episode(10.0, confidence=0.92, episode_class=EpisodeClass.UNCERTAIN, evidence=weak),))
    told = "surely rhythmic; may be trembling or an appliance"
    assert rows(html)[0][2:4] == [
        "uncertain",
        f"surely rhythmic{told}Confidence 0.92Against it: as weak as trembling: 0.022 g, at least 0.032 g needed",
    ]
    assert "surely rhythmic (0.92); may be trembling or an appliance; 2.0 s, 12 beats" in Page(html).text


def test_reasons_are_folded_away():
    page = Page(build())
    assert page.tags.count("details") == len(EPISODES)
    assert all("open" not in attributes for tag, attributes in page.attributes if tag == "details")


def test_a_quiet_night_says_what_was_measured_and_asks_about_wear():
    text = Page(build(())).text
    assert "No rhythmic movement was recorded in the measured time." in text
    assert "Rhythmic movements0Total time0.0 sLongest–Measured (h:min:s)0:02:00" in text
    assert "Please check that the sensor was worn" in text
    assert "Pictures of movements" not in text


def test_a_choice_of_pictures_is_said_and_only_they_are_linked():
    page = Page(build(pictured=[2]))
    assert "1 of 3 movements are drawn: the longest, the strongest and the least certain ones." in page.text
    assert page.values("a", "href") == ["#movement-2"]
    assert page.values("figure", "id") == ["movement-2"]


def test_all_pictures_need_no_remark():
    assert "are drawn" not in Page(build()).text


def test_gaps_are_listed_with_times_and_reason():
    html = build(gaps=[make_gap(60.0, 75.5)])
    assert rows(html)[-1] == ["22:31:00", "22:31:15", "15.5", "no samples arrived"]
    assert "None: the recording has no gap." in Page(build()).text


def test_findings_are_listed_with_their_weight_and_time():
    findings = (
        Finding(Severity.WARNING, "clipped", "The sensor reached its limit 3 times.", 10.0, 20.0),
        Finding(Severity.NOTE, "torn-end", "The last line was left out."),
    )
    lines = rows(build(findings=findings))[-2:]
    assert lines[0] == ["mind this", "The sensor reached its limit 3 times.", "22:30:10–22:30:20"]
    assert lines[1] == ["note", "The last line was left out.", "whole recording"]


def test_in_japanese_a_finding_is_explained_before_its_english_sentence():
    findings = (Finding(Severity.WARNING, "clipped", "The sensor reached its limit 3 times."),)
    html = build(findings=findings, language="ja")
    assert "動きがセンサーの範囲を超えました。" in html
    assert '<span class="small" lang="en">The sensor reached its limit 3 times.</span>' in html


def test_settings_version_glossary_and_notice_stand_on_the_page():
    text = Page(build()).text
    assert "Found by clonus_sense 1.2.3 with these settings:" in text
    assert "band_low_hz = 4.5\nband_high_hz = 8.5" in text
    assert "This software is not a medical device." in text
    assert all(term.meaning in text for term in GLOSSARY)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_page_never_calls_anything_by_a_diagnosis(language):
    text = Page(build(language=language)).text.replace("clonus_sense", "").lower()
    assert "clonus" not in text
    assert "クローヌス" not in text


def test_hostile_text_stays_text():
    hostile = '<script>alert("x")</script>&'
    html = build(
        name=hostile,
        info=make_info(person=hostile, side=hostile),
        gaps=[make_gap(60.0, 61.0, reason=hostile)],
        findings=(Finding(Severity.NOTE, "x", hostile),),
    )
    page = Page(html)
    assert "script" not in page.tags
    assert page.open == []
    assert page.text.count(hostile) >= 4


def test_the_same_analysis_gives_the_same_page():
    assert build() == build()
