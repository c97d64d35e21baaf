"""Rows of a CSV file: read in blocks, parsed ahead on other cores, with a report of the damage."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from clonus_sense.model import Finding, Severity
from clonus_sense.recording.layouts import find_layout
from clonus_sense.recording.lines import GZIP_MAGIC, LineReader
from clonus_sense.recording.rows import ParsedLines, RowBlock, RowFormat, RowParser, join_blocks

# A small computer at the bedside can spare two cores.
_N_BLOCKS_AHEAD = 2
# Number of rows that show how the values continue in another layout.
_N_ROWS_KEPT = 100
# gzip shortens such text by about this factor.
_GZIP_RATIO = 6
# Three days at 128 Hz; an archive may state a wrong size.
_MOST_ROWS_EXPECTED = 1 << 25


@dataclass(frozen=True, slots=True)
class CsvRows:
    """Rows of a CSV file, unconverted; each call reads the file again."""

    path: Path
    row_format: RowFormat
    n_lines_above: int
    encoding: str
    on_progress: Callable[[float], None] | None
    size_bytes: int
    member: str = ""

    def blocks(self, damage: list[Finding]) -> Iterator[RowBlock]:
        """Yield the rows in blocks."""
        damage.clear()
        reader = LineReader(
            self.path,
            member=self.member,
            encoding=self.encoding,
            size_bytes=self.size_bytes,
            on_progress=self.on_progress,
        )
        n_unreadable, first_unreadable_line = 0, None
        layouts = _Layouts(self.row_format)
        for parsed in self._parse_ahead(reader, layouts):
            n_unreadable += parsed.n_unreadable
            if first_unreadable_line is None:
                first_unreadable_line = parsed.first_unreadable_line
            yield parsed.rows
        damage.extend((*layouts.findings, *_damage(reader, n_unreadable, first_unreadable_line)))

    def _parse_ahead(self, reader: LineReader, layouts: _Layouts) -> Iterator[ParsedLines]:
        """Parse the next blocks on other cores while the caller works on this one."""
        with ThreadPoolExecutor(_N_BLOCKS_AHEAD, thread_name_prefix="recording") as workers:
            ahead: deque[tuple[Future[ParsedLines], bytes, int]] = deque()
            for block, first_line in _below(reader.blocks(), self.n_lines_above):
                ahead.append((workers.submit(layouts.parser.parse, block, first_line), block, first_line))
                if len(ahead) > _N_BLOCKS_AHEAD:
                    yield layouts.settle(*ahead.popleft())
            while ahead:
                yield layouts.settle(*ahead.popleft())

    def n_rows_expected(self, sample: bytes, n_rows_in_sample: int) -> int:
        """Estimate the number of rows from the rows at the start, which are the shortest."""
        with self.path.open("rb") as file:
            packed = file.read(2) == GZIP_MAGIC
        n_rows = self.size_bytes * (_GZIP_RATIO if packed else 1) / max(1, len(sample)) * n_rows_in_sample
        return min(int(n_rows * 1.02) + 16, _MOST_ROWS_EXPECTED)


class _Layouts:
    """The layouts found so far in one reading of a file."""

    def __init__(self, row_format: RowFormat) -> None:
        self._format = row_format
        self._others: tuple[RowFormat, ...] = ()
        self._before = RowBlock(np.empty(0), np.empty((0, 3), order="F"))
        self.parser = RowParser(row_format)
        self.findings: list[Finding] = []

    def _note(self, layout: RowFormat, parsed: ParsedLines) -> None:
        """Report another layout."""
        text = (
            f"From line {parsed.first_unreadable_line} on lines hold {layout.n_columns} fields instead of "
            f"{self._format.n_columns}; time and acceleration were taken from where they go on."
        )
        self.findings.append(Finding(Severity.NOTE, "layout-changed", text))

    def settle(self, future: Future[ParsedLines], block: bytes, first_line: int) -> ParsedLines:
        """Return a parsed block; if it holds another layout, parse it again."""
        parsed = future.result()
        while parsed.strange is not None:
            strange = parsed.strange
            if len(strange.fields[0]) not in {other.n_columns for other in self._others}:
                head = RowBlock(parsed.rows.times[: strange.row], parsed.rows.accel[: strange.row])
                layout = find_layout(self._format, strange, join_blocks([self._before, head]))
                if layout is None:
                    break
                self._others = (*self._others, layout)
                self._note(layout, parsed)
                self.parser = RowParser(self._format, self._others)
            parsed = self.parser.parse(block, first_line)
        if len(parsed.rows.times):
            self._before = RowBlock(parsed.rows.times[-_N_ROWS_KEPT:].copy(), parsed.rows.accel[-_N_ROWS_KEPT:].copy())
        return parsed


def _below(blocks: Iterator[bytes], n_lines_above: int) -> Iterator[tuple[bytes, int]]:
    """Skip the head; yield each block below it with the number of its first line."""
    line = 1
    for block in blocks:
        # bytes.count restarts after each hit, and here every fortieth byte is one.
        n_lines = int(np.count_nonzero(np.frombuffer(block, dtype=np.uint8) == ord("\n")))
        n_above = min(n_lines, max(0, n_lines_above + 1 - line))
        yield (block.split(b"\n", n_above)[n_above] if n_above else block), line + n_above
        line += n_lines


def _damage(reader: LineReader, n_unreadable: int, first_unreadable_line: int | None) -> list[Finding]:
    """Report losses in sentences."""
    findings = []
    if reader.torn_line:
        text = "The last line has no line end and may be cut within a number; it was left out (one sample at most)."
        findings.append(Finding(Severity.NOTE, "torn-end", text))
    if reader.torn_gzip:
        text = "The compressed file is cut off or damaged; everything before that place was read, the rest is lost."
        findings.append(Finding(Severity.WARNING, "torn-gzip", text))
    if reader.n_nul_bytes:
        text = f"{reader.n_nul_bytes} NUL bytes stand in the file, as a power cut leaves them; they hold no samples."
        findings.append(Finding(Severity.WARNING, "nul-bytes", text))
    if n_unreadable:
        text = (
            f"Lines left out because they could not be read as numbers: {n_unreadable}; "
            f"the first is line {first_unreadable_line}."
        )
        findings.append(Finding(Severity.WARNING, "unreadable-lines", text))
    return findings
