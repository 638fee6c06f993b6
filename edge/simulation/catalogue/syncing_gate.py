"""A gate before the broker: a scenario sees each message of either end, and says what passes."""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

from sqlalchemy import func, select

from cloud_sync.county.tables import ALARMS, FACTS
from cloud_sync.wire.broker.topics import UPWARD
from cloud_sync.wire.messages import Message
from edge.simulation.catalogue.bench import Bench
from edge.simulation.parts.links import Packet
from edge.simulation.parts.station_node import StationNode

HOME_S: Final = 240.0
"""Within this time everything that was written has to be at the county, once nothing hinders."""


class Seen(NamedTuple):
    """A packet and what is inside, which no broker could tell."""

    packet: Packet
    message: Message


class Gate:
    """`passes` chooses the packets that the broker gets for each; at first every one goes once."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self.seen: list[Seen] = []
        self.passes: Callable[[Seen], Sequence[Packet]] = _once
        self._carry = bench.world.road.carry
        self._last: dict[str, Message] = {}

    def of(self, kind: type[Message]) -> list[Seen]:
        """All packets of one kind, oldest first."""
        return [one for one in self.seen if isinstance(one.message, kind)]

    def send(self, packets: Sequence[Packet]) -> None:
        """Hand packets to the broker, past every rule."""
        for packet in packets:
            self._carry(packet)

    def lose(self, *kinds: type[Message]) -> None:
        """From now on nothing of these kinds comes through."""
        self.passes = lambda one: () if isinstance(one.message, kinds) else (one.packet,)

    def take(self, packet: Packet) -> None:
        """In the road's place."""
        message = self._inside(packet)
        if message is None:
            self._carry(packet)
            return
        one = Seen(packet, message)
        self.seen.append(one)
        self.send(self.passes(one))

    def said(self, lane: str, message: Message) -> None:
        """A station is about to send this."""
        self._last[lane] = message

    def _inside(self, packet: Packet) -> Message | None:
        if packet.lane in UPWARD:
            return self._last.get(packet.lane)
        node = self._bench.node
        if packet.station != node.around.station:
            return None
        return node.around.codec().unpack(packet.lane, packet.payload)


def _once(one: Seen) -> Sequence[Packet]:
    return (one.packet,)


@contextlib.contextmanager
def gate(bench: Bench) -> Iterator[Gate]:
    """While this lasts all packets of the bench's own station go through the gate."""
    road, around = bench.world.road, bench.node.around
    post, said = Gate(bench), around.said

    def hear(node: StationNode, lane: str, message: Message) -> None:
        said(node, lane, message)
        post.said(lane, message)

    around.said = hear
    vars(road)["carry"] = post.take
    try:
        yield post
    finally:
        around.said = said
        del vars(road)["carry"]


# -- seeing


def written(bench: Bench) -> int:
    """How many facts the station has written in this epoch."""
    return int(bench.daemon.store.head()[0])


def at_county(bench: Bench) -> int:
    """How many of the station's facts are in the county's journal; -1 while it is down."""
    database = bench.world.county.database
    if database is None:
        return -1
    wanted = select(func.count()).where(FACTS.c.station == bench.node.around.station)
    with database.read() as connection:
        return int(connection.execute(wanted).scalar_one())


def alarms(bench: Bench) -> set[str]:
    """Kinds of all alarms of the station that were ever raised at the county."""
    database = bench.world.county.database
    if database is None:
        return set()
    wanted = select(ALARMS.c.kind).where(ALARMS.c.station == bench.node.around.station)
    with database.read() as connection:
        return set(connection.execute(wanted).scalars())


def acknowledged(bench: Bench) -> int:
    """Up to where the station believes that the county has its facts."""
    return bench.daemon.store.cursor().applied_seq


async def home(bench: Bench) -> None:
    """All that was written is at the county, once, and the station knows it."""
    await bench.until(
        lambda: _is_home(bench),
        HOME_S,
        "every fact is at the county once, and the station knows it",
    )


def _is_home(bench: Bench) -> bool:
    if bench.node.alive is None:
        return False
    return at_county(bench) == written(bench) == acknowledged(bench)
