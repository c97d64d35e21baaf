"""Public names of a package that are loaded when they are first used."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module


def load_lazily(
    package: str, names: Sequence[str], module_of: Mapping[str, str], usual: str
) -> Callable[[str], object]:
    """Make the ``__getattr__`` of a package."""

    def load(name: str) -> object:
        if name not in names:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        value = getattr(import_module(f"{package}.{module_of.get(name, usual)}"), name)
        # The next use finds it without us.
        setattr(sys.modules[package], name, value)
        return value

    return load
