"""The sanitizers find nothing in the reference encoder whatever is said to it, and find a fault where there is one."""

from __future__ import annotations

import struct
import subprocess
from random import Random

import pytest

from tests.firmware.compiling import REFERENCE, compile_program


@pytest.fixture(scope="module")
def sanitized(program, sanitizers):
    """The program of the other tests, where the sanitizers watch over it."""
    if not sanitizers:
        pytest.skip("this compiler has no sanitizers: the other tests run without them")
    return program


def test_the_sanitizers_watch_over_the_other_tests(sanitized):
    built = sanitized.read_bytes()
    assert b"__asan_report" in built
    assert b"__ubsan_handle" in built


# A link and a stream: what a conversation begins with, and comes back to, or it would hardly come to a packet.
STREAM = (
    "link up 247",
    "subscribe control",
    "subscribe data",
    "subscribe event",
    "send all",
    "control 0 01 01 01",
    "send all",
)


class Talker:
    """Says anything to a sensor, sensible more often than not."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)

    def converse(self, n_turns: int) -> list[str]:
        """Commands from a boot on."""
        seldom = (self._link, self._control, self._replay, self._configure, self._event)
        # Most of a night is samples that are taken and sent, over a link that comes back.
        often = (self._samples, self._samples, self._send, self._send, self._stream)
        said = [self._boot(), *STREAM]
        for _ in range(n_turns):
            boots_anew = self._random.random() < 1 / 200
            said.append(self._boot() if boots_anew else self._random.choice((*seldom, *often))())
        return said

    def _time_us(self) -> int:
        """A moment of a night, or what only a broken clock shows."""
        return self._random.randrange(2 ** self._random.choice((27, 36, 64)))

    def _index(self) -> int:
        """An index near both ends of the counter."""
        return (self._random.randrange(-300, 300)) % 2**32

    def _bytes(self, most: int) -> bytes:
        return self._random.randbytes(self._random.randrange(most + 1))

    def _boot(self) -> str:
        return f"boot 1234 {self._index()} {self._random.randint(3, 40)} 1"

    def _stream(self) -> str:
        return "\n".join(STREAM)

    def _samples(self) -> str:
        n, start_us = self._random.randint(1, 90), self._time_us()
        raw = [[self._random.randint(-(2**15), 2**15 - 1) for _ in range(3)] for _ in range(n)]
        return "\n".join(f"sample {x} {y} {z} {(start_us + k * 19231) % 2**64}" for k, (x, y, z) in enumerate(raw))

    def _link(self) -> str:
        name = self._random.choice(["control", "data", "event"])
        mtu = self._random.choice([0, 23, 26, 27, 33, 81, 247, 517, 65535])
        return self._random.choice(["link down", f"link mtu {mtu}", f"subscribe {name}", f"unsubscribe {name}"])

    def _control(self) -> str:
        """An operation of the right length, of a wrong one, or none."""
        right = self._random.choice([b"\x01\x07\x00", b"\x01\x07\x01", b"\x02\x07", b"\x05\x07", b"\x07\x07"])
        request = self._random.choice([right, right + self._bytes(9), self._bytes(24)])
        return f"control {self._time_us()} {request.hex(' ')}"

    def _replay(self) -> str:
        """Ask for one range after the other; each answer has to leave before the next."""
        asked = [struct.pack("<BBII", 4, 7, self._index(), self._index()) for _ in range(self._random.randint(1, 6))]
        return "\n".join(f"control 0 {request.hex(' ')}\nsend 1" for request in asked)

    def _configure(self) -> str:
        batch_n = self._random.choice([0, 1, 5, 26, 255])
        right = struct.pack("<HBBBBBB", self._random.randrange(2**16), self._random.randrange(20), 0, batch_n, 0, 0, 0)
        return f"config {self._random.choice([right, right, self._bytes(24)]).hex(' ')}"

    def _event(self) -> str:
        bit, t_us = self._random.randint(0, 1), self._time_us()
        return self._random.choice(
            [
                f"lost {self._index()}",
                f"marker {t_us}",
                f"wear {bit} {t_us}",
                f"power {self._random.randrange(256)} {bit} {self._random.randint(0, 1)} {t_us}",
                f"stop {self._random.randint(0, 12)} {t_us}",
            ]
        )

    def _send(self) -> str:
        most = self._random.randint(0, 5)
        return self._random.choice(
            [f"send {most}", "send all", "send all", "offer", "confirm", "actions", "read config", "read info 5"]
        )


def play(program, *commands: str) -> subprocess.CompletedProcess[str]:
    """Run a whole conversation."""
    return subprocess.run(
        [program], input="\n".join([*commands, ""]), capture_output=True, text=True, check=False, timeout=60
    )


@pytest.mark.parametrize("seed", range(12))
def test_nothing_that_is_said_makes_an_undefined_step(sanitized, seed):
    played = play(sanitized, *Talker(seed).converse(n_turns=1000))
    assert (played.returncode, played.stderr) == (0, "")
    assert "DATA " in played.stdout


@pytest.mark.parametrize(
    ("right", "wrong", "report"),
    [
        ("block->n >= p->config.batch_n", "block->n > 250u", "runtime error: index"),
        ("at += 2;", "at += 8;", "AddressSanitizer: stack-buffer-overflow"),
    ],
    ids=["a block that is never full", "samples beyond their packet"],
)
def test_a_planted_fault_is_found(sanitized, sanitizers, tmp_path, right, wrong, report):
    source = (REFERENCE / "clonus_profile.c").read_text(encoding="utf-8")
    assert source.count(right) == 1
    faulty = tmp_path / "clonus_profile.c"
    faulty.write_text(source.replace(right, wrong), encoding="utf-8")
    compiled = compile_program(tmp_path / "faulty", *sanitizers, encoder=faulty)
    assert compiled.returncode == 0, compiled.stderr
    samples = [f"sample {k} {k} {k} {k * 19231}" for k in range(100)]
    stream = ("boot 1234 0 64 1", *STREAM, *samples, "send all")
    assert play(sanitized, *stream).returncode == 0
    played = play(tmp_path / "faulty", *stream)
    assert played.returncode != 0
    assert report in played.stderr
