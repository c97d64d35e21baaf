"""Pages of simulated nights, as `add` writes them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from clonus_sense.library import Library
from clonus_sense.recording import write_recording
from clonus_sense.review import list_nights
from clonus_sense.simulate import NightPlan, SimulatedSensor, simulate_night
from clonus_sense.workflows import PageChoices, Particulars, keep_recording, write_night_page

# Short, with all that a night of eight hours has: turns, a gap, look-alikes, a walk.
PLAN = NightPlan(
    hours=1.0,
    sensor=SimulatedSensor(fs_hz=52.0),
    n_bouts=6,
    peak_g=(0.1, 0.6),
    n_turns=4,
    n_kicks=3,
    n_limb_movement_series=1,
    n_tremors=2,
    n_hums=1,
    n_gaps=1,
)


def write_pages(folder: Path, sides: tuple[str, ...] = ("left",), **changes: object) -> dict[str, Path]:
    """Simulate a night of one leg or two, file it, and write its page in each language."""
    with Library.open(folder / "library.sqlite3") as library:
        for seed, side in enumerate(sides, 1):
            made = simulate_night(replace(PLAN, **changes), seed)
            path = folder / f"{side}.csv"
            write_recording(path, made.info, made.times_s, made.accel_g)
            keep_recording(library, path, particulars=Particulars("P07", side))
        (night,) = list_nights(library)
    return {language: write_night_page(night, PageChoices(folder / "pages", language)) for language in ("en", "ja")}
