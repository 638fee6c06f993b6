"""A wire to a broker that can be cut, or bring nothing any more."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any


class Line:
    """A wire between station and broker that can be cut."""

    def __init__(self, port: int) -> None:
        self._broker_port = port
        self._ends: list[asyncio.StreamWriter] = []
        self._at_work: set[asyncio.Task[Any]] = set()
        self.address = ""

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Pass bytes both ways until either end is gone."""
        if (task := asyncio.current_task()) is not None:
            self._at_work.add(task)
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._broker_port)
        self._ends += [writer, far_writer]
        await asyncio.gather(_pass_on(reader, far_writer), _pass_on(far_reader, writer))

    def cut(self) -> None:
        """Break every connection as a pulled cable does after a while."""
        for end in self._ends:
            end.transport.abort()
        self._ends.clear()

    async def end(self) -> None:
        """Cut, and wait until nothing of it is left."""
        self.cut()
        await asyncio.gather(*self._at_work, return_exceptions=True)


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while chunk := await reader.read(65_536):
            writer.write(chunk)
            await writer.drain()
    writer.close()
    with suppress(ConnectionError):
        await writer.wait_closed()


@asynccontextmanager
async def line_to(port: int) -> AsyncIterator[Line]:
    line = Line(port)
    server = await asyncio.start_server(line.carry, "127.0.0.1", 0)
    line.address = f"mqtt://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server:
        try:
            yield line
        finally:
            await line.end()
