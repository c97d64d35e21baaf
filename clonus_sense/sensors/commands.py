"""Command sequences without a radio: a driver yields steps; the link executes them and sends the replies back.

A sequence is a generator.  The link runs it like this::

    step = sequence.send(None)
    while True:  # until StopIteration, whose value is the result
        reply = await execute(step)
        step = sequence.send(reply)

The reply to :class:`Read` and :class:`WaitFor` is bytes; the reply to other steps is ``None``.  A :class:`WaitFor` that
times out replies ``None``, and the driver decides what this means.  If the sensor refuses a read or write, the link
throws :class:`~clonus_sense.errors.SensorRefusedError` into the sequence.

Every notification goes to :meth:`~clonus_sense.sensors.family.SensorDriver.receive`.  While a sequence runs, the link
also keeps the notifications since the start of its last :class:`Write`: an answer may overtake the confirmation of the
write.  :class:`WaitFor` takes the first of them that fits; each is used at most once.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Write:
    """Write to a characteristic."""

    characteristic: str
    data: bytes
    with_response: bool = True


@dataclass(frozen=True, slots=True)
class Read:
    """Read a characteristic; the reply is its value."""

    characteristic: str


@dataclass(frozen=True, slots=True)
class WaitFor:
    """Wait for a notification or indication that begins with ``prefix``; a timeout replies ``None``."""

    characteristic: str
    prefix: bytes
    timeout_s: float


@dataclass(frozen=True, slots=True)
class Sleep:
    """Wait because the sensor needs time."""

    seconds: float


Step: TypeAlias = Write | Read | WaitFor | Sleep
Reply: TypeAlias = bytes | None
Commands: TypeAlias = Generator[Step, Reply, Result]
