"""Judges the state stream and questions from outside: both ends' tables, and all answers."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import select

from cloud_sync.county.database import Database
from cloud_sync.county.tables import STATE_ITEMS, STATE_MARKS
from cloud_sync.wire.bodies.state import LASTING
from edge.kernel.ids import StationId
from edge.simulation.oracles.recorder import Recorder
from edge.simulation.parts.station_node import StationNode

Held = dict[tuple[str, str], Any]
_FILLER: Final = ("nothing", "nothing")
"""What the county says when nothing holds."""


@dataclass
class StreamOracle:
    """`said` is what operators said, newest last, until a county was put back and forgot some."""

    recorder: Recorder
    said: dict[StationId, Held] = field(default_factory=dict)
    _marks: dict[str, int] = field(default_factory=dict)

    def wished(self, station: StationId, kind: str, key: str, body: Mapping[str, Any]) -> None:
        """An operator's words are on the county's disk; no body takes them back."""
        self.said.setdefault(station, {})[kind, key] = dict(body)

    def look(self, node: StationNode) -> None:
        """S7: how far a card has stored the stream never goes back."""
        process = node.alive
        if process is None or not node.in_order:
            return
        mark = process.store.county_state_seq()
        before = self._marks.get(node.name, 0)
        if mark < before:
            self.recorder.trouble(f"S7: the stream of {node.name} was at {before}, now at {mark}")
        self._marks[node.name] = mark

    def judge(self, database: Database, node: StationNode, *, forgetful: bool) -> None:
        """S1 and S4 of the stream, at rest: the station holds what the county says that holds."""
        process, station = node.alive, node.around.station
        if process is None:
            return
        told, acked, newest = _told(database, station)
        mine = {(row.kind, row.key): json.loads(row.body) for row in process.store.county_state()}
        mine.pop(_FILLER, None)
        extra = {kind_key for kind_key in mine if kind_key not in told}
        # A revocation outlasts a county that has forgotten it.
        wrong = {one for one in extra if one[0] not in LASTING or not forgetful}
        missing = {one for one in told if mine.get(one) != told[one]}
        if wrong or missing:
            self.recorder.trouble(
                f"S1: {node.name} holds {sorted(wrong)} too much, lacks {sorted(missing)}"
            )
        if acked != newest or process.store.county_state_seq() != newest:
            mark = process.store.county_state_seq()
            self.recorder.trouble(
                f"S4: the stream of {node.name} is at {mark}, acknowledged {acked} of {newest}"
            )
        wanted = {one: body for one, body in self.said.get(station, {}).items() if body}
        if not forgetful and wanted != told:
            self.recorder.trouble(f"S3: the county forgot what it was to say to {node.name}")


def _told(database: Database, station: StationId) -> tuple[Held, int, int]:
    """What holds by the county's tables, how far that is acknowledged, and the newest number."""
    items, held = STATE_ITEMS.c, Held()
    with database.read() as connection:
        wanted = select(STATE_ITEMS).where(items.station == station).order_by(items.seq)
        for row in connection.execute(wanted):
            held[row.kind, row.key] = None if row.body is None else json.loads(row.body)
        mark = connection.execute(
            select(STATE_MARKS).where(STATE_MARKS.c.station == station)
        ).first()
    held.pop(_FILLER, None)
    holds = {one: body for one, body in held.items() if body is not None}
    return (holds, 0, 0) if mark is None else (holds, mark.acked_seq, mark.next_seq - 1)


@dataclass
class AnswerOracle:
    """Every question bears a number of its own, and its answer has to bear it too."""

    recorder: Recorder
    asked: int = 0
    known: int = 0

    def number(self) -> int:
        """For the next question."""
        self.asked += 1
        return self.asked

    def answered(self, node: StationNode, number: int, body: Mapping[str, Any]) -> None:
        """The county is said to know."""
        self.known += 1
        station = node.around.station
        if body != {"asked": {"number": number}, "by": station}:
            self.recorder.trouble(f"Q: {node.name} asked {number} and was answered {dict(body)}")
