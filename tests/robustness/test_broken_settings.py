"""Settings of a person that cannot be read are one sentence."""

from __future__ import annotations

import json

import pytest

from tests.robustness.told import check_refused


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (b"band_low_hz = ", "not readable as TOML"),
        (b"band_low_hz: 4.0", "not readable as TOML"),
        ("placement = 足".encode("cp932"), "not readable as TOML"),
        (b'band_low_hz = "4.0"', "band_low_hz is '4.0'; it must be a number"),
        (b"band_lo_hz = 4.0", "unknown setting `band_lo_hz`"),
        (b"band_low_hz = 20", "it must lie between 3.0 and 8.0"),
        (b"band_low_hz = 7.5\nband_high_hz = 8.0", "widen the band"),
        (b"floor_g = nan", "floor_g is nan"),
        (b'placement = "leg"', "it must be one of foot, ankle"),
    ],
)
def test_broken_settings_are_one_sentence(clonus_sense, short_text, tmp_path, text, sentence):
    path, settings = tmp_path / "a.csv", tmp_path / "person.toml"
    path.write_bytes(short_text)
    settings.write_bytes(text)
    told = clonus_sense("detect", path, "--output", tmp_path / "results", "--settings", settings)
    check_refused(told, settings, sentence)
    assert not (tmp_path / "results").exists()


def test_settings_of_a_windows_editor_are_read(clonus_sense, short_text, tmp_path):
    path, settings = tmp_path / "a.csv", tmp_path / "person.toml"
    path.write_bytes(short_text)
    settings.write_bytes(b"\xef\xbb\xbfband_low_hz = 4.0\r\n")
    assert clonus_sense("detect", path, "--output", tmp_path, "--settings", settings).code == 1  # a.csv is the input
    assert clonus_sense("detect", path, "--output", tmp_path / "results", "--settings", settings).code == 0
    record = json.loads((tmp_path / "results" / "a.run.json").read_text(encoding="utf-8"))
    assert record["settings"]["band_low_hz"] == 4.0
