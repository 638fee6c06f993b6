"""The slow line is as slow as it says, and loses nothing."""

import asyncio
import random
import threading
import time

from tests.support.slow_line import Way, slow_line


def test_bytes_leave_one_after_another_and_arrive_half_a_round_trip_later() -> None:
    way = Way(bytes_per_s=1_000, delay_s=0.15)
    assert way.arrival(10.0, 500) == 10.65
    assert way.arrival(10.0, 500) == 11.15
    assert way.arrival(20.0, 1_000) == 21.15
    assert way.carried == 2_000


def test_what_the_air_loses_comes_later_and_takes_the_line_again() -> None:
    way = Way(bytes_per_s=1_000, delay_s=0.1, lost=0.5, dice=random.Random(1))
    arrivals = [way.arrival(at * 100.0, 500) - at * 100.0 for at in range(200)]
    least = 0.5 + 0.1
    again = [0.0, 0.5 + 0.2, 2 * 0.5 + 0.2 + 0.4, 3 * 0.5 + 0.2 + 0.4 + 0.8]
    assert {round(one, 6) for one in arrivals} >= {round(least + one, 6) for one in again}
    assert min(arrivals) >= least - 1e-6
    assert 120 < way.sent_anew < 280
    assert way.carried == 100_000


def test_what_is_sent_comes_back_whole_and_counted_both_ways() -> None:
    ready, ends = threading.Event(), asyncio.Event()
    loop = asyncio.new_event_loop()
    port: list[int] = []

    async def echo() -> None:
        async def meet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            while chunk := await reader.read(1_000):
                writer.write(chunk)
            writer.close()

        server = await asyncio.start_server(meet, "127.0.0.1", 0)
        port.append(server.sockets[0].getsockname()[1])
        ready.set()
        await ends.wait()
        server.close()

    thread = threading.Thread(target=lambda: loop.run_until_complete(echo()))
    thread.start()
    assert ready.wait(10)

    async def talk(line_port: int) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", line_port)
        writer.write(bytes(range(256)) * 40)
        writer.write_eof()
        answer = await reader.read()
        writer.close()
        return answer

    with slow_line(port[0], kbit_per_s=800, round_trip_s=0.1) as line:
        began = time.monotonic()
        assert asyncio.run(talk(line.port)) == bytes(range(256)) * 40
        assert time.monotonic() - began >= 0.1 + 10_240 / 100_000
        assert (line.up.carried, line.down.carried) == (10_240, 10_240)
    loop.call_soon_threadsafe(ends.set)
    thread.join()
    loop.close()
