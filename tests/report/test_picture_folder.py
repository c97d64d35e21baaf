from shutil import copytree

import pytest
from PIL import Image

from clonus_sense.report import picture_folder
from clonus_sense.report.picture_folder import write_pictures

from .builders import make_analysis, make_episode

EPISODES = tuple(make_episode(10.0 + 15.0 * k, beats=6 + k, peak_g=0.1 + 0.1 * k) for k in range(3))


def write(directory, episodes=EPISODES, **options):
    analysis, window_of = make_analysis(60.0, episodes)
    return write_pictures(analysis, window_of, directory, "night_1", **options)


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """The page with its pictures, to be looked at and copied."""
    return write(tmp_path_factory.mktemp("pages"))


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def picture_size(path):
    with Image.open(path) as picture:
        return picture.size


def test_the_folder_holds_the_page_and_every_picture(written):
    page = written
    assert page.parts[-2:] == ("night_1_pictures", "index.html")
    assert names(page.parent.parent) == ["night_1_pictures"]
    assert names(page.parent) == ["episode_001.png", "episode_002.png", "episode_003.png", "index.html", "night.png"]
    assert picture_size(page.parent / "night.png") == (1600, 544)
    assert picture_size(page.parent / "episode_001.png") == (1300, 832)
    assert page.read_text(encoding="utf-8").count("<img") == 4


def test_the_same_night_gives_the_same_bytes(tmp_path):
    one, other = write(tmp_path / "a", EPISODES[:1]), write(tmp_path / "b", EPISODES[:1])
    for name in names(one.parent):
        assert (one.parent / name).read_bytes() == (other.parent / name).read_bytes()


def test_pictures_of_an_earlier_run_go_and_other_files_stay(written, tmp_path):
    folder = tmp_path / written.parent.name
    copytree(written.parent, folder)
    (folder / "note.txt").write_text("mine")
    write(tmp_path, EPISODES[:1])
    assert names(folder) == ["episode_001.png", "index.html", "night.png", "note.txt"]


def test_too_many_episodes_are_drawn_by_choice_under_their_own_numbers(tmp_path, monkeypatch):
    monkeypatch.setattr(picture_folder, "MOST_PICTURES", 1)
    page = write(tmp_path)
    assert names(page.parent) == ["episode_003.png", "index.html", "night.png"]
    assert "1 of 3 movements are drawn" in page.read_text(encoding="utf-8")


def test_progress_runs_from_nothing_to_all(tmp_path):
    shares = []
    write(tmp_path, EPISODES[:2], on_progress=shares.append)
    assert shares == [0.0, 0.5, 1.0]


def test_the_page_is_japanese_on_request(tmp_path):
    text = write(tmp_path, (), language="ja").read_text(encoding="utf-8")
    assert "<h1>律動的な動き(5〜8 Hz)</h1>" in text


def test_a_window_reaches_to_both_sides_and_not_beyond_the_recording(tmp_path):
    analysis, window_of = make_analysis(60.0, [make_episode(1.0, beats=6), make_episode(58.0, beats=6)])
    asked = []

    def watch(start_s, end_s):
        asked.append((start_s, end_s))
        return window_of(start_s, end_s)

    write_pictures(analysis, watch, tmp_path, "x")
    assert asked == [(0.0, pytest.approx(4.0)), (56.0, 60.0)]
