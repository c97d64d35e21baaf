import subprocess
import sys
import textwrap
import time

import pytest

from clonus_sense.host import Wakefulness, kept_awake
from clonus_sense.host.wakefulness import _start


class Running:
    """A program that runs until it is ended."""

    def __init__(self):
        self.ended = False

    def wait(self, timeout=None):
        if not self.ended:
            raise subprocess.TimeoutExpired("held", timeout)
        return 0

    def terminate(self):
        self.ended = True


class Refused(Running):
    def wait(self, timeout=None):
        return 1


@pytest.mark.parametrize(("platform", "program"), [("linux", "systemd-inhibit"), ("darwin", "caffeinate")])
def test_the_systems_own_means_hold_for_as_long_as_the_block(platform, program):
    commands, holder = [], Running()

    def start(command):
        commands.append(command)
        return holder

    with kept_awake(platform=platform, start=start) as awake:
        assert awake == Wakefulness(means=program)
        assert not holder.ended
    assert holder.ended
    assert commands[0][0] == program


def test_means_that_are_refused_or_missing_are_said_and_the_night_goes_on():
    with kept_awake(platform="linux", start=lambda _: Refused()) as awake:
        assert awake == Wakefulness(why_not="systemd-inhibit was refused (exit 1)")

    def missing(_command):
        raise FileNotFoundError(2, "No such file or directory")

    with kept_awake(platform="linux", start=missing) as awake:
        assert awake == Wakefulness(why_not="systemd-inhibit: No such file or directory")
    with kept_awake(platform="plan9", start=missing) as awake:
        assert awake.why_not == "no means known on plan9"


def test_windows_without_its_library_is_said():
    with kept_awake(platform="win32") as awake:
        assert awake.why_not == "SetThreadExecutionState was refused"


def test_what_holds_ends_with_us_even_if_we_are_killed():
    # A stand-in for the inhibitor: whatever reads its input until that ends.
    code = """
        import sys
        from clonus_sense.host.wakefulness import _start

        print(_start(["cat"]).pid, flush=True)
        sys.stdin.read()
    """
    code = textwrap.dedent(code)
    ours = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    pid = int(ours.stdout.readline())
    ours.kill()
    ours.communicate()
    deadline = time.monotonic() + 5
    while is_running(pid):
        assert time.monotonic() < deadline, "the inhibitor outlived the recorder"
        time.sleep(0.01)


def is_running(pid):
    done = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return done.returncode == 0 and not done.stdout.strip().startswith("Z")


def test_a_program_is_started_with_an_input_of_its_own():
    held = _start(["cat"])
    try:
        with pytest.raises(subprocess.TimeoutExpired):
            held.wait(0.05)
    finally:
        held.stdin.close()
    assert held.wait(5) == 0
