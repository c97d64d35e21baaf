import json
import re

import pytest


@pytest.fixture
def folders(tmp_path):
    """One bout found, one missed, one false detection; one of class brief beside them."""
    cases, logs = tmp_path / "cases", tmp_path / "logs"
    cases.mkdir()
    logs.mkdir()
    entry = {"name": "a", "class": "night", "recorded_s": 28800, "tags": ["weak"], "fold": 2}
    (cases / "cases.json").write_text(json.dumps([entry]), encoding="utf-8")
    truth = "onset_s,offset_s,frequency_hz,beats,peak_g,kind\n10,12,6,12,0.3,dde|foot|weak|snr+9\n50,52,6,12,0.3,x\n"
    (cases / "a.truth.csv").write_text(truth, encoding="utf-8")
    log = "onset_s,offset_s,beats,frequency_hz,class\n10.1,12.0,11,6.1,clonus\n500,502,12,6,clonus\n50,52,4,6,brief\n"
    (logs / "a.csv").write_text(log, encoding="utf-8")
    return logs, cases


def test_tables_state_the_figures(clonus_sense, folders):
    code, out, _ = clonus_sense("evaluate", *folders)
    assert code == 0
    assert "bouts of 5 beats or more: 2, found 1 in 1 cases" in out
    assert "sensitivity 0.500  precision 0.500  F1 0.500" in out
    assert "false 1 in 8.0 h = 1.00 per 8 h = 3.00 per 24 h  splits 0  merges 0" in out
    rows = [line.split() for line in out.splitlines()]
    assert ["onset", "s", "0.100", "0.100"] in rows
    assert ["tag", "weak", "0.50", "2"] in rows
    # A group without a bout says nothing.
    assert "3-4" not in out
    assert ["night", "1", "8.00", "2", "0.50", "0", "1", "0", "0", "1.00", "3.00", "0.25"] in rows


def test_one_recording_gets_no_interval_and_is_told_so(clonus_sense, folders):
    _, out, _ = clonus_sense("evaluate", *folders)
    assert "One recording only: no intervals" in out
    assert "[0." not in out


def test_two_recordings_give_each_headline_figure_its_interval(clonus_sense, folders):
    logs, cases = folders
    entries = json.loads((cases / "cases.json").read_text(encoding="utf-8"))
    (cases / "cases.json").write_text(json.dumps([*entries, {**entries[0], "name": "b"}]), encoding="utf-8")
    (cases / "b.truth.csv").write_bytes((cases / "a.truth.csv").read_bytes())
    (logs / "b.csv").write_text("onset_s,offset_s,class\n10,12,clonus\n50,52,clonus\n", encoding="utf-8")
    _, out, _ = clonus_sense("evaluate", logs, cases)
    # Either recording alone is drawn in a quarter of the draws each.
    assert "sensitivity 0.750 [0.500-1.000]  precision 0.750 [0.500-1.000]  F1 0.750 [0.500-1.000]" in out
    assert "= 0.50 [0.00-1.00] per 8 h" in out
    assert "intervals (90 %) from 2 recordings, drawn with replacement. With so few recordings" in out


def test_misses_and_false_detections_are_listed_on_request(clonus_sense, folders):
    _, plain, _ = clonus_sense("evaluate", *folders)
    assert "missed in" not in plain
    assert "false in" not in plain
    _, out, _ = clonus_sense("evaluate", *folders, "--misses", "--false")
    rows = [line.split() for line in out.splitlines()]
    assert ["a", "50.000", "12", "0.300", "6.00", "x"] in rows
    assert ["a", "night", "500.000", "502.000", "12", "6.00"] in rows


def test_json_names_every_figure(clonus_sense, folders):
    _, out, _ = clonus_sense("evaluate", *folders, "--json", "--misses", "--false")
    record = json.loads(out)
    assert record["sensitivity"] == 0.5
    assert record["exactness"]["onset_error_s"]["median"] == pytest.approx(0.1)
    assert record["by_class"][0]["false_per_24h_interval"] is None
    assert [share["name"] for share in record["by_beats"]] == ["3-4", "5-9", ">=10"]
    assert [missed["onset_s"] for missed in record["misses"]] == [50.0]
    assert [false["onset_s"] for false in record["false"]] == [500.0]


def test_classes_and_folds_choose_what_counts(clonus_sense, folders):
    _, out, _ = clonus_sense("evaluate", *folders, "--classes", "clonus, brief", "--folds", "1,2")
    assert "bouts of 5 beats or more: 2, found 2" in out
    code, _, err = clonus_sense("evaluate", *folders, "--folds", "4")
    assert code == 1
    assert "no case in fold 4; the folds are 2" in err


@pytest.mark.parametrize("option", [("--classes", "clonos"), ("--folds", "one")])
def test_value_that_does_not_exist_is_wrong_usage(clonus_sense, folders, option):
    code, _, err = clonus_sense("evaluate", *folders, *option)
    assert code == 2
    assert option[0] in err


def test_missing_cases_are_refused_with_a_sentence(clonus_sense, folders, tmp_path):
    code, out, err = clonus_sense("evaluate", folders[0], tmp_path / "missing")
    assert (code, out) == (1, "")
    assert "there is no such file or folder; check its name." in err


@pytest.fixture
def raters(tmp_path):
    """Three bouts each, two of them shared; one of the second rater's is two of the first's."""
    first, second = tmp_path / "sato.csv", tmp_path / "tanaka.csv"
    first.write_text("onset_s,offset_s\n10,12\n50,52\n53,55\n90,92\n", encoding="utf-8")
    second.write_text("onset_s,offset_s\n10.2,12\n50,55\n", encoding="utf-8")
    return first, second


def test_two_raters_are_compared_without_either_being_the_truth(clonus_sense, raters):
    code, out, _ = clonus_sense("evaluate", "--raters", *raters, "--misses", "--false")
    assert code == 0
    assert "A: sato.csv  B: tanaka.csv  recordings rated by both: 1" in out
    assert "bouts: A 4, B 2; marked by both 2, by A alone 1, by B alone 0" in out
    assert "A's bouts that B has 0.500 [" in out
    assert "B's bouts that A has 1.000 [" in out
    assert (
        "one bout of A is several of B 0, several bouts of A are one of B 1; "
        "bouts without a partner for this reason: A 1" in out
    )
    assert "One recording only: the brackets hold intervals (90 %) from its bouts, drawn with replacement." in out
    rows = [line.split() for line in out.splitlines()]
    assert ["sato", "/", "tanaka", "90.000", "92.000", "-"] in rows
    assert ["onset", "s", "2", "+0.100", "0.100", "0.190"] in rows
    assert "name their folder with --recordings" in out


def test_agreement_as_json_names_every_figure(clonus_sense, raters):
    _, out, _ = clonus_sense("evaluate", "--raters", *raters, "--json")
    record = json.loads(out)
    assert record["first_found"]["value"] == 0.5
    assert record["n_merges"] == 1
    assert record["only_first"][0]["bout"]["onset_s"] == 90.0


def test_folds_do_not_belong_to_raters(clonus_sense, raters):
    code, _, err = clonus_sense("evaluate", "--raters", *raters, "--folds", "1")
    assert code == 2
    assert "--folds needs cases with an index" in err


@pytest.fixture
def recorded(tmp_path, recording):
    """A folder with the recording of one bout around 20 s, and a log that found something else."""
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "night.csv").write_text("onset_s,offset_s,class\n40,42,clonus\n", encoding="utf-8")
    (tmp_path / "marks").mkdir()
    (tmp_path / "marks" / "night.annotation.csv").write_text("onset_s,offset_s\n19,21\n", encoding="utf-8")
    return tmp_path / "logs", tmp_path / "marks"


def test_page_shows_misses_and_false_ones_where_the_recordings_are_named(clonus_sense, recorded, tmp_path):
    page = tmp_path / "new" / "page.html"
    code, out, err = clonus_sense("evaluate", *recorded, "--page", page, "--recordings", tmp_path)
    assert code == 0
    assert out.endswith(f"{page}\n")
    assert "This software is not a medical device." in err
    html = page.read_text(encoding="utf-8")
    assert html.count("<img") == 2
    # The hours of the recording are known too.
    assert "false 1 in 0.0 h = 480.00 per 8 h" in out


def test_page_without_recordings_lists_what_is_missing_in_the_language_asked_for(clonus_sense, recorded, tmp_path):
    code, _, _ = clonus_sense("evaluate", *recorded, "--page", tmp_path / "page.html", "--lang", "ja")
    html = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert code == 0
    assert html.count("<img") == 0
    assert "記録ファイルが見つからないもの:1件(night)" in html


def test_page_of_two_raters(clonus_sense, raters, recording, tmp_path):
    arguments = ("evaluate", "--raters", *raters, "--recordings", recording, "--page", tmp_path / "page.html")
    code, out, _ = clonus_sense(*arguments)
    assert code == 0
    assert "Cohen's kappa 0." in out
    assert (tmp_path / "page.html").read_text(encoding="utf-8").count("<img") == 1


def test_json_stays_json_where_a_page_is_made_too(clonus_sense, recorded, tmp_path):
    _, out, err = clonus_sense("evaluate", *recorded, "--json", "--page", tmp_path / "page.html")
    assert json.loads(out)["n_reference"] == 1
    assert str(tmp_path / "page.html") in err


def test_unknown_hours_are_told_with_what_helps(clonus_sense, recorded, tmp_path):
    _, out, _ = clonus_sense("evaluate", *recorded)
    assert "false 1 in - h = - per 8 h" in out
    assert "name their folder with --recordings" in out
    _, out, _ = clonus_sense("evaluate", *recorded, "--recordings", tmp_path)
    assert "--recordings" not in out


def test_page_never_takes_the_place_of_a_table(clonus_sense, recorded, tmp_path):
    code, _, err = clonus_sense("evaluate", *recorded, "--page", tmp_path / "logs" / "night.csv")
    assert code == 2
    assert "needs a name that ends in .html" in err


def test_a_page_that_is_there_is_replaced_on_request_alone(clonus_sense, recorded, tmp_path):
    page = tmp_path / "page.html"
    page.write_text("mine", encoding="utf-8")
    code, _, err = clonus_sense("evaluate", *recorded, "--page", page)
    assert code == 1
    assert "page.html: exists already" in err
    assert page.read_text(encoding="utf-8") == "mine"
    assert clonus_sense("evaluate", *recorded, "--page", page, "--replace")[0] == 0


def test_figures_are_told_in_japanese_too(clonus_sense, recorded, raters):
    _, out, _ = clonus_sense("evaluate", *recorded, "--misses", "--false", "--lang", "ja")
    _, rated, _ = clonus_sense("evaluate", "--raters", *raters, "--misses", "--false", "--lang", "ja")
    english = r"\b(?:sensitivity|precision|false|found|bouts?|beats|onset|offset|missed|median|alone)\b"
    assert re.findall(english, out) == []
    assert re.findall(english, rated) == []
    assert "感度 " in out
    assert "Aのみ" in rated
