"""The daemon answers whoever owns its folder: verify and export while it runs.

One line of JSON asks, {"ask": "verify"} or {"ask": "export"}; lines of JSON answer: any number of
{"fact": ...}, then one of {"report": ...}, {"end": true} and {"error": "..."}. The journal is
read in small portions between the commits of the running station.
"""

import asyncio
import contextlib
import os
import socket
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import msgspec
import structlog

from edge.daemon.store_thread import StoreThread
from edge.kernel.errors import StoreError
from edge.kernel.ids import Epoch, Seq
from edge.store.database import Store
from edge.store.journal import JournalRow
from edge.store.verify import BEGINNING, PORTION, Examination, VerifyReport, readable

log = structlog.get_logger(__name__)

SOCKET: Final = "daemon.sock"
LONGEST_ASK: Final = 1_000
ASK_WITHIN_S: Final = 5.0
SEND_WITHIN_S: Final = 30.0


@contextlib.contextmanager
def socket_address(folder: Path) -> Iterator[str]:
    """An address of the folder's socket for bind and connect; the folder may be any length.

    A socket's address holds 107 bytes (unix(7)), a path 4,096: go by way of an open folder.
    """
    handle = os.open(folder, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield f"/proc/self/fd/{handle}/{SOCKET}"
    finally:
        os.close(handle)


Answers = Callable[[str], AsyncGenerator[dict[str, Any], None]]
"""More that can be asked: the lines that answer one ask."""
Told = Callable[[Mapping[str, str]], AsyncGenerator[dict[str, Any], None]]
"""An ask with words of its own: the whole line comes along."""
_NO_MORE: Final[Mapping[str, Answers]] = {}
_NOTHING_TOLD: Final[Mapping[str, Told]] = {}


async def answer_locally(
    folder: Path,
    store: Store,
    store_thread: StoreThread,
    more: Mapping[str, Answers] = _NO_MORE,
    told: Mapping[str, Told] = _NOTHING_TOLD,
) -> None:
    """Answer on FOLDER/daemon.sock, for ever. Without a socket the station runs all the same."""
    desk = _Desk(store, store_thread, more, told)
    try:
        sock = _listen(folder)
    except OSError as failure:
        log.warning("local_socket_failed", folder=str(folder), reason=str(failure))
        await asyncio.Event().wait()
        return
    server = await asyncio.start_unix_server(desk.meet, sock=sock, limit=LONGEST_ASK)
    try:
        await asyncio.Event().wait()
    finally:
        server.close()
        (folder / SOCKET).unlink(missing_ok=True)
        await desk.send_all_home()


def _listen(folder: Path) -> socket.socket:
    # We hold the folder, so a socket that lies there is a dead daemon's.
    (folder / SOCKET).unlink(missing_ok=True)
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
    try:
        with socket_address(folder) as address:
            sock.bind(address)
        (folder / SOCKET).chmod(0o600)  # before anybody can connect
        sock.listen(4)
    except BaseException:
        sock.close()
        raise
    return sock


class _Desk:
    """Serves one asker at a time: a verify takes the processor, and doors come first."""

    def __init__(
        self,
        store: Store,
        store_thread: StoreThread,
        more: Mapping[str, Answers],
        told: Mapping[str, Told],
    ) -> None:
        self._store = store
        self._more, self._told = more, told
        self._thread = store_thread
        self._turn = asyncio.Lock()
        self._served: set[asyncio.Task[Any]] = set()

    async def send_all_home(self) -> None:
        """Break off every connection, so that nobody holds up the end of the daemon."""
        for task in self._served:
            task.cancel()
        await asyncio.gather(*self._served, return_exceptions=True)

    async def meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one connection. What goes wrong with it concerns nobody else."""
        if (task := asyncio.current_task()) is not None:
            self._served.add(task)
            task.add_done_callback(self._served.discard)
        try:
            async with asyncio.timeout(ASK_WITHIN_S):
                line = _read_line(await reader.readline())
            asked = line.get("ask", "")
            if (tell := self._told.get(asked)) is not None:
                await _write(writer, tell(line))
                return
            if (
                more := self._more.get(asked)
            ) is not None:  # it takes no turn: it may go on for ever
                await _write(writer, more(asked))
                return
            async with self._turn:
                await _write(writer, self._answers(asked))
        except (OSError, ValueError, TimeoutError) as failure:
            log.info("local_ask_broken_off", reason=str(failure) or type(failure).__name__)
        finally:
            writer.close()

    async def _answers(self, asked: str) -> AsyncGenerator[dict[str, Any], None]:
        try:
            if asked == "verify":
                yield {"report": asdict(await self._verify())}
            elif asked == "export":
                async for rows in self._portions():
                    for row in rows:
                        yield {"fact": readable(row)}
                yield {"end": True}
            else:
                yield {"error": "ask for verify or export"}
        except StoreError as failure:
            yield {"error": str(failure)}

    async def _portions(self) -> AsyncGenerator[list[JournalRow], None]:
        """The journal as it was when asked, so that a busy station cannot keep us for ever."""
        last, _digest = await self._thread.run(self._store.head)
        epoch, seq = BEGINNING
        while seq < last:
            limit = min(PORTION, last - seq)
            rows = await self._thread.run(self._store.rows_after, epoch, seq, limit)
            if not rows:
                return
            yield rows
            epoch, seq = rows[-1].epoch, rows[-1].seq

    async def _verify(self) -> VerifyReport:
        foundation = await self._thread.run(self._store.foundation)
        with Examination(foundation) as examination:
            place = BEGINNING
            async for rows in self._portions():
                await asyncio.to_thread(examination.look_at, rows)
                place = (rows[-1].epoch, rows[-1].seq)
            return await self._thread.run(self._finish, examination, place)

    def _finish(self, examination: Examination, place: tuple[Epoch, Seq]) -> VerifyReport:
        # In the store's thread: nothing is committed between the last row and the tables.
        while rows := self._store.rows_after(*place, PORTION):
            examination.look_at(rows)
            place = (rows[-1].epoch, rows[-1].seq)
        return examination.finish(self._store.tables(), self._store.cursor().applied_seq)


async def _write(writer: asyncio.StreamWriter, lines: AsyncGenerator[dict[str, Any], None]) -> None:
    async with contextlib.aclosing(lines) as answers:
        async for line in answers:
            writer.write(msgspec.json.encode(line) + b"\n")
            async with asyncio.timeout(SEND_WITHIN_S):
                await writer.drain()


def _read_line(line: bytes) -> dict[str, str]:
    try:
        return msgspec.json.decode(line, type=dict[str, str])
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return {}
