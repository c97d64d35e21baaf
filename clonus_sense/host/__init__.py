"""The computer at the bedside: checks before a night, and keeping it awake."""

from clonus_sense.host.autostart import Autostart, autostart_for
from clonus_sense.host.checks import Check, Grade, check_host, check_wakefulness
from clonus_sense.host.facts import HostFacts, read_host_facts
from clonus_sense.host.wakefulness import Wakefulness, kept_awake

__all__ = [
    "Autostart",
    "Check",
    "Grade",
    "HostFacts",
    "Wakefulness",
    "autostart_for",
    "check_host",
    "check_wakefulness",
    "kept_awake",
    "read_host_facts",
]
