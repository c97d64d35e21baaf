import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clonus_sense.errors import ReviewFileError
from clonus_sense.library import Profession, Rater, TimeSpan, Verdict
from clonus_sense.review import read_review
from clonus_sense.review.review_file import LONGEST_NOTE, MOST_BYTES
from tests.review.review_files import KEY, PATIENT, SATO, as_bytes, read, review, verdict

WHOLE = as_bytes(review(verdict(1), verdict(2, note="夜中、\n伸展時 <b>"), verdict(3, verdict="judged as clonus")))


def test_file_comes_back_as_saved():
    found = read(review(verdict(7, revision=3, note="夜中、\n伸展時", end_s=14410)))
    (said,) = found.verdicts
    assert (said.id, said.revision, said.recording) == (f"{7:032x}", 3, KEY)
    assert (said.span, said.verdict, said.note) == (TimeSpan(14400.0, 14410.0), Verdict.RHYTHMIC, "夜中、\n伸展時")
    assert said.reviewer == Rater("Sato", Profession.PHYSIOTHERAPIST)
    assert said.said_at.isoformat() == "2026-11-06T08:10:00+01:00"
    assert [one.key for one in found.recordings] == [KEY]


@pytest.mark.parametrize("prefix", [b"\xef\xbb\xbf", b"\n\n  "])
def test_pasted_text_with_a_mark_or_blanks_around_it_is_read(prefix):
    assert len(read_review(io.BytesIO(prefix + WHOLE + b"\r\n"), "-").verdicts) == 3


def test_markup_in_every_text_stays_text():
    markup = "<script>alert(1)</script>"
    (said,) = read(review(verdict(note=markup, reviewer={"name": markup, "profession": "other"}))).verdicts
    assert (said.note, said.reviewer.name) == (markup, markup)


@pytest.mark.parametrize("n_bytes", range(1, len(WHOLE), 7))
def test_file_that_is_cut_off_is_refused(n_bytes):
    with pytest.raises(ReviewFileError, match=r"^review\.json: is no whole review file"):
        read_review(io.BytesIO(WHOLE[:n_bytes]), "review.json")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "no whole review file"),
        (b"[" * 100_000, "no whole review file"),
        (b'{"a":' * 100_000, "no whole review file"),
        (b"\xff\xfe{\x00}\x00", "no whole review file"),
        (b"9" * 5_000, "no whole review file"),
        (b"[]", "is no review file"),
        (b"null", "is no review file"),
        (b'{"format": 1}', "is no review file"),
        (b" " * (MOST_BYTES + 1), "larger than 4 MB"),
        (b"0" * 10_000_000, "larger than 4 MB"),
        (b'{"format": "clonus-sense-review/1", "format": "clonus-sense-review/1"}', "same field twice"),
        (as_bytes(review(format="clonus-sense-review/2")), "update clonus_sense"),
        (as_bytes(review(format="x" * 10_000)), "has the format 'x{40}…', and this"),
        (WHOLE.replace(b"14404.0", b"NaN"), "NaN, which is no number"),
        (WHOLE.replace(b"14404.0", b"-Infinity"), "-Infinity, which is no number"),
    ],
)
def test_other_files_are_refused(content, why):
    with pytest.raises(ReviewFileError, match=why):
        read_review(io.BytesIO(content), "review.json")


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"id": "1"}, "id must be 32 hexadecimal digits"),
        ({"id": None}, "id must be 32 hexadecimal digits"),
        ({"id": "A" * 32}, "id must be 32 hexadecimal digits"),
        ({"revision": 0}, "revision must be a whole number"),
        ({"revision": True}, "revision must be a whole number"),
        ({"revision": 1.5}, "revision must be a whole number"),
        ({"revision": 10**30}, "revision must be a whole number"),
        ({"said_at": "2026-11-06T08:10:00"}, "said_at must be a date and time with offset"),
        ({"said_at": "yesterday"}, "said_at must be a date and time with offset"),
        ({"said_at": "0001-01-01T00:00:00+09:00"}, "said_at must be a date and time with offset"),
        ({"said_at": 5}, "said_at must be a date and time with offset"),
        ({"start_s": "1"}, "start_s is no number"),
        ({"start_s": True}, "start_s is no number"),
        ({"start_s": None}, "start_s is no number"),
        ({"end_s": 1e300}, "end_s is no time of a recording"),
        ({"end_s": 10**400}, "end_s is no time of a recording"),
        ({"end_s": 14400}, "ends at 14400.0 s, not after its start"),
        ({"end_s": 3}, "ends at 3.0 s, not after its start"),
        ({"verdict": "rest"}, "verdict must be one of rhythmic"),
        ({"verdict": ["rhythmic"]}, "verdict must be one of rhythmic"),
        ({"note": "x" * (LONGEST_NOTE + 1)}, "note has 2001 characters"),
        ({"note": "a\x00b"}, r"control character U\+0000"),
        ({"note": "a\x1b[2J"}, r"control character U\+001B"),
        ({"note": "a\u202eb"}, r"control character U\+202E"),
        ({"note": 5}, "note is no text"),
        ({"reviewer": "Sato"}, "reviewer is no object"),
        ({"reviewer": {"name": "Sato"}}, "reviewer lacks `profession`"),
        ({"reviewer": {"name": "Sa\nto", "profession": "nurse"}}, r"name holds the control character U\+000A"),
        ({"reviewer": {"name": "S" * 101, "profession": "nurse"}}, "name has 101 characters"),
        ({"reviewer": {"name": "Sato", "profession": "king"}}, "profession must be one of"),
        ({"recording": "f" * 32}, "verdict 1 is about a recording that the file does not list"),
        ({"colour": "red"}, "verdict 1 has the unknown field 'colour'"),
        ({"verdict": "judged as clonus", "reviewer": PATIENT}, "only a clinician who gives name and profession"),
        ({"verdict": "judged as clonus", "reviewer": SATO | {"name": " "}}, "only a clinician"),
    ],
)
def test_wrong_field_is_named(fields, why):
    with pytest.raises(ReviewFileError, match=why):
        read(review(verdict(**fields)))


def test_half_of_a_pair_is_refused():
    content = json.dumps(review(verdict(note="\ud83d"))).encode()
    with pytest.raises(ReviewFileError, match=r"control character U\+D83D"):
        read_review(io.BytesIO(content), "review.json")


@pytest.mark.parametrize("field", ["id", "revision", "said_at", "reviewer", "recording", "start_s", "verdict", "note"])
def test_missing_field_is_named(field):
    said = verdict()
    del said[field]
    with pytest.raises(ReviewFileError, match=f"verdict 1 lacks `{field}`"):
        read(review(said))


def test_the_same_verdict_twice_is_refused():
    with pytest.raises(ReviewFileError, match="verdict 2 stands in the file twice"):
        read(review(verdict(1), verdict(1, revision=2)))


def test_too_many_verdicts_are_refused():
    with pytest.raises(ReviewFileError, match="`verdicts` has 5001 entries"):
        read(review(*(verdict(number) for number in range(5001))))


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(
    raw=JSON,
    at=st.sampled_from([*verdict(), "format", "page_made_at", "recordings", "verdicts", "key", "start", "side"]),
)
def test_anything_in_the_place_of_a_field_is_read_or_refused_in_a_sentence(raw, at):
    file = review(verdict())
    place = next((one for one in (file, file["recordings"][0], file["verdicts"][0]) if at in one), file)
    place[at] = raw
    try:
        read(file)
    except ReviewFileError as error:
        assert str(error).startswith("review.json: ")
    except UnicodeEncodeError:
        # The test itself cannot write half of a pair.
        pass
