"""Any key marks a moment; where keys are heard differs from system to system."""

from __future__ import annotations

import asyncio
import os
import sys

import pytest

from clonus_sense.cli.console.keys import console_keys, keys_pressed
from clonus_sense.sensors.virtual.fast_forward import run_fast_forward


class PlayedConsole:
    """A console of Windows: keys wait until they are taken."""

    def __init__(self):
        self.waiting = []

    def kbhit(self):
        return bool(self.waiting)

    def getwch(self):
        return self.waiting.pop(0)


def test_each_key_of_a_console_is_told_once_within_a_tenth_of_a_second():
    console, told_s = PlayedConsole(), []

    async def night():
        loop = asyncio.get_running_loop()
        start_s = loop.time()
        with console_keys(lambda: told_s.append(loop.time() - start_s), console):
            for keys in ([" "], ["\xe0", "H"], ["a"]):  # the second is an arrow, in two halves
                await asyncio.sleep(1000)
                console.waiting += keys
            await asyncio.sleep(10)
        console.waiting.append("b")
        await asyncio.sleep(1000)

    run_fast_forward(night())
    assert told_s == [pytest.approx(at_s, abs=0.11) for at_s in (1000, 2000, 3000)]
    assert console.waiting == ["b"]  # what is pressed after the night is not ours


def test_a_console_is_left_alone_when_the_night_ends_in_an_error():
    console = PlayedConsole()

    async def night():
        with pytest.raises(RuntimeError), console_keys(lambda: None, console):
            raise RuntimeError
        console.waiting.append("a")
        await asyncio.sleep(1)

    run_fast_forward(night())
    assert console.waiting == ["a"]


@pytest.mark.skipif(sys.platform == "win32", reason="has no terminals of this kind")
def test_each_key_of_a_terminal_is_told_at_once_and_the_terminal_is_as_before(monkeypatch):
    import termios  # noqa: PLC0415 - not on Windows

    ours, theirs = os.openpty()
    try:
        before = termios.tcgetattr(theirs)
        n_told = []

        async def night():
            heard = asyncio.Event()

            def told():
                n_told.append(1)
                heard.set()

            with open(theirs, closefd=False) as stdin, monkeypatch.context() as patched:
                patched.setattr(sys, "stdin", stdin)
                with keys_pressed(told) as is_heard:
                    assert is_heard
                    os.write(ours, b"\x1b[A")  # an arrow, in three bytes, without Enter
                    async with asyncio.timeout(10):
                        await heard.wait()

        asyncio.run(night())
        assert n_told == [1]
        assert termios.tcgetattr(theirs) == before
    finally:
        os.close(ours)
        os.close(theirs)


def test_without_a_keyboard_no_key_is_heard(monkeypatch, tmp_path):
    path = tmp_path / "input"
    path.touch()
    with path.open() as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        with keys_pressed(lambda: None) as is_heard:
            assert not is_heard


@pytest.mark.skipif(sys.platform == "win32", reason="has no terminals of this kind")
def test_a_terminal_that_hangs_up_is_listened_to_no_longer_and_ends_nothing(monkeypatch):
    ours, theirs = os.openpty()

    async def night():
        with os.fdopen(theirs) as stdin, monkeypatch.context() as patched:
            patched.setattr(sys, "stdin", stdin)
            with keys_pressed(lambda: None) as is_heard:
                assert is_heard
                os.close(ours)
                await asyncio.sleep(0.05)
                # Nothing is left to listen to: it would be ready for ever.
                assert not asyncio.get_running_loop().remove_reader(theirs)

    asyncio.run(night())


def test_a_closed_input_is_no_keyboard(monkeypatch, tmp_path):
    path = tmp_path / "input"
    path.touch()
    with path.open() as stdin:
        pass
    for nothing in (stdin, None):
        monkeypatch.setattr(sys, "stdin", nothing)
        with keys_pressed(lambda: None) as is_heard:
            assert not is_heard
