import gzip
import os

import pytest

from clonus_sense.recording.lines import LONGEST_LINE_BYTES, LineReader

TEXT = b"".join(b"%d,0.1,0.2,0.9871\n" % number for number in range(5_000))


def read_all(path, **options):
    reader = LineReader(path, **options)
    return b"".join(reader.blocks()), reader


@pytest.mark.parametrize("block_bytes", [7, 1000, 1 << 20])
def test_all_whole_lines_come_out_whatever_the_block_size(tmp_path, block_bytes):
    path = tmp_path / "a.csv"
    path.write_bytes(TEXT + b"99,0.")
    text, reader = read_all(path, block_bytes=block_bytes)
    assert text == TEXT
    assert reader.torn_line == b"99,0."


def test_each_block_ends_with_a_line_end(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(TEXT)
    blocks = list(LineReader(path, block_bytes=1000).blocks())
    assert len(blocks) > 50
    assert all(block.endswith(b"\n") for block in blocks)


def test_byte_order_mark_is_taken_off(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"\xef\xbb\xbf" + TEXT)
    assert read_all(path)[0] == TEXT


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_becomes_utf_8(tmp_path, encoding):
    path = tmp_path / "a.csv"
    path.write_bytes(("\ufeff" + TEXT.decode() + "足\n").encode(encoding))
    assert read_all(path, encoding=encoding, block_bytes=1001)[0] == TEXT + "足\n".encode()


def test_torn_gzip_gives_everything_before_the_tear(tmp_path):
    path = tmp_path / "a.csv.gz"
    packed = gzip.compress(TEXT)
    path.write_bytes(packed[: len(packed) // 2])
    text, reader = read_all(path)
    assert reader.torn_gzip
    assert len(text) > len(TEXT) // 4
    assert TEXT.startswith(text)


def test_damaged_gzip_stops_at_the_damage(tmp_path):
    path = tmp_path / "a.csv.gz"
    packed = bytearray(gzip.compress(TEXT))
    packed[-200:] = b"\xff" * 200
    path.write_bytes(packed)
    text, reader = read_all(path, block_bytes=1000)
    assert reader.torn_gzip
    assert len(text) > len(TEXT) // 2


def test_whole_gzip_of_two_members_is_not_torn(tmp_path):
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(TEXT[:18]) + gzip.compress(TEXT[18:]))
    text, reader = read_all(path)
    assert text == TEXT
    assert not reader.torn_gzip


def test_nul_bytes_are_counted_and_spoil_one_line_only(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"1,2\n" + b"\0" * 3_000_000 + b"3,4\n5,6\n")
    text, reader = read_all(path)
    assert reader.n_nul_bytes == 3_000_000
    first, spoilt, last, _ = text.split(b"\n")
    assert (first, last) == (b"1,2", b"5,6")
    assert spoilt.startswith(b"\0")


def test_hole_of_gigabytes_is_passed_over_at_once(tmp_path):
    path = tmp_path / "a.csv"
    hole_bytes = 20 << 30
    with path.open("wb") as file:
        file.write(b"1,2\n")
        file.seek(hole_bytes, os.SEEK_CUR)
        file.write(b"3,4\n5,6\n")
        file.truncate(file.tell() + hole_bytes)
    seen = []
    text, reader = read_all(path, on_progress=seen.append)
    assert reader.n_nul_bytes == 2 * hole_bytes
    assert text.endswith(b"3,4\n5,6\n")
    assert len(seen) < 100


def test_text_without_line_ends_does_not_fill_the_memory(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"1,2\n" + b"7" * (LONGEST_LINE_BYTES * 4) + b"\n3,4\n")
    blocks = list(LineReader(path, block_bytes=4096).blocks())
    assert max(map(len, blocks)) < LONGEST_LINE_BYTES + 8192
    assert blocks[-1].endswith(b"\n3,4\n")


def test_progress_goes_up_to_one(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(TEXT)
    seen = []
    read_all(path, block_bytes=10_000, on_progress=seen.append)
    assert seen == sorted(seen)
    assert seen[-1] == 1.0
