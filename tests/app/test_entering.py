"""Into the app: from the private file to a page whose script has its key, with no key left in an address."""

import re

import pytest

from clonus_sense.app.house import Tickets
from clonus_sense.app.serving import _door_page
from clonus_sense.i18n import translator
from tests.app.apps import open_app


@pytest.fixture
def app(tmp_path):
    with open_app(tmp_path) as asked:
        yield asked


def enter(app):
    """Follow the private file as a browser does that another page leads: without the strict cookie."""
    address = re.search(r'href="([^"]+)"', _door_page(app.door))[1]
    led = {"Host": app.door.host, "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    app.client.headers = led
    return app.client.get(address)


def test_the_key_leaves_the_address_at_once(app):
    answer = enter(app)
    assert answer.status_code == 303
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert all(key not in answer.headers["Location"] for key in (app.door.keys.door, app.door.keys.data))
    welcome = app.client.get(answer.headers["Location"])
    assert f'name="clonus-sense-key" content="{app.door.keys.data}"' in welcome.text


def test_the_page_that_hands_over_the_key_does_so_once(app):
    place = enter(app).headers["Location"]
    assert app.client.get(place).status_code == 200
    again = app.client.get(place)
    assert again.status_code == 303
    assert app.door.keys.data not in again.text


def test_a_page_holds_neither_a_key_nor_anything_about_a_person(app):
    app.house.place.recordings.mkdir()
    app.house.place.remembered.write_text('[{"family": "open", "name": "S", "person": "P07", "side": "left"}]')
    page = app.client.get("/about").text
    assert app.door.keys.data not in page
    assert "P07" not in page
    assert app.data("state")["who"] == "P07 · Left leg"


def test_a_ticket_is_valid_for_a_time_and_an_invented_one_never():
    now_s = [0.0]
    tickets = Tickets(within_s=10.0, clock=lambda: now_s[0])
    ticket = tickets.give("night")
    assert tickets.take("invented") is None
    assert tickets.take(ticket) == "night"
    now_s[0] = 10.0
    assert tickets.take(ticket) is None


def test_tickets_that_nobody_takes_do_not_pile_up():
    tickets = Tickets(within_s=10.0)
    given = [tickets.give(str(n)) for n in range(1000)]
    assert tickets.take(given[-1]) == "999"
    assert tickets.take(given[0]) is None
    assert len(tickets._given) <= 256


def test_the_language_is_chosen_for_all_screens_and_kept(app):
    assert "About clonus" in app.data("about")["html"]
    assert app.send("language", language="ja").status_code == 200
    assert translator("ja")("About clonus") in app.data("about")["html"]
    assert '<html lang="ja"' in app.client.get("/about").text


@pytest.mark.parametrize("path", ["/nowhere", "/data/nowhere", "/data/about/give/nowhere", "/open/nowhere"])
def test_an_address_that_leads_nowhere_says_so(app, path):
    assert app.client.get(path).status_code == 404
