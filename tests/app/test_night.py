"""One night in the app: what it gives, and verdicts that go into the library as they are given."""

import json
import re

import pytest

from clonus_sense.app.house import Kept
from clonus_sense.library import Library, list_annotations, list_recordings, standing
from tests.app.apps import open_app
from tests.review.made import MadeLeg, add_leg, at

NIGHT = "person=P07&night=2026-11-05"


@pytest.fixture
def asked(tmp_path):
    with Library.open(tmp_path / "library.sqlite3") as library:
        add_leg(library, MadeLeg(episodes=(at(2.0), at(4.0, 9.0))))
    with open_app(tmp_path) as opened:
        yield opened


def review(data, verdict="rhythmic", revision=1, name="Sato", said_at="2026-12-01T09:00:00.000+09:00"):
    """A review file as the screen's script writes it: one verdict on the first movement."""
    about = data["review-data"]
    movement = about["movements"]["movement-left-1"]
    word = {
        "id": "0" * 31 + "1",
        "revision": revision,
        "said_at": said_at,
        "reviewer": {"name": name, "profession": "physiotherapist"},
        "recording": movement["recording"],
        "start_s": movement["start_s"],
        "end_s": movement["end_s"],
        "verdict": verdict,
        "note": "",
    }
    file = {name: about[name] for name in ("format", "page_made_at", "recordings")}
    return json.dumps({**file, "verdicts": [word]})


def words(folder):
    with Library.open(folder / "library.sqlite3") as library:
        (recording,) = list_recordings(library)
        return [(one.verdict.value, one.rater.name) for one in standing(list_annotations(library, recording.id))]


def test_the_screen_shows_the_night_and_its_data_come_apart(asked):
    html = asked.data(f"night?{NIGHT}")["html"]
    assert "2 times, 13 s in all, longest 9.0 s" in re.sub(r"<.*?>", "", html)
    assert 'id="movement-left-2"' in html
    data = asked.data(f"night/give/data?{NIGHT}")
    assert [one["anchor"] for one in data["movement-data"]] == ["movement-left-1", "movement-left-2"]


def test_a_verdict_goes_into_the_library_once_and_a_later_one_takes_its_place(asked, tmp_path):
    data = asked.data(f"night/give/data?{NIGHT}")
    for _again in range(2):
        answer = asked.send(f"night/act/review?{NIGHT}", review=review(data))
        # The screen stays as it is: its script shows the verdict.
        assert (answer.status_code, answer.json()) == (200, {"told": "", "to": ""})
    assert words(tmp_path) == [("rhythmic", "Sato")]
    later = review(data, "unsure", 2, said_at="2026-12-01T09:01:00.000+09:00")
    asked.send(f"night/act/review?{NIGHT}", review=later)
    assert words(tmp_path) == [("unsure", "Sato")]
    back = review(data, "withdrawn", 3, said_at="2026-12-01T09:02:00.000+09:00")
    asked.send(f"night/act/review?{NIGHT}", review=back)
    assert words(tmp_path) == []


@pytest.mark.parametrize("text", ["", "[]", '{"format": "other"}', "<script>"])
def test_what_is_no_review_is_refused_and_nothing_is_kept(asked, tmp_path, text):
    answer = asked.send(f"night/act/review?{NIGHT}", review=text)
    assert answer.status_code == 400
    assert "review" in answer.json()["refused"]
    assert words(tmp_path) == []


@pytest.mark.parametrize("query", ["", "night=2026-11-06", "person=P99&night=2026-11-05", "night=../../etc/passwd"])
def test_a_night_that_is_not_there_is_one_sentence(asked, query):
    for address in (f"/data/night?{query}", f"/data/night/give/data?{query}"):
        answer = asked.client.get(address)
        assert answer.status_code == 400
        assert "Traceback" not in answer.text


def test_its_charts_may_set_styles_and_no_script_of_others_may_run(asked):
    policy = asked.client.get(f"/night?{NIGHT}").headers["content-security-policy"]
    assert "style-src 'self' 'unsafe-inline'" in policy
    assert "script-src" not in policy
    assert policy.startswith("default-src 'self';")
    assert "unsafe" not in asked.client.get("/nights").headers["content-security-policy"]


def test_the_last_nights_are_kept_and_no_more():
    kept, made = Kept(most=2), []

    def make(key):
        return kept.get(key, lambda: made.append(key) or key)

    for key in ("a", "b", "a", "c", "a", "b"):
        assert make(key) == key
    assert made == ["a", "b", "c", "b"]
