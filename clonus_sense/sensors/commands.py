"""Command sequences without a radio: a driver yields steps, the link executes them and sends the answers in.

A sequence is a generator.  The link runs it like this::

    step = sequence.send(None)
    while True:  # until StopIteration, whose value is the result
        reply = await execute(step)
        step = sequence.send(reply)

The reply to :class:`Read` and :class:`WaitFor` is bytes, to the others ``None``.  A wait that runs out of time replies
``None``: what that means is for the driver to say.  Where the sensor refuses a read or write, the link throws
:class:`~clonus_sense.errors.SensorRefusedError` into the sequence.

Every notification goes to :meth:`~clonus_sense.sensors.family.SensorDriver.receive`, always.  While a sequence runs,
the link also keeps those that came in since the sequence's last :class:`Write` (the write itself included, because an
answer may overtake its confirmation), and gives :class:`WaitFor` the first that fits, each at most once.
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
    """Wait for a notification or indication that begins with ``prefix``; ``None`` is sent in when the time is over."""

    characteristic: str
    prefix: bytes
    timeout_s: float


@dataclass(frozen=True, slots=True)
class Sleep:
    """Do nothing for a while: the sensor needs it."""

    seconds: float


Step: TypeAlias = Write | Read | WaitFor | Sleep
Reply: TypeAlias = bytes | None
Commands: TypeAlias = Generator[Step, Reply, Result]
