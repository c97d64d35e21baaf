"""The questions and answers at bedtime, before the recorder starts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from clonus_sense.cli.console.printing import echo
from clonus_sense.errors import SensorNotFoundError
from clonus_sense.i18n import Phrase, Translator, message

if TYPE_CHECKING:
    from clonus_sense.recorder import PlannedSensor, Preflight, RememberedSensor, SensorSignal
    from clonus_sense.sensors.link import Advertisement, HostClock, Radio

# A sensor that was just switched on needs some seconds, a connection some more.
HEARD_WITHIN_S = 60.0
LISTEN_S = 12.0
MOVE_WITHIN_S = 20.0

# Below this a sensor may stop before the morning; makers state 8 to 30 hours for a full battery.
NIGHT_PERCENT = 60

# The recorder of one night takes one sensor for each leg.
MOST_SENSORS = 2


@dataclass(frozen=True, slots=True)
class Asking:
    """The language of the questions, and whether to ask at all."""

    translate: Translator
    is_silent: bool

    def tell(self, text: str) -> None:
        """Print a line on stderr."""
        echo(text, err=True)


def choose_sensors(
    names: Sequence[str], remembered: Sequence[RememberedSensor], heard: Sequence[Advertisement]
) -> list[RememberedSensor]:
    """Choose the sensors of the night: the named ones, else the last night's, else those in range."""
    from clonus_sense.recorder import RememberedSensor
    from clonus_sense.sensors.families import recognise_family

    if names:
        known = {one.name: one for one in remembered}
        chosen = []
        for name in names:
            family = recognise_family(name)
            if name not in known and family is None:
                raise SensorNotFoundError(
                    Phrase(
                        message("`{name}` is not a known sensor; `clonus-sense scan` lists the sensors in range."),
                        name=name,
                    )
                )
            chosen.append(known.get(name) or RememberedSensor(family.key if family else "", name))
        return chosen
    if remembered:
        return list(remembered)
    ours = [(one, family) for one in heard if (family := recognise_family(one.name or None, one.service_uuids))]
    if not ours:
        raise SensorNotFoundError(
            message("No sensor is in range; switch it on, bring it near, close its maker's app, and start again.")
        )
    if len(ours) > MOST_SENSORS:
        listed = ", ".join(one.name for one, _family in ours)
        raise SensorNotFoundError(
            Phrase(message("Several sensors are in range ({names}); name yours with --sensor."), names=listed)
        )
    return [RememberedSensor(family.key, one.name) for one, family in ours]


async def look_at_sensors(
    planned: Sequence[PlannedSensor], radio: Radio, clock: HostClock, asking: Asking
) -> list[PlannedSensor]:
    """Check that the sensors are in range, charged, plausible and on a moving leg; confirm sides by tapping."""
    from clonus_sense.recorder import Preflight

    _ = asking.translate
    async with Preflight([one.wanted for one in planned], radio, clock) as preflight:
        asking.tell(_("Looking for the sensor…"))
        all_stream = await preflight.wait_streaming(HEARD_WITHIN_S)
        for one, signal in zip(planned, preflight.signals(), strict=True):
            for sentence in signal_sentences(one.wanted.name, signal, _):
                asking.tell(sentence)
        if not all_stream:
            asking.tell(_("Recording begins as soon as the sensor is heard."))
            return list(planned)
        named = [_with_identity(one, signal) for one, signal in zip(planned, preflight.signals(), strict=True)]
        if asking.is_silent:
            return named
        if len(named) > 1:
            named = await _confirm_sides(named, preflight, asking)
        for number, one in enumerate(named):
            await _confirm_worn(number, one, preflight, asking)
        return named


def signal_sentences(name: str, signal: SensorSignal, _: Translator) -> list[str]:
    """Describe the state of a sensor."""
    called = signal.identity.name or name or _("the sensor")
    if signal.magnitude_g is None:
        trouble = f" ({_(signal.trouble)})" if signal.trouble else ""
        return [_("! {name} is not connected yet.").format(name=called) + trouble]
    sentences = [_("● {name} is connected.").format(name=called)]
    if signal.battery_percent is None:
        sentences.append(_("? Its battery level is unknown; charge it before each night."))
    elif signal.battery_percent < NIGHT_PERCENT:
        text = _("! Battery {percent} %: it may not last until the morning; charge it if you can.")
        sentences.append(text.format(percent=signal.battery_percent))
    else:
        sentences.append(_("● Battery {percent} %.").format(percent=signal.battery_percent))
    if not signal.is_plausible:
        text = _("! At rest it shows {magnitude:.2f} g instead of 1 g; hold it still, and switch it off and on again.")
        sentences.append(text.format(magnitude=signal.magnitude_g))
    return sentences


def _with_identity(planned: PlannedSensor, signal: SensorSignal) -> PlannedSensor:
    """Fill in the name and serial number that the sensor reports."""
    identity = signal.identity
    wanted = replace(
        planned.wanted,
        name=identity.name or planned.wanted.name,
        serial=identity.serial or planned.wanted.serial,
    )
    return replace(planned, wanted=wanted)


async def _confirm_sides(planned: list[PlannedSensor], preflight: Preflight, asking: Asking) -> list[PlannedSensor]:
    """Ask for a tap on the left sensor; without a tap the sides stay as given."""
    _ = asking.translate
    asking.tell(_("Please tap the sensor on the left leg twice."))
    left = await preflight.wait_tapped(MOVE_WITHIN_S)
    if left is None:
        asking.tell(_("No tap was felt; sides stay as they are."))
        return planned
    sided = [replace(one, side="left" if number == left else "right") for number, one in enumerate(planned)]
    for one in sided:
        side = _("left") if one.side == "left" else _("right")
        asking.tell(_("● {name}: {side}").format(name=one.wanted.name, side=side))
    return sided


async def _confirm_worn(number: int, planned: PlannedSensor, preflight: Preflight, asking: Asking) -> None:
    """Ask the person to move the leg: a sensor on a table cannot move."""
    _ = asking.translate
    if planned.side:
        side = _("left") if planned.side == "left" else _("right")
        asking.tell(_("Please move the foot, or have it moved: {side}").format(side=side))
    else:
        asking.tell(_("Please move the foot, or have it moved."))
    if await preflight.wait_moved(number, MOVE_WITHIN_S):
        asking.tell(_("● The movement was felt."))
    else:
        asking.tell(_("! No movement was felt: is the sensor on the leg? Recording begins anyway."))
