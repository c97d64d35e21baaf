"""The samples of a night: read once for everything that its page draws from them, and packed for the browser."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from clonus_sense.i18n import Translator
from clonus_sense.report.night_axis import NightAxis
from clonus_sense.report.pages.movement_samples import AROUND_S, join_spans
from clonus_sense.report.pages.packed_signal import pack_part
from clonus_sense.report.pages.page_context import PageContext
from clonus_sense.report.shown_episodes import ShownEpisode
from clonus_sense.report.window import WindowOf, WindowPiece
from clonus_sense.review import LegRecording, PersonNight


@dataclass(frozen=True, slots=True)
class NightSignal:
    """Samples of the recordings of a night by their number in the library; one whose file is not at hand has none."""

    pieces: Mapping[int, tuple[WindowPiece, ...]]

    def pieces_of(self, recording: LegRecording) -> tuple[WindowPiece, ...]:
        """Return what a recording measured in the night, by time, each piece without a gap."""
        return self.pieces.get(recording.stored.id, ())


def read_signal(night: PersonNight, axis: NightAxis, window_of: Mapping[int, WindowOf | None]) -> NightSignal:
    """Read the samples of a night.

    Parameters
    ----------
    night
        With all its recordings.
    axis
        Its time axis.
    window_of
        Samples of each recording by its number in the library; ``None`` where its file is not at hand.

    Returns
    -------
    NightSignal
        What lies on the axis, and what is around movements at its ends.
    """
    pieces = {}
    for recording in night.recordings:
        window = window_of.get(recording.stored.id)
        if window is not None:
            start_s = axis.at_s(recording.moment(0.0))
            read = window(max(0.0, -start_s - AROUND_S), axis.length_s - start_s + AROUND_S)
            pieces[recording.stored.id] = read.pieces
    return NightSignal(pieces)


def pack_signal(
    page: PageContext, shown: Sequence[ShownEpisode], signal: NightSignal, *, whole: bool
) -> list[list[dict[str, object]]]:
    """Pack the samples of a night for the browser.

    Parameters
    ----------
    page
        The night.
    shown
        Its movements.
    signal
        Its samples.
    whole
        Whether all samples are packed, and not those around movements alone.

    Returns
    -------
    list of list of dict
        For each leg, a record of each of its recordings.
    """
    return [
        [
            pack_part(
                signal.pieces_of(recording),
                shift_s=page.axis.at_s(recording.moment(0.0)),
                spans=None if whole else _near_movements(recording, shown),
            )
            for recording in leg.recordings
            if signal.pieces_of(recording)
        ]
        for leg in page.night.legs
    ]


def _near_movements(recording: LegRecording, shown: Sequence[ShownEpisode]) -> list[tuple[float, float]]:
    """List the times around the movements of a recording."""
    mine = [one.episode for one in shown if one.recording.stored.id == recording.stored.id]
    return join_spans((episode.onset_s, episode.offset_s) for episode in mine)


def signal_words(night_name: str, _: Translator) -> dict[str, str]:
    """Put into words what the browser says about the signal in view."""
    missing = _(
        "This page holds no samples here. Make a page with the whole night in it: clonus-sense page {night} --full"
    )
    return {
        "columns": _("Signal: the smallest and the largest value of each column."),
        "samples": _("Signal: every sample; x blue, y violet, z grey."),
        "missing": missing.format(night=night_name),
        "here": _("no samples in this page"),
        "beats": _("beats:"),
    }
