"""What each reported number means, with its unit."""

from __future__ import annotations

from dataclasses import dataclass

from clonus_sense.i18n import message


@dataclass(frozen=True, slots=True)
class Term:
    """One line of the glossary; all texts are still to be translated."""

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
        message(
            "How clearly the evidence speaks for a rhythm, from 0 to 1: high from 0.8, medium from 0.65, low from 0.5. "
            "Of ten movements with 0.8 about eight are right. This holds for the mix of cases that it was measured on; "
            "where rhythmic movement is rarer, the same confidence is right less often. It is not a measure of "
            "strength."
        ),
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


NIGHT_GLOSSARY: tuple[Term, ...] = (
    Term(
        message("Measured and worn"),
        message("h, min"),
        message("Time with data in which nothing speaks against the sensor being on the leg. Rates are per worn hour."),
    ),
    Term(
        message("Wear not confirmed"),
        message("h, min"),
        message(
            "Half an hour or more with data but without any movement above the sensor's own noise and without a change "
            "of position. A sensor on a table looks like that, and so can a very still leg: only a person can say."
        ),
    ),
    Term(
        message("Rest window (estimated)"),
        message("h, min"),
        message(
            "The longest time of little movement: half hours and more in which most of every five minutes stays below "
            "0.015 g, joined over breaks of less than an hour. It is not sleep. A person can state it instead."
        ),
    ),
    Term(
        message("How often"),
        "",
        message(
            "Number of rhythmic movements that began in the rest window while the sensor was worn. Runs of beats less "
            "than the joining pause apart (see the settings) are one movement. Left and right are never added."
        ),
    ),
    Term(
        message("Per worn hour"),
        message("1/h"),
        message("How often, divided by the hours measured and worn in that time."),
    ),
    Term(message("Total time"), "s", message("The durations of these movements added up, each with its whole length.")),
    Term(message("Longest"), "s", message("The largest of these durations.")),
    Term(
        message("Median before"),
        "",
        message(
            "The middle value of the person's own last 7 nights of the same leg, of those within 4 weeks that were "
            "measured on the leg for at least 4 hours and three quarters of their length; at least 5 are needed."
        ),
    ),
    Term(
        message("Movement in each half minute"),
        message("g"),
        message("Standard deviation of the acceleration within each second, over the three axes, mean of 30 seconds."),
    ),
    Term(
        message("Posture (A, B, …)"),
        "",
        message(
            "How the leg lay: the same letter stands where gravity had the same direction within 35°, for two minutes "
            "or more. The sensor cannot tell lying from sitting, nor one side from the back. Each recording begins "
            "with a letter of its own."
        ),
    ),
    Term(
        message("Angle to the leg's most frequent position"),
        "°",
        message(
            "Angle between gravity as the sensor feels it and its most frequent direction in this night, 0 to 180."
        ),
    ),
)
"""What only the page of a night shows."""
