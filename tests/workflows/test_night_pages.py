import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clonus_sense.library import Filing, Person, add_person, move_recordings
from clonus_sense.review import find_night, list_nights
from clonus_sense.workflows import (
    PageChoices,
    Particulars,
    delete_pages,
    find_pages,
    keep_recording,
    write_night_page,
)
from clonus_sense.workflows.page_files import person_folder_name
from tests.report.undrawn import leave_charts_out
from tests.workflows.made import write_minute


@pytest.fixture
def night(library, tmp_path):
    keep_recording(library, write_minute(tmp_path / "night.csv"))
    return find_night(library, "2026-11-05")


@pytest.fixture
def undrawn(monkeypatch):
    """Leave the pictures out where only files count."""
    leave_charts_out(monkeypatch)


def test_a_page_is_private_and_holds_the_waveform(night, tmp_path):
    page = write_night_page(night, PageChoices(tmp_path / "pages"))
    assert page == tmp_path / "pages" / "P07" / "2026-11-05.html"
    assert page.stat().st_mode & 0o077 == 0
    assert page.parent.stat().st_mode & 0o077 == 0
    text = page.read_text(encoding="utf-8")
    assert text.count('class="still-wave"') == 1
    assert '"xyz":' in text
    assert "no waveform at hand" not in text


def test_a_page_without_personal_data_has_none_in_its_name(night, tmp_path):
    page = write_night_page(night, PageChoices(tmp_path / "pages", "ja", hide_personal=True))
    assert re.fullmatch(r"night_2026-11-05_[0-9a-f]{6}\.ja\.html", page.name)
    # Pictures are text of chance, in which three signs may well occur.
    assert ":P07" not in page.read_text(encoding="utf-8")


def test_a_recording_that_is_gone_costs_the_waveform_alone(library, night, tmp_path, caplog):
    (tmp_path / "night.csv").unlink()
    text = write_night_page(night, PageChoices(tmp_path)).read_text(encoding="utf-8")
    assert "no waveform at hand" in text
    assert "no waveforms" in caplog.text


def test_progress_goes_to_the_end(night, tmp_path):
    shares = []
    write_night_page(night, PageChoices(tmp_path), on_progress=shares.append)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


@given(st.lists(st.text(max_size=8), min_size=2, max_size=2, unique=True))
def test_no_two_people_share_a_folder_and_none_leaves_the_pages(codes):
    names = [person_folder_name(code) for code in codes]
    assert len(set(names)) == 2
    for name in names:
        assert "/" not in name
        assert "\\" not in name
        assert name not in ("", ".", "..")


def test_another_recording_in_the_same_file_is_not_drawn(night, tmp_path, caplog):
    (tmp_path / "night.csv").unlink()
    write_minute(tmp_path / "night.csv", seed=9)
    text = write_night_page(night, PageChoices(tmp_path)).read_text(encoding="utf-8")
    assert "no waveform at hand" in text
    assert "no longer holds the recording that was added" in caplog.text


def test_pages_without_personal_data_of_two_people_are_two(library, night, undrawn, tmp_path):
    keep_recording(library, write_minute(tmp_path / "other.csv", seed=2), Particulars(person="P08"))
    choices = PageChoices(tmp_path / "pages", hide_personal=True)
    assert len({write_night_page(one, choices) for one in list_nights(library)}) == 2


def test_every_page_of_a_night_is_found_also_under_whom_it_was_filed_before(library, night, undrawn, tmp_path):
    folder = tmp_path / "pages"
    pages = [write_night_page(night, PageChoices(folder, language)) for language in ("en", "ja")]
    pages.append(write_night_page(night, PageChoices(folder, hide_personal=True)))
    pages += [write_night_page(night, PageChoices(folder, language, whole=True)) for language in ("en", "ja")]
    pages.append(write_night_page(night, PageChoices(folder, hide_personal=True, whole=True)))
    assert len(set(pages)) == len(pages)
    add_person(library, Person("P08"))
    stored = [one.stored for one in night.recordings]
    move_recordings(library, [stored[0].id], Filing("P08", "left"), moved_by="Sato", reason="wrong bed")
    pages.append(write_night_page(list_nights(library)[0], PageChoices(folder)))
    assert find_pages(library, stored, folder) == tuple(sorted(pages))
    assert delete_pages(find_pages(library, stored, folder), folder) == tuple(sorted(pages))
    assert list(folder.rglob("*")) == []


def test_a_page_is_made_without_matplotlib(tmp_path):
    # It takes half a second to load, and a page draws in the browser.
    code = """
import sys
from pathlib import Path
from clonus_sense.library import Library
from clonus_sense.review import list_nights
from clonus_sense.workflows import PageChoices, keep_recording, write_night_page
from tests.workflows.made import write_minute
place = Path(sys.argv[1])
with Library.open(place / "library.sqlite3") as library:
    keep_recording(library, write_minute(place / "night.csv"))
    page = write_night_page(*list_nights(library), PageChoices(place))
assert "<details class=" in page.read_text(encoding="utf-8")
sys.exit("matplotlib" in sys.modules)
"""
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=True, cwd=Path(__file__).parents[2])
