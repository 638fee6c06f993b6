"""The road between stations and county: a broker that loses, repeats, reorders, delays, forgets.

It carries sealed frames and understands none of them, as a curious broker would not. Weather is
set by whoever runs the world; in fair weather every frame arrives once, soon and in order.
"""

import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from cloud_sync.station.ports import Link, LinkDown, LinkEvent, LinkMessage, LinkUp
from cloud_sync.wire.broker.topics import DOWNWARD, UPWARD, Address
from edge.kernel.ids import CountyId, StationId
from edge.simulation.ground.chance import Dice
from edge.simulation.ground.trace import Trace
from edge.simulation.ground.virtual_loop import VirtualLoop

MONTH_S: Final = 30 * 86_400.0
PAST: Final = 400
"""Packets that an eavesdropper keeps for a replay."""
_SOON_S: Final = 0.05
_DEAF_S: Final = 0.5
"""A station notices that its connection is gone after so long at least,"""
_DEAF_LONGEST_S: Final = 45.0
"""... or only after a keep-alive."""


class Packet(NamedTuple):
    """Bytes on a lane."""

    station: StationId
    lane: str
    payload: bytes


@dataclass(kw_only=True)
class Weather:
    """How badly a line does: shares of all packets, and the longest usual delay."""

    lost: float = 0.0
    doubled: float = 0.0
    mad: float = 0.0
    """Replaced by a packet of the past, bent, or sent on another lane or to another station."""
    month: float = 0.0
    """Laid into the attic, to come weeks later."""
    delay_s: float = 0.2


@dataclass(eq=False)
class Plug:
    """A station's connection: fits Link. `alive` ends with the process that made it."""

    road: "Road"
    station: StationId
    alive: Callable[[], bool]
    up: bool = False
    _tell: Callable[[LinkEvent], None] = field(default=lambda _event: None)

    def start(self, on_event: Callable[[LinkEvent], None]) -> None:
        """Connect as soon as the road is open."""
        self._tell = on_event
        self.road.plugged(self)

    def send(self, lane: str, payload: bytes) -> None:
        """Hand bytes to the broker; while it is away they are lost."""
        if self.alive() and self.up:
            self.road.carry(Packet(self.station, lane, payload))

    async def aclose(self) -> None:
        """Disconnect."""
        self.up = False
        self.road.unplugged(self)

    def hear(self, event: LinkEvent) -> None:
        """The road tells something."""
        if self.alive():
            self.up = self.up if isinstance(event, LinkMessage) else isinstance(event, LinkUp)
            self._tell(event)


class Road:
    """See the module's docstring."""

    def __init__(self, loop: VirtualLoop, dice: Dice, trace: Trace, county: CountyId) -> None:
        self._loop, self._dice, self._trace = loop, dice, trace
        self._county = county
        self.weather = Weather()
        self.to_county: Callable[[Address, bytes], None] = lambda _address, _payload: None
        self._plugs: list[Plug] = []
        self._cut: set[StationId] = set()
        self.broker_up = True
        self._life = 0
        self._clogged: dict[StationId, list[Packet]] = {}
        self._past: list[Packet] = []
        self._attic: list[Packet] = []
        self.carried = 0
        self._ears: list[Callable[[Packet], None]] = []

    # -- connections

    def plugged(self, plug: Plug) -> None:
        """A station wants to connect. Another with its name is thrown out, as brokers do."""
        if plug not in self._plugs:
            self._plugs.append(plug)
        self._loop.call_later(self._dice.between(0.1, 1.0), self._try, plug)

    def unplugged(self, plug: Plug) -> None:
        """A station is gone for good."""
        if plug in self._plugs:
            self._plugs.remove(plug)

    def _try(self, plug: Plug) -> None:
        if plug not in self._plugs or not plug.alive():
            self.unplugged(plug)
            return
        if plug.up or not self._open(plug.station):
            return
        for other in [other for other in self._plugs if other is not plug and other.up]:
            if other.station == plug.station:
                self._drop(other, "taken over", self._dice.between(5.0, 30.0))
        plug.hear(LinkUp())

    def _open(self, station: StationId) -> bool:
        return self.broker_up and station not in self._cut

    def _drop(self, plug: Plug, why: str, back_after_s: float) -> None:
        plug.hear(LinkDown(why))
        self._loop.call_later(back_after_s, self._try, plug)

    def _hang_up(self, plug: Plug) -> None:
        if plug.up and not self._open(plug.station):
            plug.hear(LinkDown("no answer"))

    def settle(self) -> None:
        """After a change of what is open: who is cut off notices late, who may comes back soon."""
        for plug in list(self._plugs):
            if self._open(plug.station):
                self._loop.call_later(self._dice.between(0.5, 5.0), self._try, plug)
            else:
                late_s = self._dice.between(_DEAF_S, _DEAF_LONGEST_S)
                self._loop.call_later(late_s, self._hang_up, plug)

    # -- mishaps

    def cut(self, station: StationId) -> None:
        """Cut one station off."""
        self._trace.note("road", f"cut {station}")
        self._cut.add(station)
        self.settle()

    def clog(self, station: StationId) -> None:
        """A line that is whole and carries nothing: what is sent stays in it."""
        self._trace.note("road", f"clogged {station}")
        self._clogged.setdefault(station, [])

    def unclog(self, station: StationId) -> None:
        """All that stayed in the line comes out of it at once, in order."""
        for packet in self._clogged.pop(station, []):
            self._arrive(packet, self._life)

    def mend(self) -> None:
        """Every line is whole and the broker is up."""
        self._trace.note("road", "mended")
        self._cut.clear()
        for station in list(self._clogged):
            self.unclog(station)
        self.broker_up = True
        self.settle()

    def broker_away(self) -> None:
        """The broker stops, and forgets what it held."""
        self.wipe()
        self.broker_up = False
        self.settle()

    def wipe(self) -> None:
        """The broker loses all that is under way and throws everybody out."""
        self._trace.note("road", "wiped")
        self._life += 1
        for plug in list(self._plugs):
            if plug.up:
                self._drop(plug, "broker restarted", self._dice.between(1.0, 10.0))

    def replay(self, lane: str = "") -> None:
        """Somebody sends a packet of the past once more; of any lane, if none is named."""
        past = [packet for packet in self._past if lane in {"", packet.lane}]
        if past:
            self._send_off(self._dice.one_of(past))

    def clear_attic(self) -> None:
        """What was delayed by weeks arrives now, in any order."""
        late, self._attic = self._attic, []
        while late:
            self._send_off(late.pop(self._dice.number(0, len(late) - 1)))

    # -- carrying

    def overhear(self, ear: Callable[[Packet], None]) -> None:
        """Let somebody hear each packet as the broker gets it."""
        self._ears.append(ear)

    def carry(self, packet: Packet) -> None:
        """Take a packet from either end."""
        self.carried += 1
        for ear in self._ears:
            ear(packet)
        self._trace.note(
            packet.station, f"{packet.lane} {len(packet.payload)} {zlib.crc32(packet.payload):08x}"
        )
        if len(self._past) >= PAST:
            self._past.pop(self._dice.number(0, PAST - 1))
        self._past.append(packet)
        weather, dice = self.weather, self._dice
        if dice.chance(weather.mad):
            packet = self._maddened(packet)
        if dice.chance(weather.month):
            self._attic.append(packet)
        if not dice.chance(weather.lost):
            self._send_off(packet)
        if dice.chance(weather.doubled):
            self._send_off(packet)

    def _maddened(self, packet: Packet) -> Packet:
        dice = self._dice
        match dice.number(0, 3):
            case 0:
                return dice.one_of(self._past)
            case 1:
                bent = bytearray(packet.payload)
                bent[dice.number(0, len(bent) - 1)] ^= 1 << dice.number(0, 7)
                return packet._replace(payload=bytes(bent))
            case 2:  # to another station's topic, where there is another
                return packet._replace(station=dice.one_of(self._past).station)
            case _:
                lanes = sorted(UPWARD if packet.lane in UPWARD else DOWNWARD)
                return packet._replace(lane=dice.one_of(lanes))

    def _send_off(self, packet: Packet) -> None:
        delay_s = _SOON_S + self._dice.between(0.0, self.weather.delay_s)
        self._loop.call_later(delay_s, self._arrive, packet, self._life)

    def _arrive(self, packet: Packet, life: int) -> None:
        if life != self._life or not self.broker_up or packet.station in self._cut:
            return
        if packet.station in self._clogged:
            self._clogged[packet.station].append(packet)
            return
        if packet.lane in UPWARD:
            address = Address(self._county, packet.station, packet.lane)
            self.to_county(address, packet.payload)
            return
        for plug in list(self._plugs):
            if plug.station == packet.station and plug.up:
                plug.hear(LinkMessage(packet.lane, packet.payload))


def _fits(plug: Plug) -> Link:
    return plug
