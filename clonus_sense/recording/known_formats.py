"""Files that are neither a recording nor a table: their kind, and advice on how to convert them.

A new format is one entry of ``KNOWN_FORMATS``; an importer replaces that entry.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass

from clonus_sense.recording.lines import GZIP_MAGIC

_ENTRY_BEGINS = b"PK\x03\x04"
_EXPORT = "export it as CSV of the raw acceleration with"
_UNPACK = "unpack it and give the CSV file of the accelerometer in it"
# Control characters that tables do not contain.
_BINARY = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_MOST_UNPACKED_BYTES = 64 << 10


@dataclass(frozen=True, slots=True)
class KnownFormat:
    """A kind of file."""

    what: str
    advice: str
    begins: tuple[bytes, ...] = ()
    at: int = 0
    endings: tuple[str, ...] = ()
    is_unpacked: bool = False


KNOWN_FORMATS = (
    KnownFormat(
        "an Axivity recording (.cwa)",
        f"{_EXPORT} OmGui (Export > Raw CSV) or cwa-convert",
        begins=(b"MD\xfc\x03",),
        endings=(".cwa",),
    ),
    KnownFormat(
        "a GENEActiv recording (.bin)",
        f"{_EXPORT} the GENEActiv software, or convert it with GGIRread",
        begins=(b"Device Identity",),
    ),
    KnownFormat(
        "an ActiGraph recording (.gt3x)",
        f"{_EXPORT} ActiLife (File > Export > RAW data), or convert it with pygt3x",
        endings=(".gt3x",),
    ),
    KnownFormat(
        "an ActiGraph database (.agd) of counts",
        "give the raw acceleration of the .gt3x file as CSV",
        endings=(".agd",),
    ),
    KnownFormat("an activPAL recording (.datx)", f"{_EXPORT} the activPAL software", endings=(".datx", ".pal")),
    KnownFormat("a movisens recording", f"{_EXPORT} DataAnalyzer or unisens4python", endings=(".unisens", ".omx")),
    KnownFormat(
        "an Avro file, as Empatica writes them",
        "convert it to CSV with the script that Empatica offers for it",
        begins=(b"Obj\x01",),
        endings=(".avro",),
    ),
    KnownFormat(
        "an EDF or BDF recording",
        "export its accelerometer as CSV, for instance with EDFbrowser (Tools > Convert EDF to ASCII)",
        begins=(b"0       ", b"\xffBIOSEMI"),
        endings=(".edf", ".bdf"),
    ),
    KnownFormat(
        "a MATLAB file",
        "write time, x, y and z from it as CSV (in MATLAB: writematrix)",
        begins=(b"MATLAB 5.0", b"MATLAB 7.3"),
        endings=(".mat",),
    ),
    KnownFormat(
        "an HDF5 file",
        "write time, x, y and z from it as CSV",
        begins=(b"\x89HDF\r\n\x1a\n",),
        endings=(".h5", ".hdf5"),
    ),
    KnownFormat(
        "a spreadsheet",
        "save the sheet of the accelerometer as CSV",
        begins=(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",),
        endings=(".xlsx", ".xls", ".xlsm", ".ods", ".numbers"),
    ),
    KnownFormat("a SQLite database", "export its table of accelerations as CSV", begins=(b"SQLite format 3\0",)),
    KnownFormat(
        "an Arrow or Feather file",
        "write it as Parquet or CSV",
        begins=(b"ARROW1", b"FEA1"),
        endings=(".feather", ".arrow"),
    ),
    KnownFormat(
        "a NumPy or pickle file",
        "write time, x, y and z from it as CSV",
        begins=(b"\x93NUMPY",),
        endings=(".npy", ".npz", ".pkl"),
    ),
    KnownFormat("a zip archive", _UNPACK, begins=(_ENTRY_BEGINS, b"PK\x05\x06"), endings=(".zip",), is_unpacked=True),
    KnownFormat("a 7z archive", _UNPACK, begins=(b"7z\xbc\xaf\x27\x1c",), endings=(".7z",)),
    KnownFormat("a rar archive", _UNPACK, begins=(b"Rar!\x1a\x07",), endings=(".rar",)),
    KnownFormat("a tar archive", _UNPACK, begins=(b"ustar",), at=257, endings=(".tar", ".tgz")),
    KnownFormat(
        "a file packed with bzip2, xz or zstd",
        "unpack it, or pack it with gzip",
        begins=(b"BZh", b"\xfd7zXZ\0", b"\x28\xb5\x2f\xfd"),
        endings=(".bz2", ".xz", ".zst"),
    ),
    KnownFormat("a PDF", "give the CSV file of the accelerometer", begins=(b"%PDF",)),
    KnownFormat(
        "a picture",
        "give the CSV file of the accelerometer",
        begins=(b"\x89PNG", b"\xff\xd8\xff", b"GIF8"),
    ),
    KnownFormat(
        "a sound or film",
        "give the CSV file of the accelerometer",
        begins=(b"RIFF", b"ID3", b"OggS", b"fLaC"),
        endings=(".wav", ".mp3", ".mp4", ".mov", ".m4a"),
    ),
    KnownFormat(
        "a FIT file of a sports watch", "export the acceleration as CSV, if the watch kept it", begins=(b".FIT",), at=8
    ),
    KnownFormat(
        "a binary file",
        "export the raw acceleration as CSV with the program of the device that wrote it",
        endings=(".bin", ".dat", ".raw"),
    ),
)
_TEXTS = (
    KnownFormat(
        "JSON",
        "export the accelerometer as CSV; phone apps offer both",
        begins=(b"{", b"["),
        endings=(".json", ".jsonl"),
    ),
    KnownFormat(
        "a web page or XML", "give the CSV file of the accelerometer", begins=(b"<",), endings=(".xml", ".html")
    ),
)


def find_known_format(name: str, first: bytes) -> KnownFormat | None:
    r"""Find the kind of a file that is not text."""
    content = first
    if first.startswith(GZIP_MAGIC):
        try:
            content = zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(first, _MOST_UNPACKED_BYTES)
        except zlib.error:
            return None
        name = name.lower().removesuffix(".gz")
    by_content = next((one for one in KNOWN_FORMATS if content.startswith(one.begins, one.at)), None)
    by_name = next((one for one in KNOWN_FORMATS if name.lower().endswith(one.endings or ("\0",))), None)
    if by_content is not None and content.startswith(_ENTRY_BEGINS):
        # Spreadsheets and ActiGraph's recordings are zip archives.
        named = None if by_name is KNOWN_FORMATS[-1] else by_name
        return _find_inside_zip(content) or named or by_content
    if by_content is not None:
        return by_content
    is_wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    # A recording may contain NUL bytes after a power cut, but it does not begin with them.
    if not is_wide and _BINARY.search(content[:512]):
        return by_name or KNOWN_FORMATS[-1]
    return None


def find_known_text(name: str, text: bytes) -> KnownFormat | None:
    """Find the kind of a text that is not a table."""
    begins = text.lstrip()[:1]
    return next((one for one in _TEXTS if begins in one.begins or name.lower().endswith(one.endings)), None)


def _find_inside_zip(content: bytes) -> KnownFormat | None:
    """Find the kind of a zip archive by its first entries."""
    if b"[Content_Types].xml" in content[:2000] or b"xl/" in content[:2000]:
        return next(one for one in KNOWN_FORMATS if ".xlsx" in one.endings)
    if b"log.bin" in content or b"activity.bin" in content:
        return next(one for one in KNOWN_FORMATS if ".gt3x" in one.endings)
    return None
