"""The pages of firmware_notes say where each line comes from, and their bytes are true."""

from __future__ import annotations

import re

import pytest

from clonus_sense.i18n import notice
from tests.firmware.decoding import DECODERS
from tests.firmware.pages import (
    FAMILY_PAGES,
    NOTES,
    PROTOCOL_PAGES,
    bullets_of,
    sessions_of,
    tables_of,
    vectors_of,
)

VECTORS = [vector for path in PROTOCOL_PAGES for vector in vectors_of(path)]
SESSIONS = sessions_of(NOTES / "open_profile.md")
TAG = r"(specified|documented|measured|guessed)"


def page_name(path):
    return path.stem


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: f"{vector.page}-{vector.name}")
def test_a_hex_dump_means_what_stands_below_it(vector):
    meaning = DECODERS[vector.decoder](vector.data, **vector.given)
    assert vector.meaning
    for key, value in vector.meaning.items():
        if isinstance(value, int | str):
            assert meaning[key] == value, key
        else:
            # MbientLab prints three decimals; all other values are exact.
            tolerance = 6e-4 if vector.page == "metamotion" else 0
            assert flat(meaning[key]) == pytest.approx(flat(value), rel=0, abs=tolerance), key


def flat(value):
    if isinstance(value, dict):
        return [number for key in sorted(value) for number in flat(value[key])]
    return [number for part in value for number in flat(part)] if isinstance(value, list) else [value]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: f"{vector.page}-{vector.name}")
def test_offsets_of_a_hex_dump_count_its_bytes(vector):
    at = 0
    for offset, content in vector.lines:
        assert offset == at
        at += len(content)


def test_each_page_has_vectors_and_no_two_share_a_name():
    assert {vector.page for vector in VECTORS} == {path.stem for path in PROTOCOL_PAGES}
    names = [(vector.page, vector.name) for vector in VECTORS]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("steps", SESSIONS, ids=[f"session-{k}" for k in range(len(SESSIONS))])
def test_the_reference_encoder_answers_as_the_page_says(sensor, steps):
    assert [(command, sensor.ask(command)) for command, _ in steps] == steps


def test_every_operation_and_status_of_the_reference_stands_in_a_session():
    sent = [
        line.split()[1:] for steps in SESSIONS for _, lines in steps for line in lines if line.startswith("CONTROL")
    ]
    assert {int(fields[1], 16) for fields in sent} == {*range(1, 9), 9}
    assert {int(fields[3], 16) for fields in sent} == {0, 1, 4, 5, 6, 10, 12}
    refused = {line for steps in SESSIONS for _, lines in steps for line in lines if line.startswith("ATT")}
    assert refused == {"ATT FD", "ATT 0D", "ATT FE", "ATT 80"}


@pytest.mark.parametrize("path", PROTOCOL_PAGES, ids=page_name)
def test_each_line_of_a_table_and_list_says_where_it_comes_from(path):
    for head, *rows in tables_of(path):
        assert head[-1] == "tag", f"{path.name}: a table without tags: {head}"
        for row in rows:
            assert len(row) == len(head), f"{path.name}: {row}"
            assert re.match(TAG, row[-1]), f"{path.name}: a line without a tag: {row}"
    for bullet in bullets_of(path)[4 if path.stem == "open_profile" else 0 :]:
        assert re.search(rf"\*\({TAG}[^)]*\)\*", bullet), f"{path.name}: an item without a tag: {bullet}"


@pytest.mark.parametrize("path", FAMILY_PAGES, ids=page_name)
def test_each_source_that_a_tag_names_is_listed(path):
    text = path.read_text(encoding="utf-8")
    body, sources = text.split("\n## Sources\n")
    listed = set(re.findall(r"^(\d+)\. ", sources, flags=re.MULTILINE))
    tags = [row[-1] for _, *rows in tables_of(path) for row in rows]
    tags += [match.group(0) for match in re.finditer(rf"\*\({TAG}[^)]*\)\*", body)]
    named = {number for tag in tags for number in re.findall(r"(?<![#.\d])\b(\d)\b(?!\.\d)", tag.split(":")[0])}
    assert named
    assert named <= listed
    assert listed == named, f"nobody names source {sorted(listed - named)}"


@pytest.mark.parametrize("path", PROTOCOL_PAGES, ids=page_name)
def test_each_page_says_at_its_top_that_no_hardware_was_tried(path):
    top = path.read_text(encoding="utf-8").split("\n## ")[0]
    assert re.search(r"\*\*Not tried on hardware by this project\b", top)


@pytest.mark.parametrize("path", FAMILY_PAGES, ids=page_name)
def test_nothing_that_was_not_captured_is_called_measured(path):
    measured = [row for _, *rows in tables_of(path) for row in rows if "measured" in row[-1]]
    assert not measured or path.stem == "polar", f"{path.name} has no capture"


@pytest.mark.parametrize(("name", "language"), [("README.md", "en"), ("README.ja.md", "ja")])
def test_the_notice_stands_in_the_guide(name, language):
    text = (NOTES / name).read_text(encoding="utf-8")
    assert notice(language) in re.sub(r"\n> ", " ", text)


def test_both_languages_of_the_guide_have_the_same_parts():
    parts = {}
    for name in ("README.md", "README.ja.md"):
        text = (NOTES / name).read_text(encoding="utf-8")
        sections = dict(re.findall(r"^##+ ([^\n]+)\n(.*?)(?=^##+ |\Z)", text, flags=re.MULTILINE | re.DOTALL))
        parts[name] = [len(re.findall(r"^(?:\* |\d\. )", body, flags=re.MULTILINE)) for body in sections.values()]
    # The last part of the English page is for those who build sensors.
    assert parts["README.ja.md"] == parts["README.md"][: len(parts["README.ja.md"])]
    assert len(parts["README.md"]) == len(parts["README.ja.md"]) + 1


def test_h10_is_not_suitable_in_either_language():
    for name, no in (("README.md", "**no**"), ("README.ja.md", "**使えません**")):
        rows = [row for table in tables_of(NOTES / name) for row in table if row[0] == "Polar H10"]
        assert [row[1] for row in rows] == [no]
