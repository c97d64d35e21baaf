import pytest

from clonus_sense.cli.console.refusals import refusal
from clonus_sense.errors import ClonusSenseError, RecordingError, SensorLostError
from clonus_sense.i18n import translator
from clonus_sense.report.words.refusal_words import KINDS


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (RecordingError("a.csv: is empty; choose another."), "a.csv: is empty; choose another."),
        (FileNotFoundError(2, "No such file", "a"), "a: No such file; check its name."),
        (IsADirectoryError(21, "Is a directory", "a"), "a: Is a directory; choose another output folder."),
        (NotADirectoryError(20, "Not a directory", "a"), "a: Not a directory; choose another output folder."),
        (OSError(28, "No space left"), "No space left; check that the disk is there and has room."),
    ],
)
def test_refusal_is_a_sentence_that_says_what_to_do(error, sentence):
    assert refusal(error, translator("en")) == sentence
    in_japanese = refusal(error, translator("ja"))
    assert in_japanese.endswith(f" [{sentence}]")
    assert "ファイル" in in_japanese


def test_a_refusal_of_a_sensor_is_told_in_the_persons_language_where_it_is_known():
    known = SensorLostError("the sensor does not answer; switch it off and on again.")
    assert refusal(known, translator("en")) == str(known)
    assert refusal(known, translator("ja")) == "センサーが応答しません。電源を入れ直してください。"
    unknown = SensorLostError("the moon is in the way.")
    assert refusal(unknown, translator("ja")).endswith(" [the moon is in the way.]")


def test_every_refusal_has_its_kind_the_narrower_first():
    kinds = [kind for kind, _ in KINDS]
    assert {ClonusSenseError, OSError} < set(kinds)
    for position, kind in enumerate(kinds):
        assert not any(issubclass(later, kind) for later in kinds[position + 1 :])


@pytest.mark.parametrize("command", ["plot", "replay", "detect"])
def test_refusals_speak_the_language_that_was_asked_for(clonus_sense, tmp_path, command):
    output = () if command == "replay" else ("--output", tmp_path / "results")
    _, _, err = clonus_sense(command, tmp_path / "missing.csv", *output, "--lang", "ja")
    assert "clonus-sense: このファイルは読み書きできません。 [" in err
