"""The plan of a world: who comes and what goes wrong, when, each with dice of its own.

It is known from the seed before anything happens. Leaving one line out changes neither the others'
moments nor what they draw, and so a plan that fails can be made shorter.
"""

import inspect
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Final

from edge.simulation import mishaps, visits
from edge.simulation.allowed import Allowed
from edge.simulation.careless import CARELESS, Act
from edge.simulation.ground.chance import Dice
from edge.simulation.io_mishaps import IO_MISHAPS, IoMishap, switch_on
from edge.simulation.mishaps import Scene
from edge.simulation.people import Village

Happening = Callable[[Scene, Village, Dice], Awaitable[None]]
HOUR_S: Final = 3_600.0
DAY_S: Final = 24 * HOUR_S
BEGINS_AT_HOUR: Final = 12
"""Local time at the beginning of every world."""
OPEN: Final = range(7, 20)
"""Hours in which people come."""
_STORM_S: Final = (300.0, 1_200.0)
_GAP_S: Final = (1.0, 45.0)
"""Between one mishap and the next within a storm."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of thing that happens: its name, and one sentence for people."""

    name: str
    sentence: str
    happens: Happening
    person: bool = False
    """Whether somebody comes and does it beside everything else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One line of a plan; `number` counts from 1, `village` says around which station."""

    number: int
    at_s: float
    kind: Kind
    village: int

    def __str__(self) -> str:
        """For people: number, moment, where, what."""
        whole = int(self.at_s)
        moment = f"{whole // 3_600}:{whole // 60 % 60:02d}:{whole % 60:02d}"
        return f"{self.number:>5}  {moment:>8}  station {self.village + 1}  {self.kind.sentence}"


def _kind(happens: Happening, *, person: bool = False) -> Kind:
    return Kind(
        name=happens.__name__, sentence=sentence_of(happens), happens=happens, person=person
    )


def sentence_of(happens: Callable[..., object]) -> str:
    """The first line of what it says of itself."""
    return (inspect.getdoc(happens) or happens.__name__).splitlines()[0]


def _port(name: str, mishap: IoMishap) -> Kind:
    async def happens(scene: Scene, _village: Village, dice: Dice) -> None:
        await mishap(scene.world, dice)

    return Kind(name=name, sentence=sentence_of(mishap), happens=happens)


def _careless(name: str, act: Act) -> Kind:
    async def happens(_scene: Scene, village: Village, dice: Dice) -> None:
        await village.node.came_up.wait()
        await act(village, dice)

    return Kind(name=name, sentence=sentence_of(act), happens=happens, person=True)


async def _ports_ail(scene: Scene, _village: Village, dice: Dice) -> None:
    """At some ports of the stations calls fail now and then."""
    switch_on(scene.world, dice)


PARCEL: Final = _kind(visits.parcel_comes_and_goes, person=True)
GUESS: Final = _kind(visits.somebody_guesses, person=True)
PORTS_AIL: Final = Kind(
    name="ports_ail", sentence=sentence_of(_ports_ail), happens=_ports_ail, person=False
)
_MISHAPS: Final[tuple[tuple[Happening, int, str], ...]] = (
    (mishaps.weather_turns, 6, "roads"),
    (mishaps.line_is_cut, 3, "roads"),
    (mishaps.lines_are_swizzled, 3, "roads"),
    (mishaps.broker_is_wiped, 2, "roads"),
    (mishaps.broker_is_away, 1, "roads"),
    (mishaps.packets_are_replayed, 4, "roads"),
    (mishaps.late_packets_come, 2, "roads"),
    (mishaps.county_dies, 3, "county_kills"),
    (mishaps.county_dies_at_an_answer, 3, "county_kills"),
    (mishaps.county_is_backed_up, 4, ""),
    (mishaps.county_is_put_back, 2, "county_restores"),
    (mishaps.power_goes, 3, "station_kills"),
    (mishaps.power_goes_at_a_write, 6, "station_kills"),
    (mishaps.power_goes_at_a_pulse, 4, "station_kills"),
    (mishaps.card_is_copied, 3, "rollback"),
    (mishaps.old_card_comes_back, 3, "rollback"),
    (mishaps.twin_appears, 2, "clone"),
    (mishaps.month_passes, 2, "months"),
    (mishaps.operator_opens, 6, "commands"),
    (mishaps.orders_overtake, 2, "commands"),
    (mishaps.order_comes_late, 2, "commands"),
    (mishaps.operator_says, 4, "stream"),
    (mishaps.words_get_lost, 2, "stream"),
    (mishaps.counter_asks, 3, "questions"),
    (mishaps.card_is_replaced, 2, "new_cards"),
    (mishaps.person_grants, 4, "new_cards"),
    (mishaps.grant_is_forgotten, 3, "new_cards"),
    (mishaps.door_sticks, 2, "doors"),
    (mishaps.door_is_forced, 1, "doors"),
)
_MENU: Final[tuple[tuple[Kind, int, str], ...]] = (
    *((_kind(happens), weight, group) for happens, weight, group in _MISHAPS),
    *((_port(name, mishap), weight, "devices") for name, weight, mishap in IO_MISHAPS),
)
_PEOPLE: Final = tuple((_careless(name, act), weight) for name, weight, act in CARELESS)
KINDS: Final = (PARCEL, GUESS, PORTS_AIL, *(row[0] for row in _MENU), *(row[0] for row in _PEOPLE))
"""Everything that may happen in a world."""


def menu_of(allowed: Allowed) -> list[tuple[Kind, int]]:
    """What may go wrong, each with its weight."""
    return [(kind, weight) for kind, weight, group in _MENU if not group or getattr(allowed, group)]


def plan(seed: int, allowed: Allowed, length_s: float, parcels: int) -> tuple[Event, ...]:
    """All that happens in the world of a seed within a time, numbered by its moments."""
    stations = 1 + allowed.neighbours
    drawn = [
        *_mishaps(Dice(f"mishaps of {seed}"), allowed, length_s, stations),
        *(
            line
            for village in range(stations)
            for line in _people(
                Dice(f"people of {seed} {village}"), allowed, length_s, parcels, village
            )
        ),
    ]
    drawn.sort(key=lambda line: line[0])
    return tuple(
        Event(number=number, at_s=at_s, kind=kind, village=village)
        for number, (at_s, kind, village) in enumerate(drawn, 1)
    )


_Line = tuple[float, Kind, int]


def _mishaps(dice: Dice, allowed: Allowed, length_s: float, stations: int) -> Iterator[_Line]:
    if allowed.devices:
        yield 0.0, PORTS_AIL, 0
    menu = menu_of(allowed)
    for at_s in _moments(dice, length_s):
        yield at_s, dice.weighted(menu), dice.number(0, stations - 1)


def _moments(dice: Dice, length_s: float) -> Iterator[float]:
    """A short world is one storm; in a long one storms and calm follow each other."""
    short, days = length_s <= HOUR_S, length_s >= DAY_S
    at_s, storm_s = 0.0, length_s if short else dice.between(*_STORM_S)
    while True:
        at_s += dice.between(*_GAP_S)
        if at_s > storm_s:
            calm_s = dice.between(600.0, 3_600.0)
            at_s += calm_s * (6.0 if days else 1.0)
            storm_s = at_s + dice.between(*_STORM_S)
        if at_s >= length_s:
            return
        yield at_s


def _people(
    dice: Dice, allowed: Allowed, length_s: float, parcels: int, village: int
) -> Iterator[_Line]:
    """Parcels all along, fewer at the neighbours', none at night; careless people beside them."""
    share = length_s * 0.6 if length_s <= HOUR_S else length_s  # who comes late wants time, too
    count = parcels if village == 0 else max(1, parcels // 5)
    for number in range(count):
        at_s = (number + dice.between(0.0, 1.0)) * share / count
        guesses, careless = dice.chance(0.2), dice.chance(0.3)
        act = dice.weighted(_PEOPLE)
        if not is_open(at_s):
            continue
        yield at_s, PARCEL, village
        if guesses:
            yield at_s + dice.between(1.0, 60.0), GUESS, village
        if careless and allowed.careless:
            yield at_s + dice.between(1.0, 60.0), act, village


def is_open(at_s: float) -> bool:
    """Whether people come at this moment of a world."""
    return int(BEGINS_AT_HOUR + at_s / HOUR_S) % 24 in OPEN
