"""How a page is put together: templates, styles and browser modules into one file that fetches nothing.

Styles and scripts stand inside the page.  Its policy names each script by its hash, so that a script that came with
somebody's text never runs.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from pathlib import Path

from bokeh.util.paths import bokehjs_path
from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from clonus_sense.i18n import notice, translator
from clonus_sense.report.pages.blocks import Block, Section

FINGERPRINT_NAME = "clonus-sense-fingerprint"
"""Name under which a page keeps the fingerprint of what it was made from."""

# A number, its unit and what follows as one length, such as ``7 h 55 min`` or ``32 秒``: never broken over two lines.
_WITH_UNIT = re.compile(
    r"\d[\d.,–]*(?:[  ]?(?:時間|分|秒|回|夜|拍|h|min|mg|ms|s|g|G|Hz|%)(?![A-Za-z]))(?:[  ]?\d+[  ]?(?:min|分|秒|s))?"
)
_IMPORT = re.compile(r"^import [^;]*? from \"\./([\w.]+)\";\n", re.MULTILINE)
_EXPORT = re.compile(r"^export ", re.MULTILINE)


def render(
    template: str,
    context: Mapping[str, object],
    *,
    language: str,
    fingerprint: str = "",
    scripts: Sequence[str] = (),
    data: Mapping[str, object] | None = None,
) -> str:
    """Lay out a page.

    Parameters
    ----------
    template
        Name of a template.
    context
        What it shows.
    language
        Language of every text.
    fingerprint
        Hash of what the page shows; empty for a page that is never redrawn.
    scripts
        Whole texts of scripts, in the order in which they run.
    data
        Blocks of JSON for the scripts, by their name.

    Returns
    -------
    str
        A whole HTML document; it asks for nothing from outside.
    """
    _ = translator(language)
    return (
        read_templates()
        .get_template(template)
        .render(
            context,
            _=_,
            language=language,
            notice=notice(language),
            fingerprint_name=FINGERPRINT_NAME,
            fingerprint=fingerprint,
            policy=_policy(scripts),
            style=Markup(_resource("styles", "page.css")),
            scripts=[Markup(script) for script in scripts],
            data={name: Markup(json_text(block)) for name, block in (data or {}).items()},
        )
    )


def render_sections(
    heading: str,
    sections: Sequence[Section],
    *,
    language: str,
    facts: str = "",
    title: str = "",
    file: str = "",
    first: Sequence[Block] = (),
) -> str:
    """Lay out a page of sections, which runs no script.

    Parameters
    ----------
    heading
        The largest line.
    sections
        With their own headings.
    language
        Language of every text.
    facts
        Line below the heading.
    title
        Title of the window; the heading if empty.
    file
        Name of the file that the page is about.
    first
        Blocks before the sections.

    Returns
    -------
    str
        A whole HTML document; it asks for nothing from outside.
    """
    context = {
        "title": title or heading,
        "heading": heading,
        "facts": facts,
        "file": file,
        "first": first,
        "sections": sections,
    }
    return render("sections.html.jinja", context, language=language)


def json_text(block: object) -> str:
    """Write JSON that no reader of HTML takes for markup."""
    text = json.dumps(block, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


@cache
def browser_script(first: str) -> str:
    """Join a browser module and its imports into one script; a module stands before the modules that import it.

    A page that is opened from a disk under a strict policy cannot load modules, so import and export lines are removed.
    """
    texts: dict[str, str] = {}

    def add(name: str) -> None:
        if name in texts:
            return
        text = _resource("browser", name)
        for imported in _IMPORT.findall(text):
            add(imported)
        texts[name] = _EXPORT.sub("", _IMPORT.sub("", text))

    add(first)
    return '"use strict";\n(() => {\n' + "\n".join(texts.values()) + "})();\n"


@cache
def bokeh_script() -> str:
    """Read the chart library that Bokeh's own package brings."""
    return Path(bokehjs_path(), "js", "bokeh.min.js").read_text(encoding="utf-8")


def glue_units(text: str) -> str:
    """Keep each number and its unit on one line, in a text without markup."""
    return _WITH_UNIT.sub(lambda found: found[0].replace(" ", "\N{NO-BREAK SPACE}"), text)


def keep_units(text: str) -> Markup:
    """Keep each number and its unit on one line."""
    parts, end = [], 0
    for found in _WITH_UNIT.finditer(text):
        parts += [Markup.escape(text[end : found.start()]), Markup('<span class="amount">{}</span>').format(found[0])]
        end = found.end()
    return Markup("").join([*parts, Markup.escape(text[end:])])


def _policy(scripts: Sequence[str]) -> str:
    """Write the page's policy: nothing from outside, and no script but these."""
    hashes = " ".join(f"'sha256-{_sha256(script)}'" for script in scripts) or "'none'"
    return f"default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src {hashes}"


@cache
def _sha256(script: str) -> str:
    """Hash a script as a policy names it."""
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode("ascii")


@cache
def _resource(folder: str, name: str) -> str:
    """Read a file of this package."""
    return resources.files(__package__).joinpath(folder, name).read_text(encoding="utf-8")


@cache
def read_templates(*packages: str) -> Environment:
    """Make a reader of templates, which escapes every text.

    Parameters
    ----------
    packages
        Names of packages whose templates come before those of pages.

    Returns
    -------
    Environment
        The same for the same packages.
    """
    environment = Environment(
        loader=ChoiceLoader([PackageLoader(name) for name in (*packages, "clonus_sense.report.pages")]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["keep_units"] = keep_units
    return environment
