"""The daemon's local socket: verify and export while it runs, between its commits."""

import asyncio
import json
import socket
import stat
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from edge.daemon.local_socket import SOCKET, answer_locally
from edge.daemon.store_thread import StoreThread
from edge.kernel.errors import StoreError
from edge.store.database import Store
from edge.tools.journal import export, verify
from tests.daemon.parts import opened, until
from tests.store.journals import check_in, entries, fill, moment, new_journal

pytestmark = pytest.mark.anyio


@asynccontextmanager
async def running(folder: Path) -> AsyncIterator[tuple[Store, StoreThread, asyncio.Task[None]]]:
    """A store that is held, with its local socket."""
    async with opened(folder) as (store, thread):
        answering = asyncio.create_task(answer_locally(folder, store, thread))
        await until((folder / SOCKET).exists)
        yield store, thread, answering
        answering.cancel()
        await asyncio.wait([answering])


async def ask(folder: Path, request: bytes) -> list[dict[str, Any]]:
    """What comes back for raw bytes."""
    reader, writer = await asyncio.open_unix_connection(folder / SOCKET)
    writer.write(request)
    writer.write_eof()
    answer = await reader.read()
    writer.close()
    return [json.loads(line) for line in answer.splitlines()]


async def test_verify_and_export_give_the_same_with_and_without_a_daemon(tmp_path: Path) -> None:
    fill(new_journal(tmp_path), parcels=60)  # more facts than one portion
    alone = verify(tmp_path), list(export(tmp_path))
    async with running(tmp_path):
        asked = (
            await asyncio.to_thread(verify, tmp_path),
            await asyncio.to_thread(lambda: list(export(tmp_path))),
        )
    assert asked == alone
    assert (alone[0].facts, alone[0].problems) == (480, ())


async def test_a_daemon_with_an_empty_journal_says_so(tmp_path: Path) -> None:
    async with running(new_journal(tmp_path)):
        assert (await asyncio.to_thread(verify, tmp_path)).facts == 0
        assert await asyncio.to_thread(lambda: list(export(tmp_path))) == []


async def test_a_problem_is_told_by_the_daemon_too(tmp_path: Path) -> None:
    fill(new_journal(tmp_path), parcels=1)
    async with running(tmp_path) as (store, _thread, _answering):
        connection = store._database.conn  # noqa: SLF001 - to damage a row under an open store
        connection.execute("UPDATE journal SET hash = zeroblob(32) WHERE seq = 3")
        report = await asyncio.to_thread(verify, tmp_path)
    assert report.problems[0] == "fact 3 does not fit the chain"


async def test_commits_go_on_while_the_journal_is_verified(tmp_path: Path) -> None:
    fill(new_journal(tmp_path), parcels=300)
    async with running(tmp_path) as (store, thread, _answering):
        asked = asyncio.create_task(asyncio.to_thread(verify, tmp_path))
        number = 300
        while not asked.done():
            number += 1
            await thread.run(store.commit, entries(*check_in(number)), [], moment(number))
        report = await asked
    assert report.problems == ()
    assert 2_400 < report.facts <= number * 8  # it saw facts that came after the question
    assert verify(tmp_path).problems == ()


@pytest.mark.parametrize(
    "request_", [b'{"ask": "money"}\n', b"\xff\xfe\n", b"[]\n", b'{"ask": 7}\n', b"\n"]
)
async def test_nonsense_is_answered_with_one_clear_error(tmp_path: Path, request_: bytes) -> None:
    async with running(new_journal(tmp_path)) as (_store, _thread, answering):
        assert await ask(tmp_path, request_) == [{"error": "ask for verify or export"}]
        assert not answering.done()


async def test_an_endless_line_is_cut_off_and_the_next_asker_is_served(tmp_path: Path) -> None:
    async with running(new_journal(tmp_path)):
        assert await ask(tmp_path, b"x" * 5_000) == []
        assert (await asyncio.to_thread(verify, tmp_path)).facts == 0


async def test_a_store_that_has_failed_says_why(tmp_path: Path) -> None:
    async with running(new_journal(tmp_path)) as (store, _thread, _answering):
        decision = entries(*check_in(1))
        decision[0].body["keeper"] = 0.5
        with pytest.raises(TypeError):
            store.commit(decision, [], moment(1))
        with pytest.raises(StoreError, match="could not be stored"):
            await asyncio.to_thread(verify, tmp_path)


async def test_only_the_owner_may_ask_and_the_socket_goes_with_the_daemon(tmp_path: Path) -> None:
    async with running(new_journal(tmp_path)):
        assert stat.S_IMODE((tmp_path / SOCKET).stat().st_mode) == 0o600
    assert not (tmp_path / SOCKET).exists()


async def test_a_folder_of_any_length_can_be_asked(tmp_path: Path) -> None:
    folder = tmp_path / ("a-very-long-name-of-a-folder-" * 5) / "驿站"
    assert len(str(folder / SOCKET).encode()) > 107
    fill(new_journal(folder), parcels=1)
    async with running(folder):
        assert (await asyncio.to_thread(verify, folder)).facts == 8


async def test_a_dead_daemons_socket_is_replaced(tmp_path: Path) -> None:
    new_journal(tmp_path)
    with socket.socket(socket.AF_UNIX) as left_behind:
        left_behind.bind(str(tmp_path / SOCKET))
    async with opened(tmp_path) as (store, thread):
        answering = asyncio.create_task(answer_locally(tmp_path, store, thread))
        async with asyncio.timeout(5):
            while True:
                try:
                    report = await asyncio.to_thread(verify, tmp_path)
                    break
                except StoreError:
                    await asyncio.sleep(0.01)
        answering.cancel()
    assert report.facts == 0


async def test_a_folder_without_room_for_a_socket_does_not_stop_the_station(
    tmp_path: Path,
) -> None:
    new_journal(tmp_path)
    (tmp_path / SOCKET).mkdir()
    async with opened(tmp_path) as (store, thread):
        answering = asyncio.create_task(answer_locally(tmp_path, store, thread))
        await asyncio.sleep(0.02)  # time enough to fail, if it were to
        assert not answering.done()
        with pytest.raises(StoreError, match="does not answer on its local socket"):
            await asyncio.to_thread(verify, tmp_path)
        answering.cancel()


async def test_an_asker_who_does_not_listen_does_not_hold_up_the_end(tmp_path: Path) -> None:
    fill(new_journal(tmp_path), parcels=400)
    async with running(tmp_path) as (_store, _thread, answering):
        with socket.socket(socket.AF_UNIX) as deaf:
            deaf.connect(str(tmp_path / SOCKET))
            deaf.sendall(b'{"ask": "export"}\n')
            await asyncio.sleep(0.1)  # the answer fills the socket
            answering.cancel()
            async with asyncio.timeout(2):
                await asyncio.wait([answering])
    assert answering.cancelled()
