"""Public names of a package that are loaded when they are first used."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module


def load_lazily(
    package: str, names: Sequence[str], module_of: Mapping[str, str], usual: str
) -> Callable[[str], object]:
    """Make the ``__getattr__`` of a package.

    Parameters
    ----------
    package
        Its ``__name__``.
    names
        Its public names.
    module_of
        Where each lives, inside the package.
    usual
        Where those live that are not named there.

    Returns
    -------
    callable
        Loads a public name on its first use.

    Examples
    --------
    >>> load = load_lazily("clonus_sense", ["Gap", "SettingsError"], {"SettingsError": "errors"}, "model")
    >>> load("SettingsError").__module__, load("Gap").__module__
    ('clonus_sense.errors', 'clonus_sense.model')
    """

    def load(name: str) -> object:
        if name not in names:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        value = getattr(import_module(f"{package}.{module_of.get(name, usual)}"), name)
        # The next use finds it without us.
        setattr(sys.modules[package], name, value)
        return value

    return load
