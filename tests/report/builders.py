"""Small recordings whose content is known, and episodes written by hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np

from clonus_sense.config import DetectionSettings
from clonus_sense.model import (
    EndedBy,
    Episode,
    EpisodeClass,
    Evidence,
    FloatArray,
    Gap,
    RecordingInfo,
    SampleBatch,
    Site,
    Stretch,
)
from clonus_sense.report.analysis import Analysis
from clonus_sense.report.overview import OverviewBuilder
from clonus_sense.report.window import Window

FS_HZ = 50.0
EVIDENCE = (
    Evidence("unevenness", value=0.1, limit=0.57, passed=True),
    Evidence("sub_harmonic_ratio", value=0.9, limit=0.2, passed=False),
)


@dataclass(frozen=True)
class MadePiece:
    times_s: FloatArray
    accel_g: FloatArray


def make_episode(
    onset_s=10.0,
    *,
    beats=12,
    frequency_hz=6.0,
    peak_g=0.4,
    confidence=0.9,
    episode_class=EpisodeClass.CLONUS,
    axis=(0.0, 0.0, 1.0),
    evidence=EVIDENCE,
    missing_s=0.0,
):
    """An episode whose beats are the maxima of a sine that starts at its onset with a minimum."""
    duration_s = beats / frequency_hz
    return Episode(
        onset_s=onset_s,
        offset_s=onset_s + duration_s,
        beats=beats,
        frequency_hz=frequency_hz,
        drift_hz=-0.1,
        peak_g=peak_g,
        rms_g=0.7 * peak_g,
        regularity=0.97,
        axis=axis,
        confidence=confidence,
        episode_class=episode_class,
        ended_by=EndedBy.QUIET,
        missing_s=missing_s,
        beat_times_s=tuple(onset_s + (np.arange(beats) + 0.5) / frequency_hz),
        evidence=evidence,
    )


def make_info(**changes):
    facts = {
        "start": datetime(2025, 11, 5, 22, 30, tzinfo=ZoneInfo("Asia/Tokyo")),
        "fs_hz": FS_HZ,
        "timezone": "Asia/Tokyo",
        "site": Site.ANKLE,
        "side": "left",
        "person": "P01",
    }
    return RecordingInfo(**{**facts, **changes})


def make_samples(duration_s, episodes):
    """Gravity on z, and each episode as a sine on its axis."""
    times_s = np.arange(round(duration_s * FS_HZ)) / FS_HZ
    accel_g = np.zeros((len(times_s), 3), order="F")
    accel_g[:, 2] = 1.0
    for e in episodes:
        inside = (times_s >= e.onset_s) & (times_s < e.offset_s)
        phase = 2 * np.pi * e.frequency_hz * (times_s[inside] - e.onset_s)
        accel_g[inside] -= e.peak_g * np.cos(phase)[:, None] * np.array(e.axis)
    return times_s, accel_g


def make_pieces(duration_s, episodes=(), gaps=()):
    """The samples between the gaps."""
    times_s, accel_g = make_samples(duration_s, episodes)
    edges_s = [0.0, *(edge for gap in gaps for edge in (gap.start_s, gap.end_s)), duration_s]
    pieces = []
    for start_s, end_s in zip(edges_s[::2], edges_s[1::2], strict=True):
        inside = slice(*np.searchsorted(times_s, [start_s, end_s]))
        pieces.append(MadePiece(times_s[inside], accel_g[inside]))
    return pieces


def make_overview(pieces):
    builder = OverviewBuilder()
    for number, piece in enumerate(pieces):
        stretch = Stretch(number, FS_HZ)
        builder.add(SampleBatch(stretch, 0, piece.accel_g, piece.times_s[:: stretch.knot_every]))
    return builder.build()


def make_analysis(duration_s=120.0, episodes=(), gaps=(), *, info=None, findings=()):
    """An analysis, and what gives its windows."""
    pieces = make_pieces(duration_s, episodes, gaps)
    analysis = Analysis(
        info=info or make_info(),
        episodes=tuple(episodes),
        gaps=tuple(gaps),
        findings=tuple(findings),
        overview=make_overview(pieces),
        settings=DetectionSettings(),
        version="1.2.3",
        duration_s=duration_s,
        measured_s=duration_s - sum(gap.duration_s for gap in gaps),
    )

    def window_of(start_s, end_s):
        return cut_window(pieces, start_s, end_s)

    return analysis, window_of


def cut_window(pieces, start_s, end_s):
    cuts = []
    for piece in pieces:
        inside = slice(*np.searchsorted(piece.times_s, [start_s, end_s]))
        if inside.stop > inside.start:
            cuts.append(MadePiece(piece.times_s[inside], piece.accel_g[inside]))
    return Window(start_s, end_s, tuple(cuts))


def make_gap(start_s, end_s, reason="no samples"):
    return Gap(start_s, end_s, reason)
