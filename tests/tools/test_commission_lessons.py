"""What pulses teach: for any wiring that a table can express, the table is found."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.settings import LockBoardTable
from edge.tools.commissioning.lesson import (
    Conclusion,
    Fault,
    Lesson,
    Move,
    Opened,
    Place,
    conclude,
)
from hardware.ports import DoorReading

CHANNELS = 8


def board(number: int = 1, **more: object) -> LockBoardTable:
    table = {
        "driver": "8a80",
        "port": f"twin:/bench/{number}",
        "channels": CHANNELS,
        "first_cell": (number - 1) * CHANNELS + 1,
        **more,
    }
    return LockBoardTable.model_validate(table)


def move(place: Place, *, turned: bool = False) -> Move:
    """A door opens; on a turned board it looks as if it shut."""
    before, after = DoorReading.SHUT, DoorReading.OPEN
    return Move(place=place, before=after if turned else before, after=before if turned else after)


def lesson(place: Place, cell: int, *moves: Move) -> Lesson:
    opened = Opened.ONE if cell else Opened.NONE
    return Lesson(place=place, opened=opened, cell=cell, moves=moves)


def faults(conclusion: Conclusion) -> list[tuple[Fault, Place]]:
    return [(trouble.fault, trouble.place) for trouble in conclusion.troubles]


def applied(table: LockBoardTable, conclusion: Conclusion, number: int = 1) -> LockBoardTable:
    """The board as station.toml has it afterwards; refuses what the settings refuse."""
    plan = conclusion.boards[number - 1]
    return LockBoardTable.model_validate(
        {**table.model_dump(), "closed_bit": plan.closed_bit, "cells": plan.cells}
        | {"sensors": plan.sensors}
    )


_ORDER = st.permutations(range(1, CHANNELS + 1))


@given(_ORDER, _ORDER, st.booleans(), st.sets(st.integers(1, CHANNELS)), st.integers(0, 1))
def test_any_order_of_cables_and_either_polarity_is_learned(
    locks: Sequence[int],
    sensors: Sequence[int],
    turned: bool,  # noqa: FBT001 - drawn by hypothesis
    dead: set[int],
    closed_bit: int,
) -> None:
    """Channel n drives door locks[n-1]; door d is seen on channel sensors[d-1]."""
    table = board(closed_bit=closed_bit)
    lessons = []
    for channel, door in enumerate(locks, start=1):
        place = Place(1, channel)
        if channel in dead:
            lessons.append(lesson(place, 0))
        else:
            seen = Place(1, sensors[door - 1])
            lessons.append(lesson(place, 100 + door, move(seen, turned=turned)))
    conclusion = conclude([table], lessons)
    after = applied(table, conclusion)
    living = {n: 100 + door for n, door in enumerate(locks, start=1) if n not in dead}
    assert after.cell_of() == living
    assert after.cell_seen_on() == {sensors[cell - 101]: cell for cell in living.values()}
    assert after.closed_bit == (closed_bit ^ int(turned) if living else closed_bit)
    assert {fault for fault, _ in faults(conclusion)} <= {Fault.NO_DOOR}


def test_the_polarity_of_each_board_is_its_own() -> None:
    boards = [board(1), board(2)]
    conclusion = conclude(
        boards,
        [
            lesson(Place(1, 1), 1, move(Place(1, 1))),
            lesson(Place(2, 1), 9, move(Place(2, 1), turned=True)),
        ],
    )
    assert [plan.closed_bit for plan in conclusion.boards] == [1, 0]


def test_one_sensor_that_means_the_opposite_of_the_others_is_named_and_outvoted() -> None:
    lessons = [
        lesson(Place(1, n), n, move(Place(1, n), turned=n == 2)) for n in range(1, CHANNELS + 1)
    ]
    conclusion = conclude([board()], lessons)
    assert conclusion.boards[0].closed_bit == 1
    assert faults(conclusion) == [(Fault.MIXED_POLARITY, Place(1, 2))]


def test_a_sensor_that_moves_without_a_door_puts_its_lock_out_of_use() -> None:
    conclusion = conclude([board()], [lesson(Place(1, 3), 0, move(Place(1, 5)))])
    assert faults(conclusion) == [(Fault.GHOST, Place(1, 3))]
    assert conclusion.troubles[0].other == Place(1, 5)
    assert conclusion.boards[0].cells[2] == 0


def test_two_sensors_that_move_for_one_door_put_its_lock_out_of_use() -> None:
    moves = (move(Place(1, 3)), move(Place(2, 3)))
    conclusion = conclude([board(1), board(2)], [lesson(Place(1, 3), 3, *moves)])
    assert faults(conclusion) == [(Fault.MANY_SENSORS, Place(1, 3))]
    assert conclusion.troubles[0].other == Place(2, 3)
    assert conclusion.boards[0].cells[2] == 0


def test_a_ghost_says_nothing_about_polarity() -> None:
    ghost = lesson(Place(1, 1), 0, move(Place(1, 2), turned=True))
    assert conclude([board()], [ghost]).boards[0].closed_bit == 1


@pytest.mark.parametrize("sensors", [(), (2, 1, 3, 4, 5, 6, 7, 8)])
def test_what_was_not_tried_stays_as_it_is_set(sensors: tuple[int, ...]) -> None:
    table = board(cells=(5, 6, 7, 8, 0, 1, 2, 3), sensors=sensors)
    after = applied(table, conclude([table], []))
    assert after.cell_of() == table.cell_of()
    assert after.cell_seen_on() == table.cell_seen_on()


def test_a_sensor_that_a_tried_lock_has_taken_makes_the_others_move_up() -> None:
    conclusion = conclude([board()], [lesson(Place(1, 1), 1, move(Place(1, 4)))])
    after = applied(board(), conclusion)
    assert after.sensors == (4, 2, 3, 1, 5, 6, 7, 8)
