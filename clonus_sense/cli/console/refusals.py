"""One sentence for a person about an error."""

from __future__ import annotations

from clonus_sense.cli.console.options import Conversation
from clonus_sense.cli.console.pasting import with_library
from clonus_sense.cli.console.printing import show_controls
from clonus_sense.errors import ClonusSenseError
from clonus_sense.i18n import Translator
from clonus_sense.report.words.refusal_words import refusal_words


def refusal(error: ClonusSenseError | OSError, _: Translator, conversation: Conversation | None = None) -> str:
    """Say why something was refused."""
    facts = with_library(str(error), conversation) if isinstance(error, ClonusSenseError) else ""
    # A name in the facts may hold line breaks.
    return show_controls(refusal_words(error, _, facts), keep="")
