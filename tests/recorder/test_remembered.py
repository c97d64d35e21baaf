import pytest

from clonus_sense.recorder import RememberedSensor, read_remembered, remember

SENSORS = (
    RememberedSensor("open", "ClonusSense-A", "0001", "left", "foot", "P07", "夜間装具"),
    RememberedSensor("verity-sense", "Polar Sense 1A2B3C4D"),
)


def test_sensors_come_back_as_they_were(tmp_path):
    path = tmp_path / "new" / "sensors.json"
    remember(path, SENSORS)
    assert read_remembered(path) == SENSORS
    remember(path, SENSORS[:1])
    assert read_remembered(path) == SENSORS[:1]


def test_without_a_night_before_there_are_none(tmp_path):
    assert read_remembered(tmp_path / "sensors.json") == ()


@pytest.mark.parametrize("text", ["", "[{]", '[{"colour": "blue"}]', "3", "[3]"])
def test_a_file_that_makes_no_sense_keeps_nobody_from_recording(tmp_path, text, caplog):
    path = tmp_path / "sensors.json"
    path.write_text(text, encoding="utf-8")
    assert read_remembered(path) == ()
    assert "name the sensor this time" in caplog.text
