"""Choices that somebody made in the app, kept from night to night."""

from __future__ import annotations

import json
import logging
from dataclasses import asdict, dataclass
from pathlib import Path

from clonus_sense.app.keys import PRIVATE_MODE
from clonus_sense.files import write_text_atomically

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Choices:
    """Choices for all screens.

    Parameters
    ----------
    language
        Language of the screens; empty for that of the start.
    helper
        Name of who answers for the person; empty if the person answers.
    is_helped
        Whether somebody answers for the person.
    shows_results
        Whether the morning shows what was found, or only that the night was recorded.
    """

    language: str = ""
    helper: str = ""
    is_helped: bool = False
    shows_results: bool = True


def read_choices(path: Path) -> Choices:
    """Read the choices; an unreadable file gives the usual ones, because it must not prevent a recording."""
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        usual = asdict(Choices())
        return Choices(**{name: kept[name] for name in usual if type(kept.get(name)) is type(usual[name])})
    except FileNotFoundError:
        return Choices()
    except (OSError, ValueError, AttributeError) as error:
        logger.warning("%s: cannot be read (%s); the usual choices are taken.", path, error)
        return Choices()


def write_choices(path: Path, choices: Choices) -> None:
    """Keep the choices."""
    write_text_atomically(path, json.dumps(asdict(choices), indent=1, ensure_ascii=False) + "\n", mode=PRIVATE_MODE)
