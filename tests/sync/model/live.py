"""Live commands as a small model: nonce, fence, ledger, crash, and a network that replays all.

No code of ours runs here, as in the journal's model.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple


class Ask(NamedTuple):
    """LIVE_REQ: the county would command something."""

    command: int


class Nonce(NamedTuple):
    """The station's nonce for a command."""

    command: int
    nonce: int


class Order(NamedTuple):
    """CMD: do it now, once, or never."""

    command: int
    seq: int
    nonce: int


class Seen(NamedTuple):
    """A command that was decided on; `ends` are its terminal results."""

    command: int
    ends: tuple[str, ...]


class Station(NamedTuple):
    """`fence` and `seen` are on the card; `nonces` and `pending` are in memory alone."""

    fence: int
    seen: tuple[Seen, ...]
    nonces: frozenset[tuple[int, int]]
    pending: tuple[int, ...]
    moving: tuple[int, ...]


class County(NamedTuple):
    """`seq` is the newest number of a command, in the database; `ordered` what it has sent."""

    seq: int
    ordered: tuple[int, ...]


class World(NamedTuple):
    """Everything; `dead` are nonces whose life is over, `opened` each pulse as (command, seq)."""

    station: Station
    county: County
    backup: County
    net: frozenset[Ask | Nonce | Order]
    asked: int
    drawn: int
    dead: frozenset[int]
    opened: tuple[tuple[int, int], ...]
    late: bool
    crashes: int
    restores: int


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How much may happen, and which mistake is planted."""

    commands: int = 2
    nonces: int = 3
    crashes: int = 1
    restores: int = 0
    most_opens: int = 2
    bug: str = ""


START = World(
    station=Station(0, (), frozenset(), (), ()),
    county=County(0, ()),
    backup=County(0, ()),
    net=frozenset(),
    asked=0,
    drawn=0,
    dead=frozenset(),
    opened=(),
    late=False,
    crashes=0,
    restores=0,
)


def moves(world: World, limits: Limits) -> Iterator[tuple[str, World]]:
    """Every next world."""
    yield from _of_county(world, limits)
    yield from _hears(world, limits)
    yield from _acts(world, limits)
    yield from _fails(world, limits)


def _of_county(world: World, limits: Limits) -> Iterator[tuple[str, World]]:
    county = world.county
    if world.asked < limits.commands:
        after = world._replace(net=world.net | {Ask(world.asked)}, asked=world.asked + 1)
        yield f"the county asks for {world.asked}", after
    for packet in world.net:
        if isinstance(packet, Nonce) and packet.command not in county.ordered:
            # The fence that the station last showed comes with its HELLO, and so with each nonce.
            seq = max(county.seq, world.station.fence) + 1
            order = Order(packet.command, seq, packet.nonce)
            yield (
                f"the county orders {packet.command} as number {seq}",
                world._replace(
                    net=world.net | {order},
                    county=County(seq, (*county.ordered, packet.command)),
                ),
            )


def _hears(world: World, limits: Limits) -> Iterator[tuple[str, World]]:
    station = world.station
    for packet in world.net:
        if isinstance(packet, Ask) and world.drawn < limits.nonces:
            mine = (packet.command, world.drawn)
            yield (
                f"the station gives nonce {world.drawn} for {packet.command}",
                world._replace(
                    station=station._replace(nonces=station.nonces | {mine}),
                    net=world.net | {Nonce(*mine)},
                    drawn=world.drawn + 1,
                ),
            )
        if isinstance(packet, Order) and (after := _decide(world, packet, limits)) is not None:
            yield f"the station takes {packet}", after


def _decide(world: World, order: Order, limits: Limits) -> World | None:
    """One transaction: accepted, fence, nonce burnt. Every refusal changes nothing here."""
    station, bug = world.station, limits.bug
    if bug != "ledger_ignored" and any(seen.command == order.command for seen in station.seen):
        return None
    if order.seq <= station.fence and bug != "fence_off":
        return None
    if (order.command, order.nonce) not in station.nonces and bug != "nonce_ignored":
        return None
    if len(station.seen) >= limits.most_opens and bug != "governor_off":
        return None
    nonces = station.nonces
    if bug != "nonce_reusable":
        nonces -= {(order.command, order.nonce)}
    seen = Seen(order.command, ())
    return world._replace(
        station=station._replace(
            fence=max(station.fence, order.seq),
            seen=tuple(sorted({*station.seen, seen})),
            nonces=nonces,
            pending=(*station.pending, order.command, order.seq),
        ),
        late=world.late or order.nonce in world.dead,
        dead=world.dead | {order.nonce},
    )


def _acts(world: World, limits: Limits) -> Iterator[tuple[str, World]]:
    station = world.station
    if station.pending:
        command, seq, *rest = station.pending
        yield (
            f"the door of {command} is pulsed",
            world._replace(
                station=station._replace(
                    pending=tuple(rest), moving=(*station.moving, command, seq)
                ),
                opened=(*world.opened, (command, seq)),
            ),
        )
    for index in range(0, len(station.moving), 2):
        command = station.moving[index]
        left = station.moving[:index] + station.moving[index + 2 :]
        ended = _ended(station, command, "opened")
        yield (
            f"the door of {command} is seen open",
            world._replace(station=ended._replace(moving=left)),
        )
    for _command, nonce in station.nonces:
        if nonce not in world.dead:
            kept = station.nonces
            if limits.bug != "nonce_reusable":
                kept = frozenset(one for one in kept if one[1] != nonce)
            yield (
                f"nonce {nonce} dies of age",
                world._replace(station=station._replace(nonces=kept), dead=world.dead | {nonce}),
            )


def _ended(station: Station, command: int, end: str) -> Station:
    return station._replace(
        seen=tuple(
            Seen(seen.command, (*seen.ends, end)) if seen.command == command else seen
            for seen in station.seen
        )
    )


def _fails(world: World, limits: Limits) -> Iterator[tuple[str, World]]:
    if world.crashes < limits.crashes:
        yield "the station dies and starts", _restarted(world, limits.bug)
    if limits.restores and world.backup != world.county:
        yield "backup", world._replace(backup=world.county)
    if world.restores < limits.restores and world.backup != world.county:
        yield "restore", world._replace(county=world.backup, restores=world.restores + 1)


def _restarted(world: World, bug: str) -> World:
    """What is in memory is gone; what was accepted and has no end yet becomes indeterminate."""
    station = world.station
    given = {nonce for _command, nonce in station.nonces}
    pending: tuple[int, ...] = ()
    if bug == "command_reexecuted_after_crash":
        pending = station.moving + station.pending
    elif bug != "no_indeterminate":
        for seen in station.seen:
            if not seen.ends:
                station = _ended(station, seen.command, "indeterminate")
    kept = station.nonces if bug == "nonce_reusable" else frozenset()
    fence = 0 if bug == "fence_in_memory_only" else station.fence
    seen_now = () if bug == "ledger_in_memory_only" else station.seen
    return world._replace(
        station=Station(fence, seen_now, kept, pending, ()),
        dead=world.dead | given,
        crashes=world.crashes + 1,
    )


# -- what must never be


def trouble(world: World, limits: Limits) -> str:
    """The first law that does not hold, or an empty text."""
    commands = [command for command, _seq in world.opened]
    numbers = [seq for _command, seq in world.opened]
    station = world.station
    at_rest = not station.pending and not station.moving
    laws = {
        "S8: a command took effect twice": len(set(commands)) == len(commands),
        "S8: a command took effect after its nonce had died": not world.late,
        "S8: an older command took effect after a newer one": numbers == sorted(set(numbers)),
        "D7: more doors than the governor allows": len(numbers) <= limits.most_opens,
        "S9: a command has two ends": all(len(seen.ends) <= 1 for seen in station.seen),
        "S9: a command has no end": not at_rest or all(seen.ends for seen in station.seen),
    }
    return next((law for law, holds in laws.items() if not holds), "")
