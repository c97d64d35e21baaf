"""The verdict: the confidence that a rhythm is one, and its class, with the evidence.

The measures and their fitted weights stand below (:mod:`.logistic_decision` combines them); `python -m
tests.validation.fitting CASES` fits the weights again.
"""

from __future__ import annotations

import math

from clonus_sense.config import DetectionSettings
from clonus_sense.detection.logistic_decision import Decision, Measure, RhythmVerdict
from clonus_sense.detection.plain_rhythm import PlainRhythm
from clonus_sense.model import EpisodeClass, Evidence

# Confidence from which a rhythm is an episode; docs/VALIDATION.md lists what it finds and its false alarms.
LEAST_CONFIDENCE = 0.5
# A dropped foot alone rings with up to two beats, and clinics call three or four beats unsustained.
FEWEST_BEATS_OF_CLONUS = 5
# A machine (electrical stimulation, an appliance) keeps time and strength for longer than any muscle.  Five of 27 bouts
# of 45 to 100 beats of the reflex-loop model were this steady, so the test needs more beats (20 s at 6 Hz).  It cannot
# tell a hum of a few seconds.
METRONOME_BEATS = 120
METRONOME_INTERVAL_WANDER = 0.004
METRONOME_AMPLITUDE_WANDER = 0.05
# A leg bounced on purpose wavers in strength from one second to the next and leaves its axis, where a reflex only grows
# or fades along the line of a joint.  The test needs 10 s at 6 Hz: among shorter bouts one in ten wavers as much.
# Other movement beside a bout makes it waver too: busier flanks than this switch the test off.
WAVERING_BEATS = 60
WAVERING_AMPLITUDE = 0.08
WAVERING_OFF_AXIS = 0.1
WAVERING_CALMER_FLANK = 0.2
# A machine shakes its support in circles for as long as it runs.  Two thirds of isotropic noise power is off-axis, but
# noise does not resemble itself one period later; beyond that noise, a bout keeps to the line of its joint.
CIRCLING_BEATS = 60
CIRCLING_OFF_AXIS = 0.3
NOISE_OFF_AXIS = 2.0 / 3.0
# A hand or heel that scratches the leg pulls it in changing directions over a slower movement, with rest before and
# after.  Catches all rough scratches, 1 in 6 clonus-like smooth ones, and no development bout.
SCRATCHING_OFF_AXIS = 0.4
SCRATCHING_APERIODICITY = 0.25
SCRATCHING_SUB_HARMONIC_RATIO = 0.1
SCRATCHING_CALMER_FLANK = 0.1
# A rhythm may be tremor or an appliance if it is about as weak as the tremor of a healthy foot (6-24 mg, Pozos 1982),
# and faster than any subject's ankle clonus (7.0 Hz, Wallace 2005), or goes on before and after, or spreads over many
# axes.
TREMOR_G = 0.032
TREMOR_HZ = 7.2
# As weak as tremor itself, near the upper end of ankle clonus and going on before or after, a rhythm is more often
# tremor: all but two false alarms by tremor in the simulated nights of seeds 5000 to 5049 lay here.
FAINT_G = 0.025
FAINT_HZ = 6.6
FAINT_FLANK_RATIO = 0.3
# Largest foot tremor of healthy people (6-24 mg, Pozos 1982).  A rhythm this small and fast that lasts for 3 s
# may be tremor: half of the false alarms of 450 simulated nights were, and one in 600 of the bouts found.
LARGEST_TREMOR_G = 0.024
TREMOR_BEATS = 20
# Both flanks are this busy where tremor goes on; a rhythm slower than most tremor may have more noise beside it.
TREMOR_FLANK_RATIO = 0.4
SLOW_FLANK_RATIO = 0.6
# A rhythm this weak that lasts for 20 s is more often an appliance than clonus, whatever its direction.
LASTING_BEATS = METRONOME_BEATS
# In all of those nights an appliance shook the bed in circles for 10 s or more; a knock or sensor noise may make a
# short, weak bout look the same.
HUM_BEATS = 60
HUM_OFF_AXIS = 0.3
TREMOR_OFF_AXIS = 0.4
# More power below the fundamental shows a harmonic of a slower movement: 99 of 100 true candidates have up to 0.14.
LARGEST_SUB_HARMONIC_RATIO = 0.4
# A kick rings: each swing is less than half of the one before (ln 2.5), and filters show three or four of them.  Nine
# of ten true bouts of three or four beats were more even than this.
RING_UNEVENNESS = 0.9
# A first and a last beat are located within a tenth of a period: together they may make a short bout look this much
# faster.
BEAT_ERROR_PERIODS = 0.15
# Beats beyond this number, and strength beyond this, add nothing to confidence.
BEATS_COUNTED = 30
STRENGTH_COUNTED_G = 0.37
# Two and a half times the largest foot tremor: below, most rhythms are tremor and appliances.
SMALL_G = 0.06
# The fastest of the subject means of ankle clonus is 7.0 Hz (Wallace 2005), tremor of the held foot begins at 6 Hz.
FAST_HZ = 6.5
# Flanks half as strong as the rhythm itself are the same movement going on.
GOING_ON_RATIO = 0.5
# Off-axis ratio of an elliptic shake of 1 : 0.4; nine of ten weak bouts have less.
SIDEWAYS_RATIO = 0.37


def _smallness(rhythm: PlainRhythm) -> float:
    """Log ratio by which the strong beats are smaller than any tremor or hum that is felt; 0 where they are not."""
    return max(0.0, math.log(SMALL_G / rhythm.strong_g))


def _exceed(value: float, limit: float) -> float:
    """Log ratio by which a value exceeds its limit; 0 where it does not."""
    return max(0.0, math.log((value + 0.03) / limit))


# Each measure with the look-alike that it answers and the source of the idea.
MEASURES: tuple[Measure[PlainRhythm], ...] = (
    # A kick or a footfall rings for two or three beats (clinical rule of five beats; passive foot in the reflex model).
    Measure("beats", lambda r: float(min(r.n_beats, BEATS_COUNTED)), 0.0),
    # Steps and handling are uneven from one swing to the next (bycycle: amplitude consistency).
    Measure("unevenness", lambda r: r.unevenness, 0.05),
    # Walking, running and stairs put harmonics of a slower fundamental into 5-8 Hz (FOG index: below against in band).
    Measure("sub_harmonic_ratio", lambda r: r.sub_harmonic_ratio, 0.005),
    # A piece of a longer movement has the same movement before or after it; clonus stands out from both sides.
    Measure("busier_flank_ratio", lambda r: r.busier_flank_ratio, 0.03),
    # Clonus may begin in a turn or end in a kick, but seldom both; tremor and walking go on on either side.
    Measure("calmer_flank_ratio", lambda r: r.calmer_flank_ratio, 0.03),
    # Appliances, mattresses and handling move on many axes; a joint moves on one (linearity of simulated classes).
    Measure("off_axis_ratio", lambda r: r.off_axis_ratio, 0.03),
    # Movement that resembles itself one period later on all axes (autocorrelation; every rhythm detector has one).
    Measure("aperiodicity", lambda r: 1.0 - r.periodicity, 0.05),
    # Tremor and noise are small (physiological foot tremor: 6-24 mg).
    Measure("strong_beats_g", lambda r: min(r.strong_g, STRENGTH_COUNTED_G), 0.0),
    # Physiological tremor of a foot is small and fast: 6-10 Hz, 6-24 mg (Pozos 1982).
    Measure("small_and_fast", lambda r: _smallness(r) * max(0.0, r.frequency_hz - FAST_HZ), None),
    # Tremor and appliances go on before and after; a weak bout of clonus begins and ends.
    Measure("small_and_going_on", lambda r: _smallness(r) * _exceed(r.busier_flank_ratio, GOING_ON_RATIO), None),
    # An appliance shakes the whole bed, in circles as well as along a line; a weak bout still keeps to its joint.
    Measure("small_and_sideways", lambda r: _smallness(r) * _exceed(r.off_axis_ratio, SIDEWAYS_RATIO), None),
)


# Printed by `python -m tests.validation.fitting` for the cases named in the README.
DECISION = Decision(
    weights=(1.675, -1.300, -0.688, -0.463, -0.301, -0.024, -0.813, 0.692, -2.268, -0.044, -3.050),
    neutral=(7.985, 0.302, 0.048, 0.374, 0.226, 0.194, 0.217, 0.060, 0.537, 0.378, 0.160),
    intercept_logit=-0.742,
)


def judge_rhythm(
    rhythm: PlainRhythm, frequency_hz: float, settings: DetectionSettings, decision: Decision = DECISION
) -> RhythmVerdict:
    """Judge a rhythm of the plain search, of this frequency by the time map.

    1. The measures give a confidence; below the limit it is no episode.  2. A fundamental above the band is no episode
    (tremor, appliances), one below it is ``slow``; the upper limit is wider for a short bout, whose frequency is known
    less well.  3. A long rhythm as steady as a machine or as wavering as a leg bounced on purpose, and a weak one that
    could be tremor or an appliance, is ``uncertain``.  4. Fewer than five beats are ``brief``, unless they die away as
    the ring of a kick does.
    """
    confidence, evidence = decision.weigh(MEASURES, rhythm)
    is_like_machine = _is_steady(rhythm) or _is_circling(rhythm)
    is_like_intended = _is_wavering(rhythm) or _is_like_scratching(rhythm)
    is_doubtful = is_like_machine or is_like_intended or _is_like_tremor(rhythm, frequency_hz)
    is_brief = rhythm.n_beats < FEWEST_BEATS_OF_CLONUS
    highest_hz = settings.band_high_hz * (1.0 + BEAT_ERROR_PERIODS / (rhythm.n_beats - 1))
    is_harmonic = rhythm.sub_harmonic_ratio > LARGEST_SUB_HARMONIC_RATIO
    rings_out = is_brief and rhythm.unevenness > RING_UNEVENNESS
    if is_brief:
        evidence.append(Evidence("rings_out", rhythm.unevenness, RING_UNEVENNESS, passed=not rings_out))
    evidence += [
        *_weigh_steadiness(rhythm),
        *_weigh_wavering(rhythm),
        *_weigh_ways(rhythm),
        Evidence("stronger_than_tremor_g", rhythm.strong_g, TREMOR_G, passed=not _is_like_tremor(rhythm, frequency_hz)),
        Evidence("not_below_band_hz", frequency_hz, settings.band_low_hz, passed=frequency_hz >= settings.band_low_hz),
        Evidence("not_above_band_hz", frequency_hz, highest_hz, passed=frequency_hz <= highest_hz),
        Evidence("no_harmonic", rhythm.sub_harmonic_ratio, LARGEST_SUB_HARMONIC_RATIO, passed=not is_harmonic),
        Evidence("confidence", confidence, LEAST_CONFIDENCE, passed=confidence >= LEAST_CONFIDENCE),
    ]
    episode_class: EpisodeClass | None
    if confidence < LEAST_CONFIDENCE or frequency_hz > highest_hz or rings_out or is_harmonic:
        episode_class = None
    elif frequency_hz < settings.band_low_hz:
        # Any movement of a leg gives three or four slow swings.
        episode_class = None if is_brief else EpisodeClass.SLOW
    elif is_brief:
        episode_class = EpisodeClass.BRIEF
    else:
        episode_class = EpisodeClass.UNCERTAIN if is_doubtful else EpisodeClass.CLONUS
    return RhythmVerdict(episode_class, confidence, tuple(evidence))


def _is_steady(rhythm: PlainRhythm) -> bool:
    """Tell whether a long rhythm is as steady as a machine."""
    return (
        rhythm.n_beats >= METRONOME_BEATS
        and rhythm.interval_wander is not None
        and rhythm.amplitude_wander is not None
        and rhythm.interval_wander <= METRONOME_INTERVAL_WANDER
        and rhythm.amplitude_wander <= METRONOME_AMPLITUDE_WANDER
    )


def _weigh_steadiness(rhythm: PlainRhythm) -> list[Evidence]:
    """Evidence of a long rhythm's steadiness; a short one is not tested."""
    if rhythm.n_beats < METRONOME_BEATS or rhythm.interval_wander is None or rhythm.amplitude_wander is None:
        return []
    passed = not _is_steady(rhythm)
    return [
        Evidence("interval_wander", rhythm.interval_wander, METRONOME_INTERVAL_WANDER, passed=passed),
        Evidence("amplitude_wander", rhythm.amplitude_wander, METRONOME_AMPLITUDE_WANDER, passed=passed),
    ]


def _is_wavering(rhythm: PlainRhythm) -> bool:
    """Tell whether a long rhythm wavers as a leg that is bounced on purpose."""
    return (
        rhythm.n_beats >= WAVERING_BEATS
        and rhythm.amplitude_waver is not None
        and rhythm.strong_g >= SMALL_G
        and rhythm.amplitude_waver >= WAVERING_AMPLITUDE
        and rhythm.off_axis_ratio >= WAVERING_OFF_AXIS
        and rhythm.calmer_flank_ratio <= WAVERING_CALMER_FLANK
    )


def _weigh_wavering(rhythm: PlainRhythm) -> list[Evidence]:
    """Evidence of a long rhythm's wavering; a short one is not tested."""
    if rhythm.n_beats < WAVERING_BEATS or rhythm.amplitude_waver is None:
        return []
    passed = not _is_wavering(rhythm)
    return [
        Evidence("amplitude_waver", rhythm.amplitude_waver, WAVERING_AMPLITUDE, passed=passed),
        Evidence("off_axis_when_wavering", rhythm.off_axis_ratio, WAVERING_OFF_AXIS, passed=passed),
    ]


def _is_circling(rhythm: PlainRhythm) -> bool:
    """Tell whether a long rhythm goes in circles, as an appliance does, beyond the noise around it."""
    noise = NOISE_OFF_AXIS * (1.0 - rhythm.periodicity)
    return rhythm.n_beats >= CIRCLING_BEATS and rhythm.off_axis_ratio**2 - noise > CIRCLING_OFF_AXIS**2


def _is_like_scratching(rhythm: PlainRhythm) -> bool:
    """Tell whether a rhythm in a quiet leg changes direction as under a scratching hand."""
    return (
        rhythm.off_axis_ratio > SCRATCHING_OFF_AXIS
        and 1.0 - rhythm.periodicity > SCRATCHING_APERIODICITY
        and rhythm.sub_harmonic_ratio > SCRATCHING_SUB_HARMONIC_RATIO
        and rhythm.calmer_flank_ratio <= SCRATCHING_CALMER_FLANK
    )


def _weigh_ways(rhythm: PlainRhythm) -> list[Evidence]:
    """Evidence of a movement in many directions; a movement in one is not named."""
    found = []
    if _is_circling(rhythm):
        found.append(Evidence("off_axis_all_along", rhythm.off_axis_ratio, CIRCLING_OFF_AXIS, passed=False))
    if _is_like_scratching(rhythm):
        found.append(Evidence("off_axis_and_changing", rhythm.off_axis_ratio, SCRATCHING_OFF_AXIS, passed=False))
    return found


def _is_like_tremor(rhythm: PlainRhythm, frequency_hz: float) -> bool:
    """Tell whether a rhythm is as weak as tremor or a hum, and has something else in common with them."""
    if rhythm.strong_g >= TREMOR_G:
        return False
    lasts = rhythm.n_beats >= LASTING_BEATS
    is_small = rhythm.strong_g < LARGEST_TREMOR_G and frequency_hz > FAST_HZ and rhythm.n_beats >= TREMOR_BEATS
    goes_on = rhythm.busier_flank_ratio > FAINT_FLANK_RATIO
    is_fast = frequency_hz > (FAINT_HZ if rhythm.strong_g < FAINT_G and goes_on else TREMOR_HZ)
    most_off_axis = HUM_OFF_AXIS if rhythm.n_beats >= HUM_BEATS else TREMOR_OFF_AXIS
    busiest = TREMOR_FLANK_RATIO if frequency_hz > FAST_HZ else SLOW_FLANK_RATIO
    is_beside_more = rhythm.calmer_flank_ratio > busiest or rhythm.off_axis_ratio > most_off_axis
    return lasts or is_small or is_fast or is_beside_more
