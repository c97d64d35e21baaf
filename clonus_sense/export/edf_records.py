"""How the stretches of a recording become data records of EDF+D.

EDF knows records of a fixed number of samples and a fixed duration; in EDF+D each record says when it begins.  So

1. records never cross a gap: each stretch begins a new one, at its true time;
2. what is left of the last record of a stretch is filled with the number that means "no sample", and reaches into the
   gap only;
3. every record begins at the true time of its first sample, so that a sensor off its nominal rate never drifts away;
4. the duration is that of the shortest record, so that no record reaches into the next;
5. a record is half a second long, or as much shorter as 2 and 4 need it: inside a record, a sample stands at most half
   a sampling period from its true time, and mostly within microseconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from clonus_sense.recording import StretchSamples

_MICROSECONDS = 1_000_000
_Onsets = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class RecordPlan:
    """Where the records of a recording lie."""

    n_samples: int
    duration_us: int
    onsets_us: tuple[_Onsets, ...]
    largest_error_s: float

    @property
    def n_records(self) -> int:
        """Records of all stretches."""
        return sum(map(len, self.onsets_us))


def plan_records(stretches: Sequence[StretchSamples], fs_hz: float) -> RecordPlan:
    """Choose the longest records that fit, up to half a second."""
    # Between two knots of the time map, half a second apart, samples are even: nothing is won by longer records.
    longest = max(1, min(stretches[0].stretch.knot_every, max(len(samples.accel_g) for samples in stretches)))
    for n_samples in range(longest, 1, -1):
        onsets_us = _onsets(stretches, n_samples)
        spans_us = np.concatenate([np.diff(onsets) for onsets in onsets_us])
        duration_us = int(spans_us.min()) if len(spans_us) else int(n_samples * _MICROSECONDS / fs_hz)
        # The last sample of the longest record stands this far off at least; the rest is measured when all else fits.
        off_us = int(spans_us.max(initial=0) - duration_us) * (n_samples - 1) / n_samples
        if off_us <= _MICROSECONDS / fs_hz / 2 and _all_fit(onsets_us, duration_us):
            plan = _plan(stretches, n_samples, duration_us, onsets_us)
            if plan.largest_error_s <= 0.5 / fs_hz:
                return plan
    # One sample in each record always fits.
    onsets_us = _onsets(stretches, 1)
    spans_us = np.diff(np.concatenate(onsets_us))
    nominal_us = int(_MICROSECONDS / fs_hz)
    return _plan(stretches, 1, max(1, min(nominal_us, int(spans_us.min(initial=nominal_us)))), onsets_us)


def _onsets(stretches: Sequence[StretchSamples], n_samples: int) -> tuple[_Onsets, ...]:
    """Return the start of each record, to the microsecond."""
    return tuple(
        np.rint(samples.time_map.seconds(np.arange(0, len(samples.accel_g), n_samples)) * _MICROSECONDS).astype(
            np.int64
        )
        for samples in stretches
    )


def _all_fit(onsets_us: Sequence[_Onsets], duration_us: int) -> bool:
    """Say whether the last record of each stretch ends before the next stretch begins."""
    last = np.array([onsets[-1] for onsets in onsets_us[:-1]], dtype=np.int64)
    following = np.array([onsets[0] for onsets in onsets_us[1:]], dtype=np.int64)
    return bool(np.all(last + duration_us <= following))


def _plan(
    stretches: Sequence[StretchSamples], n_samples: int, duration_us: int, onsets_us: tuple[_Onsets, ...]
) -> RecordPlan:
    """Measure how far samples stand from their true time."""
    largest_s = 0.0
    for samples, onsets in zip(stretches, onsets_us, strict=True):
        rows = np.arange(len(samples.accel_g))
        shown_us = onsets[rows // n_samples] + (rows % n_samples) * duration_us / n_samples
        errors_s = np.abs(shown_us / _MICROSECONDS - samples.time_map.seconds(rows))
        largest_s = max(largest_s, float(errors_s.max()))
    return RecordPlan(n_samples, duration_us, onsets_us, largest_s)
