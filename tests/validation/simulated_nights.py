"""Counts found, missed and false episodes in many simulated nights, each with another person, sensor and mounting.

Eight hundred hours are too long for one run, so the count runs in parts:

``python -m tests.validation.simulated_nights NIGHTS.csv --first-seed 6000 --nights 20`` simulates and scores
twenty nights and adds a line for each to the table.  It skips seeds in the table, so another call continues.  The last
lines summarise all nights of the table.

Simulated nights do not replace real ones, because they hold only foreseen disturbances.
"""

from __future__ import annotations

import csv
import sys
from argparse import ArgumentParser
from collections.abc import Iterable, Sequence
from dataclasses import asdict, astuple, dataclass, fields
from pathlib import Path

import numpy as np
from scipy.stats import chi2

from clonus_sense.config import DetectionSettings
from clonus_sense.detection import Detector, detect_batches
from clonus_sense.evaluation.matching import match_bouts
from clonus_sense.evaluation.scored_bouts import DetectedBout, ReferenceBout
from clonus_sense.model import Episode, EpisodeClass
from clonus_sense.simulate import NightPlan, Placement, SimulatedRecording, SimulatedSensor, simulate_night

# Rates of bedside sensors; half of the nights are at 50 Hz.
RATES_HZ = (25.0, 50.0, 50.0, 52.0, 100.0)
# From a good MEMS sensor to a cheap one.
NOISE_G = (0.001, 0.006)
NIGHT_HOURS = 8.0


@dataclass(frozen=True, slots=True)
class NightCount:
    """The count of one simulated night.

    Parameters
    ----------
    seed
        Of all random numbers.
    placement, fs_hz, noise_g
        Placement, rate and noise of the sensor.
    hours
        Measured time.
    n_bouts, n_found
        Bouts of five beats or more, and those that were found.
    n_false
        Episodes of class clonus that touch no bout.
    false_by
        Disturbances at the time of the false episodes, joined by ``+``.
    """

    seed: int
    placement: str
    fs_hz: float
    noise_g: float
    hours: float
    n_bouts: int
    n_found: int
    n_false: int
    false_by: str


def simulate_any_night(seed: int, hours: float = NIGHT_HOURS) -> SimulatedRecording:
    """Simulate a night with a random sensor and placement.

    Examples
    --------
    >>> night = simulate_any_night(3, hours=0.8)
    >>> night.info.fs_hz, len(night.truth)
    (100.0, 13)
    """
    rng = np.random.default_rng([seed, 1])
    sensor = SimulatedSensor(fs_hz=float(rng.choice(RATES_HZ)), noise_g=float(rng.uniform(*NOISE_G)))
    placement = Placement(str(rng.choice(list(Placement))))
    return simulate_night(NightPlan(hours=hours, sensor=sensor, placement=placement), seed)


def count_night(seed: int, hours: float = NIGHT_HOURS) -> NightCount:
    """Simulate one night, detect, and count found and false episodes."""
    night = simulate_any_night(seed, hours)
    detector = Detector(DetectionSettings(), site=night.info.site)
    clonus = [
        episode for episode in detect_batches(night.batches(), detector) if episode.episode_class is EpisodeClass.CLONUS
    ]
    bouts = [ReferenceBout(bout.onset_s, bout.offset_s, bout.beats) for bout in night.truth]
    matching = match_bouts(bouts, [DetectedBout(episode.onset_s, episode.offset_s) for episode in clonus])
    found = [bout.is_headline for bout, partner in zip(bouts, matching.partners, strict=True) if partner is not None]
    lost_s = sum(gap.end_s - gap.start_s for gap in night.gaps)
    return NightCount(
        seed=seed,
        placement=str(night.info.site),
        fs_hz=night.info.fs_hz,
        noise_g=_noise_of(seed),
        hours=round(hours - lost_s / 3600.0, 4),
        n_bouts=sum(bout.is_headline for bout in bouts),
        n_found=sum(found),
        n_false=len(matching.false),
        false_by="+".join(sorted(_name_cause(night, clonus[index]) for index in matching.false)),
    )


def describe_counts(counts: Sequence[NightCount]) -> str:
    """Summarise the nights in two sentences: nights, bouts and false alarms, with a 90 % interval."""
    hours = sum(count.hours for count in counts)
    n_false, n_bouts = sum(count.n_false for count in counts), sum(count.n_bouts for count in counts)
    low, high = bound_rate(n_false, hours / 8.0)
    share = sum(count.n_found for count in counts) / max(1, n_bouts)
    return (
        f"{len(counts)} nights, {hours:.0f} h measured: {sum(count.n_found for count in counts)} of {n_bouts} bouts of "
        f"five beats or more found ({share:.3f}).\n"
        f"False: {n_false}, {8.0 * n_false / max(hours, 1e-9):.2f} per 8 h (90 % interval {low:.2f}-{high:.2f})."
    )


def bound_rate(n_events: int, exposure: float, *, coverage: float = 0.9) -> tuple[float, float]:
    """Exact interval of a Poisson rate (Garwood 1936).

    Parameters
    ----------
    n_events
        Events that were counted.
    exposure
        In how many units of time.
    coverage
        Of the interval.

    Returns
    -------
    tuple of float
        Lower and upper bound of the rate per unit of time.

    Examples
    --------
    >>> [round(bound, 3) for bound in bound_rate(0, 100.0)]
    [0.0, 0.03]
    """
    if exposure <= 0.0:
        return 0.0, float("inf")
    outside = (1.0 - coverage) / 2.0
    low = 0.5 * float(chi2.ppf(outside, 2 * n_events)) if n_events else 0.0
    high = 0.5 * float(chi2.ppf(1.0 - outside, 2 * n_events + 2))
    return low / exposure, high / exposure


def read_counts(path: Path) -> list[NightCount]:
    """Read the table of counted nights; empty if there is none yet."""
    if not path.exists():
        return []
    types = {"int": int, "float": float, "str": str}
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        return [NightCount(**{f.name: types[str(f.type)](row[f.name]) for f in fields(NightCount)}) for row in rows]


def count_nights(path: Path, seeds: Iterable[int], hours: float = NIGHT_HOURS) -> list[NightCount]:
    """Count the nights of the seeds that a table lacks, add them to it, and return all its nights."""
    counts = read_counts(path)
    done = {count.seed for count in counts}
    for seed in seeds:
        if seed in done:
            continue
        count = count_night(seed, hours)
        with path.open("a", encoding="utf-8", newline="") as file:
            table = csv.writer(file, lineterminator="\n")
            if not counts:
                table.writerow(asdict(count))
            table.writerow(astuple(count))
        counts.append(count)
    return counts


def _noise_of(seed: int) -> float:
    """Noise of the sensor of a night."""
    rng = np.random.default_rng([seed, 1])
    rng.choice(RATES_HZ)
    return round(float(rng.uniform(*NOISE_G)), 5)


def _name_cause(night: SimulatedRecording, episode: Episode) -> str:
    """Name the disturbance during an episode, or say that there was none."""
    kinds = [
        str(disturbance.kind)
        for disturbance in night.disturbances
        if disturbance.start_s < episode.offset_s + 1.0 and disturbance.end_s > episode.onset_s - 1.0
    ]
    return kinds[0] if kinds else "nothing"


def main(arguments: Sequence[str] | None = None) -> None:
    """Count found and false episodes in simulated nights."""
    parser = ArgumentParser(prog="python -m tests.validation.simulated_nights", description=main.__doc__)
    parser.add_argument("table", type=Path, help="table of nights (CSV); made if missing, else gone on with")
    parser.add_argument("--first-seed", type=int, default=6000, help="seed of the first night (default 6000)")
    parser.add_argument("--nights", type=int, default=10, help="how many nights (default 10)")
    options = parser.parse_args(arguments)
    seeds = range(options.first_seed, options.first_seed + options.nights)
    sys.stdout.write(describe_counts(count_nights(options.table, seeds)) + "\n")


if __name__ == "__main__":
    main()
