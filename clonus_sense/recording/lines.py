"""Blocks of whole lines from a recording's bytes, plain or gzipped, however the file was damaged."""

from __future__ import annotations

import codecs
import errno
import os
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, cast

# Large enough that the CSV parser runs at full speed, small enough that the few blocks in work add little to the
# samples themselves.
BLOCK_BYTES = 1 << 20
# Each of these unpacks to about one block.
_PACKED_BYTES = 1 << 16
# No row of any logger comes near this; text without a line end for longer is not a row, and must not fill the memory.
LONGEST_LINE_BYTES = 64 << 10
GZIP_MAGIC = b"\x1f\x8b"
UTF8_BOM = b"\xef\xbb\xbf"
# Both containers of zlib and gzip, with the largest window; zlib.decompressobj documents the sum.
_GZIP_WINDOW_BITS = 16 + zlib.MAX_WBITS
_REST_OF_A_BAD_LINE = b"\0"


class LineReader:
    """Reads a file as blocks of whole lines and notes what was torn.

    A last line without its line end is never given out: a number that was cut in the middle still looks like a number.
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
        """Give out the text, each block ending with a line end."""
        carry = b""
        for number, whole_piece in enumerate(self._pieces_of_text()):
            piece = whole_piece.removeprefix(UTF8_BOM) if number == 0 else whole_piece
            end = piece.rfind(b"\n") + 1
            if end:
                yield b"".join((carry, memoryview(piece)[:end]))  # one copy of a megabyte, not two
                carry = piece[end:]
            else:
                carry += piece
            if len(carry) > LONGEST_LINE_BYTES:
                # The marker makes the row parser refuse what follows up to the next line end.
                carry = _REST_OF_A_BAD_LINE
        if not self._stopped_at_limit:
            self.torn_line = carry.replace(b"\0", b"").strip()

    def _pieces_of_text(self) -> Iterator[bytes]:
        """Bytes of the text in UTF-8 or an encoding like it."""
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
                    # To look for one is several times as quick as to count them.
                    self.n_nul_bytes += piece.count(b"\0") if b"\0" in piece else 0
                    yield piece

    def _raw(self, file: BinaryIO, n_bytes: int) -> Iterator[bytes]:
        """Bytes of the file as they lie on the disk."""
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
        """Read on; a damaged zip archive ends there."""
        try:
            return file.read(n_bytes)
        except (zipfile.BadZipFile, zlib.error, EOFError):
            self.torn_gzip = True
            return b""

    def _decompressed(self, file: BinaryIO) -> Iterator[bytes]:
        """Everything that can still be decompressed; ``gzip`` of the standard library drops the end of a torn file."""
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
                if decompressor.eof:  # a file may hold several gzip members, one after the other
                    rest = decompressor.unused_data.lstrip(b"\0")
                    if rest:
                        decompressor = zlib.decompressobj(_GZIP_WINDOW_BITS)
        self.torn_gzip = not decompressor.eof and not self._stopped_at_limit


def open_bytes(path: Path, member: str = "") -> BinaryIO:
    """Open a file, or one file of a zip archive, for reading; unpacking goes on piece by piece."""
    if not member:
        return path.open("rb", buffering=0)
    with zipfile.ZipFile(path) as archive:
        return cast(BinaryIO, archive.open(member))


def size_of(path: Path, member: str = "") -> int:
    """Size of a file, or of one file of a zip archive once it is unpacked, in bytes."""
    if not member:
        return path.stat().st_size
    with zipfile.ZipFile(path) as archive:
        return archive.getinfo(member).file_size


def _pass_over_hole(file: BinaryIO) -> int:
    """Go on to the next data of a sparse file, for a hole of gigabytes takes minutes to read; give its length."""
    start = file.tell()
    if not hasattr(os, "SEEK_DATA"):  # Windows does not tell where holes end.
        return 0
    try:
        end = file.seek(start, os.SEEK_DATA)
    except OSError as error:
        # ENXIO: nothing but hole up to the end.  Whatever else it is: reading on tells the truth, or what is wrong.
        end = file.seek(0, os.SEEK_END) if error.errno == errno.ENXIO else start
    return end - start
