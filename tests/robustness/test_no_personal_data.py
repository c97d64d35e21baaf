"""A random word in every personal field of a library, and the search for these words in all that leaves it."""

from __future__ import annotations

import html
import random
from dataclasses import replace
from datetime import timedelta
from string import ascii_letters

import pytest
from matplotlib.text import Text
from pyarrow import parquet

from clonus_sense.cli import run
from clonus_sense.export import Selection, fill_tables, read_content
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
    annotate,
    correct_start,
    move_recordings,
)
from clonus_sense.model import SensorIdentity
from tests.export.edf_reader import read_edf
from tests.export.made import INFO, keep, samples

_RANDOM = random.Random(17)
FIELDS = (
    "person", "person before", "other person", "cause", "moved by", "why moved", "corrected by", "why corrected",
    "orthosis", "sensor family", "sensor name", "sensor serial", "sensor firmware",
    "key of a note", "note", "unknown side", "unknown site", "file", "folder",
    "rater", "word", "rater of a moment", "word of a moment", "marker",
)  # fmt: skip
WORDS = {field: "".join(_RANDOM.choices(ascii_letters, k=10)) for field in FIELDS}
# What a file of this kind says where personal data are wanted; the search would find it.
SAID = {
    "csv": {
        "person", "other person", "orthosis", "sensor family", "sensor name", "sensor serial", "sensor firmware",
        "file", "folder", "rater", "word", "rater of a moment", "word of a moment", "marker",
    },
    "edf": {
        "person", "other person", "sensor family", "rater", "word", "rater of a moment", "word of a moment", "marker",
    },
    "parquet": set(FIELDS) - {"person before", "cause", "moved by", "why moved", "corrected by", "why corrected"},
    "page": {
        "person", "person before", "orthosis", "sensor family", "sensor name", "sensor serial", "file", "unknown side",
        "unknown site", "rater", "word", "rater of a moment", "word of a moment", "marker",
    },
}  # fmt: skip
SAID["page in Japanese"] = SAID["page"]


def fill(library, folder):
    """Keep two recordings that tell a random word wherever a person or a file may say something."""
    word = WORDS.__getitem__
    for field in ("person", "other person"):
        add_person(library, Person(word(field), cause=word("cause")))
    info = replace(
        INFO,
        person=word("person before"),
        orthosis=word("orthosis"),
        sensor=SensorIdentity(*(word(f"sensor {part}") for part in ("family", "name", "serial", "firmware"))),
        side="",
        site=None,
        notes=(
            (word("key of a note"), word("note")),
            ("side", word("unknown side")),
            ("sensor_site", word("unknown site")),
        ),
    )
    folder.mkdir()
    kept = keep(library, folder / f"{word('file')}.csv", *samples(1500), info)
    earlier = replace(info, start=INFO.start - timedelta(days=3), person=word("other person"))
    keep(library, folder / f"{word('file')}2.csv", *samples(1500, seed=1), earlier)
    number = kept.recording.id
    move_recordings(
        library, [number], Filing(word("person"), "left"), moved_by=word("moved by"), reason=word("why moved")
    )
    correct_start(
        library,
        number,
        INFO.start + timedelta(minutes=1),
        corrected_by=word("corrected by"),
        reason=word("why corrected"),
    )
    (episode,) = kept.episodes
    on_episode = TimeSpan(episode.onset_s, episode.offset_s)
    doctor = Rater(word("rater"), Profession.PHYSICIAN)
    annotate(library, number, on_episode, Verdict.JUDGED_AS_CLONUS, doctor, note=word("word"))
    nurse = Rater(word("rater of a moment"), Profession.NURSE)
    annotate(library, number, TimeSpan(5, 6), Verdict.NOTE, nurse, note=word("word of a moment"))
    add_markers(library, number, [Marker(12.0, MarkerKind.FELT, word("marker"))])


@pytest.fixture(scope="module")
def library_path(tmp_path_factory):
    path = tmp_path_factory.mktemp("data") / "library.sqlite3"
    with Library.open(path) as library:
        fill(library, path.parent / WORDS["folder"])
    return path


def all_that_is_told(folder):
    """Everything in the files of a folder, and in their names, that a person or a program can read as text."""
    told = []
    for path in sorted(folder.rglob("*")):
        told.append(str(path.relative_to(folder)))
        if not path.is_file():
            continue
        content = path.read_bytes()
        told += [content.decode("utf-8", "replace"), content.decode("utf-16-le", "replace")]
        if path.suffix == ".parquet":
            table = parquet.read_table(path)
            told += [repr(table.to_pydict()), repr(table.schema.metadata)]
        elif path.suffix == ".edf":
            # A long word goes on in the next annotation.
            told.append("".join(text for _onset, _length, text in read_edf(content).annotations))
        elif path.suffix == ".html":
            told.append(html.unescape(content.decode("utf-8")))
    return "\n".join(told).lower()


def fields_told(told):
    return {field for field, word in WORDS.items() if word.lower() in told}


def write(kind, library_path, folder, *options):
    """Run the verb that writes files of a kind; gives all that they and their pictures tell."""
    drawn = []

    def draw(text, renderer, *, _draw=Text.draw):
        drawn.append(text.get_text())
        _draw(text, renderer)

    verb, *more = {
        "page": ["page", "last", "--output", folder],
        "page in Japanese": ["page", "last", "--lang", "ja", "--output", folder],
    }.get(kind, ["export", "--format", kind, "--output", folder])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Text, "draw", draw)
        assert run([verb, "--library", str(library_path), *map(str, more), *options]) == 0
    return all_that_is_told(folder) + "\n".join(drawn).lower()


@pytest.mark.parametrize("kind", SAID)
def test_no_personal_value_reaches_what_is_written_without_personal_data(library_path, tmp_path, kind):
    assert fields_told(write(kind, library_path, tmp_path / "all")) == SAID[kind]
    told = write(kind, library_path, tmp_path / "anonymous", "--no-personal-data")
    assert fields_told(told) == set()
    # Something was written all the same.
    assert "europe/berlin" in told


def test_personal_cells_are_filled_or_empty_and_all_others_stay(library_path):
    """Each personal column holds something here, so that none can lose its mark unnoticed."""
    with Library.open(library_path) as library:
        named, anonymous = (
            fill_tables(read_content(library, Selection(), with_personal_data=keep)) for keep in (True, False)
        )
    personal = set()
    for with_names, without in zip(named, anonymous, strict=True):
        for number, column in enumerate(with_names.columns):
            cells, bare = ([row[number] for row in table.rows] for table in (with_names, without))
            if any(isinstance(cell, str) and fields_told(cell.lower()) for cell in cells) and column.name != "person":
                personal.add((with_names.name, column.name))
                assert set(bare) == {None}
            elif column.name != "person":
                assert bare == cells
    marked = {(table.name, column.name) for table in named for column in table.columns if column.personal}
    assert marked == personal
    assert len(marked) == 9
