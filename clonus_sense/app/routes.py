"""The addresses of the app.

======================  ==========================================================
``/enter?key=…``        takes the key of the private file, sets the cookie, leaves
``/welcome/TICKET``     hands the page's script its key, once
``/files/…``            styles and scripts of the package
``/NAME``               frame of a screen, without data
``/open/TICKET``        a file in a tab of its own
``/data/NAME``          what a screen shows; its acts, its files, the state
======================  ==========================================================
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from http import HTTPStatus
from importlib import resources
from pathlib import Path
from urllib.parse import parse_qsl, quote, urlencode

from bokeh.util.paths import bokehjs_path
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from clonus_sense.app.choices import write_choices
from clonus_sense.app.gate import Gate
from clonus_sense.app.house import House
from clonus_sense.app.judgement import CLOSED, Door
from clonus_sense.app.keys import is_same
from clonus_sense.app.screen import Answers, File, Next, Screen, Visit, choose_field
from clonus_sense.app.screens import SCREENS
from clonus_sense.errors import ClonusSenseError, FormError
from clonus_sense.i18n import LANGUAGES, Translator, message, notice
from clonus_sense.report.pages.kit import read_templates
from clonus_sense.report.words.refusal_words import refusal_words

# A note of a person is the longest text; nobody fills in more fields.
MOST_FIELDS = 64
MOST_FIELD_SIGNS = 4000

_NOT_HERE = message("There is no such page. The menu leads to all pages.")

# A page that is opened in a tab runs its own scripts under its own policy, apart from the app and its cookie.
APART = "sandbox allow-scripts allow-downloads allow-modals; frame-ancestors 'none'"

MEDIA_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


def build_app(house: House, door: Door, screens: Mapping[str, Screen] = SCREENS) -> Gate:
    """Build the app behind its gate.

    Parameters
    ----------
    house
        All that lives longer than one request.
    door
        Where the app stands, and its keys.
    screens
        Each by its name; the first one is shown first.
    """
    app = _App(house, door, screens)
    routes = [
        Route("/", app.begin),
        Route("/enter", app.enter),
        Route("/welcome/{ticket}", app.welcome),
        Route("/files/{folder}/{name}", app.file),
        Route("/open/{ticket}", app.open_file),
        Route("/data/state", app.state),
        Route("/data/language", app.choose_language, methods=["POST"]),
        Route("/data/{screen}", app.show),
        Route("/data/{screen}/act/{act}", app.act, methods=["POST"]),
        Route("/data/{screen}/give/{name}", app.give),
        Route("/data/{screen}/ticket/{name}", app.ticket, methods=["POST"]),
        Route("/{screen}", app.frame),
    ]
    return Gate(Starlette(routes=routes, exception_handlers={HTTPStatus.NOT_FOUND: _not_here}), door)


def _not_here(request: Request, error: Exception) -> Response:
    """Say that an address leads nowhere."""
    return PlainTextResponse(_NOT_HERE + "\n", status_code=HTTPStatus.NOT_FOUND)


@dataclass(frozen=True, slots=True)
class _App:
    """The answers; Starlette runs them in threads, because they read files."""

    house: House
    door: Door
    screens: Mapping[str, Screen]

    # Entering

    def begin(self, request: Request) -> Response:
        """Lead to the first screen."""
        return RedirectResponse(f"/{next(iter(self.screens))}", HTTPStatus.SEE_OTHER)

    def enter(self, request: Request) -> Response:
        """Take the key out of the address, and set the cookie.

        A browser sends no strict cookie while another page leads it, so a page of ours has to come between.
        """
        if not is_same(request.query_params.get("key", ""), self.door.keys.door):
            _ = self.house.translate()
            return PlainTextResponse(_(CLOSED) + "\n", status_code=HTTPStatus.UNAUTHORIZED)
        answer = RedirectResponse(f"/welcome/{self.house.welcomes.give('key')}", HTTPStatus.SEE_OTHER)
        answer.set_cookie(self.door.cookie_name, self.door.keys.cookie, httponly=True, samesite="strict")
        return answer

    def welcome(self, request: Request) -> Response:
        """Hand the page's script its key, which the browser keeps for this address and port alone."""
        if self.house.welcomes.take(request.path_params["ticket"]) is None:
            return RedirectResponse("/", HTTPStatus.SEE_OTHER)
        return self._page("welcome.html.jinja", {"key": self.door.keys.data, "to": "/"})

    # Without data

    def file(self, request: Request) -> Response:
        """Give a style or script of the package."""
        name = f"{request.path_params['folder']}/{request.path_params['name']}"
        found = _package_files().get(name)
        if found is None:
            return _not_here(request, KeyError(name))
        return Response(found(), media_type=MEDIA_TYPES[Path(name).suffix])

    def frame(self, request: Request) -> Response:
        """Show the frame of a screen; its script asks for the rest."""
        screen = self.screens.get(request.path_params["screen"])
        if screen is None:
            return _not_here(request, KeyError())
        _ = self.house.translate()
        script = f"app/{screen.name}.js"
        listed = [one for one in self.screens.values() if one.is_listed]
        answer = self._page(
            "frame.html.jinja",
            {
                "title": _(screen.title),
                "screen": screen.name,
                "script": script if script in _package_files() else "",
                "menu": [(one.name, _(one.title)) for one in listed],
                "languages": LANGUAGES,
            },
        )
        if screen.policy:
            answer.headers["Content-Security-Policy"] = screen.policy
        return answer

    def _page(self, template: str, context: Mapping[str, object]) -> Response:
        """Lay out a document."""
        text = render_part(template, context, self.house.translate())
        return Response(text, media_type="text/html; charset=utf-8")

    # With data

    def state(self, request: Request) -> Response:
        """Give the whole state of the recording, in words."""
        return JSONResponse(self.house.state())

    def choose_language(self, request: Request) -> Response:
        """Keep the chosen language."""
        _ = self.house.translate()
        try:
            language = choose_field(_read_fields(request), "language", LANGUAGES)
            write_choices(self.house.place.choices, replace(self.house.choices(), language=language))
        except (ClonusSenseError, OSError) as error:
            return _refused(refusal_words(error, _))
        return JSONResponse({})

    def show(self, request: Request) -> Response:
        """Show a screen."""
        return self._made(request, Next())

    def act(self, request: Request) -> Response:
        """Do what a form asks for, and show the screen again."""
        screen = self.screens.get(request.path_params["screen"])
        act = screen.acts.get(request.path_params["act"]) if screen else None
        if act is None:
            return _not_here(request, KeyError())
        visit = self._visit(request)
        try:
            following = act(visit, _read_fields(request))
        except (ClonusSenseError, OSError) as error:
            return _refused(refusal_words(error, visit.translate))
        if following.to or following.stays:
            return JSONResponse({"told": following.told, "to": following.to})
        return self._made(request, following)

    def give(self, request: Request) -> Response:
        """Give a file to a script."""
        return self._given(request.path_params["screen"], request.path_params["name"], self._visit(request))

    def ticket(self, request: Request) -> Response:
        """Make an address that opens a file in a tab, because a link carries no header."""
        what = urlencode({"/": f"{request.path_params['screen']}/{request.path_params['name']}"})
        query = urlencode(dict(request.query_params))
        return JSONResponse({"to": f"/open/{self.house.tickets.give(f'{what}&{query}')}"})

    def open_file(self, request: Request) -> Response:
        """Open a file in a tab."""
        what = self.house.tickets.take(request.path_params["ticket"])
        if what is None:
            return _not_here(request, KeyError())
        fields = dict(parse_qsl(what))
        screen, _slash, name = fields.pop("/").partition("/")
        return self._given(screen, name, Visit(self.house, self.house.translate(), fields))

    def _given(self, screen_name: str, name: str, visit: Visit) -> Response:
        """Answer with a file."""
        screen = self.screens.get(screen_name)
        give = screen.gives.get(name) if screen else None
        if give is None:
            return PlainTextResponse(visit.translate(_NOT_HERE) + "\n", status_code=HTTPStatus.NOT_FOUND)
        try:
            return _file_answer(give(visit))
        except (ClonusSenseError, OSError) as error:
            sentence = refusal_words(error, visit.translate)
            return PlainTextResponse(sentence + "\n", status_code=HTTPStatus.BAD_REQUEST)

    def _made(self, request: Request, following: Next) -> Response:
        """Make a screen."""
        screen = self.screens.get(request.path_params["screen"])
        if screen is None:
            return _not_here(request, KeyError())
        visit = self._visit(request)
        try:
            context = screen.show(visit)
        except (ClonusSenseError, OSError) as error:
            return _refused(refusal_words(error, visit.translate))
        html = render_part(f"{screen.name}.html.jinja", context, visit.translate)
        return JSONResponse({"html": html, "told": following.told})

    def _visit(self, request: Request) -> Visit:
        """Collect what a screen is shown with."""
        return Visit(self.house, self.house.translate(), dict(request.query_params))


def render_part(template: str, context: Mapping[str, object], _: Translator) -> str:
    """Lay out a template of the app."""
    environment = read_templates("clonus_sense.app")
    return environment.get_template(template).render(context, _=_, language=_.language, notice=notice(_.language))


def _refused(sentence: str) -> Response:
    """Answer that something cannot be done."""
    return JSONResponse({"refused": sentence}, status_code=HTTPStatus.BAD_REQUEST)


def _read_fields(request: Request) -> Answers:
    """Read the fields of a form."""
    try:
        fields = json.loads(request.state.body)
    except (ValueError, RecursionError):
        fields = None
    is_form = isinstance(fields, dict) and len(fields) <= MOST_FIELDS
    if not is_form or not all(isinstance(value, str) and len(value) <= MOST_FIELD_SIGNS for value in fields.values()):
        raise FormError("The fields of this form cannot be read; load the page again.")
    return {str(name): value for name, value in fields.items()}


def _file_answer(file: File) -> Response:
    """Answer with the bytes of a file."""
    headers = {"Content-Security-Policy": file.policy} if file.policy else {}
    if file.name:
        headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(file.name)}"
    return Response(file.content, media_type=file.media_type, headers=headers)


@cache
def _package_files() -> Mapping[str, Callable[[], bytes]]:
    """List the styles and scripts that are served; an address names one of them, so it leads nowhere else."""
    places = {"app": resources.files("clonus_sense.app"), "pages": resources.files("clonus_sense.report.pages")}
    found: dict[str, Callable[[], bytes]] = {}
    for folder, place in places.items():
        for kind in ("browser", "styles"):
            for file in place.joinpath(kind).iterdir():
                if re.fullmatch(r"\w+\.(js|css|svg)", file.name):
                    found[f"{folder}/{file.name}"] = file.read_bytes
    found["bokeh/bokeh.min.js"] = Path(bokehjs_path(), "js", "bokeh.min.js").read_bytes
    return found
