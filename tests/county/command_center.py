"""A county's desk of commands with a clock of its own, its station's answers and its facts."""

from typing import Any

from cloud_sync.county.commands.desk import CommandDesk
from cloud_sync.county.desk import Letter
from cloud_sync.wire.live import digest_of
from cloud_sync.wire.messages import LiveCommand, LiveNonce, LiveResult, Message
from edge.kernel.ids import StationId
from tests.county.village import NOON_MS, County, Village

HERE = StationId("pingshang")
REASON = "村民手机丢了"


class Center:
    """A county's desk of commands, with a clock of its own and its station's answers."""

    def __init__(self, county: County) -> None:
        self.county = county
        self.now_ms = 1_000
        self.slept_ms = 0
        self.draws = 0
        self.village = Village()
        self.village.tell("station.started", version="0.1.0")
        county.deliver(self.village)
        self.desk = self.start()

    def start(self) -> CommandDesk:
        return CommandDesk(
            self.county.database,
            mono_ms=lambda: self.now_ms,
            wall_ms=lambda: NOON_MS + self.now_ms + self.slept_ms,
            draw=self._draw,
        )

    def _draw(self, count: int) -> bytes:
        self.draws += 1
        return self.draws.to_bytes(count, "big")

    def ask(self, cell: int = 7, tail: str = "3456") -> str:
        return self.desk.open_cell(HERE, cell, " 王某 ", REASON, tail)

    def tick(self, ms: int = 0) -> list[Message]:
        self.now_ms += ms
        return said_in(self.desk.tick())

    def nonce(self, command: str, *, fence: int = 4, station: StationId = HERE) -> list[Message]:
        given = LiveNonce(command=command, nonce="n", lives_ms=60_000, epoch=1, fence=fence)
        return said_in(self.desk.hear(station, given))

    def sent(self) -> LiveCommand:
        """A command on its way."""
        command = self.ask()
        self.tick()
        (letter,) = self.nonce(command)
        assert isinstance(letter, LiveCommand)
        return letter

    def result(self, command: str, result: str, station: StationId = HERE) -> None:
        assert said_in(self.desk.hear(station, LiveResult(command=command, result=result))) == []

    def facts(self, *kinds_and_bodies: tuple[str, dict[str, Any]]) -> None:
        for kind, body in kinds_and_bodies:
            self.village.tell(kind, **body)
        self.county.deliver(self.village, f"n{self.village.seq}")
        self.desk.committed(HERE)

    def state(self, command: str) -> tuple[str, str]:
        row = self.desk.read(command)
        assert row is not None
        return row["state"], row["result"]


def said_in(letters: Any) -> list[Message]:
    return [letter.message for letter in letters if isinstance(letter, Letter)]


def accepted(command: LiveCommand) -> tuple[str, dict[str, Any]]:
    return "remote.accepted", {
        "command": command.command,
        "digest": digest_of(command),
        "seq": command.seq,
        "cell": command.cell,
        "auth": "a-1",
        "operator": command.operator,
        "reason": command.reason,
    }


def refused(command: LiveCommand, reason: str, **changed: Any) -> tuple[str, dict[str, Any]]:
    body = accepted(command)[1] | {"reason": reason} | changed
    del body["auth"]
    return "remote.refused", body


def ended(command: LiveCommand, result: str) -> tuple[str, dict[str, Any]]:
    return "remote.ended", {"command": command.command, "result": result}
