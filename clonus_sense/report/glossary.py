"""What each reported number means, with its unit."""

from __future__ import annotations

from dataclasses import dataclass

from clonus_sense.i18n import message


@dataclass(frozen=True, slots=True)
class Term:
    """One line of the glossary; all texts are still to be translated.

    Parameters
    ----------
    name
        What the number is called in tables and pictures.
    unit
        Its unit, empty where it has none.
    meaning
        One or two sentences.
    """

    name: str
    unit: str
    meaning: str


GLOSSARY: tuple[Term, ...] = (
    Term(
        message("Rhythmic movement (5–8 Hz)"),
        "",
        message(
            "A run of movements that repeat evenly, several times per second, in one direction. The sensor cannot tell "
            "where it comes from: ankle or knee, a tremor, an intended movement or a device look alike."
        ),
    ),
    Term(
        message("rhythmic"),
        "",
        message("Five beats or more, at a frequency inside the accepted band of the settings."),
    ),
    Term(message("brief"), "", message("The same with three or four beats.")),
    Term(message("slow"), "", message("Rhythmic, but slower than the accepted band.")),
    Term(
        message("uncertain"),
        "",
        message(
            "Rhythmic, but it cannot be told from an intended movement, electrical stimulation or the hum of a device."
        ),
    ),
    Term(message("Beats"), "", message("Number of movements back and forth that were seen.")),
    Term(
        message("Duration"),
        "s",
        message("From half a beat before the first beat to half a beat after the last, in seconds."),
    ),
    Term(
        message("Frequency"), "Hz", message("Beats per second: (beats − 1) / (time from the first to the last beat).")
    ),
    Term(
        message("Drift of frequency"),
        "Hz",
        message(
            "Frequency in the last third less the frequency in the first third; above zero means faster at the end."
        ),
    ),
    Term(
        message("Peak acceleration"),
        message("g"),
        message(
            "Half the distance from the lowest to the highest point of the strongest beat, on the main axis; 1 g is "
            "the pull of the earth. It depends on where the sensor sits: compare only nights with the sensor in one "
            "place."
        ),
    ),
    Term(
        message("RMS acceleration"),
        message("g"),
        message("Root mean square of the acceleration on the main axis: the strength over the whole movement."),
    ),
    Term(
        message("Regularity"),
        "",
        message("1 is a metronome; less means that the times between beats vary, slow drift left out."),
    ),
    Term(
        message("Confidence"),
        "",
        message("From 0 to 1: how clearly the evidence speaks for this class. It is not a measure of strength."),
    ),
    Term(
        message("Main axis"),
        "",
        message("The direction in which the sensor moved most during the movement."),
    ),
    Term(
        message("not measured"),
        "",
        message(
            "Time without data, for example when the radio link was lost. Nothing is filled in. Whether the sensor was "
            "worn is not checked here: a sensor on the table records stillness."
        ),
    ),
)
