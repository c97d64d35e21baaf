"""The verdict inside a walk: the confidence that the line left without the strides is a rhythm of its own.

The only class here is ``clonus``: any step gives three or four beats, or a slow rhythm.
"""

from __future__ import annotations

from clonus_sense.config import DetectionSettings
from clonus_sense.detection.gait.line_rhythm import LineRhythm
from clonus_sense.detection.logistic_decision import Decision, Measure, RhythmVerdict
from clonus_sense.detection.verdict import BEATS_COUNTED, FEWEST_BEATS_OF_CLONUS
from clonus_sense.model import EpisodeClass, Evidence

# Better than even odds: somebody who walks all day does not want a report of every thousandth step.  Out of fold one
# place of the development cases without clonus reaches 0.55 (a lift); at 0.5 there are three, and no further bout.
LEAST_CONFIDENCE_IN_GAIT = 0.55
# Stride removal leaves an echo of a long bout in the next strides: weaker than the bout beside it.
ECHO_FLANK_RATIO = 1.0
# All true candidates of the cases reach this, and two in three of the false ones.
LEAST_CONCENTRATION_OF_CLONUS = 0.5
# Slow movement of the strides over the faster one: 0.45-1.4 around true bouts inside movement of the development cases,
# up to 0.2 around bouts in a leg that lies still (0.3 below 5 Hz).
LEAST_STRIDE_RATIO = 0.35
# Tests that no weight can outvote; the fit leaves their failures out.
RULES_IN_GAIT = ("no_echo_ratio", "five_beats", "stride_ratio")


# Each measure with the look-alike that it answers and the source of the idea.
LINE_MEASURES: tuple[Measure[LineRhythm], ...] = (
    # Differences between strides come in bursts, at footfall.
    Measure("beats", lambda r: float(min(r.n_beats, BEATS_COUNTED)), 0.0),
    # They spread over frequencies and directions; clonus is one line in one direction (OpenSeizureDetector: power of
    # the band against all power; linearity of simulated classes).
    Measure("concentration", lambda r: r.concentration, None),
    Measure("tonality", lambda r: r.tonality, None),
    Measure("off_axis_ratio", lambda r: r.off_axis_ratio, 0.03),
    # Harmonics of a step that removal left over go on before and after.
    Measure("busier_flank_ratio", lambda r: r.busier_flank_ratio, 0.03),
    Measure("calmer_flank_ratio", lambda r: r.calmer_flank_ratio, 0.03),
    # The weaker a line is against the movement removed, the likelier it is a remainder of it.
    Measure("of_movement_ratio", lambda r: r.of_movement_ratio, 0.03),
    # Cycling and machines repeat themselves exactly, and leave a line of their own.
    Measure("stride_likeness", lambda r: r.stride_likeness, None),
    # The sway of people who stand or sit is small.
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
