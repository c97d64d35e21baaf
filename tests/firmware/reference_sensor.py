"""The reference encoder as a sensor that the tests can talk to, and a central that keeps what it sends."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import NamedTuple

from tests.firmware.decoding import decode_open_answer, decode_open_data, decode_open_event

START, STOP, TIME_SYNC, REPLAY, STATUS, IDENTIFY, ERASE, POWER_OFF = range(1, 9)


class ReferenceSensor:
    """The host program of the reference encoder."""

    def __init__(self, program: Path) -> None:
        self._process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._waiting: list[str] = []
        self._token = 0

    def __enter__(self) -> ReferenceSensor:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.stdin.close()
        self._process.stdout.close()
        assert self._process.wait(10) == 0

    def tell(self, *commands: str) -> None:
        """Keep commands until the next :meth:`ask`."""
        self._waiting += commands

    def ask(self, *commands: str) -> list[str]:
        """Run all commands that wait and these, and return the lines that come back."""
        self._process.stdin.write("\n".join([*self._waiting, *commands, "sync", ""]))
        self._process.stdin.flush()
        self._waiting = []
        lines = []
        for line in self._process.stdout:
            if line == "SYNC\n":
                return lines
            lines.append(line.rstrip("\n"))
        raise AssertionError("the reference encoder ended; its last words stand on stderr")

    def boot(self, *, boot_id=0x1234, first_index=0, n_blocks=64, reset_reason=1, more=""):
        self.tell(f"boot {boot_id:X} {first_index} {n_blocks} {reset_reason} {more}")

    def connect(self, mtu=247, subscriptions=("control", "data", "event")):
        self.tell(f"link up {mtu}", *(f"subscribe {name}" for name in subscriptions))

    def configure(self, *, rate_hz=52.0, range_g=8, batch_n=26, conn_pref=0) -> list[str]:
        rate = round(rate_hz * 10).to_bytes(2, "little").hex(" ")
        return self.ask(f"config {rate} {range_g:02x} 00 {batch_n:02x} {conn_pref:02x} 00 00")

    def sample(self, xyz, t_us):
        self.tell(f"sample {xyz[0]} {xyz[1]} {xyz[2]} {t_us}")

    def control(self, op: int, arguments: bytes = b"", *, now_us: int = 0) -> Answer:
        """Write CONTROL and return its answer; whatever else waits to be sent goes on waiting."""
        self._token = (self._token + 1) % 256
        lines = self.ask(f"control {now_us} {op:02x} {self._token:02x} {arguments.hex(' ')}", "send 1")
        [answer] = [line for line in lines if line.startswith("CONTROL ")]
        fields = decode_open_answer(bytes_of(answer))
        assert (fields["op"], fields["token"]) == (op, self._token)
        return Answer(fields["status"], fields["arguments"])

    def start(self, mode=1) -> Answer:
        return self.control(START, bytes([mode]))

    def replay(self, first_index: int, count: int) -> Answer:
        return self.control(REPLAY, (first_index % 2**32).to_bytes(4, "little") + count.to_bytes(4, "little"))

    def status(self) -> Status:
        fields = self.control(STATUS).arguments
        return Status(
            state=fields[0],
            battery_percent=fields[1],
            boot_id=int.from_bytes(fields[2:4], "little"),
            oldest_index=int.from_bytes(fields[4:8], "little"),
            next_index=int.from_bytes(fields[8:12], "little"),
            n_left=int.from_bytes(fields[12:16], "little"),
        )

    def send(self, most: int | str = "all") -> list[dict]:
        """Let packets leave, and decode them; an answer is left as it is."""
        return [decode_line(line) for line in self.ask(f"send {most}")]

    def actions(self) -> set[str]:
        [line] = self.ask("actions")
        return set(line.split()[1:])


class Answer(NamedTuple):
    status: int
    arguments: bytes

    @property
    def numbers(self) -> tuple[int, ...]:
        """Arguments that are all u32."""
        return tuple(int.from_bytes(self.arguments[at : at + 4], "little") for at in range(0, len(self.arguments), 4))


class Status(NamedTuple):
    state: int
    battery_percent: int
    boot_id: int
    oldest_index: int
    next_index: int
    n_left: int


def bytes_of(line: str) -> bytes:
    """Bytes of a line that the host program printed."""
    return bytes.fromhex(line.split(" ", 1)[1])


def decode_line(line: str) -> dict:
    kind = line.split(" ", 1)[0]
    decode = {"DATA": decode_open_data, "EVENT": decode_open_event, "CONTROL": decode_open_answer}[kind]
    data = bytes_of(line)
    return {"kind": kind, "bytes": data, "length": len(data), **decode(data)}


def data_of(packets: list[dict]) -> list[dict]:
    return [packet for packet in packets if packet["kind"] == "DATA"]


def events_of(packets: list[dict]) -> list[dict]:
    return [packet for packet in packets if packet["kind"] == "EVENT"]


class Central:
    """Keeps each sample under its boot and index, and never takes two values for one."""

    def __init__(self) -> None:
        self.samples: dict[tuple[int, int], tuple[int, ...]] = {}

    def take(self, packets: list[dict]) -> None:
        for packet in data_of(packets):
            for offset, xyz in enumerate(packet["raw"]):
                key = (packet["boot_id"], (packet["first_index"] + offset) % 2**32)
                assert self.samples.setdefault(key, tuple(xyz)) == tuple(xyz)
