"""The one way of a recording through the detector: push each batch, flush at the end, check the unit.

Every reader of a recording takes this way, so every command finds the same in a file or refuses it with the same
sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from clonus_sense.detection.detector import Detector
from clonus_sense.detection.signal_check import SignalChecker
from clonus_sense.errors import SignalError
from clonus_sense.model import Episode, SampleBatch


def detect_batches(
    batches: Iterable[SampleBatch], detector: Detector, *, source: Path | None = None
) -> Iterator[Episode]:
    """Find the episodes of a recording, and give out each as soon as it is decided.

    Parameters
    ----------
    batches
        All samples of the recording, in order.
    detector
        A new one.
    source
        The recording's file, named in a refusal; ``None`` where there is none.

    Yields
    ------
    Episode
        In order of time.

    Raises
    ------
    SignalError
        If the samples cannot be analysed or are not in g: as soon as the sensor has rested for some seconds.
    """
    for (decided,) in push_through(batches, [detector], source=source):
        yield from decided


def push_through(
    batches: Iterable[SampleBatch], detectors: Sequence[Detector], *, source: Path | None = None
) -> Iterator[list[list[Episode]]]:
    """Take a recording through several detectors in one pass.

    Parameters
    ----------
    batches
        All samples of the recording, in order.
    detectors
        New ones, each with its own settings.
    source
        The recording's file, named in a refusal; ``None`` where there is none.

    Yields
    ------
    list of list of Episode
        The episodes that each detector has just decided, in the order of the detectors; often empty.

    Raises
    ------
    SignalError
        As :func:`detect_batches` does.
    """
    with _naming(source):
        for batch in batches:
            yield [detector.push(batch) for detector in detectors]
        yield [detector.flush() for detector in detectors]


def shown_to(batches: Iterable[SampleBatch], *watchers: Callable[[SampleBatch], None]) -> Iterator[SampleBatch]:
    """Yield each batch to the detector, then show it to every watcher once the detector has accepted it.

    Parameters
    ----------
    batches
        Samples on their way to the detector.
    watchers
        Each is called with each batch.

    Yields
    ------
    SampleBatch
        The same batches.
    """
    for batch in batches:
        yield batch
        for watch in watchers:
            watch(batch)


def check_unit(batches: Iterable[SampleBatch], *, source: Path | None = None) -> None:
    """Refuse a recording for its unit as the detector would, without detecting.

    Parameters
    ----------
    batches
        All samples of the recording, in order.
    source
        The recording's file, named in a refusal; ``None`` where there is none.

    Raises
    ------
    SignalError
        If values at rest can only be of another unit than g.
    """
    checker = SignalChecker()
    with _naming(source):
        for batch in batches:
            checker.look(batch.accel_g, batch.first_index, batch.stretch.fs_hz)
            checker.check_unit()
        checker.check_unit(at_end=True)


@contextmanager
def _naming(source: Path | None) -> Iterator[None]:
    """Name the file in a refusal of its samples."""
    try:
        yield
    except SignalError as error:
        if source is None:
            raise
        raise SignalError(f"{source}: {error}") from error
