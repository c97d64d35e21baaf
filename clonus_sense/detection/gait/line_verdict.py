"""The verdict inside a walk: how sure we are that what is left without the strides is a rhythm of its own.

Only ``clonus`` is given here: three or four beats, or a slow rhythm, are what any step is made of.
"""

from __future__ import annotations

from clonus_sense.config import DetectionSettings
from clonus_sense.detection.decision import Decision, Measure, RhythmVerdict
from clonus_sense.detection.gait.line_rhythm import LineRhythm
from clonus_sense.detection.verdict import BEATS_COUNTED, FEWEST_BEATS_OF_CLONUS
from clonus_sense.model import EpisodeClass, Evidence

# Better than even odds: somebody who walks all day does not want to hear of every thousandth step.  Out of fold one
# place of the development cases without clonus reaches 0.55 (a lift); at 0.5 there would be three, and no bout more.
LEAST_CONFIDENCE_IN_GAIT = 0.55
# A bout longer than a stride is taken from the strides after it together with theirs, and leaves an echo of itself
# there: weaker than what stands beside it.
ECHO_FLANK_RATIO = 1.0
# All true candidates of the cases reach this, and two in three of the false ones.
LEAST_CONCENTRATION_OF_CLONUS = 0.5
# Strides are slow movement, 0.45-1.4 of the faster one around true bouts inside movement of the development cases.  A
# bout in a leg that lies still has little of it: up to 0.2, and 0.3 below 5 Hz.
LEAST_STRIDE_RATIO = 0.35
# Tests that no weight can outvote, and whose failures teach nothing.
RULES_IN_GAIT = ("no_echo_ratio", "five_beats", "stride_ratio")


# Each measure with the look-alike that it answers and where the idea comes from.
LINE_MEASURES: tuple[Measure[LineRhythm], ...] = (
    # What two strides differ by comes in bursts, at footfall.
    Measure("beats", lambda r: float(min(r.n_beats, BEATS_COUNTED)), 0.0),
    # It is spread over frequencies and directions, clonus is one line in one direction (OpenSeizureDetector: power of
    # the band against all power; linearity of simulated classes).
    Measure("concentration", lambda r: r.concentration, None),
    Measure("tonality", lambda r: r.tonality, None),
    Measure("off_axis_ratio", lambda r: r.off_axis_ratio, 0.03),
    # The harmonics of a step that was not taken away whole go on before and after.
    Measure("busier_flank_ratio", lambda r: r.busier_flank_ratio, 0.03),
    Measure("calmer_flank_ratio", lambda r: r.calmer_flank_ratio, 0.03),
    # The weaker beside the movement that was taken away, the likelier it is a rest of it.
    Measure("of_movement_ratio", lambda r: r.of_movement_ratio, 0.03),
    # Cycling and machines repeat themselves to the hair: what is left of them is a line of their own.
    Measure("stride_likeness", lambda r: r.stride_likeness, None),
    # What standing and sitting people sway with is small.
    Measure("strong_beats_g", lambda r: r.strong_g, 0.0),
)

# Printed by `python -m tests.validation.fitting` for the cases named in the README.
LINE_DECISION = Decision(
    weights=(1.836, 13.355, 2.310, -0.748, -1.220, -1.571, 0.369, -1.164, 0.573),
    neutral=(11.864, 0.688, 0.627, 0.112, 0.232, 0.141, 1.062, 0.750, 0.695),
    intercept_logit=2.391,
)


def judge_line_rhythm(
    rhythm: LineRhythm, frequency_hz: float, settings: DetectionSettings, decision: Decision = LINE_DECISION
) -> RhythmVerdict:
    """Judge a rhythm inside a walk, of this frequency by the time map: ``clonus`` or no episode."""
    confidence, evidence = decision.weigh(LINE_MEASURES, rhythm)
    tests = (
        Evidence(
            "no_echo_ratio",
            rhythm.busier_flank_ratio,
            ECHO_FLANK_RATIO,
            passed=rhythm.busier_flank_ratio <= ECHO_FLANK_RATIO,
        ),
        Evidence(
            "five_beats",
            float(rhythm.n_beats),
            float(FEWEST_BEATS_OF_CLONUS),
            passed=rhythm.n_beats >= FEWEST_BEATS_OF_CLONUS,
        ),
        Evidence(
            "stride_ratio",
            rhythm.stride_ratio,
            LEAST_STRIDE_RATIO,
            passed=rhythm.stride_ratio >= LEAST_STRIDE_RATIO,
        ),
        Evidence(
            "one_line",
            rhythm.concentration,
            LEAST_CONCENTRATION_OF_CLONUS,
            passed=rhythm.concentration >= LEAST_CONCENTRATION_OF_CLONUS,
        ),
        Evidence("not_below_band_hz", frequency_hz, settings.band_low_hz, passed=frequency_hz >= settings.band_low_hz),
        Evidence(
            "not_above_band_hz", frequency_hz, settings.band_high_hz, passed=frequency_hz <= settings.band_high_hz
        ),
    )
    sure = Evidence(
        "confidence",
        confidence,
        LEAST_CONFIDENCE_IN_GAIT,
        passed=confidence >= LEAST_CONFIDENCE_IN_GAIT,
    )
    may_go_on = all(test.passed for test in tests)
    episode_class = EpisodeClass.CLONUS if may_go_on and sure.passed else None
    return RhythmVerdict(episode_class, confidence, (*evidence, *tests, sure), may_go_on)
