"""The words for what is shown: neutral, never a judgement.

A picture made from acceleration can only say that something looks rhythmic.  The class ``clonus`` is therefore called
"rhythmic" here; only a named clinician may add more.
"""

from __future__ import annotations

from clonus_sense.i18n import Translator, message
from clonus_sense.library import MarkerKind, Profession, Verdict
from clonus_sense.model import EndedBy, EpisodeClass, RecordingInfo, Site
from clonus_sense.report.clock_labels import clock_of, date_range

HEADLINE = message("Rhythmic movement (5–8 Hz)")
NOT_MEASURED = message("not measured")
NOT_CONFIRMED = message("wear not confirmed")
WORN = message("measured and worn")

# Characters of a person's code that fit into the title of a picture.
LONGEST_CODE = 24

CLASS_WORDS: dict[EpisodeClass, str] = {
    EpisodeClass.CLONUS: message("rhythmic"),
    EpisodeClass.BRIEF: message("brief"),
    EpisodeClass.SLOW: message("slow"),
    EpisodeClass.UNCERTAIN: message("uncertain"),
}

ENDED_BY_WORDS: dict[EndedBy, str] = {
    EndedBy.QUIET: message("stillness"),
    EndedBy.MOVEMENT: message("another movement"),
    EndedBy.GAP: message("a time not measured"),
    EndedBy.END: message("the end of the recording"),
}

SITE_WORDS: dict[Site, str] = {
    Site.FOOT: message("foot"),
    Site.ANKLE: message("ankle"),
    Site.LOWER_LEG: message("lower leg"),
    Site.SHANK: message("shank"),
    Site.KNEE: message("knee"),
    Site.THIGH: message("thigh"),
    Site.OTHER: message("other place"),
}

SIDE_WORDS: dict[str, str] = {"left": message("left"), "right": message("right")}
LEG_WORDS: dict[str, str] = {"left": message("Left leg"), "right": message("Right leg"), "": message("Side not stated")}

# Why samples are missing, as the reader and the sensor say it.
REASON_WORDS: dict[str, str] = {
    "the disk was full": message("the disk was full"),
    "link lost": message("the link to the sensor was lost"),
    "no connection": message("no link to the sensor"),
    "no recording": message("no recording in this time"),
    "no samples": message("no samples arrived"),
    "not a number": message("values that are not numbers"),
    "unreadable lines": message("unreadable lines"),
}

# What the reader of recordings and the detector find, by the finding's kind.
FINDING_WORDS: dict[str, str] = {
    "clipped": message("The movement went beyond the range of the sensor; strengths there read too low."),
    "clock-step-back": message("The clock was set back while recording."),
    "constant": message("The values did not change at all for some time; nothing can be said about that time."),
    "encoding": message("The head of the file is written in another encoding."),
    "filled-in": message("Single samples were lost; they were filled in from their neighbours."),
    "layout-changed": message("The columns of the file change further down; they were followed."),
    "many-gaps": message("The recording consists mostly of gaps."),
    "not-a-number": message("Some rows hold values that are not numbers; they were left out."),
    "nul-bytes": message("A part of the file is empty, as after a power cut."),
    "odd-stamps": message("Some rows carry an impossible time; they were left out."),
    "rate-changed": message("The sampling rate changes while recording; each part is searched at its own rate."),
    "rate-differs": message("The sampling rate differs from what the file states; the measured one was used."),
    "rate-measured": message("The file does not state its sampling rate; it was measured."),
    "repeated-rows": message("Some rows stand in the file twice; each was taken once."),
    "rows-out-of-order": message("Some rows stand in the file later than their time says; they were sorted in."),
    "single-losses": message("Single samples are missing."),
    "slow-rate": message("The sampling rate is low: fast rhythms may be missed and strengths read low."),
    "torn-end": message("The last line of the file is incomplete; it was left out."),
    "torn-gzip": message("The compressed file is cut off; everything before that place was read."),
    "uneven-stamps": message("The time stamps are uneven; an even clock was rebuilt from them."),
    "unfinished": message("The recorder was still writing the recording; it was read as it stood then."),
    "unit-guessed": message("The unit of the acceleration was guessed."),
    "unreadable-lines": message("Some lines could not be read; they were left out."),
    "wrong-scale": message("At rest the sensor does not show 1 g: the unit may be wrong."),
    "site-unknown": message("Nobody says where the sensor sat; strengths cannot be compared."),
    "zone-assumed": message("The time zone of this computer was assumed."),
}


VERDICT_WORDS: dict[Verdict, str] = {
    Verdict.RHYTHMIC: message("rhythmic movement"),
    Verdict.NOT_RHYTHMIC: message("no rhythmic movement"),
    Verdict.UNSURE: message("unsure"),
    Verdict.JUDGED_AS_CLONUS: message("judged as clonus"),
    Verdict.WORN: message("the sensor was worn"),
    Verdict.NOT_WORN: message("the sensor was not worn"),
    Verdict.REST: message("this was the rest window"),
    Verdict.NOTE: message("note"),
    Verdict.WITHDRAWN: message("withdrawn"),
}

PROFESSION_WORDS: dict[Profession, str] = {
    Profession.PATIENT: message("patient"),
    Profession.CARER: message("carer or family"),
    Profession.PHYSIOTHERAPIST: message("physiotherapist"),
    Profession.OCCUPATIONAL_THERAPIST: message("occupational therapist"),
    Profession.PHYSICIAN: message("physician"),
    Profession.NURSE: message("nurse"),
    Profession.RESEARCHER: message("researcher"),
    Profession.OTHER: message("another person"),
}

MARKER_WORDS: dict[MarkerKind, str] = {
    MarkerKind.FELT: message("I felt it"),
    MarkerKind.TURNED_BY_HELPER: message("turned by a helper"),
    MarkerKind.STIMULATION_ON: message("stimulation on"),
    MarkerKind.STIMULATION_OFF: message("stimulation off"),
    MarkerKind.OTHER: message("another mark"),
}


def class_word(episode_class: EpisodeClass, _: Translator) -> str:
    """Name a class of episodes for everybody."""
    return _(CLASS_WORDS[episode_class])


def side_word(side: str, _: Translator) -> str:
    """Name a leg by its side; an unknown word stays as it is."""
    return _(LEG_WORDS[side]) if side in LEG_WORDS else side


def ended_by_word(ended_by: EndedBy, _: Translator) -> str:
    """Name what ended an episode."""
    return _(ENDED_BY_WORDS[ended_by])


def reason_word(reason: str, _: Translator) -> str:
    """Say why samples are missing; an unknown reason stays as it is."""
    return _(REASON_WORDS[reason]) if reason in REASON_WORDS else reason


def verdict_word(verdict: Verdict, _: Translator) -> str:
    """Name what a person says about a time."""
    return _(VERDICT_WORDS[verdict])


def profession_word(profession: Profession, _: Translator) -> str:
    """Name who says it."""
    return _(PROFESSION_WORDS[profession])


def marker_word(kind: MarkerKind, _: Translator) -> str:
    """Name what somebody marked."""
    return _(MARKER_WORDS[kind])


def finding_word(kind: str, _: Translator) -> str:
    """Say in general what was found; empty for an unknown kind."""
    return _(FINDING_WORDS[kind]) if kind in FINDING_WORDS else ""


def place_words(info: RecordingInfo, _: Translator) -> str:
    """Name where the sensor sat, such as ``left ankle``; empty where nothing is known."""
    site = _(SITE_WORDS[info.site]) if info.site else ""
    side = _(SIDE_WORDS[info.side]) if info.side in SIDE_WORDS else info.side
    if site and side:
        return _("{side} {site}").format(side=side, site=site)
    return site or side


def recording_title(info: RecordingInfo | None, duration_s: float, _: Translator) -> str:
    """Name a recording by its days, person and place, as far as they are known."""
    if info is None:
        return ""
    clock = clock_of(info)
    first, last = clock.moment(0.0), clock.moment(duration_s)
    days = date_range(first, last, _) if first and last else ""
    person = info.person if len(info.person) <= LONGEST_CODE else f"{info.person[: LONGEST_CODE - 1]}…"
    return " · ".join(part for part in (days, person, place_words(info, _)) if part)
