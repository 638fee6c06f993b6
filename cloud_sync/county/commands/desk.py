"""The desk of live commands: an operator asks, the station gives a nonce, one command goes out.

    nonce_asked -> sent -> accepted -> opened | no_feedback | indeterminate
                      `-> refused
    and from any of the first three, after a minute: no_answer

The request for a nonce changes nothing, so it is repeated. The command itself is sent once and
never again by itself: without an answer only an operator may ask anew, by a new command. Nobody
waits any more for what an earlier run of this county, or an older copy of its database, had only
asked a nonce for: it has ended at the start, and a nonce that comes for it is let lie.
"""

import queue
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, func, insert, select, update

from cloud_sync.county.commands.audit import (
    NOT_SENT,
    OPEN_STATES,
    CommandState,
    read_result,
)
from cloud_sync.county.compiled import Asked
from cloud_sync.county.database import Database
from cloud_sync.county.desk import Desk, Letter
from cloud_sync.county.statements import changing, row_where
from cloud_sync.county.tables import COMMANDS, STATIONS
from cloud_sync.wire.live import LIVES_MS, MOST_REASON, MOST_WORD, OPEN, digest_of
from cloud_sync.wire.messages import (
    LiveCommand,
    LiveNonce,
    LiveRequest,
    LiveResult,
    Message,
)
from edge.kernel.errors import CunyiError
from edge.kernel.ids import StationId

AGAIN_MS: Final = 5_000
"""A nonce is asked for so often, as long as nothing has come."""
_LARGEST_SEQ: Final = 2**53 - 1
_MOST_CELLS: Final = 999
_WISH: Final = row_where(COMMANDS, "command")
_COMMAND: Final = Asked(
    select(COMMANDS).where(
        COMMANDS.c.station == bindparam("station"), COMMANDS.c.command == bindparam("command")
    )
)
_LAST_SEQ: Final = Asked(
    select(func.max(COMMANDS.c.seq)).where(COMMANDS.c.station == bindparam("station"))
)


class CommandError(CunyiError):
    """What an operator asks for cannot be put into a command; nothing was sent."""


@dataclass(slots=True)
class _Awaited:
    """A command of this process that has not come to an end."""

    station: StationId
    cell: int
    since_ms: int
    since_wall_ms: int
    asked_ms: int


class CommandDesk:
    """See the module's docstring. `open_cell` and `leave` are for any thread.

    The rest is for the ingest thread.
    """

    hears: tuple[type[Message], ...] = (LiveNonce, LiveResult)

    def __init__(
        self,
        database: Database,
        *,
        mono_ms: Callable[[], int],
        wall_ms: Callable[[], int],
        draw: Callable[[int], bytes],
        nudge: Callable[[], None] = lambda: None,
    ) -> None:
        self._database = database
        self._mono_ms, self._wall_ms, self._draw = mono_ms, wall_ms, draw
        self.nudge = nudge
        """Wakes the ingest thread; the worker's own, once there is one."""
        self._wishes: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
        self._left: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._awaited = self._settle_left_over()

    # -- what operators ask

    def open_cell(
        self, station: StationId, cell: int, operator: str, reason: str, parcel_tail: str = ""
    ) -> str:
        """Ask for one cell to be opened; the command's name. Raises CommandError or StoreError.

        `parcel_tail` is the end of the waybill that is expected inside, empty for an empty cell.
        """
        wish = {
            "station": station,
            "command": f"m-{self._draw(12).hex()}",
            "action": OPEN,
            "cell": cell,
            "operator": operator.strip(),
            "reason": reason.strip(),
            "parcel_tail": parcel_tail.strip().upper(),
        }
        self._examine(wish)
        self._wishes.put(wish)
        self.nudge()
        return str(wish["command"])

    def leave(self, command: str) -> None:
        """Nobody waits for it any more: it ends, unless it was sent already. From any thread."""
        self._left.put(command)
        self.nudge()

    def _examine(self, wish: dict[str, Any]) -> None:
        if not wish["operator"] or not wish["reason"]:
            raise CommandError("say who asks and why: the operator's name and a reason")
        if len(wish["operator"]) > MOST_WORD or len(wish["reason"]) > MOST_REASON:
            raise CommandError(f"a name has {MOST_WORD} letters at most, a reason {MOST_REASON}")
        if not 1 <= wish["cell"] <= _MOST_CELLS or len(wish["parcel_tail"]) > MOST_WORD:
            raise CommandError("there is no such cell or waybill")
        with self._database.read() as connection:
            known = select(STATIONS.c.station).where(STATIONS.c.station == wish["station"])
            if connection.execute(known).first() is None:
                raise CommandError(f"this county has no station {wish['station']}")

    def read(self, command: str) -> dict[str, Any] | None:
        """The row of a command; None before the ingest thread has taken it up."""
        with self._database.read() as connection:
            row = _WISH.first(connection, command=command)
        return None if row is None else _WISH.named(row)

    # -- Desk

    def hear(self, station: StationId, message: Message) -> Iterable[Letter]:
        """A nonce to command with, or a word of what became of a command."""
        if isinstance(message, LiveNonce):
            return self._command(station, message)
        if isinstance(message, LiveResult) and (told := read_result(message.result)) is not None:
            with self._database.write() as connection:
                row = _row(connection, station, message.command)
                if row is not None and not row["settled"] and row["seq"]:
                    self._change(
                        connection, station, message.command, state=told[0], result=told[1]
                    )
                    self._awaited.pop(message.command, None)
        return ()

    def welcomed(
        self, station: StationId, _session: str, _state_seq: int, _heard: str
    ) -> Iterable[Letter]:
        """The station is there: whatever waits for it asks for its nonce at once."""
        now_ms = self._mono_ms()
        waiting = [(name, one) for name, one in self._awaited.items() if one.station == station]
        return [self._ask(name, one, now_ms) for name, one in waiting if self._unsent(name)]

    def committed(self, station: StationId) -> Iterable[Letter]:
        """Facts may have settled some of the station's commands; nothing is left to await then."""
        for name, one in list(self._awaited.items()):
            if one.station == station:
                row = self.read(name)
                if row is None or row["state"] not in OPEN_STATES:
                    del self._awaited[name]
        return ()

    def tick(self) -> Iterable[Letter]:
        """Take up new wishes, repeat requests for a nonce, and give up what got no answer."""
        letters = self._take_up()
        self._let_go()
        now_ms = self._mono_ms()
        for name, one in list(self._awaited.items()):
            if self._is_over(one):
                self._give_up(name, one)
            elif now_ms - one.asked_ms >= AGAIN_MS and self._unsent(name):
                letters.append(self._ask(name, one, now_ms))
        return letters

    # -- steps

    def _take_up(self) -> list[Letter]:
        if self._wishes.empty():
            return []
        letters, now_ms, wall_ms = list[Letter](), self._mono_ms(), self._wall_ms()
        with self._database.write() as connection:
            while not self._wishes.empty():
                wish = self._wishes.get_nowait()
                nothing_sent = {"seq": 0, "digest": "", "not_after_ms": None}
                moment = {"asked_ms": wall_ms, "changed_ms": wall_ms}
                so_far = {"state": CommandState.NONCE_ASKED, "result": "", "settled": False}
                connection.execute(insert(COMMANDS), wish | nothing_sent | moment | so_far)
                one = _Awaited(wish["station"], wish["cell"], now_ms, wall_ms, now_ms)
                self._awaited[wish["command"]] = one
                letters.append(self._ask(wish["command"], one, now_ms))
        return letters

    def _let_go(self) -> None:
        while not self._left.empty():
            name = self._left.get_nowait()
            one = self._awaited.get(name)
            if one is not None and self._unsent(name):
                self._give_up(name, one)

    def _ask(self, command: str, one: _Awaited, now_ms: int) -> Letter:
        one.asked_ms = now_ms
        return Letter(one.station, "dn", LiveRequest(command=command, action=OPEN, cell=one.cell))

    def _command(self, station: StationId, given: LiveNonce) -> Iterable[Letter]:
        one = self._awaited.get(given.command)
        if one is None or one.station != station or self._is_over(one):
            return ()
        if not 0 <= given.fence < _LARGEST_SEQ:
            return ()
        with self._database.write() as connection:
            row = _row(connection, station, given.command)
            if row is None or row["state"] != CommandState.NONCE_ASKED:
                return ()
            lives_ms = max(0, min(given.lives_ms, LIVES_MS))
            command = LiveCommand(
                command=given.command,
                station=station,
                epoch=given.epoch,
                seq=max(_last_seq(connection, station), given.fence) + 1,
                nonce=given.nonce,
                action=row["action"],
                cell=row["cell"],
                parcel_tail=row["parcel_tail"],
                not_after_ms=self._wall_ms() + lives_ms,
                operator=row["operator"],
                reason=row["reason"],
                approvals=[row["operator"]],
            )
            # On disk before it leaves: what was perhaps sent is never shown as not sent.
            self._change(
                connection,
                station,
                given.command,
                state=CommandState.SENT,
                seq=command.seq,
                digest=digest_of(command),
                not_after_ms=command.not_after_ms,
            )
        one.since_ms, one.since_wall_ms = self._mono_ms(), self._wall_ms()
        return [Letter(station, "dn", command)]

    def _give_up(self, name: str, one: _Awaited) -> None:
        del self._awaited[name]
        with self._database.write() as connection:
            row = _row(connection, one.station, name)
            if row is not None and not row["settled"] and row["state"] in OPEN_STATES:
                result = NOT_SENT if row["state"] == CommandState.NONCE_ASKED else ""
                self._change(
                    connection, one.station, name, state=CommandState.NO_ANSWER, result=result
                )

    def _is_over(self, one: _Awaited) -> bool:
        """Whether its minute has passed; by the wall too: a machine that was halted counts less."""
        wall_age_ms = self._wall_ms() - one.since_wall_ms
        return max(self._mono_ms() - one.since_ms, wall_age_ms) >= LIVES_MS

    def _unsent(self, name: str) -> bool:
        row = self.read(name)
        return row is not None and row["state"] == CommandState.NONCE_ASKED

    def _change(
        self, connection: Connection, station: StationId, command: str, **columns: Any
    ) -> None:
        changed = {"changed_ms": self._wall_ms(), **columns}
        change = changing(COMMANDS, ("station", "command"), tuple(changed))
        change.by(connection, its_station=station, its_command=command, **changed)

    def _settle_left_over(self) -> dict[str, _Awaited]:
        """What an earlier run did not see the end of: a wish ends, what was sent is awaited on."""
        mono_ms, wall_ms = self._mono_ms(), self._wall_ms()
        unsent = {"state": CommandState.NO_ANSWER, "result": NOT_SENT, "changed_ms": wall_ms}
        columns = COMMANDS.c
        with self._database.write() as connection:
            asked = update(COMMANDS).where(columns.state == CommandState.NONCE_ASKED)
            connection.execute(asked.values(**unsent))
            rows = connection.execute(select(COMMANDS).where(columns.state.in_(OPEN_STATES)))
            return {
                row.command: _Awaited(
                    station=StationId(row.station),
                    cell=row.cell,
                    since_ms=mono_ms - _age_ms(row, wall_ms),
                    since_wall_ms=wall_ms - _age_ms(row, wall_ms),
                    asked_ms=mono_ms,
                )
                for row in rows
            }


def _age_ms(row: Row[Any], wall_ms: int) -> int:
    """How long ago a command was sent, by the wall; within the time that it is awaited."""
    if row.not_after_ms is None:  # known by its facts alone: nobody here has asked for it
        return LIVES_MS
    return min(LIVES_MS, max(0, wall_ms + LIVES_MS - int(row.not_after_ms)))


def _row(connection: Connection, station: StationId, command: str) -> dict[str, Any] | None:
    row = _COMMAND.first(connection, station=station, command=command)
    return None if row is None else _COMMAND.named(row)


def _last_seq(connection: Connection, station: StationId) -> int:
    row = _LAST_SEQ.first(connection, station=station)
    return int(row[0] or 0) if row else 0


def _conforms(desk: CommandDesk) -> Desk:
    return desk
