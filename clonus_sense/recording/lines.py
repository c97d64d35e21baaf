"""Blocks of whole lines from a recording's bytes, plain, gzipped or damaged."""

from __future__ import annotations

import codecs
import errno
import os
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, cast

# Large enough for the CSV parser's full speed; small enough that a few blocks add little memory to the samples.
BLOCK_BYTES = 1 << 20
# Each of these unpacks to about one block.
_PACKED_BYTES = 1 << 16
# Rows are far shorter; longer text without a line end is not a row and must not fill the memory.
LONGEST_LINE_BYTES = 64 << 10
GZIP_MAGIC = b"\x1f\x8b"
UTF8_BOM = b"\xef\xbb\xbf"
# zlib and gzip containers with the largest window; zlib.decompressobj documents the sum.
_GZIP_WINDOW_BITS = 16 + zlib.MAX_WBITS
_REST_OF_A_BAD_LINE = b"\0"


class LineReader:
    """Reads a file as blocks of whole lines and counts the damage.

    A last line without its line end is left out: a truncated number still looks like a number.
    """

    def __init__(
        self,
        path: Path,
        *,
        member: str = "",
        encoding: str = "utf-8",
        limit_bytes: int | None = None,
        size_bytes: int | None = None,
        block_bytes: int = BLOCK_BYTES,
        on_progress: Callable[[float], None] | None = None,
    ) -> None:
        self._path = path
        self._member = member
        self._encoding = encoding
        self._limit_bytes = limit_bytes
        self._size_bytes = size_bytes
        self._block_bytes = block_bytes
        self._on_progress = on_progress
        self._stopped_at_limit = False
        self.torn_line = b""
        self.torn_gzip = False
        self.n_nul_bytes = 0

    def blocks(self) -> Iterator[bytes]:
        """Yield the text; each block ends with a line end."""
        carry = b""
        for number, whole_piece in enumerate(self._pieces_of_text()):
            piece = whole_piece.removeprefix(UTF8_BOM) if number == 0 else whole_piece
            end = piece.rfind(b"\n") + 1
            if end:
                yield b"".join((carry, memoryview(piece)[:end]))  # one copy of a megabyte instead of two
                carry = piece[end:]
            else:
                carry += piece
            if len(carry) > LONGEST_LINE_BYTES:
                # The marker makes the row parser refuse the rest of the line.
                carry = _REST_OF_A_BAD_LINE
        if not self._stopped_at_limit:
            self.torn_line = carry.replace(b"\0", b"").strip()

    def _pieces_of_text(self) -> Iterator[bytes]:
        """Bytes of the text in UTF-8 or a similar encoding."""
        with open_bytes(self._path, self._member) as file:
            is_gzip = file.read(len(GZIP_MAGIC)) == GZIP_MAGIC
            file.seek(0)
            pieces = self._decompressed(file) if is_gzip else self._raw(file, self._block_bytes)
            if self._encoding.startswith("utf-16"):
                decoder = codecs.getincrementaldecoder(self._encoding)(errors="replace")
                yield from (decoder.decode(piece).lstrip("\ufeff").encode() for piece in pieces)
                return
            hole = bytes(self._block_bytes)
            for piece in pieces:
                if piece == hole:
                    self.n_nul_bytes += len(piece) + (0 if self._member else _pass_over_hole(file))
                    yield _REST_OF_A_BAD_LINE
                else:
                    # A search is several times as fast as a count.
                    self.n_nul_bytes += piece.count(b"\0") if b"\0" in piece else 0
                    yield piece

    def _raw(self, file: BinaryIO, n_bytes: int) -> Iterator[bytes]:
        """Bytes of the file as stored."""
        size = max(1, size_of(self._path, self._member) if self._size_bytes is None else self._size_bytes)
        while piece := self._read(file, min(n_bytes, max(0, size - file.tell()))):
            n_read = file.tell()
            yield piece
            if self._on_progress is not None:
                self._on_progress(min(1.0, n_read / size))
            if self._limit_bytes is not None and n_read >= self._limit_bytes:
                self._stopped_at_limit = n_read < size
                return

    def _read(self, file: BinaryIO, n_bytes: int) -> bytes:
        """Read the next bytes; a damaged zip archive ends there."""
        try:
            return file.read(n_bytes)
        except (zipfile.BadZipFile, zlib.error, EOFError):
            self.torn_gzip = True
            return b""

    def _decompressed(self, file: BinaryIO) -> Iterator[bytes]:
        """Yield all bytes that can be decompressed; Python's ``gzip`` loses the end of a truncated file."""
        decompressor = zlib.decompressobj(_GZIP_WINDOW_BITS)
        n_given_out = 0
        for packed in self._raw(file, _PACKED_BYTES):
            rest = packed
            while rest:
                try:
                    piece = decompressor.decompress(rest, self._block_bytes)
                except zlib.error:
                    self.torn_gzip = True
                    return
                if piece:
                    yield piece
                n_given_out += len(piece)
                if self._limit_bytes is not None and n_given_out >= self._limit_bytes:
                    self._stopped_at_limit = True
                    return
                rest = decompressor.unconsumed_tail
                if decompressor.eof:  # a file may hold several gzip members
                    rest = decompressor.unused_data.lstrip(b"\0")
                    if rest:
                        decompressor = zlib.decompressobj(_GZIP_WINDOW_BITS)
        self.torn_gzip = not decompressor.eof and not self._stopped_at_limit


def open_bytes(path: Path, member: str = "") -> BinaryIO:
    """Open a file, or one file of a zip archive, for reading; unpacking is incremental."""
    if not member:
        return path.open("rb", buffering=0)
    with zipfile.ZipFile(path) as archive:
        return cast(BinaryIO, archive.open(member))


def size_of(path: Path, member: str = "") -> int:
    """Size of a file, or the unpacked size of one file of a zip archive, in bytes."""
    if not member:
        return path.stat().st_size
    with zipfile.ZipFile(path) as archive:
        return archive.getinfo(member).file_size


def _pass_over_hole(file: BinaryIO) -> int:
    """Skip to the next data of a sparse file, because a hole of gigabytes takes minutes to read; return its length."""
    start = file.tell()
    if not hasattr(os, "SEEK_DATA"):  # Windows cannot tell where holes end
        return 0
    try:
        end = file.seek(start, os.SEEK_DATA)
    except OSError as error:
        # ENXIO means that the hole reaches the end of the file.  After any other error, reading on shows the problem.
        end = file.seek(0, os.SEEK_END) if error.errno == errno.ENXIO else start
    return end - start
