import pytest

from clonus_sense.evaluation import read_bouts
from clonus_sense.recording import read_recording


def test_night_is_written_with_its_truth(clonus_sense, tmp_path):
    path = tmp_path / "night.csv.gz"
    options = ("--hours", "0.3", "--fs", "26", "--seed", "5", "--site", "shank", "--timezone", "Europe/Berlin")
    code, out, _ = clonus_sense("simulate", "night", "--output", path, *options, "--start", "2026-10-24T23:30:00")
    assert code == 0
    assert out.splitlines() == [str(path), str(tmp_path / "night.truth.csv")]
    recording = read_recording(path)
    assert recording.duration_s == pytest.approx(0.3 * 3600, abs=0.1)
    assert recording.info.fs_hz == 26.0
    assert recording.info.site == "shank"
    assert recording.info.timezone == "Europe/Berlin"
    assert recording.info.start.isoformat() == "2026-10-24T23:30:00+02:00"
    assert 1 <= len(read_bouts(tmp_path / "night.truth.csv")) <= 2


def test_same_seed_gives_the_same_recording_and_another_seed_another(clonus_sense, tmp_path):
    texts = []
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        clonus_sense("simulate", "still", "--output", tmp_path / f"{name}.csv", "--hours", "0.01", "--seed", seed)
        texts.append((tmp_path / f"{name}.csv").read_text(encoding="utf-8"))
    assert texts[0] == texts[1] != texts[2]


@pytest.mark.parametrize("kind", ["look-alikes", "walk", "still"])
def test_other_kinds_hold_no_clonus(clonus_sense, tmp_path, kind):
    # The look-alikes need time: a walk to the bathroom takes up to four minutes.
    code, _, _ = clonus_sense("simulate", kind, "--output", tmp_path / "a.parquet", "--hours", "0.4", "--fs", "25")
    assert code == 0
    assert read_bouts(tmp_path / "a.truth.csv") == ()
    assert read_recording(tmp_path / "a.parquet").duration_s == pytest.approx(1440, abs=0.1)


@pytest.mark.parametrize("taken", ["a.csv", "a.truth.csv"])
def test_neither_recording_nor_truth_is_ever_overwritten(clonus_sense, tmp_path, taken):
    (tmp_path / taken).write_text("mine", encoding="utf-8")
    code, _, err = clonus_sense("simulate", "still", "--output", tmp_path / "a.csv", "--hours", "0.01")
    assert code == 1
    assert f"{tmp_path / taken}: exists already and is never overwritten" in err
    assert [path.name for path in tmp_path.iterdir()] == [taken]
    assert (tmp_path / taken).read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    "option", [("--timezone", "Mars/Olympus"), ("--start", "tonight"), ("--hours", "0"), ("--site", "ear")]
)
def test_value_that_makes_no_sense_is_wrong_usage(clonus_sense, tmp_path, option):
    code, _, err = clonus_sense("simulate", "still", "--output", tmp_path / "a.csv", *option)
    assert code == 2
    assert option[0] in err


def test_night_too_short_for_what_it_holds_is_refused_with_a_sentence(clonus_sense, tmp_path):
    code, _, err = clonus_sense("simulate", "night", "--output", tmp_path / "a.csv", "--hours", "0.01")
    assert code == 1
    assert err.startswith("clonus-sense: ")
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("offered", "site"),
    [("foot", "foot"), ("ankle", "ankle"), ("shank", "shank"), ("shank-planted", "shank"), ("thigh", "thigh")],
)
def test_a_recording_is_of_the_site_that_was_said(clonus_sense, tmp_path, offered, site):
    path = tmp_path / "still.csv"
    assert clonus_sense("simulate", "still", "--output", path, "--hours", "0.002", "--site", offered)[0] == 0
    assert read_recording(path).info.site == site
