"""Printed commands that a person can paste: complete, quoted, and with the library in use."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from collections.abc import Sequence

import click

from clonus_sense.cli.console.options import PROGRAM_NAME, Conversation

# A command inside a sentence, such as `clonus-sense add FILE`.
_COMMAND = re.compile(rf"`{PROGRAM_NAME} ([a-z-]+)([^`\n]*)`")


def command_line(verb: str, *arguments: str, options: Sequence[tuple[str, str | None]] = ()) -> str:
    """Write a command, ready to paste."""
    words = [word for name, value in options for word in _option_words(name, value)]
    words += _library_words(verb, _conversation())
    # A code such as `-x` would be read as an option.
    if any(argument.startswith("-") for argument in arguments):
        return _quoted([PROGRAM_NAME, verb, *words, "--", *arguments])
    return _quoted([PROGRAM_NAME, verb, *arguments, *words])


def with_library(text: str, conversation: Conversation | None = None) -> str:
    """Add the library in use to each command of a sentence, unless it is the default one."""
    conversation = conversation or _conversation()

    def whole(command: re.Match[str]) -> str:
        words = _library_words(command[1], conversation)
        if not words or "--library" in command[2]:
            return command[0]
        return f"{command[0][:-1]} {_quoted(words)}`"

    return _COMMAND.sub(whole, text)


def _option_words(name: str, value: str | None) -> list[str]:
    """Write an option; a value that begins with ``-`` is joined to its name."""
    if value is None:
        return [name]
    return [f"{name}={value}"] if value.startswith("-") else [name, value]


def _library_words(verb: str, conversation: Conversation | None) -> list[str]:
    """Write ``--library`` with an absolute path, unless the command takes none or the library is the default one."""
    from clonus_sense.library.store import default_path

    path = conversation.library_path if conversation else None
    if conversation is None or path is None or path.absolute() == default_path().absolute():
        return []
    command = conversation.commands.get(verb)
    if command is None or not any(parameter.name == "library_path" for parameter in command.params):
        return []
    return ["--library", str(path.absolute())]


def _quoted(words: Sequence[str]) -> str:
    """Join words so that the shell of this system takes each as one."""
    return subprocess.list2cmdline(words) if os.name == "nt" else shlex.join(words)


def _conversation() -> Conversation | None:
    """Find the conversation of the running command, if one runs."""
    context = click.get_current_context(silent=True)
    return context.find_object(Conversation) if context else None
