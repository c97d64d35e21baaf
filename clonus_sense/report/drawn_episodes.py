"""Which episodes get a picture where there are too many for each to have one; it draws nothing itself."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from clonus_sense.model import Episode


def choose_episodes(episodes: Sequence[Episode], at_most: int) -> list[int]:
    """Choose what to draw when there are too many: the longest, the strongest and the least certain, in turn."""
    everywhere = range(len(episodes))
    longest = sorted(everywhere, key=lambda i: -episodes[i].duration_s)
    strongest = sorted(everywhere, key=lambda i: -episodes[i].peak_g)
    least_certain = sorted(everywhere, key=lambda i: episodes[i].confidence)
    in_turn = chain.from_iterable(zip(longest, strongest, least_certain, strict=True))
    # A dict keeps each position once, in the order of its first turn.
    return sorted(list(dict.fromkeys(in_turn))[:at_most])
