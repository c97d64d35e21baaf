"""The packed signal read in the browser, against the samples that were packed and scipy's filter."""

import numpy as np
import pytest

from clonus_sense.report.main_axis import band_pass
from clonus_sense.report.pages.kit import browser_script
from clonus_sense.report.pages.movement_samples import NearPiece
from clonus_sense.report.pages.packed_signal import RAW_STEP_G, pack_part

FS_HZ = 100.0
# Two pieces with a gap of 10 s; a rhythm of 6 Hz on x from 300 s to 304 s.
STARTS_S, N_SAMPLES = (0.0, 410.0), 40_000
WINDOW_S = (270.0, 334.0)


def make_pieces():
    rng = np.random.default_rng(7)
    pieces = []
    for start_s in STARTS_S:
        times_s = start_s + np.arange(N_SAMPLES) / FS_HZ
        accel_g = rng.normal(0.0, 0.01, (N_SAMPLES, 3)) + np.array([0.0, 0.0, 1.0])
        inside = (times_s >= 300.0) & (times_s < 304.0)
        accel_g[inside, 0] += 0.3 * np.sin(2 * np.pi * 6.0 * times_s[inside])
        pieces.append(NearPiece(times_s, accel_g))
    return pieces


PIECES = make_pieces()


@pytest.fixture(scope="module")
def reader(chromium):
    """A page that holds two lanes: all samples from 1000 s on the axis on, and those of a window alone."""
    page = chromium.new_page()
    modules = browser_script("signal.js").removesuffix("})();\n")
    page.add_script_tag(content=f"{modules}Object.assign(window, {{ PackedSignal, bandPass }});}})();")
    lanes = [[pack_part(PIECES, shift_s=1000.0)], [pack_part(PIECES, spans=[WINDOW_S])]]
    page.evaluate("(lanes) => { window.signal = new PackedSignal(lanes); }", lanes)
    yield page
    page.close()


def look(reader, lane, from_s, to_s, width_px, view="band"):
    """What a lane shows; not a number comes as `None`."""
    shown = reader.evaluate(
        """async ([lane, ...asked]) => {
          const { kind, missing, ...shown } = (await signal.samples(...asked))[lane];
          const plain = (values) => [...values].map((value) => (Number.isNaN(value) ? null : value));
          return { kind, missing, start_s: plain(shown.start_s), end_s: plain(shown.end_s),
                   low: shown.low.map(plain), high: shown.high.map(plain) };
        }""",
        [lane, from_s, to_s, width_px, view],
    )
    for name in ("start_s", "end_s", "low", "high"):
        shown[name] = np.array(shown[name], dtype=float)
    return shown


@pytest.mark.parametrize("n", [3, 7, 8, 50, 3000])
def test_band_pass_is_that_of_the_pictures(reader, n):
    values = PIECES[0].accel_g[29_000 : 29_000 + n, 0]
    band = pack_part(PIECES, spans=[])["filter"]
    filtered = reader.evaluate("([values, band]) => [...bandPass(values, band)]", [values.tolist(), band])
    assert filtered == pytest.approx(band_pass(values, FS_HZ), abs=1e-9)


def test_zoomed_in_every_sample_is_there_with_its_time(reader):
    shown = look(reader, 0, 1300.0, 1302.0, 1000, "raw")
    assert (shown["kind"], shown["missing"]) == ("samples", [])
    expected = PIECES[0]
    at = np.searchsorted(expected.times_s, 300.0)
    inside = (shown["start_s"] >= 1300.0) & (shown["start_s"] < 1302.0) & ~np.isnan(shown["low"][0])
    assert shown["start_s"][inside] == pytest.approx(1000.0 + expected.times_s[at : at + 200], abs=1e-3)
    assert shown["low"][:, inside] == pytest.approx(expected.accel_g[at : at + 200].T, abs=RAW_STEP_G)


def test_band_of_a_part_is_the_band_of_the_whole(reader):
    shown = look(reader, 0, 1299.0, 1305.0, 1000)
    filtered = band_pass(PIECES[0].accel_g[:, 0], FS_HZ)
    at = np.rint((shown["start_s"] - 1000.0) * FS_HZ).astype(int)
    drawn = ~np.isnan(shown["low"][0])
    assert shown["low"][0][drawn] == pytest.approx(filtered[at[drawn]], abs=0.004)
    assert shown["low"][0][drawn].max() > 0.25


@pytest.mark.parametrize("view", ["band", "raw"])
@pytest.mark.parametrize(("from_s", "to_s", "width_px"), [(1000.0, 1810.0, 1000), (1250.0, 1350.0, 1000)])
def test_columns_hold_the_extremes_and_are_never_wider_than_two_pixels(reader, view, from_s, to_s, width_px):
    shown = look(reader, 0, from_s, to_s, width_px, view)
    pixel_s = (to_s - from_s) / width_px
    assert shown["kind"] == "columns"
    assert (shown["end_s"] - shown["start_s"]).max() <= 2 * pixel_s + 1e-9
    assert shown["missing"] == []
    raw = np.concatenate([piece.accel_g[:, 0] for piece in PIECES])
    expected = raw if view == "raw" else band_pass(PIECES[0].accel_g[:, 0], FS_HZ)
    assert shown["high"][0].max() == pytest.approx(expected.max(), abs=0.02)
    # Columns stand on no time that was not measured.
    middles_s = (shown["start_s"] + shown["end_s"]) / 2 - 1000.0
    assert not ((middles_s > 401.0) & (middles_s < 409.0)).any()


def test_what_a_page_does_not_hold_is_missing_and_not_drawn(reader):
    shown = look(reader, 1, 260.0, 420.0, 4000)
    assert shown["missing"] == [
        [pytest.approx(260.0), pytest.approx(WINDOW_S[0], abs=0.02)],
        [pytest.approx(WINDOW_S[1], abs=0.02), pytest.approx(400.0, abs=0.02)],
        [pytest.approx(410.0), pytest.approx(420.0)],
    ]
    drawn_s = shown["start_s"][~np.isnan(shown["low"][0])]
    assert drawn_s.min() >= WINDOW_S[0] - 0.2
    assert drawn_s.max() <= WINDOW_S[1] + 0.2
    nowhere = look(reader, 1, 100.0, 110.0, 1000)
    assert len(nowhere["start_s"]) == 0
    assert nowhere["missing"] == [[100.0, 110.0]]


def test_a_gap_parts_the_line(reader):
    shown = look(reader, 0, 1399.0, 1411.0, 1000, "raw")
    steps_s = np.diff(shown["start_s"])
    (crossed,) = np.flatnonzero(steps_s > 1.0)
    assert np.isnan(shown["low"][0][crossed])
