"""How long a zoom of the axis of a whole night takes, from the key to what it draws, beside a bare chart of Bokeh."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from bokeh.models import Range1d
from bokeh.plotting import figure

from clonus_sense.library import Library
from clonus_sense.recording import write_recording
from clonus_sense.report.pages.chart_figures import describe
from clonus_sense.report.pages.kit import bokeh_script, json_text
from clonus_sense.review import list_nights
from clonus_sense.workflows import PageChoices, keep_recording, write_night_page
from tests.browser.chromium import launch_chromium, wait_until_ready

from .figures import Figure
from .nights import NIGHT_HOURS, make_night

N_SAMPLES = 3_600_000
# From the whole night to the closest view.
CLOSEST_S = 2.0
N_STEPS = 40
# Places that are zoomed into, as shares of the night; the samples of each are inflated there for the first time.
PLACES = (0.13, 0.42, 0.77)
LIMIT = 4.0

# Zoom step by step: from the input to the end of the frame in which a canvas was painted after its data had come.
MEASURE = """async ([startMs, endMs, closestMs, nSteps, places]) => {
  const models = Bokeh.documents.flatMap((one) => one.roots().flatMap((root) => [...root.references()]));
  const named = (name) => models.find((one) => one.name === name);
  const range = named("night-times");
  const place = document.getElementById("night-chart-place");
  let painted = 0;
  let come = 0;
  const clear = CanvasRenderingContext2D.prototype.clearRect;
  CanvasRenderingContext2D.prototype.clearRect = function (...box) {
    painted = performance.now();
    return clear.apply(this, box);
  };
  const watch = new MutationObserver(() => { come = performance.now(); });
  if (place !== null) watch.observe(place, { attributeFilter: ["data-in-view"] });
  const frames = async (n) => { for (let at = 0; at < n; at += 1) await new Promise(requestAnimationFrame); };
  const settled = () => new Promise((done) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = done;
    port2.postMessage(0);
  });
  const took = [];
  const drawn = [];
  for (const share of places) {
    range.setv({ start: startMs, end: endMs });
    await frames(20);
    const middle = startMs + share * (endMs - startMs);
    for (let step = 1; step <= nSteps; step += 1) {
      const span = (endMs - startMs) * (closestMs / (endMs - startMs)) ** (step / nSteps);
      const start = Math.max(startMs, Math.min(middle - span / 2, endMs - span));
      const begun = performance.now();
      come = place === null ? begun : 0;
      range.setv({ start, end: start + span });
      do await frames(1); while ((come === 0 || painted < come) && performance.now() - begun < 5000);
      await settled();
      took.push(performance.now() - begun);
      if (place !== null) {
        drawn.push(named("signal-columns-x-0").data.left.length + 3 * named("signal-lines-0").data.at_ms.length);
      }
      await frames(3);
    }
  }
  return [took, drawn];
}"""


@pytest.fixture(scope="module")
def whole_page(tmp_path_factory):
    """The page of a night of 3.6 million samples, with all of them."""
    folder = tmp_path_factory.mktemp("whole")
    night = make_night()
    fs_hz = N_SAMPLES / (3600 * NIGHT_HOURS)
    times_s = np.arange(N_SAMPLES) / fs_hz
    rows = np.minimum(np.rint(times_s * night.info.fs_hz).astype(int), len(night.accel_g) - 1)
    write_recording(folder / "night.parquet", replace(night.info, fs_hz=fs_hz), times_s, night.accel_g[rows])
    with Library.open(folder / "library.sqlite3") as library:
        keep_recording(library, folder / "night.parquet")
        (kept,) = list_nights(library)
    return write_night_page(kept, PageChoices(folder / "pages", whole=True))


def write_bare_page(path, n_points):
    """Write a page with a chart of one line of so many points and nothing else."""
    chart = figure(
        height=300,
        sizing_mode="stretch_width",
        x_range=Range1d(0, 1000.0 * 3600 * NIGHT_HOURS, name="night-times"),
        y_range=(-3, 3),
        toolbar_location=None,
        tools=[],
    )
    chart.line(np.linspace(0, 1000.0 * 3600 * NIGHT_HOURS, n_points), np.sin(np.arange(n_points)))
    item = json_text(describe(chart, "chart"))
    path.write_text(
        f"<!doctype html><html><body><div id=chart></div><script>{bokeh_script()}</script>"
        f"<script>Bokeh.embed.embed_item({item}).then(() => {{ document.documentElement.dataset.ready = true; }});"
        "</script></body></html>",
        encoding="utf-8",
    )
    return path


def measure(page, start_ms, end_ms):
    """Milliseconds of each step, and how many columns and points of lines each has drawn."""
    return page.evaluate(MEASURE, [start_ms, end_ms, 1000 * CLOSEST_S, N_STEPS, list(PLACES)])


def test_zoom_of_a_whole_night(whole_page, note, tmp_path):
    with launch_chromium() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.goto(whole_page.as_uri())
        wait_until_ready(page)
        ends_ms = page.evaluate(
            """() => {
              const models = [...Bokeh.documents[0].roots()[0].references()];
              const { start, end } = models.find((one) => one.name === "night-times");
              return [start, end];
            }"""
        )
        took_ms, drawn = measure(page, *ends_ms)
        bare = browser.new_page(viewport={"width": 1280, "height": 800})
        bare.goto(write_bare_page(tmp_path / "bare.html", round(np.mean(drawn))).as_uri())
        wait_until_ready(bare)
        bare_ms, _drawn = measure(bare, 0, 1000 * 3600 * NIGHT_HOURS)
    median_ms, late_ms = np.percentile(took_ms, (50, 95))
    assert late_ms < 5000
    size_mb = whole_page.stat().st_size / 1e6
    figure = note(
        Figure(
            f"zoom of {N_SAMPLES / 1e6:.1f} M x 3 samples ({size_mb:.1f} MB) from {NIGHT_HOURS:g} h to {CLOSEST_S:g} s",
            float(median_ms / np.median(bare_ms)),
            LIMIT,
            f"a bare chart of {np.mean(drawn):.0f} points, {np.median(bare_ms):.0f} ms",
            f"median {median_ms:.0f} ms, 95th percentile {late_ms:.0f} ms, longest {max(took_ms):.0f} ms",
        )
    )
    assert figure.ratio <= figure.limit
