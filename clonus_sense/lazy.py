"""Public names of a package that are loaded at first use."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module


def load_lazily(
    package: str, names: Sequence[str], module_of: Mapping[str, str], usual: str
) -> Callable[[str], object]:
    """Make the ``__getattr__`` of a package; ``usual`` is the module of names not in ``module_of``."""

    def load(name: str) -> object:
        if name not in names:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        value = getattr(import_module(f"{package}.{module_of.get(name, usual)}"), name)
        # Later uses find the name without this function.
        setattr(sys.modules[package], name, value)
        return value

    return load
