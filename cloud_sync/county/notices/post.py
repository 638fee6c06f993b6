"""Tells addressees what waits for them, in a thread of its own: a slow carrier delays nobody else.

What is sent is not written down before it was: a crash in between sends it once more under the
same key, and the carrier knows it.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import structlog
from sqlalchemy import Row

from cloud_sync.county import alarms
from cloud_sync.county.database import Database
from cloud_sync.county.durability.backup_round import Writer
from cloud_sync.county.mobile.parcels import WAITING, parcels_of
from cloud_sync.county.notices import book
from cloud_sync.county.notices.receipts import hear_receipts, is_owed, receipts_known
from cloud_sync.county.notices.rules import Rules
from cloud_sync.county.notices.text import notice_text
from cloud_sync.county.recipients.vault import Vault
from cloud_sync.partners.notify.port import Channel, Message, NotifyAdapter
from edge.kernel.errors import StoreError

log = structlog.get_logger(__name__)
LOOK_S: Final = 2.0
_AT_ONCE: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Carrying:
    """Who carries messages, by which rules, and where the pages are that they lead to."""

    adapter: NotifyAdapter
    rules: Rules
    pages: str


class NoticePost:
    """See the module's docstring. `carrying` is None for a county that sends nothing."""

    def __init__(
        self,
        database: Database,
        vault: Vault,
        carrying: Carrying | None,
        *,
        write: Writer,
        wall_ms: Callable[[], int],
    ) -> None:
        self._database, self._vault, self._carrying = database, vault, carrying
        self._write, self._wall_ms = write, wall_ms
        self._opener = vault.code_opener()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="county-notices", daemon=True)

    def start(self) -> None:
        """Tell what is due, now and from now on."""
        if self._carrying is not None:
            self._thread.start()

    def stop(self) -> None:
        """End. What is on its way has its key: the next run asks after it."""
        self._stopping.set()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self.look()
            except (StoreError, TimeoutError) as cause:  # whoever writes is busy, or has ended
                log.warning("notices_wait", reason=str(cause))
            self._stopping.wait(LOOK_S)

    def look(self) -> None:
        """Write down what is new, hear of the old, send, tell operators. Raises StoreError."""
        if (carrying := self._carrying) is None:
            return
        now_ms = self._wall_ms()
        with self._database.read() as connection:
            stays = book.untold(connection)
        if stays:
            self._write(lambda at: book.write_down(at, stays, carrying.rules, now_ms))
        self._hear_receipts(carrying, now_ms)
        if carrying.rules.decent_ms(now_ms) == now_ms:
            with self._database.read() as connection:
                rows = book.due(connection, now_ms, _AT_ONCE)
            for row in rows:
                self._tell(row, carrying)
        self._tell_operators(now_ms)

    def _tell(self, row: Row[Any], carrying: Carrying) -> None:
        message = self._message(row, carrying.pages)
        answer = None if message is None else carrying.adapter.send(message)
        now_ms = self._wall_ms()
        self._write(lambda at: book.settle(at, row, answer, carrying.rules, now_ms))
        if answer is not None:
            said = {"outcome": answer.outcome.value, "why": answer.why, "by": row.channel}
            log.info("notice_sent", notice=row.notice, kind=row.kind, **said)

    def _hear_receipts(self, carrying: Carrying, now_ms: int) -> None:
        with self._database.read() as connection:
            known, owed = receipts_known(connection), is_owed(connection, now_ms)
        if owed and (receipts := carrying.adapter.receipts(known)):
            self._write(lambda at: hear_receipts(at, receipts, carrying.rules, now_ms))

    def _message(self, row: Row[Any], pages: str) -> Message | None:
        """None where nothing of it waits any more, or the number cannot be read."""
        phone = self._vault.unseal(bytes(row.sealed), row.recipient)
        with self._database.read() as connection:
            named = book.told_of(connection, row.notice)
            mine = parcels_of(connection, self._opener, row.recipient)
        waiting = [one for one in mine if one.waybill_no in named and one.stage == WAITING]
        if phone is None or not waiting:
            return None
        link = f"{pages}/m/{self._vault.link(row.recipient)}"
        return Message(
            key=f"{row.notice}-{row.channel}",
            channel=Channel(row.channel),
            number=phone.reveal(),
            text=notice_text(row.kind, waiting, link),
        )

    def _tell_operators(self, now_ms: int) -> None:
        with self._database.read() as connection:
            waiting = book.untellable(connection)
            known = alarms.details_of(connection, alarms.UNTOLD)
        if {station: detail[:200] for station, detail in waiting.items()} != known:
            self._write(lambda at: book.tell_operators(at, waiting, now_ms))
