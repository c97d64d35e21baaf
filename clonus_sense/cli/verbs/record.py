"""``record``: records a night from one or two sensors."""

from __future__ import annotations

import contextlib
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from clonus_sense.cli.console.bedtime import LISTEN_S, Asking, choose_sensors, look_at_sensors
from clonus_sense.cli.console.check_lines import check_line
from clonus_sense.cli.console.keys import has_keyboard, keys_pressed
from clonus_sense.cli.console.live import LiveLine, status_line
from clonus_sense.cli.console.options import (
    PATH,
    PROGRAM_NAME,
    SITES,
    language_option,
    library_option,
    person_option,
    verbose_option,
)
from clonus_sense.cli.console.printing import echo
from clonus_sense.cli.console.refusals import refusal
from clonus_sense.cli.console.screens import outlasting_the_screen
from clonus_sense.errors import ClonusSenseError, SettingsError
from clonus_sense.i18n import Translator, notice, translator
from clonus_sense.terms import SIDES

if TYPE_CHECKING:
    import asyncio

    from clonus_sense.config import DetectionSettings
    from clonus_sense.host import HostFacts
    from clonus_sense.recorder import FinishedRecording, NightRecorder, PlannedSensor, RecorderPlan, RememberedSensor
    from clonus_sense.sensors.link import HostClock, Radio


@dataclass(frozen=True, slots=True)
class Ended:
    """The recordings of a night, and the error that ended it early, if any."""

    recordings: tuple[FinishedRecording, ...]
    refused: ClonusSenseError | None


@click.command()
@click.option("--sensor", "names", multiple=True, metavar="NAME", help="A sensor's name; twice for two legs.")
@click.option("--side", "sides", multiple=True, type=click.Choice(SIDES), help="Its leg, in this order.")
@person_option
@click.option("--site", type=click.Choice(SITES), help="Where the sensor sits.  [default: as last time, else foot]")
@click.option("--orthosis", default=None, metavar="TEXT", help="Orthosis worn at the joint.")
@click.option("--until", "until_text", metavar="HH:MM", help="When to end; without it, Ctrl-C ends the night.")
@click.option("--folder", type=PATH, metavar="DIR", help="Folder for recordings.  [default: in your data folder]")
@click.option("--yes", "is_silent", is_flag=True, help="Ask no questions; for autostart.")
@library_option
@language_option
@verbose_option
@click.pass_context
def record(
    context: click.Context,
    *,
    names: tuple[str, ...],
    sides: tuple[str, ...],
    person: str | None,
    site: str | None,
    orthosis: str | None,
    until_text: str | None,
    folder: Path | None,
    is_silent: bool,
    library_path: Path | None,
    language: str,
) -> None:
    """Record a night from one or two sensors.

    Without options it uses the sensors of the last night, or the one in range.  It first checks everything that could
    end the night early, then records, and reconnects after drop-outs.  Any key marks "I felt it".  Ctrl-C, or --until,
    ends the night, analyses it, and prints the path of its page.  Closing the window does not end the night.
    """
    import asyncio

    from clonus_sense.host import Grade, check_host, check_wakefulness, kept_awake, read_host_facts
    from clonus_sense.library import default_path

    with outlasting_the_screen():
        _ = translator(language)
        place = folder or default_path().parent / "recordings"
        now = datetime.now().astimezone()
        facts = read_host_facts(place, now)
        asking = Asking(_, is_silent or not has_keyboard())
        checks = check_host(facts, _)
        with kept_awake() as awake:
            for check in (*checks, check_wakefulness(awake, _)):
                asking.tell(check_line(check))
            if any(check.grade is Grade.STOP for check in checks):
                context.exit(1)
            # Before the night, unlike elsewhere: the notice says that the program is no alarm.
            echo(notice(language), err=True)
            is_clock_trusted = _ask_clock(facts, asking)
            place.mkdir(parents=True, exist_ok=True, mode=0o700)
            until = next_time(until_text, now) if until_text else None
            settle = _Settling(
                names, sides, person, site, orthosis, place, facts, is_clock_trusted, until, library_path
            )
            ended = asyncio.run(_night(settle, asking))
        is_refused = take_in_night(ended, library_path, language)
        if is_refused:
            context.exit(1)


@dataclass(frozen=True, slots=True)
class _Settling:
    """The options of the night."""

    names: tuple[str, ...]
    sides: tuple[str, ...]
    person: str | None
    site: str | None
    orthosis: str | None
    folder: Path
    facts: HostFacts
    is_clock_trusted: bool | None
    until: datetime | None
    library_path: Path | None = None

    @property
    def remembered_path(self) -> Path:
        """File that lists the sensors of the last night."""
        return self.folder / "sensors.json"

    def plan(self, sensors: Sequence[PlannedSensor]) -> RecorderPlan:
        """Plan the night."""
        from clonus_sense.recorder import RESERVED_BYTES, RecorderPlan

        return RecorderPlan(
            tuple(sensors),
            self.folder,
            self.folder / "locks",
            timezone=self.facts.timezone,
            clock_trusted=self.is_clock_trusted,
            until=self.until,
            reserved_bytes=RESERVED_BYTES,
        )

    def planned(self, chosen: Sequence[RememberedSensor]) -> list[PlannedSensor]:
        """Combine the remembered sensors with the options; options win."""
        from clonus_sense.model import Site
        from clonus_sense.recorder import PlannedSensor
        from clonus_sense.sensors.families import find_family
        from clonus_sense.sensors.link import WantedSensor

        planned = []
        for number, one in enumerate(chosen):
            site = self.site or one.site or Site.FOOT.value
            code = " ".join((one.person if self.person is None else self.person).split())
            planned.append(
                PlannedSensor(
                    WantedSensor(find_family(one.family), one.name, one.serial),
                    site=Site(site),
                    side=self.sides[number] if number < len(self.sides) else one.side,
                    person=code,
                    orthosis=one.orthosis if self.orthosis is None else self.orthosis,
                    settings=_own_settings(self.library_path, code),
                )
            )
        return planned


def _own_settings(library_path: Path | None, person: str) -> DetectionSettings:
    """Read a person's own settings for the live count; use the defaults if they cannot be read, to save the night.

    The analysis in the morning reads them again and reports a failure.
    """
    from clonus_sense.config import DetectionSettings
    from clonus_sense.library import Library, default_path
    from clonus_sense.workflows import settings_of_person

    path = library_path or default_path()
    if not path.exists():
        return DetectionSettings()
    try:
        with Library.open(path) as library:
            return settings_of_person(library, person)
    except ClonusSenseError:
        return DetectionSettings()


async def _night(settle: _Settling, asking: Asking) -> Ended:
    """Find the sensors, check them, record."""
    from clonus_sense.recorder import read_remembered
    from clonus_sense.sensors.link import Radio, system_clock

    radio, clock = Radio(), system_clock()
    try:
        remembered = read_remembered(settle.remembered_path)
        heard = () if settle.names or remembered else await radio.hear(LISTEN_S)
        planned = settle.planned(choose_sensors(settle.names, remembered, heard))
        planned = await look_at_sensors(planned, radio, clock, asking)
        return await record_night(settle.plan(planned), radio, clock, asking, settle.remembered_path)
    finally:
        await radio.close()


async def record_night(
    plan: RecorderPlan, radio: Radio, clock: HostClock, asking: Asking, remembered_path: Path
) -> Ended:
    """Record until Ctrl-C or the planned end, with a status line."""
    import asyncio

    from clonus_sense.recorder import NightRecorder, RememberedSensor, remember

    _ = asking.translate
    recorder = NightRecorder(plan, radio, clock, datetime.now().astimezone())
    sensors = [
        RememberedSensor(
            one.wanted.family.key,
            one.wanted.name,
            one.wanted.serial,
            one.side,
            one.site.value if one.site else "",
            one.person,
            one.orthosis,
        )
        for one in plan.sensors
    ]
    try:
        remember(remembered_path, sensors)
    except OSError as error:
        # The next night must name its sensors; this night goes on.
        asking.tell(f"{PROGRAM_NAME}: {refusal(error, _)}")
    running = asyncio.create_task(recorder.run())

    def mark() -> None:
        recorder.mark()
        # On its own line, so that a sleepy person sees that the key was noticed.
        asking.tell("\n" + _("● Marked: you felt it."))

    with _stopping(recorder.stop), keys_pressed(mark) as keys:
        asking.tell(_("Recording. Good night."))
        if keys:
            asking.tell(_("Any key marks a movement that you felt; Ctrl-C ends the night."))
        await _watch(recorder, running, _)
    try:
        return Ended((await running).recordings, None)
    except ClonusSenseError as error:
        return Ended(recorder.finished, error)


async def _watch(recorder: NightRecorder, running: asyncio.Task[object], _: Translator) -> None:
    """Print the status until the recording ends."""
    import asyncio

    line = LiveLine()
    while not running.done():
        line.tell(status_line(recorder.status(), _))
        await asyncio.wait([running], timeout=line.every_s)
    line.end()


@contextlib.contextmanager
def _stopping(stop: Callable[[], None]) -> Iterator[None]:
    """End the night in order on Ctrl-C and on SIGTERM."""
    import asyncio

    loop = asyncio.get_running_loop()
    numbers = (signal.SIGINT, signal.SIGTERM)
    if sys.platform == "win32":
        before = {number: signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop)) for number in numbers}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
        return
    for number in numbers:
        loop.add_signal_handler(number, stop)
    try:
        yield
    finally:
        for number in numbers:
            loop.remove_signal_handler(number)


def _ask_clock(facts: HostFacts, asking: Asking) -> bool | None:
    """Ask whether the clock is right, unless the network has set it."""
    if facts.is_clock_synchronised:
        return True
    if asking.is_silent:
        return None
    _ = asking.translate
    try:
        return click.confirm(_("Is it {now} now?").format(now=f"{facts.now:%Y-%m-%d %H:%M}"), default=True, err=True)
    except click.Abort as error:
        # End of input means that the terminal is gone; Ctrl-C ends the command.
        if isinstance(error.__context__, EOFError):
            return None
        raise
    except OSError:
        return None


def next_time(text: str, now: datetime) -> datetime:
    """Find the next moment at which the clock shows a time."""
    try:
        clock = time.fromisoformat(text)
    except ValueError as error:
        raise SettingsError(f"`{text}` is not a time; write --until HH:MM, such as 07:00.") from error
    # In naive local time, so that the offset of that day applies.
    naive = datetime.combine(now.date(), clock)
    while naive.astimezone() <= now:
        naive += timedelta(days=1)
    return naive.astimezone()


def take_in_night(ended: Ended, library_path: Path | None, language: str) -> bool:
    """Keep the recordings, make the page, and print failures; return whether there was one."""
    from clonus_sense.cli.console.night_lines import library_line, night_lines
    from clonus_sense.library import Library
    from clonus_sense.review import list_entry
    from clonus_sense.workflows import PageChoices, default_pages_folder
    from clonus_sense.workflows.recorded_nights import take_in

    _ = translator(language)
    refused = [refusal(ended.refused, _)] if ended.refused else []
    refused += [recording.trouble for recording in ended.recordings if recording.trouble]
    pages: tuple[Path, ...] = ()
    if ended.recordings:
        try:
            with Library.open(library_path) as library:
                taken = take_in(library, ended.recordings, PageChoices(default_pages_folder(library), language))
                refused += taken.refused
                pages = taken.pages
                for night in taken.nights:
                    echo("\n".join(night_lines(list_entry(night), _)))
                echo(library_line(library, _))
        except (ClonusSenseError, OSError) as error:
            refused.append(refusal(error, _))
        for path in (*(recording.path for recording in ended.recordings), *pages):
            echo(path)
    elif not refused:
        refused.append(_("Nothing was recorded: no sensor was heard."))
    for sentence in refused:
        echo(f"{PROGRAM_NAME}: {sentence}", err=True)
    return bool(refused)
