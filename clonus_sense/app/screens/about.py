"""About clonus: what it is, what a sensor cannot know, whom to ask.  No promises, no threats."""

from __future__ import annotations

from collections.abc import Mapping

from clonus_sense.app.screen import Screen, Visit
from clonus_sense.i18n import message
from clonus_sense.report.pages.blocks import Paragraph, Section, Steps

SECTIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        message("What clonus is"),
        (
            message(
                "Clonus is a rhythmic beating of a joint, most often the ankle or the knee, that nobody does on "
                "purpose. A muscle is stretched, the stretch reflex answers with a contraction, and this stretches it "
                "again."
            ),
            message(
                "It occurs after stroke, spinal cord injury, multiple sclerosis and other conditions of the brain or "
                "the spinal cord. In small studies the ankle beat about 4 to 7 times a second, for seconds up to "
                "minutes. A few beats can also occur in healthy people."
            ),
        ),
    ),
    (
        message("How it differs from spasticity"),
        (
            message(
                "Spasticity is stiffness: a muscle resists a movement more, the faster the movement is. Clonus is "
                "beating. Both come from strong stretch reflexes and often occur together, but not always."
            ),
            message("A spasm is a sudden contraction of muscles. It may set off clonus, but it does not beat."),
        ),
    ),
    (
        message("What a sensor cannot know"),
        (
            message("It cannot tell the ankle from the knee, because both move the foot."),
            message(
                "It cannot tell clonus from other rhythmic movement, such as tremor, electrical stimulation or a leg "
                "that somebody shakes. So this app says “rhythmic movement”. Only people who examine the leg can say "
                "more."
            ),
            message("It does not know whether a movement hurts, wakes you or bothers you. Your own words count here."),
            message("Nights differ a lot from one another. One night says little; many nights together say more."),
        ),
    ),
    (
        message("Whom to ask"),
        (
            message(
                "Your doctor and your therapist answer questions about your body and your treatment. They can look at "
                "the nights together with you."
            ),
            message(
                "Tell them soon if the movement is suddenly much more than usual. Pain, a sore place on the skin, a "
                "full bladder or bowel, a fever or a tight shoe can set it off, and they can look for the cause."
            ),
            message("Stretch the leg only as your therapist has taught you."),
            message("Do not change a medicine because of this app."),
        ),
    ),
)

# Not translated: who looks for a source looks for these words.
SOURCES = (
    "Wallace, Ross, Thomas: Motor unit behavior during clonus. J Appl Physiol 2005;99:2166.",
    "Boyraz, Uysal et al.: Clonus: definition, mechanism, treatment. 2015.",
    "Hidler, Rymer: Limit cycle behavior in spasticity: analysis and evaluation. IEEE TBME.",
    "Dimitrijevic, Nathan, Sherwood. J Neurol Neurosurg Psychiatry 1980;43:321.",
    "Thomas et al. (48 h EMG, spinal cord injury). J Electromyogr Kinesiol 2014;24:747.",
)


def show_about(visit: Visit) -> Mapping[str, object]:
    """Lay out the page."""
    _ = visit.translate
    sections = [Section(_(title), [Paragraph(_(text)) for text in texts]) for title, texts in SECTIONS]
    return {"sections": [*sections, Section(_("Sources"), [Steps(SOURCES)])]}


ABOUT = Screen("about", message("About clonus"), show_about)
