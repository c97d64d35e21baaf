"""Writes the page of an evaluation, for a detector or for two raters, with the pictures that fit into it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeAlias

from clonus_sense.errors import RecordingError
from clonus_sense.evaluation import Agreement, Evaluation, RatedRecording
from clonus_sense.files import write_text_atomically
from clonus_sense.i18n import Translator, translator
from clonus_sense.report.plots import png
from clonus_sense.report.scores.moment_plot import plot_moment
from clonus_sense.report.scores.moments import Moment, SaidOf, choose_moments, find_false, find_lone, find_missed
from clonus_sense.report.scores.score_page import MomentGroup, ScoresContent, build_scores_page
from clonus_sense.report.scores.score_words import (
    FALSE,
    FALSE_MEANING,
    MISSED,
    MISSED_MEANING,
    NOTHING_SAID,
    ONLY_FIRST,
    ONLY_MEANING,
    ONLY_SECOND,
    agreement_facts,
    agreement_tables,
    certainty_words,
    detector_legend,
    evaluation_facts,
    evaluation_tables,
    rater_legend,
)
from clonus_sense.report.window import WindowOf

logger = logging.getLogger(__name__)

MOST_PICTURES = 60
"""Of each kind of moment: as many as anybody looks through; they keep the page near 2 MB."""

# So many recordings are named where they are not at hand.
_MOST_NAMED = 5

WindowsOf: TypeAlias = Callable[[str], WindowOf | None]
"""Gives the samples of a recording by its name; ``None`` where they are not at hand."""


class Drawer:
    """Draws moments of recordings, and remembers of which ones the samples are not at hand.

    Parameters
    ----------
    windows_of
        Gives the samples of a recording.
    language
        Language of every text.
    on_progress
        Called with the share that is done, from 0 to 1.
    """

    def __init__(
        self, windows_of: WindowsOf, language: str, on_progress: Callable[[float], None] | None = None
    ) -> None:
        self.missing: list[str] = []
        self._windows_of = windows_of
        self._language = language
        self._on_progress = on_progress

    def group(self, title: str, meaning: str, moments: Sequence[Moment], nothing_said: str = "") -> MomentGroup:
        """Draw as many moments of one kind as fit; its texts are translated here."""
        _ = translator(self._language)
        at_hand = [number for number, moment in enumerate(moments) if self._window_of(moment) is not None]
        chosen = choose_moments([moments[number] for number in at_hand], MOST_PICTURES)
        pictures: dict[int, bytes] = {}
        for n_done, number in enumerate(at_hand[one] for one in chosen):
            picture = self._draw(moments[number])
            if picture is not None:
                pictures[number] = picture
            if self._on_progress:
                self._on_progress((n_done + 1) / len(chosen))
        return MomentGroup(_(title), _(meaning), tuple(moments), pictures, _(nothing_said))

    def _draw(self, moment: Moment) -> bytes | None:
        """Draw a moment; ``None`` where its recording cannot be read."""
        window_of = self._window_of(moment)
        if window_of is None:
            return None
        try:
            window = window_of(*moment.window_s)
        except RecordingError as error:
            logger.warning("%s", error)
            self._miss(moment.recording)
            return None
        return png(plot_moment(window, moment, language=self._language), self._language)

    def _window_of(self, moment: Moment) -> WindowOf | None:
        """Give the samples of a moment's recording."""
        window_of = None if moment.recording in self.missing else self._windows_of(moment.recording)
        if window_of is None:
            self._miss(moment.recording)
        return window_of

    def _miss(self, recording: str) -> None:
        """Remember a recording that is not at hand."""
        if recording not in self.missing:
            self.missing.append(recording)

    def remarks(self) -> tuple[str, ...]:
        """Say which recordings are not at hand; nothing where all are."""
        if not self.missing:
            return ()
        _ = translator(self._language)
        named = ", ".join(self.missing[:_MOST_NAMED]) + (" …" if len(self.missing) > _MOST_NAMED else "")
        text = _(
            "The samples of {n} recordings are not at hand ({names}), so that their moments are listed and not drawn: "
            "name the folder of the recordings with --recordings and make this page anew."
        )
        return (text.format(n=len(self.missing), names=named),)


def write_evaluation_page(
    path: Path, evaluation: Evaluation, said_of: SaidOf, drawer: Drawer, compared: str, *, language: str
) -> None:
    """Write the page of an evaluation.

    Parameters
    ----------
    path
        The page; it appears whole or not at all.
    evaluation
        All figures.
    said_of
        Gives what the detector said about a recording.
    drawer
        Draws the moments.
    compared
        Names of what was compared.
    language
        Language of every text.
    """
    _ = translator(language)
    groups = (
        drawer.group(MISSED, MISSED_MEANING, find_missed(evaluation, said_of), NOTHING_SAID),
        drawer.group(FALSE, FALSE_MEANING, find_false(evaluation, said_of)),
    )
    content = ScoresContent(
        _("Detections beside the annotation"),
        compared,
        evaluation_facts(evaluation, _),
        (certainty_words(evaluation.n_cases, _), *drawer.remarks()),
        evaluation_tables(evaluation, _),
        groups,
        detector_legend(_),
    )
    write_text_atomically(path, build_scores_page(content, language=language))


def write_agreement_page(
    path: Path,
    agreement: Agreement,
    recordings: Sequence[RatedRecording],
    drawer: Drawer,
    compared: str,
    *,
    language: str,
) -> None:
    """Write the page of two raters; as :func:`write_evaluation_page`."""
    _: Translator = translator(language)
    groups = (
        drawer.group(ONLY_FIRST, ONLY_MEANING, find_lone(agreement.only_first, recordings)),
        drawer.group(ONLY_SECOND, ONLY_MEANING, find_lone(agreement.only_second, recordings)),
    )
    content = ScoresContent(
        _("Two people's annotations side by side"),
        compared,
        agreement_facts(agreement, _),
        (certainty_words(agreement.n_recordings, _, are_raters=True), *drawer.remarks()),
        agreement_tables(agreement, _),
        groups,
        rater_legend(_),
    )
    write_text_atomically(path, build_scores_page(content, language=language))
