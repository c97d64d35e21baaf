"""Scores simulated nights whose bouts begin in the last quarter of a turn.

``python -m tests.validation.turn_nights`` simulates ten such nights, detects, and prints the tables of an evaluation,
with rows by signal to background.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from clonus_sense.cli.console.score_tables import score_tables
from clonus_sense.config import DetectionSettings
from clonus_sense.detection import Detector, detect_batches
from clonus_sense.evaluation import Case, DetectedBout, Evaluation, MatchedCase, ReferenceBout, match_case, score_cases
from clonus_sense.i18n import translator
from clonus_sense.model import EpisodeClass, FloatArray
from clonus_sense.simulate import NightPlan, Placement, SimulatedRecording, SimulatedSensor, simulate_night
from clonus_sense.simulate.disturbances import Scene
from clonus_sense.simulate.simulated_recording import DisturbanceKind
from clonus_sense.simulate.truth import TruthBout, signal_to_background_db

RATES_HZ = (50.0, 52.0, 100.0)
NOISE_G = (0.001, 0.006)
# Weaker than usual: most bouts are about as strong as their turn.
PEAK_G = {Placement.FOOT: (0.08, 0.8), Placement.SHANK: (0.04, 0.3)}
# Broadband rubbing: standard deviation on one axis, and the time between independent values (flat up to 10 Hz).
RUBBING_G = (0.03, 0.15)
RUBBING_SPACING_S = 0.05
NIGHT_HOURS = 4.0
N_BOUTS = 24
# Apart from the seeds of other nights; the fit learns from no night of turns.
FIRST_SEED = 20000
N_NIGHTS = 10


def simulate_turn_night(seed: int, hours: float = NIGHT_HOURS, n_bouts: int = N_BOUTS) -> SimulatedRecording:
    """Simulate a night of turns, half of them with a bout: on the foot for an even seed, else on the shank.

    The turns of the simulator are smooth; skin, sheet and strap rub in a real one.  The rubbing is added here, and each
    bout's signal to background counts it.
    """
    rng = np.random.default_rng([seed, 1])
    placement = (Placement.FOOT, Placement.SHANK)[seed % 2]
    plan = NightPlan(
        hours=hours,
        sensor=SimulatedSensor(fs_hz=float(rng.choice(RATES_HZ)), noise_g=float(rng.uniform(*NOISE_G))),
        placement=placement,
        n_bouts=0,
        n_bouts_after_turns=n_bouts,
        peak_g=PEAK_G[placement],
        n_turns=n_bouts,
        n_bathroom_walks=0,
    )
    night = simulate_night(plan, seed)
    # The same random numbers give the same night with bouts twice as strong: the difference is the bouts.
    low_g, high_g = PEAK_G[placement]
    twice = simulate_night(replace(plan, peak_g=(2 * low_g, 2 * high_g)), seed)
    bouts_g, rubbing_g = twice.accel_g - night.accel_g, _rub(night, rng)
    background_g = night.accel_g - bouts_g + rubbing_g
    truth = tuple(_state_ratio(bout, night.times_s, bouts_g, background_g) for bout in night.truth)
    return replace(night, accel_g=night.accel_g + rubbing_g, truth=truth)


def _rub(night: SimulatedRecording, rng: np.random.Generator) -> FloatArray:
    """Draw the rubbing in all turns of a night, on sensor axes, in g."""
    rubbing_g = np.zeros_like(night.accel_g)
    for turn in night.disturbances:
        if turn.kind is DisturbanceKind.TURN:
            rows = slice(*np.searchsorted(night.times_s, [turn.start_s, turn.end_s]))
            still_g = np.zeros(3)
            scene = Scene(
                night.times_s[rows] - turn.start_s, turn.end_s - turn.start_s, still_g, still_g, Placement.FOOT
            )
            size_g = np.exp(rng.uniform(*np.log(RUBBING_G)))
            rubbing_g[rows] = size_g * scene.shake(RUBBING_SPACING_S, rng)
    return rubbing_g


def _state_ratio(bout: TruthBout, times_s: FloatArray, bouts_g: FloatArray, background_g: FloatArray) -> TruthBout:
    """Replace the signal to background of a bout; the background holds the noise of the sensor."""
    rows = slice(*np.searchsorted(times_s, [bout.onset_s, bout.offset_s]))
    ratio_db = signal_to_background_db(bouts_g[rows], background_g[rows], noise_g=0.0)
    return replace(bout, kind=f"{bout.kind.rpartition('|')[0]}|snr{ratio_db:+.0f}")


def match_turn_night(seed: int, night: SimulatedRecording, hours: float = NIGHT_HOURS) -> MatchedCase:
    """Detect in a night and match its truth."""
    detector = Detector(DetectionSettings(), site=night.info.site)
    clonus = tuple(
        DetectedBout(found.onset_s, found.offset_s, found.beats, found.frequency_hz)
        for found in detect_batches(night.batches(), detector)
        if found.episode_class is EpisodeClass.CLONUS
    )
    bouts = tuple(
        ReferenceBout(bout.onset_s, bout.offset_s, bout.beats, bout.frequency_hz, bout.peak_g, bout.kind)
        for bout in night.truth
    )
    lost_s = sum(gap.end_s - gap.start_s for gap in night.gaps)
    return match_case(Case(f"turns_{seed}", "night", bouts, recorded_s=hours * 3600.0 - lost_s), clonus)


def score_turn_nights(seeds: Iterable[int]) -> Evaluation:
    """Simulate, detect and score the nights of some seeds."""
    return score_cases([match_turn_night(seed, simulate_turn_night(seed)) for seed in seeds])


def main(arguments: Sequence[str] | None = None) -> None:
    """Score simulated nights whose bouts begin in a turn."""
    parser = ArgumentParser(prog="python -m tests.validation.turn_nights", description=main.__doc__)
    parser.add_argument("--first-seed", type=int, default=FIRST_SEED, help=f"first seed (default {FIRST_SEED})")
    parser.add_argument("--nights", type=int, default=N_NIGHTS, help=f"how many nights (default {N_NIGHTS})")
    options = parser.parse_args(arguments)
    evaluation = score_turn_nights(range(options.first_seed, options.first_seed + options.nights))
    sys.stdout.write(score_tables(evaluation, translator("en")) + "\n")


if __name__ == "__main__":
    main()
