import asyncio
import socket
import time

from clonus_sense.sensors.virtual.fast_forward import run_fast_forward


def test_a_night_passes_in_a_moment_and_timers_fire_in_their_order():
    fired = []

    async def main():
        loop = asyncio.get_running_loop()
        start_s = loop.time()
        for wait_s in (3600.0, 1.0, 28_800.0, 1.0):
            loop.call_later(wait_s, lambda wait_s=wait_s: fired.append((wait_s, loop.time() - start_s)))
        await asyncio.sleep(30_000)

    began_s = time.monotonic()
    run_fast_forward(main())
    assert time.monotonic() - began_s < 5.0
    assert [wait_s for wait_s, _ in fired] == [1.0, 1.0, 3600.0, 28_800.0]
    assert all(abs(at_s - wait_s) < 1e-6 for wait_s, at_s in fired)


def test_bytes_under_way_come_before_a_leap():
    async def main():
        left, right = socket.socketpair()
        reader, _ = await asyncio.open_connection(sock=left)
        right.sendall(b"hello\n")
        loop = asyncio.get_running_loop()
        before_s = loop.time()
        async with asyncio.timeout(0.001):
            assert await reader.readline() == b"hello\n"
        right.close()
        _.close()
        return loop.time() - before_s

    assert run_fast_forward(main()) < 0.001


def test_work_for_a_thread_is_done_before_the_clock_moves():
    async def main():
        loop = asyncio.get_running_loop()
        before_s = loop.time()
        assert await asyncio.to_thread(lambda: time.sleep(0.02) or 42) == 42
        try:
            await asyncio.to_thread(int, "x")
        except ValueError:
            return loop.time() - before_s

    assert run_fast_forward(main()) == 0.0
