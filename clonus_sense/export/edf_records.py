"""Plans the data records of EDF+D for the gap-free stretches of a recording.

EDF has records of a fixed number of samples and a fixed duration; in EDF+D each record has its own start. Therefore:

1. Records never cross a gap: each stretch begins a new record at its true time.
2. The rest of the last record of a stretch holds the number for "no sample" and lies only in the gap.
3. Every record begins at the true time of its first sample, so a sensor off its nominal rate does not drift.
4. All records have the duration of the shortest one, so that none overlaps the next.
5. A record lasts half a second, or less if 2 and 4 need it. Inside a record a sample is at most half a sampling period,
   and mostly microseconds, from its true time.
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
    """Records of a recording: onsets since its start, common duration, and the largest time error of a sample."""

    n_samples: int
    duration_us: int
    onsets_us: tuple[_Onsets, ...]
    largest_error_s: float

    @property
    def n_records(self) -> int:
        """Number of records of all stretches."""
        return sum(map(len, self.onsets_us))


def plan_records(stretches: Sequence[StretchSamples], fs_hz: float) -> RecordPlan:
    """Choose the longest records up to half a second that do not overlap."""
    # Samples are equidistant between two knots of the time map, half a second apart: longer records save no space.
    longest = max(1, min(stretches[0].stretch.knot_every, max(len(samples.accel_g) for samples in stretches)))
    for n_samples in range(longest, 1, -1):
        onsets_us = _onsets(stretches, n_samples)
        spans_us = np.concatenate([np.diff(onsets) for onsets in onsets_us])
        duration_us = int(spans_us.min()) if len(spans_us) else int(n_samples * _MICROSECONDS / fs_hz)
        # Lower bound of the time error; the exact error is measured only for records that fit.
        off_us = int(spans_us.max(initial=0) - duration_us) * (n_samples - 1) / n_samples
        if off_us <= _MICROSECONDS / fs_hz / 2 and _all_fit(onsets_us, duration_us):
            plan = _plan(stretches, n_samples, duration_us, onsets_us)
            if plan.largest_error_s <= 0.5 / fs_hz:
                return plan
    # Records of one sample always fit.
    onsets_us = _onsets(stretches, 1)
    spans_us = np.diff(np.concatenate(onsets_us))
    nominal_us = int(_MICROSECONDS / fs_hz)
    return _plan(stretches, 1, max(1, min(nominal_us, int(spans_us.min(initial=nominal_us)))), onsets_us)


def _onsets(stretches: Sequence[StretchSamples], n_samples: int) -> tuple[_Onsets, ...]:
    """Return the start of each record in whole microseconds."""
    return tuple(
        np.rint(samples.time_map.seconds(np.arange(0, len(samples.accel_g), n_samples)) * _MICROSECONDS).astype(
            np.int64
        )
        for samples in stretches
    )


def _all_fit(onsets_us: Sequence[_Onsets], duration_us: int) -> bool:
    """Return whether the last record of each stretch ends before the next stretch."""
    last = np.array([onsets[-1] for onsets in onsets_us[:-1]], dtype=np.int64)
    following = np.array([onsets[0] for onsets in onsets_us[1:]], dtype=np.int64)
    return bool(np.all(last + duration_us <= following))


def _plan(
    stretches: Sequence[StretchSamples], n_samples: int, duration_us: int, onsets_us: tuple[_Onsets, ...]
) -> RecordPlan:
    """Build the plan and measure the time errors of samples."""
    largest_s = 0.0
    for samples, onsets in zip(stretches, onsets_us, strict=True):
        rows = np.arange(len(samples.accel_g))
        shown_us = onsets[rows // n_samples] + (rows % n_samples) * duration_us / n_samples
        errors_s = np.abs(shown_us / _MICROSECONDS - samples.time_map.seconds(rows))
        largest_s = max(largest_s, float(errors_s.max()))
    return RecordPlan(n_samples, duration_us, onsets_us, largest_s)
