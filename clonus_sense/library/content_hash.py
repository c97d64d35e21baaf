"""Hash that identifies a recording by its decoded samples and start, independent of the file format."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Protocol

import numpy as np

from clonus_sense.model import FloatArray, SampleBatch

# 128 bits: the probability that any two nights ever recorded share a hash is below 1e-15.
_DIGEST_BYTES = 16


class RecordingHasher:
    """Hashes a recording batch by batch; any cut into batches gives the same hash.

    Examples
    --------
    >>> from clonus_sense.model import Stretch
    >>> batch = SampleBatch(Stretch(0, 4.0), 0, np.ones((4, 3)), np.array([0.0, 0.5]))
    >>> whole, parts = RecordingHasher(), RecordingHasher()
    >>> whole.add(batch)
    >>> for part in batch.cut([1, 3]):
    ...     parts.add(part)
    >>> whole.hexdigest(None) == parts.hexdigest(None)
    True
    """

    def __init__(self) -> None:
        self._axes = tuple(blake2b(digest_size=_DIGEST_BYTES) for _ in range(3))
        self._times = blake2b(digest_size=_DIGEST_BYTES)
        self._n_samples = 0

    def add(self, batch: SampleBatch) -> None:
        """Add the next batch.

        Parameters
        ----------
        batch
            Samples that follow those already added.
        """
        if batch.first_index == 0:
            self._times.update(b"stretch at %d" % self._n_samples)
        self._times.update(_bytes_of(batch.knot_times_s))
        for axis, digest in enumerate(self._axes):
            digest.update(_bytes_of(batch.accel_g[:, axis]))
        self._n_samples += len(batch.accel_g)

    def hexdigest(self, start: datetime | None) -> str:
        """Return the hash of all samples so far and the start.

        Parameters
        ----------
        start
            Aware start of the recording; ``None`` if unknown.

        Returns
        -------
        str
            Hexadecimal digits; the same moment in another time zone gives the same hash.
        """
        moment = "" if start is None else start.astimezone(UTC).isoformat(timespec="microseconds")
        parts = (moment.encode(), b"%d" % self._n_samples, self._times.digest(), *(a.digest() for a in self._axes))
        return blake2b(b"|".join(parts), digest_size=_DIGEST_BYTES).hexdigest()


class Samples(Protocol):
    """Source of a recording's samples: read whole or as a stream."""

    @property
    def recorded_start(self) -> datetime | None:
        """Start as stated in the file; a correction by a person does not change the hash."""

    def batches(self) -> Iterator[SampleBatch]:
        """Yield the samples."""


def hash_recording(recording: Samples) -> str:
    """Hash a recording; ``.csv``, ``.csv.gz`` and ``.parquet`` give the same hash.

    Parameters
    ----------
    recording
        A :class:`clonus_sense.recording.Recording` or a stream; the stream is read to its end.
    """
    hasher = RecordingHasher()
    for batch in recording.batches():
        hasher.add(batch)
    return hasher.hexdigest(recording.recorded_start)


def _bytes_of(values: FloatArray) -> memoryview:
    """Return the numbers as little-endian bytes."""
    return np.ascontiguousarray(values, dtype="<f8").data
