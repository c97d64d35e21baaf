"""Pages of an evaluation, made from logs and recordings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import click

from clonus_sense.cli.console.options import promise_notice
from clonus_sense.cli.console.printing import echo
from clonus_sense.cli.console.progress import show_progress
from clonus_sense.evaluation import Agreement, Evaluation, RatedRecording, find_recording
from clonus_sense.report.scores import Drawer, Said, WindowsOf, read_said, write_agreement_page, write_evaluation_page
from clonus_sense.report.window import WindowOf
from clonus_sense.workflows import window_of

PAGE_SUFFIXES = (".html", ".htm")


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Path and language of a page, folders of recordings, and whether stdout holds JSON."""

    path: Path
    language: str
    recordings: tuple[Path, ...]
    as_json: bool


def print_evaluation_page(request: PageRequest, evaluation: Evaluation, detections: Path, cases: Path) -> None:
    """Make the page of an evaluation and print its path."""

    @lru_cache(maxsize=1)  # moments come recording by recording
    def said_of(name: str) -> tuple[Said, ...]:
        log = detections / f"{name}.csv" if detections.is_dir() else detections
        return read_said(log if log.exists() else None)

    with show_progress(request.path.name) as on_progress:
        drawer = Drawer(_windows_of(request.recordings), request.language, on_progress)
        compared = f"{detections.name} – {cases.name}"
        _prepare(request)
        write_evaluation_page(request.path, evaluation, said_of, drawer, compared, language=request.language)
    echo(request.path, err=request.as_json)


def print_agreement_page(
    request: PageRequest, agreement: Agreement, rated: Sequence[RatedRecording], first: Path, second: Path
) -> None:
    """Make the page of two raters and print its path."""
    with show_progress(request.path.name) as on_progress:
        drawer = Drawer(_windows_of(request.recordings), request.language, on_progress)
        compared = f"A: {first.name} – B: {second.name}"
        _prepare(request)
        write_agreement_page(request.path, agreement, rated, drawer, compared, language=request.language)
    echo(request.path, err=request.as_json)


def check_page_path(path: Path) -> None:
    """Refuse a page whose name is not .html: it could replace a recording by mistake."""
    if path.suffix.lower() not in PAGE_SUFFIXES:
        raise click.UsageError(f"--page needs a name that ends in .html; {path.name} does not.")


def _prepare(request: PageRequest) -> None:
    """Make the folder of the page."""
    promise_notice()
    request.path.parent.mkdir(parents=True, exist_ok=True)


def _windows_of(folders: Sequence[Path]) -> WindowsOf:
    """Give access to recordings by name, one at a time in memory."""

    @lru_cache(maxsize=1)
    def open_recording(path: Path) -> WindowOf:
        return window_of(path)

    def windows_of(name: str) -> WindowOf | None:
        # Two annotations of one recording with different names carry both names.
        paths = [path for part in name.split(" / ") if (path := find_recording(part, folders))]
        return open_recording(paths[0]) if paths else None

    return windows_of
