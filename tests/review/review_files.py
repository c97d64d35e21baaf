"""Review files as a page saves them."""

import io
import json

from clonus_sense.review import read_review

SATO = {"name": "Sato", "profession": "physiotherapist"}
ITO = {"name": "Ito", "profession": "physician"}
PATIENT = {"name": "", "profession": "patient"}
KEY = "0" * 31 + "a"


def verdict(number=1, **fields):
    """A verdict with an id made of a number."""
    return {
        "id": f"{number:032x}",
        "revision": 1,
        "said_at": "2026-11-06T08:10:00+01:00",
        "reviewer": SATO,
        "recording": KEY,
        "start_s": 14400.0,
        "end_s": 14404.0,
        "verdict": "rhythmic",
        "note": "",
    } | fields


def review(*verdicts, keys=(KEY,), **fields):
    """A file of verdicts on recordings with these keys."""
    return {
        "format": "clonus-sense-review/1",
        "page_made_at": "2026-11-06T07:00:00+01:00",
        "recordings": [{"key": key, "start": "2026-11-05T22:00:00+01:00", "side": "left"} for key in keys],
        "verdicts": list(verdicts),
    } | fields


def as_bytes(raw):
    return json.dumps(raw, ensure_ascii=False).encode("utf-8")


def read(raw):
    """Read a file from its object."""
    return read_review(io.BytesIO(as_bytes(raw)), "review.json")
