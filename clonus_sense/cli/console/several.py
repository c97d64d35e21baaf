"""Options and choice of several nights of one person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

import click

from clonus_sense.errors import NightError

if TYPE_CHECKING:
    from clonus_sense.library import Library
    from clonus_sense.review import SeveralNights

DATE = click.DateTime(["%Y-%m-%d"])


def several_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that choose nights by date and number."""
    for option in (
        click.option("--last", type=click.IntRange(min=1), metavar="N", help="The newest N nights."),
        click.option("--until", type=DATE, metavar="DATE", help="All nights up to this date."),
        click.option("--since", type=DATE, metavar="DATE", help="All nights from this date on."),
    ):
        command = option(command)
    return command


def choose_several(
    library: Library, person: str | None, since: datetime | None, until: datetime | None, last: int | None
) -> SeveralNights:
    """Read the chosen nights; whose they are need not be said in a library of one person."""
    from clonus_sense.library import list_people
    from clonus_sense.review import read_several_nights

    if person is None:
        people = [one.code for one in list_people(library)]
        if len(people) > 1:
            raise NightError(
                f"The library has nights of {len(people)} people ({', '.join(people)}); choose one with --person."
            )
        person = people[0] if people else ""
    return read_several_nights(
        library, person, since=since.date() if since else None, until=until.date() if until else None, last=last
    )
