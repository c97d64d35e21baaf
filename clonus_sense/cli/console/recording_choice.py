"""The recordings of the library that a person names."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from clonus_sense.library import Library, StoredRecording


def recording_number(night: str) -> int | None:
    """Read the number out of ``recording:N``; ``None`` for other text."""
    prefix, _colon, number = night.partition(":")
    return int(number) if prefix == "recording" and number.isdecimal() else None


def chosen_recordings(
    library: Library, night: str, person: str | None, side: str | None
) -> tuple[StoredRecording, ...]:
    """Find the recordings of a night, or one by its number."""
    from clonus_sense.library import find_recording
    from clonus_sense.review import choose_leg, find_night

    number = recording_number(night)
    if number is not None:
        return (find_recording(library, number),)
    found = find_night(library, night, person=person)
    legs = found.legs if side is None else (choose_leg(found, side),)
    return tuple(recording.stored for leg in legs for recording in leg.recordings)
