"""Apps for tests: behind their gate, asked without a network."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from clonus_sense.app.house import House
from clonus_sense.app.judgement import Door
from clonus_sense.app.keys import read_keys
from clonus_sense.app.place import Place
from clonus_sense.app.routes import build_app

PORT = 8473


@dataclass
class Client:
    """Asks an app; headers are those of its own page until a test changes them."""

    app: object
    base_url: str
    headers: dict[str, str] = field(default_factory=dict)

    def request(self, method: str, path: str, **more) -> httpx.Response:
        """Send a request; `headers` replaces the usual ones."""
        more = {"headers": self.headers, **more}

        async def send() -> httpx.Response:
            transport = httpx.ASGITransport(self.app)  # type: ignore[arg-type]
            async with httpx.AsyncClient(transport=transport, base_url=self.base_url) as client:
                return await client.request(method, path, **more)

        return asyncio.run(send())

    def get(self, path: str) -> httpx.Response:
        """Ask for an address."""
        return self.request("GET", path)

    def post(self, path: str, json: object) -> httpx.Response:
        """Send a form."""
        return self.request("POST", path, json=json)


@dataclass
class Asked:
    """An app, its keys, and a client that asks as its own page does."""

    house: House
    door: Door
    client: Client

    def data(self, path: str):
        """What an address below /data/ gives, as JSON."""
        return self.client.get(f"/data/{path}").json()

    def send(self, path: str, **fields: str):
        """Send the fields of a form."""
        return self.client.post(f"/data/{path}", json=fields)


def own_headers(door: Door) -> dict[str, str]:
    """Headers as a page of the app sends them."""
    return {
        "Host": door.host,
        "Origin": door.origin,
        "Sec-Fetch-Site": "same-origin",
        "Cookie": f"{door.cookie_name}={door.keys.cookie}",
        "X-Clonus-Sense-Key": door.keys.data,
    }


@contextmanager
def open_app(folder: Path, **changes):
    """Open an app over a library in a folder."""
    place = Place(folder / "library.sqlite3")
    door = Door(PORT, read_keys(place.folder))
    house = House(place, "en", **changes)
    yield Asked(house, door, Client(build_app(house, door), door.origin, own_headers(door)))
