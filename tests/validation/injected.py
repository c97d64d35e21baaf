"""Simulated bouts added to recordings of moving people, as examples of clonus inside a walk.

Few labelled cases hold clonus inside movement, but many hold movement.  Every few seconds a simulated bout is added, in
any direction and about as strong as the movement around it.  It keeps the fold of its case, so no person is judged by
weights that were fitted on their walk.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.spatial.transform import Rotation

from clonus_sense.evaluation.scored_bouts import ReferenceBout
from clonus_sense.model import FloatArray, SampleBatch
from clonus_sense.simulate import BoutShape, Placement, simulate_bout

# From half to twice the strength of the movement around it: weaker bouts cannot be found, and the plain search finds
# stronger ones.
SIGNAL_TO_BACKGROUND_DB = (-5.0, 8.0)
# The weakest movement for an added bout; there are enough cases at rest.
LEAST_MOVEMENT_G = 0.05
BEATS = (5, 40)
FREQUENCY_HZ = (4.6, 8.2)
PAUSE_S = (3.0, 7.0)
# The movement around sets the size, and the placement sets only the harmonics.
PLACEMENTS = (Placement.FOOT, Placement.ANKLE)
# Rest of the simulation before and after a bout, which is left out here.
REST_S = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class InjectedRecording:
    """A recording with added bouts: its samples, and the times of the bouts."""

    batches: tuple[SampleBatch, ...]
    bouts: tuple[ReferenceBout, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Added:
    """A bout to add: first sample, acceleration, samples of its start and end, and its beats."""

    first: int
    accel_g: FloatArray
    edges: FloatArray
    beats: int


def inject_bouts(batches: Sequence[SampleBatch], rng: np.random.Generator) -> InjectedRecording:
    """Add a simulated bout every few seconds of movement to a recording without clonus."""
    changed, bouts = [], []
    for batch in batches:
        accel_g = batch.accel_g.copy(order="F")
        every = batch.stretch.knot_every
        knots = (np.arange(len(batch.knot_times_s)) - (-batch.first_index // every)) * every - batch.first_index
        for added in _draw_bouts(batch.accel_g, batch.stretch.fs_hz, rng):
            accel_g[added.first : added.first + len(added.accel_g)] += added.accel_g
            onset_s, offset_s = np.interp(added.edges, knots, batch.knot_times_s).tolist()
            bouts.append(ReferenceBout(onset_s, offset_s, added.beats))
        changed.append(replace(batch, accel_g=accel_g))
    return InjectedRecording(tuple(changed), tuple(bouts))


def _draw_bouts(accel_g: FloatArray, fs_hz: float, rng: np.random.Generator) -> Iterator[_Added]:
    """Draw bouts from the start of some samples to their end."""
    place = round(rng.uniform(*PAUSE_S) * fs_hz)
    while True:
        beats = round(float(np.exp(rng.uniform(*np.log(BEATS)))))
        shape = BoutShape(
            first_level=rng.uniform(0.5, 0.9),
            last_level=rng.uniform(0.5, 0.9),
            rise_beats=min(rng.uniform(1.0, 4.0), beats / 2),
            drift_ratio=rng.uniform(-0.15, 0.1),
            slow_start_ratio=rng.uniform(0.0, 0.25),
            jitter_ratio=rng.uniform(0.0, 0.03),
            waver_ratio=rng.uniform(0.0, 0.15),
        )
        bout = simulate_bout(
            beats=beats,
            frequency_hz=rng.uniform(*FREQUENCY_HZ),
            amplitude_g=0.2,
            fs_hz=fs_hz,
            seed=int(rng.integers(1 << 31)),
            placement=PLACEMENTS[int(rng.integers(len(PLACEMENTS)))],
            shape=shape,
            mounting=Rotation.random(random_state=int(rng.integers(1 << 31))),
            lead_s=REST_S,
            trail_s=REST_S,
        )
        added_g = bout.accel_g - bout.accel_g[0]
        around_g = accel_g[place : place + len(added_g)]
        if len(around_g) < len(added_g):
            return
        movement_g = float(np.sqrt(around_g.var(axis=0).sum()))
        if movement_g >= LEAST_MOVEMENT_G:
            inside = slice(round(REST_S * fs_hz), -round(REST_S * fs_hz))
            ratio = 10.0 ** (rng.uniform(*SIGNAL_TO_BACKGROUND_DB) / 20.0)
            scale = ratio * movement_g / float(np.sqrt(added_g[inside].var(axis=0).sum()))
            [truth] = bout.truth
            edges = place + fs_hz * np.array([truth.onset_s, truth.offset_s])
            yield _Added(place, scale * added_g, edges, truth.beats)
        place += len(added_g) + round(rng.uniform(*PAUSE_S) * fs_hz)
