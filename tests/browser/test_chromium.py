"""The browser sees what it is meant to see: requests, complaints, faults, sizes and colours."""

import pytest

from tests.browser.chromium import find_chromium, overflow_px, serious_faults

PAGE = """<!doctype html><html lang="en"><head><title>t</title><style>p {{ color: black }}
@media (prefers-color-scheme: dark) {{ p {{ color: white }} }}</style></head><body><main>{}</main></body></html>"""


@pytest.fixture
def write_page(tmp_path):
    def write(body):
        path = tmp_path / "page.html"
        path.write_text(PAGE.format(body), encoding="utf-8")
        return path

    return write


def test_without_chromium_a_test_is_skipped_and_in_ci_it_fails(monkeypatch):
    monkeypatch.setattr("shutil.which", lambda name: None)
    monkeypatch.delenv("CLONUS_SENSE_BROWSER", raising=False)
    with pytest.raises(pytest.skip.Exception, match="needs Chromium"):
        find_chromium()
    monkeypatch.setenv("CLONUS_SENSE_BROWSER", "required")
    with pytest.raises(pytest.fail.Exception, match="needs Chromium"):
        find_chromium()


def test_a_request_to_elsewhere_is_stopped_and_kept(pages, write_page):
    pages.open(write_page('<img alt="" src="http://example.invalid/a.png">'))
    assert pages.outside == ["http://example.invalid/a.png"]
    assert any("Failed to load" in text for text in pages.complaints)
    pages.outside.clear()
    pages.complaints.clear()


def test_an_error_of_a_script_is_kept(pages, write_page):
    pages.open(write_page("<script>throw new Error('broken')</script>"))
    assert pages.complaints == ["broken"]
    pages.complaints.clear()


def test_script_colours_and_size_are_as_asked(pages, write_page):
    path = write_page("<noscript>none</noscript><p id=p>text</p><div style='width: 500px'>wide</div>")
    page = pages.open(path, (390, 844), dark=True, script=False)
    assert page.locator("noscript").inner_text() == "none"
    assert page.evaluate("getComputedStyle(document.getElementById('p')).color") == "rgb(255, 255, 255)"
    assert overflow_px(page) > 100
    assert overflow_px(pages.open(path)) == 0


def test_serious_faults_are_found(pages, write_page):
    assert serious_faults(pages.open(write_page("<h1>Night</h1><p>text</p>"))) == []
    [fault] = serious_faults(pages.open(write_page("<h1>Night</h1><button></button>")))
    assert fault.startswith("button-name")
