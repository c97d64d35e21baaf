"""Requests that no page of the app sends: each is refused, and shows nothing of a person."""

import asyncio
from urllib.parse import unquote

import pytest

from clonus_sense.app.gate import CONTENT_POLICY, Gate
from clonus_sense.app.judgement import MOST_BODY_BYTES, Door
from clonus_sense.app.keys import Keys, read_keys
from tests.app.apps import PORT, open_app, own_headers

DOOR = Door(PORT, Keys("secret"))


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    with open_app(tmp_path_factory.mktemp("app")) as asked:
        yield asked


def request(app, method, path, changes, content=b""):
    """Send a request with some headers changed, or left out where the change is None."""
    headers = own_headers(app.door) | {name: value for name, value in changes.items() if value is not None}
    for name in [name for name, value in changes.items() if value is None]:
        headers.pop(name, None)
    return app.client.request(method, path, headers=headers, content=content)


COOKIE = f"clonus-sense-{PORT}"
DATA, PAGE, ENTRANCE, FILE = "/data/state", "/about", "/enter?key=x", "/files/app/frame.js"
LANGUAGE = "/data/language"

FORGED = {
    "foreign host": ("GET", DATA, {"Host": "evil.example"}, 421),
    "name of this computer": ("GET", DATA, {"Host": f"localhost:{PORT}"}, 421),
    "another port": ("GET", DATA, {"Host": "127.0.0.1:1"}, 421),
    "host without port": ("GET", DATA, {"Host": "127.0.0.1"}, 421),
    "foreign host for a file": ("GET", FILE, {"Host": "evil.example"}, 421),
    "foreign host at the entrance": ("GET", ENTRANCE, {"Host": "evil.example"}, 421),
    "foreign origin": ("GET", DATA, {"Origin": "http://evil.example"}, 403),
    "origin of another port": ("POST", LANGUAGE, {"Origin": "http://127.0.0.1:1"}, 403),
    "origin of a file": ("POST", LANGUAGE, {"Origin": "null"}, 403),
    "origin with another scheme": ("GET", DATA, {"Origin": f"https://127.0.0.1:{PORT}"}, 403),
    "post without origin": ("POST", LANGUAGE, {"Origin": None}, 403),
    "cross-site data": ("GET", DATA, {"Sec-Fetch-Site": "cross-site"}, 403),
    "same-site data of another port": ("GET", DATA, {"Sec-Fetch-Site": "same-site"}, 403),
    "typed data": ("GET", DATA, {"Sec-Fetch-Site": "none"}, 403),
    "cross-site page": ("GET", PAGE, {"Sec-Fetch-Site": "cross-site"}, 403),
    "cross-site file": ("GET", FILE, {"Sec-Fetch-Site": "cross-site"}, 403),
    "page in a frame": ("GET", PAGE, {"Sec-Fetch-Dest": "iframe", "Sec-Fetch-Mode": "navigate"}, 403),
    "entrance as a picture": ("GET", ENTRANCE, {"Sec-Fetch-Dest": "image", "Sec-Fetch-Mode": "no-cors"}, 403),
    "no keys": ("GET", DATA, {"Cookie": None, "X-Clonus-Sense-Key": None}, 401),
    "no cookie": ("GET", DATA, {"Cookie": None}, 401),
    "cookie without header": ("GET", DATA, {"X-Clonus-Sense-Key": None}, 401),
    "cookie in the header's place": ("GET", DATA, {"X-Clonus-Sense-Key": "COOKIE"}, 401),
    "wrong key": ("GET", DATA, {"X-Clonus-Sense-Key": "0" * 64}, 401),
    "key that is no ASCII": ("GET", DATA, {"X-Clonus-Sense-Key": "ü".encode()}, 401),
    "wrong cookie": ("GET", DATA, {"Cookie": f"{COOKIE}={'0' * 64}"}, 401),
    "cookie of another app": ("GET", DATA, {"Cookie": f"clonus-sense-1={'0' * 64}"}, 401),
    "page without cookie": ("GET", PAGE, {"Cookie": None}, 401),
    "entrance with a wrong key": ("GET", ENTRANCE, {"Cookie": None, "X-Clonus-Sense-Key": None}, 401),
    "entrance without a key": ("GET", "/enter", {}, 401),
    "doubled slash before data": ("GET", "//data/state", {"X-Clonus-Sense-Key": None}, 404),
    "put": ("PUT", DATA, {}, 405),
    "delete": ("DELETE", DATA, {}, 405),
    "options": ("OPTIONS", DATA, {}, 405),
    "trace": ("TRACE", DATA, {}, 405),
    "invented method": ("BREW", DATA, {}, 405),
    "post to a page": ("POST", PAGE, {}, 405),
    "post to the entrance": ("POST", ENTRANCE, {}, 405),
    "long address": ("GET", "/data/state?" + "a" * 4096, {}, 414),
    "large header": ("GET", DATA, {"X-Large": "a" * 9000}, 431),
    "many headers": ("GET", DATA, {f"X-{n}": "a" for n in range(80)}, 431),
    "length that is no number": ("POST", LANGUAGE, {"Content-Length": "many"}, 413),
    "negative length": ("POST", LANGUAGE, {"Content-Length": "-1"}, 413),
    "length of hundreds of digits": ("POST", LANGUAGE, {"Content-Length": "9" * 400}, 413),
    "body of 10 MB as stated": ("POST", LANGUAGE, {"Content-Length": "10000000"}, 413),
    "body where none belongs": ("GET", DATA, {"Content-Length": "3"}, 400),
    "unstated body where none belongs": ("GET", DATA, {"Transfer-Encoding": "chunked"}, 400),
}


@pytest.mark.parametrize(("method", "path", "changes", "status"), FORGED.values(), ids=FORGED)
def test_a_forged_request_is_refused(app, method, path, changes, status):
    changes = {name: app.door.keys.cookie if value == "COOKIE" else value for name, value in changes.items()}
    answer = request(app, method, path, changes)
    assert answer.status_code == status
    assert "who" not in answer.text
    assert answer.headers["Content-Security-Policy"] == CONTENT_POLICY


TRAVERSALS = (
    "/files/../../secret",
    "/files/app/..%2f..%2f..%2fpyproject.toml",
    "/files/app/%2e%2e/%2e%2e/keys.py",
    "/files/app/..\\keys.py",
    "/files/app/frame.js%00.css",
    "/files/app/keys.py",
    "/files/app/frame.html.jinja",
    "/files/etc/passwd",
    "/files//etc/passwd",
    "/open/..%2f..%2flibrary.sqlite3",
    "/welcome/../data/state",
    "/data/about/give/..%2f..%2flibrary.sqlite3",
    "/data/..%2f..%2fpyproject.toml",
    "/library.sqlite3",
)


@pytest.mark.parametrize("path", TRAVERSALS)
def test_an_address_leads_to_files_of_the_package_alone(app, path):
    # Sent as it stands: a client would shorten it.
    headers = own_headers(app.door)
    answer = asyncio.run(ask_raw(app, "GET", path, headers))
    assert answer["status"] in (303, 404)
    assert b"def " not in answer["body"]
    assert b"SQLite" not in answer["body"]


async def ask_raw(app, method, path, headers, receive=None):
    """Ask the gate itself; the path is decoded as a server does."""
    scope = {
        "type": "http",
        "method": method,
        "path": unquote(path.partition("?")[0]),
        "raw_path": path.encode(),
        "query_string": path.partition("?")[2].encode(),
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
        "root_path": "",
        "scheme": "http",
        "server": ("127.0.0.1", PORT),
    }
    answer = {"body": b""}

    async def send(part):
        if part["type"] == "http.response.start":
            answer["status"] = part["status"]
        answer["body"] += part.get("body", b"")

    async def nothing():
        return {"type": "http.request", "body": b"", "more_body": False}

    await app.client.app(scope, receive or nothing, send)
    return answer


@pytest.fixture
def wrong_at_head(app):
    return own_headers(app.door) | {"Content-Type": "application/json"}


def test_a_body_that_grows_past_the_limit_is_not_read_to_its_end(app, wrong_at_head):
    taken = []

    async def endless():
        taken.append(16 * 1024)
        return {"type": "http.request", "body": b"a" * 16 * 1024, "more_body": True}

    answer = asyncio.run(ask_raw(app, "POST", LANGUAGE, wrong_at_head, endless))
    assert answer["status"] == 413
    assert sum(taken) <= MOST_BODY_BYTES + 16 * 1024


def test_a_body_that_comes_too_slowly_is_refused(wrong_at_head):
    async def never():
        await asyncio.sleep(3600)

    async def routes(scope, receive, send):
        raise AssertionError("this request must not reach the routes")

    class Asked:
        class client:  # noqa: N801
            app = Gate(routes, DOOR, body_within_s=0.01)

    answer = asyncio.run(ask_raw(Asked, "POST", LANGUAGE, own_headers(DOOR), never))
    assert answer["status"] == 408


def test_a_websocket_is_closed(app):
    sent = []

    async def send(part):
        sent.append(part)

    asyncio.run(app.client.app({"type": "websocket", "headers": []}, None, send))
    assert sent == [{"type": "websocket.close", "code": 1008}]


def test_a_route_that_fails_shows_no_traceback(app, monkeypatch, caplog):
    async def broken(scope, receive, send):
        raise RuntimeError("secret of the house")

    class Asked:
        class client:  # noqa: N801
            app = Gate(broken, DOOR)

    answer = asyncio.run(ask_raw(Asked, "GET", DATA, own_headers(DOOR)))
    assert answer["status"] == 500
    assert b"secret" not in answer["body"]
    assert "secret of the house" in caplog.text


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"1", b"{", b"\xff", b'{"language": 1}', b'{"language": null}', b'{"language": "xx"}', b'{"a": "b"}',
     b'{"language": "' + b"a" * 5000 + b'"}', b"[" * 3000],
)  # fmt: skip
def test_a_body_that_is_no_form_is_refused(app, body):
    answer = request(app, "POST", LANGUAGE, {"Content-Type": "application/json"}, body)
    assert answer.status_code == 400
    assert "refused" in answer.json()


def test_the_keys_tell_nothing_about_one_another_and_survive_a_restart(tmp_path):
    keys = read_keys(tmp_path / "app")
    assert len({keys.secret, keys.door, keys.cookie, keys.data}) == 4
    assert read_keys(tmp_path / "app") == keys
    assert (tmp_path / "app" / "secret").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "app").stat().st_mode & 0o777 == 0o700


def test_a_secret_that_others_could_read_is_replaced(tmp_path, caplog):
    keys = read_keys(tmp_path)
    (tmp_path / "secret").chmod(0o644)
    assert read_keys(tmp_path) != keys
    assert "others could read" in caplog.text
