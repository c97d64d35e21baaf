"""Lines about recordings that are deleted, in the bin, or brought back."""

from __future__ import annotations

from collections.abc import Sequence

from clonus_sense.cli.console.night_lines import recording_words
from clonus_sense.cli.console.pasting import command_line
from clonus_sense.i18n import Translator
from clonus_sense.library import BinnedRecording, Library, StoredRecording, count_words
from clonus_sense.report.wording import side_word
from clonus_sense.review import nights_of_recordings


def deletion_lines(library: Library, stored: Sequence[StoredRecording], _: Translator) -> list[str]:
    """Name the nights, people and legs of recordings, and count the words of people on them."""
    numbers = {one.id for one in stored}
    lines = []
    for night in nights_of_recordings(library, numbers):
        legs = "; ".join(
            _leg_words(leg.side, [one.stored.id for one in leg.recordings if one.stored.id in numbers], _)
            for leg in night.legs
            if any(one.stored.id in numbers for one in leg.recordings)
        )
        text = _("Night {name}, {person}: {legs}")
        lines.append(text.format(name=night.name, person=night.person or _("person unknown"), legs=legs))
    for one in stored:
        if one.info.start is None:
            text = _("No date, {person}: {legs}")
            leg = _leg_words(one.info.side, [one.id], _)
            lines.append(text.format(person=one.info.person or _("person unknown"), legs=leg))
    return [*lines, "  " + words_line(library, stored, _)]


def words_line(library: Library, stored: Sequence[StoredRecording], _: Translator) -> str:
    """Count the words of people on recordings, in total and by subject."""
    counts = count_words(library, [one.id for one in stored])
    kinds = [
        (counts.on_movements, _("on movements {n}")),
        (counts.on_wear, _("on wear {n}")),
        (counts.on_rest, _("on the rest window {n}")),
        (counts.notes, _("notes {n}")),
        (counts.corrections, _("corrections {n}")),
        (counts.markers, _("markers {n}")),
        (counts.baselines, _("baseline marks {n}")),
    ]
    told = ", ".join(text.format(n=n) for n, text in kinds if n)
    line = _("words of people: {n}").format(n=counts.total)
    return f"{line} ({told})" if told else line


def binned_line(binned: BinnedRecording, _: Translator) -> str:
    """Describe a recording in the bin, with its last day there and the command that brings it back."""
    info = binned.recording.info
    text = _("recording {id} of {person}, {leg}, night {night}; in the bin until {date}; `{command}` brings it back")
    return text.format(
        id=binned.recording.id,
        person=info.person or _("person unknown"),
        leg=side_word(info.side, _),
        night=binned.night or "–",
        date=f"{binned.leaves_at.astimezone():%Y-%m-%d}",
        command=command_line("undelete", f"recording:{binned.recording.id}"),
    )


def _leg_words(side: str, numbers: Sequence[int], _: Translator) -> str:
    """Name a leg and its chosen recordings."""
    return _(", ").join([side_word(side, _), recording_words(numbers, _)])
