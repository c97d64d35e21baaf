"""Checks of the computer before a night, as sentences for somebody who is about to go to bed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from clonus_sense.host.facts import HostFacts
from clonus_sense.host.wakefulness import Wakefulness
from clonus_sense.i18n import Translator

# A row takes 35 bytes and two sensors at 104 Hz write 26 MB an hour; a night with its page stays below this.
NIGHT_BYTES = 500_000_000

MEGABYTE = 1_000_000


class Grade(StrEnum):
    """Result of a check."""

    GOOD = "good"
    MIND = "mind"
    """The night can be recorded, but part of it may be lost."""
    STOP = "stop"
    """The night cannot be recorded."""
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Check:
    """One check and its result.

    Parameters
    ----------
    name
        Short fixed word for programs.
    grade
        Its result.
    text
        One sentence for the person, in their language.
    """

    name: str
    grade: Grade
    text: str


def check_host(facts: HostFacts, _: Translator) -> tuple[Check, ...]:
    """Check everything about the computer that could cost a night: disk, power, lid, clock and zone.

    Parameters
    ----------
    facts
        The facts about the computer.
    _
        Language of the sentences.

    Returns
    -------
    tuple of Check
        In this order.
    """
    return (_disk(facts, _), *_power(facts, _), *_lid(facts, _), _clock(facts, _), _zone(facts, _))


def check_wakefulness(awake: Wakefulness, _: Translator) -> Check:
    """Check whether the computer is kept awake."""
    if awake.means:
        return Check("awake", Grade.GOOD, _("Sleep: the computer is kept awake ({means}).").format(means=awake.means))
    text = _("Sleep: the computer cannot be kept awake ({why}); switch sleep off in its settings.")
    return Check("awake", Grade.MIND, text.format(why=awake.why_not))


def _disk(facts: HostFacts, _: Translator) -> Check:
    """Check for enough disk space for a night."""
    free = facts.free_bytes / MEGABYTE
    if facts.free_bytes >= NIGHT_BYTES:
        return Check("disk", Grade.GOOD, _("Disk: {free:.0f} MB free, enough for the night.").format(free=free))
    text = _("Disk: only {free:.0f} MB free, and a night takes up to {need:.0f} MB; delete something first.")
    return Check("disk", Grade.STOP, text.format(free=free, need=NIGHT_BYTES / MEGABYTE))


def _power(facts: HostFacts, _: Translator) -> list[Check]:
    """Check whether the power lasts until the morning."""
    if facts.is_on_mains:
        return [Check("power", Grade.GOOD, _("Power: plugged in."))]
    if facts.battery_percent is None:
        # A computer without a battery runs only on mains.
        return []
    text = _("Power: on battery ({percent} %); plug the computer in for the night.")
    return [Check("power", Grade.MIND, text.format(percent=facts.battery_percent))]


def _lid(facts: HostFacts, _: Translator) -> list[Check]:
    """Remind the person to leave the lid open."""
    if not facts.has_lid:
        return []
    return [Check("lid", Grade.MIND, _("Lid: leave it open; many computers sleep when it is shut, whatever is asked."))]


def _clock(facts: HostFacts, _: Translator) -> Check:
    """Check whether the clock is right."""
    now = f"{facts.now:%Y-%m-%d %H:%M}"
    if facts.is_clock_synchronised:
        return Check("clock", Grade.GOOD, _("Clock: {now}, set by the network.").format(now=now))
    if facts.is_clock_synchronised is None:
        text = _("Clock: {now}. Please look whether this is right.")
        return Check("clock", Grade.UNKNOWN, text.format(now=now))
    text = _(
        "Clock: {now}, not set by the network since the computer was started. Please look whether this is right; a "
        "wrong date can be corrected later, and no length changes."
    )
    return Check("clock", Grade.MIND, text.format(now=now))


def _zone(facts: HostFacts, _: Translator) -> Check:
    """Check whether the time zone is known."""
    if facts.timezone:
        return Check("zone", Grade.GOOD, _("Time zone: {zone}.").format(zone=facts.timezone))
    text = _("Time zone: unknown; clock times then follow the present offset from UTC, clock changes included.")
    return Check("zone", Grade.MIND, text)
