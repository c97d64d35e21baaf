"""What each test of the detector says in words of the signal, when it is met and when it is not.

A sentence is put together as ``beats uneven: 34 % spread, at most 30 % expected``.  Tests that measure the same share a
quantity, so that a reason stands once.
"""

from __future__ import annotations

from dataclasses import dataclass

from clonus_sense.i18n import message
from clonus_sense.report.words.numbers import COUNT, HERTZ, INDEX, PERCENT, PROBABILITY, STRENGTH, Unit

PLAIN = "{value}"


@dataclass(frozen=True, slots=True)
class EvidenceWords:
    """The words of one test."""

    quantity: str
    unit: Unit
    met: str
    not_met: str
    measured: str = PLAIN
    at_least: bool = False
    is_rule: bool = False
    counted_to: float | None = None
    is_product: bool = False


SPREAD = message("{value} spread")
SLOWER = message("{value} of it is slower")
BESIDE = message("{value} of its strength beside it")
CALMER = message("{value} of it on the calmer side")
OFF_LINE = message("{value} off its line")
IN_RHYTHM = message("{value} is this rhythm")

EVIDENCE_WORDS: dict[str, EvidenceWords] = {
    # What rejects a candidate, then what names a class: in this order they are told.
    "confidence": EvidenceWords(
        "confidence",
        PROBABILITY,
        message("sure enough that it is rhythmic"),
        message("not sure enough that it is rhythmic"),
        message("confidence {value}"),
        at_least=True,
        is_rule=True,
    ),
    "no_harmonic": EvidenceWords(
        "slower movement",
        PERCENT,
        message("no overtone of slower movement"),
        message("overtone of slower movement"),
        SLOWER,
        is_rule=True,
    ),
    "rings_out": EvidenceWords(
        "evenness",
        PERCENT,
        message("does not die away like a kick"),
        message("dies away like a kick"),
        SPREAD,
        is_rule=True,
    ),
    "five_beats": EvidenceWords(
        "beats",
        COUNT,
        message("enough beats among steps"),
        message("too few beats among steps"),
        at_least=True,
        is_rule=True,
    ),
    "no_echo_ratio": EvidenceWords(
        "busier side",
        PERCENT,
        message("no echo of something stronger"),
        message("echo of something stronger"),
        BESIDE,
        is_rule=True,
    ),
    "stride_ratio": EvidenceWords(
        "strides",
        PERCENT,
        message("steps around it"),
        message("no steps around it"),
        message("slow movement {value} of the fast one"),
        at_least=True,
        is_rule=True,
    ),
    "one_line": EvidenceWords(
        "clearest rhythm",
        PERCENT,
        message("an own rhythm beside steps"),
        message("no own rhythm beside steps"),
        IN_RHYTHM,
        at_least=True,
        is_rule=True,
    ),
    "not_above_band_hz": EvidenceWords(
        "fastest", HERTZ, message("not too fast"), message("faster than the band"), is_rule=True
    ),
    "not_below_band_hz": EvidenceWords(
        "slowest", HERTZ, message("not too slow"), message("slower than the band"), at_least=True, is_rule=True
    ),
    "interval_wander": EvidenceWords(
        "steadiness of timing",
        PERCENT,
        message("not timed like a machine"),
        message("timed like a machine"),
        message("intervals wander by {value}"),
        at_least=True,
        is_rule=True,
    ),
    "amplitude_wander": EvidenceWords(
        "steadiness of strength",
        PERCENT,
        message("strength not that of a machine"),
        message("strength steady like a machine"),
        message("strength wanders by {value}"),
        at_least=True,
        is_rule=True,
    ),
    "amplitude_waver": EvidenceWords(
        "waver",
        PERCENT,
        message("strength does not waver"),
        message("strength wavers as if intended"),
        message("from second to second by {value}"),
        is_rule=True,
    ),
    "off_axis_when_wavering": EvidenceWords(
        "directions",
        PERCENT,
        message("keeps to its line"),
        message("leaves its line while wavering"),
        OFF_LINE,
        is_rule=True,
    ),
    "off_axis_all_along": EvidenceWords(
        "directions",
        PERCENT,
        message("does not go in circles"),
        message("goes in circles like a device"),
        OFF_LINE,
        is_rule=True,
    ),
    "off_axis_and_changing": EvidenceWords(
        "directions",
        PERCENT,
        message("does not go this way and that"),
        message("this way and that, as scratching"),
        OFF_LINE,
        is_rule=True,
    ),
    "stronger_than_tremor_g": EvidenceWords(
        "strength",
        STRENGTH,
        message("stronger than trembling"),
        message("as weak as trembling"),
        at_least=True,
        is_rule=True,
    ),
    # Measures of the confidence, told by their weight.
    "beats": EvidenceWords("beats", COUNT, message("many beats"), message("few beats"), at_least=True, counted_to=30.0),
    "unevenness": EvidenceWords("evenness", PERCENT, message("beats even"), message("beats uneven"), SPREAD),
    "sub_harmonic_ratio": EvidenceWords(
        "slower movement",
        PERCENT,
        message("little slower movement beneath"),
        message("slower movement beneath it"),
        SLOWER,
    ),
    "busier_flank_ratio": EvidenceWords(
        "busier side",
        PERCENT,
        message("stands out from both sides"),
        message("much movement before or after"),
        BESIDE,
    ),
    "calmer_flank_ratio": EvidenceWords(
        "calmer side",
        PERCENT,
        message("calm on one side at least"),
        message("movement both before and after"),
        CALMER,
    ),
    "off_axis_ratio": EvidenceWords(
        "directions", PERCENT, message("moves along one line"), message("moves in several directions"), OFF_LINE
    ),
    "aperiodicity": EvidenceWords(
        "likeness",
        PERCENT,
        message("beats like one another"),
        message("beats unlike one another"),
        message("{value} different"),
    ),
    "strong_beats_g": EvidenceWords(
        "strength", STRENGTH, message("strong beats"), message("weak beats"), at_least=True, counted_to=0.37
    ),
    "small_and_fast": EvidenceWords(
        "small and fast",
        INDEX,
        message("not weak and fast"),
        message("weak and fast, as trembling is"),
        message("index {value}"),
        is_product=True,
    ),
    "small_and_going_on": EvidenceWords(
        "small and going on",
        INDEX,
        message("not weak and going on around it"),
        message("weak, and going on around it"),
        message("index {value}"),
        is_product=True,
    ),
    "small_and_sideways": EvidenceWords(
        "small and sideways",
        INDEX,
        message("not weak in many directions"),
        message("weak, and in many directions"),
        message("index {value}"),
        is_product=True,
    ),
    "concentration": EvidenceWords(
        "clearest rhythm",
        PERCENT,
        message("a clear rhythm beside steps"),
        message("no clear rhythm beside steps"),
        IN_RHYTHM,
        at_least=True,
    ),
    "tonality": EvidenceWords(
        "rhythm all along",
        PERCENT,
        message("rhythm clear all along"),
        message("rhythm not clear all along"),
        IN_RHYTHM,
        at_least=True,
    ),
    "of_movement_ratio": EvidenceWords(
        "strength beside steps",
        PERCENT,
        message("strong beside the steps"),
        message("weak beside the steps"),
        message("{value} of all movement there"),
        at_least=True,
    ),
    "stride_likeness": EvidenceWords(
        "likeness of steps",
        PERCENT,
        message("steps that differ"),
        message("steps all alike, as in cycling"),
        message("{value} alike"),
    ),
    # Earlier versions wrote this; libraries hold it still.
    "surrounding_ratio": EvidenceWords(
        "both sides", PERCENT, message("little movement around it"), message("much movement around it"), BESIDE
    ),
}
"""Words of every test by its name in the evidence."""

MAY_BE: dict[str, str] = {
    "interval_wander": message("a machine or electrical stimulation"),
    "amplitude_wander": message("a machine or electrical stimulation"),
    "off_axis_all_along": message("a machine that shakes"),
    "amplitude_waver": message("an intended movement"),
    "off_axis_when_wavering": message("an intended movement"),
    "off_axis_and_changing": message("scratching or rubbing"),
    "stronger_than_tremor_g": message("trembling or an appliance"),
}
"""What else a movement may be that did not meet a test: each way of being uncertain."""
