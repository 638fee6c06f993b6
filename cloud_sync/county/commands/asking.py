"""Live commands by way of the county's own socket: ask, and hear how it goes until it is over."""

import time
from collections.abc import Iterator, Mapping
from typing import Any, Final

from sqlalchemy import select

from cloud_sync.county.commands.audit import OPEN_STATES
from cloud_sync.county.commands.desk import CommandDesk, CommandError
from cloud_sync.county.database import Database
from cloud_sync.county.local_socket import Handler
from cloud_sync.county.tables import COMMANDS
from edge.kernel.ids import StationId

PATIENCE_S: Final = 130.0
"""A minute for the nonce, a minute for the answer, and a little."""
LOOK_EVERY_S: Final = 0.1
ALIVE_EVERY_S: Final = 1.0
"""While nothing happens it is said so often that it goes on: thus whoever hung up is noticed."""
MOST_LISTED: Final = 200


class OpenAsk:
    """Fits Handler of the local socket: asks for a cell, tells each state as it comes.

    Whoever hangs up before anything was sent has taken the wish back.
    """

    def __init__(self, desk: CommandDesk, patience_s: float = PATIENCE_S) -> None:
        self._desk, self._patience_s = desk, patience_s

    def __call__(self, asked: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        """Lines of command, state and result; the last one is final, or patience has ended.

        Between them lines that only say `alive`.
        """
        words = [asked.get(name, "") for name in ("station", "operator", "reason", "tail")]
        cell = asked.get("cell")
        if not isinstance(cell, int) or not all(isinstance(word, str) for word in words):
            raise CommandError("name a station, a cell, an operator and a reason")
        station, operator, reason, tail = words
        command = self._desk.open_cell(StationId(station), cell, operator, reason, tail)
        try:
            yield from self._states(command)
        finally:
            self._desk.leave(command)

    def _states(self, command: str) -> Iterator[dict[str, Any]]:
        now_s = time.monotonic()
        until, said_at, told = now_s + self._patience_s, now_s, ("", "")
        while now_s < until:
            row = self._desk.read(command)
            if row is not None and (row["state"], row["result"]) != told:
                told, said_at = (row["state"], row["result"]), now_s
                yield {"command": command, "state": told[0], "result": told[1]}
                if told[0] not in OPEN_STATES:
                    return
            elif now_s - said_at >= ALIVE_EVERY_S:
                said_at = now_s
                yield {"command": command, "alive": True}
            time.sleep(LOOK_EVERY_S)
            now_s = time.monotonic()


def command_asks(desk: CommandDesk, database: Database) -> dict[str, Handler]:
    """The asks of this subject by name: `open` a cell, and the newest `commands`, a line each."""

    def answer(_asked: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        yield from list_commands(database)

    return {"open": OpenAsk(desk), "commands": answer}


def list_commands(
    database: Database, station: StationId | None = None, limit: int = MOST_LISTED
) -> list[dict[str, Any]]:
    """The newest commands, newest first. Raises StoreError."""
    wanted = (
        select(COMMANDS).order_by(COMMANDS.c.asked_ms.desc(), COMMANDS.c.seq.desc()).limit(limit)
    )
    if station is not None:
        wanted = wanted.where(COMMANDS.c.station == station)
    with database.read() as connection:
        return [dict(row) for row in connection.execute(wanted).mappings()]
