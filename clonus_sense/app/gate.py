"""The gate before all routes: judges each request, reads its body within limits, and guards each answer."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse

from clonus_sense.app.judgement import MOST_BODY_BYTES, TOO_LARGE, Demand, Door, Refusal, Seen, demand_of, judge
from clonus_sense.i18n import LANGUAGES, message, translator

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

logger = logging.getLogger(__name__)

# A body of ours is a few hundred bytes from this computer.
BODY_WITHIN_S = 5.0

CONTENT_POLICY = "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
"""Scripts, styles and data from the app alone; nothing inline, no eval, in no frame."""

GUARDS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
"""Headers of every answer."""

_TOO_SLOW = message("This request was too slow.")
_FAILED = message("The app could not do this. Its log on the terminal says why.")


@dataclass(frozen=True, slots=True)
class Gate:
    """Lets a request through to the routes, or refuses it.

    Parameters
    ----------
    app
        The routes.
    door
        Where the app stands, and its keys.
    body_within_s
        Longest time in seconds for a body to arrive.
    """

    app: ASGIApp
    door: Door
    body_within_s: float = BODY_WITHIN_S

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            # There is no WebSocket here.
            await send({"type": "websocket.close", "code": 1008})
            return
        guarded = _Guarded(send)
        seen = _see(scope)
        refusal = judge(seen, self.door)
        body = b""
        if refusal is None:
            try:
                async with asyncio.timeout(self.body_within_s):
                    body = await _read_body(receive)
            except TimeoutError:
                refusal = Refusal(HTTPStatus.REQUEST_TIMEOUT, _TOO_SLOW)
            except ValueError:
                refusal = Refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, TOO_LARGE)
        if refusal is not None:
            logger.info("refused %s %s: %s", seen.method, seen.path[:100], refusal.status)
            await _refuse(refusal, scope, receive, guarded)
            return
        try:
            # Routes run in threads and cannot wait for a body.
            scope["state"] = {"body": body}
            await self.app(scope, receive, guarded)
        except Exception:
            logger.exception("%s %s failed", seen.method, seen.path[:100])
            if not guarded.has_begun:
                await _refuse(Refusal(HTTPStatus.INTERNAL_SERVER_ERROR, _FAILED), scope, receive, guarded)


class _Guarded:
    """Sends answers with the headers of :data:`GUARDS`, unless a route has set its own."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.has_begun = False

    async def __call__(self, part: Message) -> None:
        if part["type"] == "http.response.start":
            self.has_begun = True
            headers = MutableHeaders(scope=part)
            for name, value in GUARDS.items():
                headers.setdefault(name, value)
        await self._send(part)


def _see(scope: Scope) -> Seen:
    """Read the head of a request."""
    return Seen(
        scope["method"],
        scope["path"],
        len(scope.get("raw_path") or scope["path"].encode()) + len(scope["query_string"]),
        [(name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]],
    )


async def _read_body(receive: Receive) -> bytes:
    """Read a body; raise ``ValueError`` if it is too large."""
    parts, n_bytes = [], 0
    while True:
        part = await receive()
        if part["type"] == "http.disconnect":
            return b""
        parts.append(part.get("body", b""))
        n_bytes += len(parts[-1])
        if n_bytes > MOST_BODY_BYTES:
            raise ValueError("the body is too large")
        if not part.get("more_body", False):
            return b"".join(parts)


async def _refuse(refusal: Refusal, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with one sentence in each language; nobody knows who is reading."""
    text = "\n".join(translator(language)(refusal.text) for language in LANGUAGES)
    # The rest of a body that is not wanted is not read either.
    headers = {"Connection": "close"} if demand_of(scope["path"]) is Demand.DATA else {}
    await PlainTextResponse(text + "\n", status_code=int(refusal.status), headers=headers)(scope, receive, send)
