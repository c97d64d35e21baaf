from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clonus_sense.errors import NotARecordingError, RecordingError
from clonus_sense.model import RecordingInfo, SensorIdentity, Severity, Site
from clonus_sense.recording.header import claims_our_format, head_pairs, head_text, parse_head, read_info

FULL = RecordingInfo(
    start=datetime(2026, 10, 25, 1, 30, tzinfo=timezone(timedelta(hours=2))),
    fs_hz=104.0,
    timezone="Europe/Berlin",
    site=Site.LOWER_LEG,
    side="left",
    person="患者 7",
    orthosis="night splint",
    sensor=SensorIdentity("mpu6050", "Foot A", "00:11", "1.2"),
    step_g=0.000488,
    range_g=16.0,
    clock_trusted=False,
    notes=(("source", "simulated"), ("device", "a: b")),
)


def read_back(info):
    head = parse_head(head_text(info).encode())
    return read_info(head.pairs, head.fs_hz)


def test_every_key_comes_back():
    read = read_back(FULL)
    assert read.info == FULL
    assert read.findings == ()


def test_unknown_values_are_left_out_of_the_head():
    assert head_text(RecordingInfo(start=None, fs_hz=52.0)) == (
        "# format: clonus-sense-recording/1\n# fs_hz: 52.0\ntime_s,x_g,y_g,z_g\n"
    )


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=30), st.text(max_size=30))
def test_no_text_in_a_value_can_break_the_head(person, note):
    info = RecordingInfo(start=None, fs_hz=52.0, person=person, notes=(("note", note),))
    head = parse_head(head_text(info).encode("utf-8", "replace"))
    assert head.columns == ("time_s", "x_g", "y_g", "z_g")
    assert head.fs_hz == 52.0
    assert {key for key, _ in head.pairs} <= {"format", "fs_hz", "person", "note"}


def test_unknown_site_is_kept_with_a_warning():
    read = read_info([("sensor_site", "big toe")], fs_hz=52.0)
    assert read.info.site is None
    assert read.info.notes == (("sensor_site", "big toe"),)
    assert ("sensor_site", "big toe") in list(head_pairs(read.info))
    assert [(f.severity, f.kind) for f in read.findings] == [(Severity.WARNING, "unknown-sensor-site")]
    assert "big toe" in read.findings[0].text and "shank" in read.findings[0].text


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("start_time", "yesterday"),
        ("start_time", "2026-03-01T22:00:00"),
        ("timezone", "Mars/North"),
        ("side", "both"),
        ("step_g", "-1"),
        ("range_g", "nan"),
        ("clock_trusted", "maybe"),
    ],
)
def test_senseless_value_is_kept_as_a_note_and_said(key, value):
    read = read_info([(key, value)], fs_hz=52.0)
    assert read.info == RecordingInfo(start=None, fs_hz=52.0, notes=((key, value),))
    assert len(read.findings) == 1
    assert value in read.findings[0].text


def test_start_without_offset_is_taken_in_the_stated_zone():
    read = read_info([("start_time", "2026-03-01T22:00:00"), ("timezone", "Asia/Tokyo")], fs_hz=52.0)
    assert read.info.start == datetime(2026, 3, 1, 13, 0, tzinfo=UTC)


def test_head_in_cp932_is_read():
    text = head_text(FULL).encode("cp932")
    head = parse_head(text)
    assert dict(head.pairs)["person"] == "患者 7"
    assert head.encoding == "cp932"


def test_head_filled_up_with_commas_by_a_spreadsheet_is_read():
    text = "# format: clonus-sense-recording/1,,,\r\n# fs_hz: 52.0,,,\r\ntime_s,x_g,y_g,z_g\r\n"
    head = parse_head(text.encode())
    assert head.fs_hz == 52.0
    assert head.n_lines == 3


def test_newer_version_is_refused():
    with pytest.raises(NotARecordingError, match=r"clonus-sense-recording/2.*update"):
        parse_head(b"# format: clonus-sense-recording/2\ntime_s,x_g,y_g,z_g\n")


def test_missing_column_is_named_with_its_line():
    with pytest.raises(RecordingError, match=r"line 2 .*`z_g` is missing"):
        parse_head(b"# format: clonus-sense-recording/1\ntime_s,x_g,y_g\n")


def test_head_cut_at_any_byte_is_ours_and_refused_in_one_sentence():
    text = head_text(FULL).encode()
    for n_bytes in range(1, len(text)):
        assert claims_our_format(text[:n_bytes])
        with pytest.raises(RecordingError, match="ends within its head"):
            parse_head(text[:n_bytes])


@pytest.mark.parametrize("text", [b"# a comment\n1,2,3,4\n", b"time,x,y,z\n", b"#\n", b"\x89PNG"])
def test_other_files_are_not_ours(text):
    assert not claims_our_format(text)
