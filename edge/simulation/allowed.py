"""Which kinds of mishaps a world may meet."""

from dataclasses import dataclass
from typing import Final

from edge.simulation.ground.chance import Dice


@dataclass(frozen=True, kw_only=True)
class Allowed:
    """Which mishaps a world may meet."""

    roads: bool = True
    county_kills: bool = True
    county_restores: bool = True
    station_kills: bool = True
    rollback: bool = False
    clone: bool = False
    months: bool = False
    doors: bool = True
    commands: bool = True
    stream: bool = True
    questions: bool = True
    pruning: bool = False
    """Cards forget early what they need no more."""
    gaps: bool = False
    """The county may be put back to before what it has called durable."""
    new_cards: bool = False
    """Cards break and are replaced, and whatever the county refuses is granted a new epoch."""
    devices: bool = False
    """Cards, lock boards, lines and clocks fail at their ports."""
    careless: bool = False
    """People are in a hurry, greedy, forgetful and curious."""
    neighbours: int = 0
    """So many stations beside the first."""


NO_MISHAPS: Final = Allowed(
    roads=False,
    county_kills=False,
    county_restores=False,
    station_kills=False,
    doors=False,
    commands=False,
    stream=False,
    questions=False,
)


def drawn(dice: Dice) -> Allowed:
    """What goes wrong in this world; a few kinds at a time find more than all of them."""
    return Allowed(
        roads=dice.chance(0.8),
        county_kills=dice.chance(0.5),
        county_restores=dice.chance(0.4),
        station_kills=dice.chance(0.6),
        rollback=dice.chance(0.2),
        clone=dice.chance(0.15),
        months=dice.chance(0.15),
        doors=dice.chance(0.5),
        commands=dice.chance(0.5),
        stream=dice.chance(0.5),
        questions=dice.chance(0.3),
        pruning=dice.chance(0.5),
        gaps=dice.chance(0.5),
        new_cards=dice.chance(0.3),
        devices=dice.chance(0.4),
        careless=dice.chance(0.4),
        neighbours=dice.one_of((0, 0, 0, 0, 0, 1, 1, 1, 2, 2)),
    )
