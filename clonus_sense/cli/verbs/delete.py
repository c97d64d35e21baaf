"""``delete``: puts a night into the bin, or deletes it for good."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from clonus_sense.cli.console.options import (
    language_option,
    library_option,
    no_page_option,
    person_option,
    side_option,
    verbose_option,
)
from clonus_sense.cli.console.pasting import command_line
from clonus_sense.cli.console.printing import echo
from clonus_sense.cli.console.recording_choice import chosen_recordings, recording_number
from clonus_sense.cli.console.redrawing import WrittenPages, renew_pages
from clonus_sense.errors import DamagedLibraryError, LibraryError
from clonus_sense.i18n import Translator, translator

if TYPE_CHECKING:
    from clonus_sense.library import BinnedRecording, Library, StoredRecording


@click.command()
@click.argument("night")
@click.option("--yes", is_flag=True, help="Delete without asking.")
@click.option("--now", "is_for_good", is_flag=True, help="Delete for good, without the bin.")
@person_option
@side_option
@no_page_option
@library_option
@language_option
@verbose_option
@click.pass_context
def delete(
    context: click.Context,
    *,
    night: str,
    yes: bool,
    is_for_good: bool,
    person: str | None,
    side: str | None,
    no_page: bool,
    library_path: Path | None,
    language: str,
) -> None:
    """Delete a night from the library.

    NIGHT is the date of the evening, or `recording:N` for one recording by its number.  Its recordings, results and
    words go into a bin; `undelete` brings them back within 30 days.  The recordings' own files stay where they are;
    their paths are printed.
    """
    from clonus_sense.cli.console.deletion_lines import binned_line, deletion_lines
    from clonus_sense.library import Library, delete_recordings
    from clonus_sense.workflows import PageChoices, concerned_nights, default_pages_folder

    _ = translator(language)
    with Library.open(library_path, must_exist=True) as library:
        if night.strip().casefold() == "last":
            raise LibraryError(_name_it_instead(library, person))
        binned = _find_in_bin(library, night) if is_for_good else None
        stored = (binned.recording,) if binned else _recordings_to_delete(library, night, person, side)
        told = [binned_line(binned, _)] if binned else deletion_lines(library, stored, _)
        echo("\n".join(told), err=not yes)
        if not yes:
            for_good = _("Delete this for good, with everything that people said about it? This cannot be undone.")
            click.confirm(for_good if is_for_good else _("Put this into the bin?"), abort=True, err=True)
        numbers = [one.id for one in stored]
        own = PageChoices(default_pages_folder(library))
        before = concerned_nights(library, numbers, own)
        leaves_at = None
        if is_for_good:
            delete_recordings(library, numbers)
        else:
            leaves_at = _put_in_bin(library, stored)
        pages = renew_pages(library, numbers, own, before=before, no_page=no_page, translate=_)
        echo("\n".join(_done_lines(stored, leaves_at, pages, _)))
    if pages.refused:
        context.exit(1)


def _name_it_instead(library: Library, person: str | None) -> str:
    """Explain why `last` is refused, and name the night of the latest date and the recording that was added last."""
    from clonus_sense.library import list_recordings
    from clonus_sense.review import find_night

    refusal = "`delete` does not accept `last`, which may not be the night that you mean; name the night"
    recordings = list_recordings(library, person=person)
    if all(one.info.start is None for one in recordings):
        return f"{refusal} by its date, such as 2026-11-05, or a recording by its number, such as recording:7."
    latest = find_night(library, "last", person=person)
    by_date = command_line("delete", latest.name, options=[("--person", latest.person)])
    newest = max(recordings, key=lambda one: one.id)
    by_number = command_line("delete", f"recording:{newest.id}")
    return f"{refusal}: `{by_date}` is the night of the latest date, `{by_number}` is what was added last."


def _recordings_to_delete(
    library: Library, night: str, person: str | None, side: str | None
) -> tuple[StoredRecording, ...]:
    """Find the recordings to delete; a damaged one can be deleted by its number."""
    from clonus_sense.library import salvage_recording

    try:
        return chosen_recordings(library, night, person, side)
    except DamagedLibraryError:
        number = recording_number(night)
        if number is None:
            raise
        return (salvage_recording(library, number),)


def _find_in_bin(library: Library, night: str) -> BinnedRecording | None:
    """Find a recording in the bin by its number."""
    from clonus_sense.library import list_binned

    number = recording_number(night)
    return next((one for one in list_binned(library) if one.recording.id == number), None)


def _put_in_bin(library: Library, stored: Sequence[StoredRecording]) -> datetime:
    """Put all the recordings into the bin, or none; return when the first one leaves it."""
    from clonus_sense.library import put_in_bin
    from clonus_sense.review import nights_of_recordings

    nights = nights_of_recordings(library, {one.id for one in stored})
    name_of = {recording.stored.id: night.name for night in reversed(nights) for recording in night.recordings}
    with library.writing():
        return min(put_in_bin(library, one.id, night=name_of.get(one.id, "")) for one in stored)


def _done_lines(
    stored: Sequence[StoredRecording], leaves_at: datetime | None, pages: WrittenPages, _: Translator
) -> list[str]:
    """List the redrawn pages, the deletion, the commands that undo it, and the files that remain."""
    n_removed = len(pages.removed)
    drawn = [str(path) for path in pages.paths]
    paths = [str(one.path) for one in stored]
    if leaves_at is None:
        text = _("Deleted: {n} recordings, {pages} pages. These files are still here:")
        return [*drawn, text.format(n=len(stored), pages=n_removed), *paths]
    text = _("In the bin until {date}: {n} recordings; removed: {pages} pages. This brings them back:")
    back = ["  " + command_line("undelete", f"recording:{one.id}") for one in stored]
    told = text.format(date=f"{leaves_at.astimezone():%Y-%m-%d}", n=len(stored), pages=n_removed)
    return [*drawn, told, *back, _("These files are still here:"), *paths]
