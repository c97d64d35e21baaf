"""The people whose nights the library holds."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime

from clonus_sense.config import parse_settings
from clonus_sense.errors import LibraryError
from clonus_sense.library.decoding import decodes
from clonus_sense.library.nouns import Person
from clonus_sense.library.store import Library
from clonus_sense.model import Site
from clonus_sense.terms import SIDES

AFFECTED_SIDES = ("", *SIDES, "both")


def add_person(library: Library, person: Person) -> None:
    """Add a person.

    Parameters
    ----------
    person
        Person with a new code.

    Raises
    ------
    LibraryError
        If the code is empty or taken, or the side is invalid.
    SettingsError
        If a setting is invalid.
    """
    _check(person)
    with library.writing() as connection:
        if person_id(connection, person.code) is not None:
            raise LibraryError(f"{person.code}: this person is in the library already; choose another code.")
        insert_person(connection, person)


def change_person(library: Library, person: Person) -> None:
    """Replace the facts about a person; their nights stay assigned to them.

    Parameters
    ----------
    person
        New facts, with the code of the person to change.

    Raises
    ------
    LibraryError
        If the person does not exist or the side is invalid.
    SettingsError
        If a setting is invalid.
    """
    _check(person)
    with library.writing() as connection:
        connection.execute(
            "UPDATE people SET affected_side = ?, cause = ?, usual_placement = ?, settings_toml = ? WHERE id = ?",
            (
                person.affected_side,
                person.cause,
                person.usual_placement,
                person.settings_toml,
                known_person_id(connection, person.code),
            ),
        )


def find_person(library: Library, code: str) -> Person:
    """Find a person by code.

    Raises
    ------
    LibraryError
        If the person does not exist.
    """
    with library.reading() as connection:
        number = known_person_id(connection, code)
        return _person_of(connection.execute("SELECT * FROM people WHERE id = ?", (number,)).fetchone())


def list_people(library: Library) -> tuple[Person, ...]:
    """List all people, by code."""
    with library.reading() as connection:
        return tuple(_person_of(row) for row in connection.execute("SELECT * FROM people ORDER BY code"))


def person_id(connection: sqlite3.Connection, code: str) -> int | None:
    """Return the row number of a person; ``None`` if there is none."""
    row = connection.execute("SELECT id FROM people WHERE code = ?", (code,)).fetchone()
    return None if row is None else int(row["id"])


def known_person_id(connection: sqlite3.Connection, code: str) -> int:
    """Return the row number of a person; raise ``LibraryError`` for an unknown code."""
    number = person_id(connection, code)
    if number is None:
        codes = [str(row["code"]) for row in connection.execute("SELECT code FROM people ORDER BY code")]
        known = f"it holds {', '.join(codes)}" if codes else "it holds nobody yet"
        raise LibraryError(f"{code}: this person is not in the library; {known}.")
    return number


def insert_person(connection: sqlite3.Connection, person: Person) -> int:
    """Write a new person's row and return its number."""
    row = connection.execute(
        "INSERT INTO people (code, affected_side, cause, usual_placement, settings_toml, added_at) "
        "VALUES (?, ?, ?, ?, ?, ?) RETURNING id",
        (
            person.code,
            person.affected_side,
            person.cause,
            person.usual_placement,
            person.settings_toml,
            datetime.now(UTC).isoformat(),
        ),
    ).fetchone()
    return int(row["id"])


def _check(person: Person) -> None:
    """Refuse a code or side that cannot stand in a file head or on a page."""
    if not person.code or person.code != " ".join(person.code.split()):
        raise LibraryError(
            f"{person.code!r}: a person's code must be one line without double blanks, such as P07; choose one."
        )
    if person.affected_side not in AFFECTED_SIDES:
        raise LibraryError(
            f"{person.code}: the affected side is {person.affected_side!r}; it must be left, right, both or empty."
        )
    parse_settings(person.settings_toml)


@decodes
def _person_of(row: sqlite3.Row) -> Person:
    """Build the person of a row."""
    placement = row["usual_placement"]
    return Person(
        code=row["code"],
        affected_side=row["affected_side"],
        cause=row["cause"],
        usual_placement=None if placement is None else Site(placement),
        settings_toml=row["settings_toml"],
    )
