"""Forgets recipients' numbers that nobody needs any more, once an hour."""

from collections.abc import Callable, Iterable
from typing import Final

import structlog
from sqlalchemy import Connection

from cloud_sync.county.database import Database
from cloud_sync.county.desk import Desk, Letter
from cloud_sync.county.notices.book import forget_notices
from cloud_sync.county.recipients.book import drop_numbers
from cloud_sync.wire.messages import Message
from edge.kernel.ids import StationId

log = structlog.get_logger(__name__)

EVERY_MS: Final = 3_600_000


class RetentionDesk:
    """Fits Desk: hears nothing and says nothing. The first look is at the start.

    `forget` is what else is over after a while, in the same transaction.
    """

    hears: tuple[type[Message], ...] = ()

    def __init__(
        self,
        database: Database,
        *,
        mono_ms: Callable[[], int],
        wall_ms: Callable[[], int],
        forget: Callable[[Connection], None] = lambda _connection: None,
    ) -> None:
        self._forget = forget
        self._database, self._mono_ms, self._wall_ms = database, mono_ms, wall_ms
        self._due_ms = mono_ms()

    def hear(self, station: StationId, message: Message) -> Iterable[Letter]:  # noqa: ARG002 - nothing is for it
        """No message is."""
        return ()

    def welcomed(
        self, _station: StationId, _session: str, _state_seq: int, _heard: str
    ) -> Iterable[Letter]:
        """Nobody waits for anything."""
        return ()

    def committed(self, station: StationId) -> Iterable[Letter]:  # noqa: ARG002 - nothing is for it
        """What was collected is looked at in its hour."""
        return ()

    def tick(self) -> Iterable[Letter]:
        """Forget what is due. Raises StoreError."""
        now_ms = self._mono_ms()
        if now_ms < self._due_ms:
            return ()
        self._due_ms = now_ms + EVERY_MS
        with self._database.write() as connection:
            parcels = drop_numbers(connection, self._wall_ms())
            forget_notices(connection)
            self._forget(connection)
        if parcels:
            log.info("numbers_dropped", parcels=parcels)
        return ()


def _conforms(desk: RetentionDesk) -> Desk:
    return desk
