"""Faults at every port of a station: card, lock board, line and clock. Each ends by itself."""

from collections.abc import Awaitable, Callable
from typing import Final

from edge.simulation.ground.chance import Dice
from edge.simulation.parts.card import Stall
from edge.simulation.parts.station_node import StationNode
from edge.simulation.world import World

IoMishap = Callable[[World, Dice], Awaitable[None]]
CENTURY_MS: Final = 100 * 365 * 86_400_000
_JUMPS_MS: Final = (-CENTURY_MS, -86_400_000, -3_600_000, 3_600_000, 86_400_000, CENTURY_MS)
_SHARE: Final = 0.25
"""Of all worlds, in which one point of trouble is switched on, and then drawn at each call."""


def switch_on(world: World, dice: Dice) -> None:
    """Choose at which ports of this world's stations calls fail now and then."""
    for node in world.nodes:
        node.card.stalls = dice.one_of((0.002, 0.02)) if dice.chance(_SHARE) else 0.0
        node.card.breaks = dice.one_of((0.0005, 0.003)) if dice.chance(_SHARE) else 0.0


def put_right(world: World) -> None:
    """All ports are well again, and stay so."""
    for node in world.nodes:
        node.card.heal()
        node.cabinet.mend_board()
        node.wall_error_ms = 0
        world.road.unclog(node.around.station)


def _some(world: World, dice: Dice, what: str) -> StationNode:
    node = dice.one_of(world.nodes)
    world.trace.note(node.name, what)
    return node


async def card_hangs(world: World, dice: Dice) -> None:
    """F014: for a moment, or for so long that the watchdog bites."""
    seconds = dice.one_of((0.5, 3.0, 9.0, 30.0))
    node = _some(world, dice, "card will hang")
    node.card.stall = Stall(seconds=seconds, done_first=dice.chance(0.5))


async def card_full(world: World, dice: Dice) -> None:
    """F009: no page can be added until somebody makes room."""
    card = _some(world, dice, "card full").card
    card.full = True
    world.loop.call_later(dice.between(5.0, 60.0), lambda: setattr(card, "full", False))


async def card_read_only(world: World, dice: Dice) -> None:
    """F011: the system has put its file system out of writing, until it is started anew."""
    card = _some(world, dice, "card read-only").card
    card.read_only = True
    world.loop.call_later(dice.between(5.0, 60.0), lambda: setattr(card, "read_only", False))


async def bad_write(world: World, dice: Dice) -> None:
    """F012: the next write fails half-way."""
    _some(world, dice, "a write will fail").card.bad_write = True


async def bad_sync(world: World, dice: Dice) -> None:
    """F012: the next sync fails; whether the commit is on the card, nobody knows."""
    _some(world, dice, "a sync will fail").card.bad_sync = True


async def board_gone(world: World, dice: Dice) -> None:
    """The line to the lock board is cut for a while."""
    cabinet = _some(world, dice, "lock board gone").cabinet
    cabinet.lose_board()
    world.loop.call_later(dice.between(1.0, 60.0), cabinet.mend_board)


async def board_ails(world: World, dice: Dice) -> None:
    """The lock board is silent to pulses, refuses, is late, repeats itself, or misses a door."""
    ill = dice.one_of(("unsure", "jammed", "late", "bounces", "deaf"))
    cabinet = _some(world, dice, f"lock board: {ill}").cabinet
    if ill == "late":
        cabinet.board.late_s = dice.between(0.2, 4.0)
    else:
        setattr(cabinet.board, ill, True)
    longest_s = 2.0 if ill == "deaf" else 30.0  # a board that is polled misses nothing for long
    world.loop.call_later(dice.between(0.5, longest_s), cabinet.mend_board)


async def wall_jumps(world: World, dice: Dice) -> None:
    """Somebody, or a server of time, sets the clock of a running machine."""
    node = _some(world, dice, "wall clock jumps")
    node.wall_error_ms = dice.one_of(_JUMPS_MS)
    world.loop.call_later(dice.between(1.0, 300.0), lambda: setattr(node, "wall_error_ms", 0))


async def line_clogged(world: World, dice: Dice) -> None:
    """The line is up and carries nothing, for as long as nobody notices, or longer."""
    station = _some(world, dice, "line clogged").around.station
    world.road.clog(station)
    world.loop.call_later(dice.between(1.0, 90.0), world.road.unclog, station)


IO_MISHAPS: Final[tuple[tuple[str, int, IoMishap], ...]] = (
    ("card_hangs", 4, card_hangs),
    ("card_full", 2, card_full),
    ("card_read_only", 1, card_read_only),
    ("bad_write", 2, bad_write),
    ("bad_sync", 2, bad_sync),
    ("board_gone", 2, board_gone),
    ("board_ails", 4, board_ails),
    ("wall_jumps", 2, wall_jumps),
    ("line_clogged", 3, line_clogged),
)
"""Name, weight, and the fault itself."""
