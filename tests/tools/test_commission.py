"""`cunyi devices commission`: finds how a cabinet is wired, one door for one Enter."""

import itertools
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from edge.kernel.errors import DeviceGone, StoreError
from edge.settings import read_settings
from edge.store.database import Store
from edge.tools.commissioning import commission as commissioning
from edge.tools.commissioning import rig
from edge.tools.commissioning.commission import (
    CommissionOptions,
    ParcelsInsideError,
    commission,
)
from edge.tools.commissioning.lesson import Place
from tests.store.journals import fill
from tests.support.station import pingshang
from tests.tools.cabinet_person import (
    Keeper,
    Steel,
    banks_on,
    leaves_after,
    not_sent,
    straight,
)

BOARD = """
[[cabinet.boards]]
driver = "8a80"
port = "twin:{port}"
channels = 2            # two doors
first_cell = {first}
pulse_ms = 300
closed_bit = 1          # vendors differ
"""


@pytest.fixture(autouse=True)
def _no_long_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    # Scripted banks tell at once: nothing more can come.
    monkeypatch.setattr(rig, "FIRST_SIGN_S", 0.05)
    monkeypatch.setattr(rig, "LINGER_S", 0.01)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A station with two boards of two doors each."""
    return station_with(tmp_path, boards=2)


def station_with(folder: Path, boards: int) -> Path:
    pingshang(folder)
    file = folder / "station.toml"
    head, _, rest = file.read_text(encoding="utf-8").partition("[cabinet]")
    tables = [BOARD.format(port=folder / f"board-{n}", first=2 * n + 1) for n in range(boards)]
    tail = rest[rest.index("[[scanners]]") :]
    file.write_text(f"{head}[cabinet]\nlarge = [4]\n{''.join(tables)}\n{tail}", encoding="utf-8")
    return folder


def run(folder: Path, person: Keeper, **options: Any) -> int:
    return commission(
        folder, CommissionOptions(**options), person, make_banks=banks_on(person.steel)
    )


def board_of(folder: Path, number: int) -> Any:
    return read_settings(folder).cabinet.boards[number - 1]


def log_of(folder: Path) -> list[dict[str, Any]]:
    text = (folder / "commissioning.log").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def test_a_straight_cabinet_stays_as_it_is_set(folder: Path) -> None:
    before = (folder / "station.toml").read_bytes()
    person = Keeper(Steel(straight(2, 2)))
    assert run(folder, person) == 0
    assert (folder / "station.toml").read_bytes() == before
    assert "The wiring has no faults." in person.heard
    assert person.steel.pulses == [Place(1, 1), Place(1, 2), Place(2, 1), Place(2, 2)]


def test_reversed_bits_and_swapped_cables_are_found_and_written(folder: Path) -> None:
    wires = straight(2, 2)
    wires.turned = frozenset({2})
    wires.doors_of |= {Place(1, 1): (2,), Place(1, 2): (1,)}
    person = Keeper(Steel(wires))
    assert run(folder, person, operator="李师傅") == 0
    first, second = board_of(folder, 1), board_of(folder, 2)
    assert (first.closed_bit, first.cells, first.sensors) == (1, (2, 1), (2, 1))
    assert (second.closed_bit, second.cells, second.sensors) == (0, (), ())
    assert any("Board 2: all doors are shut and look open" in line for line in person.heard)


def test_comments_and_all_other_keys_stay_and_the_old_file_is_kept(folder: Path) -> None:
    before = (folder / "station.toml").read_text(encoding="utf-8")
    wires = straight(2, 2)
    wires.turned = frozenset({1, 2})
    assert run(folder, Keeper(Steel(wires))) == 0
    after = (folder / "station.toml").read_text(encoding="utf-8")
    assert after == before.replace("closed_bit = 1 ", "closed_bit = 0 ")
    (backup,) = folder.glob("station.toml.before-*")
    assert backup.read_text(encoding="utf-8") == before


def test_a_door_on_another_board_gets_its_number_from_the_person(folder: Path) -> None:
    """Whole cables, lock and sensor, are swapped between two boards."""
    wires = straight(2, 2)
    wires.doors_of |= {Place(1, 2): (3,), Place(2, 1): (2,)}
    wires.sensor_of |= {3: Place(1, 2), 2: Place(2, 1)}
    assert run(folder, Keeper(Steel(wires))) == 0
    assert board_of(folder, 1).cells == (1, 3)
    assert board_of(folder, 2).cells == (2, 4)


@pytest.mark.parametrize(
    ("change", "told", "cells"),
    [
        ({"doors_of": {Place(1, 2): (1, 2)}}, "two doors opened at once", (1, 0)),
        ({"doors_of": {Place(1, 2): (1,)}}, "it opens door 1, which board 1 channel 01", (1, 0)),
        ({"doors_of": {Place(1, 2): ()}}, "no door opens. Where no lock hangs", (1, 0)),
        ({"sensor_of": {2: None}}, "door 2 opens, but no sensor moves", None),
        (
            {"sensor_of": {2: Place(2, 2)}},
            "the sensor of door 2 hangs on board 2 channel 02",
            (1, 0),
        ),
        ({"sensor_of": {2: Place(1, 1)}}, "door 2 has the sensor of board 1 channel 01", (1, 0)),
        ({"stays": frozenset({2})}, "door 2, shut again, still looks open", None),
    ],
)
def test_a_fault_of_the_wiring_is_named_with_its_lock(
    folder: Path, change: dict[str, Any], told: str, cells: tuple[int, ...] | None
) -> None:
    wires = straight(2, 2)
    for name, value in change.items():
        setattr(wires, name, getattr(wires, name) | value)
    person = Keeper(Steel(wires))
    assert run(folder, person) == 0
    (mend,) = [line for line in person.heard if line.startswith("To mend: board 1 channel 02: ")]
    assert told in mend
    assert board_of(folder, 1).cells == (cells or ())
    assert told in (folder / "commissioning.html").read_text(encoding="utf-8")


def test_a_cell_that_nothing_opens_any_more_loses_its_size(folder: Path) -> None:
    wires = straight(2, 2)
    wires.doors_of[Place(2, 2)] = ()
    person = Keeper(Steel(wires))
    assert run(folder, person) == 0
    assert read_settings(folder).cabinet.large == ()
    assert any(line.startswith("No lock opens 04 any more") for line in person.heard)


def test_a_coil_is_driven_once_for_each_enter_and_again_only_if_the_person_wants_it(
    folder: Path,
) -> None:
    steel = Steel(straight(2, 2))
    turn = itertools.count()

    def which(_blanks: Mapping[str, str | int]) -> str:
        return "r" if next(turn) == 0 else str(min(steel.open))

    person = Keeper(steel, {"commission.which": which})
    assert run(folder, person) == 0
    assert steel.pulses == [Place(1, 1), Place(1, 1), Place(1, 2), Place(2, 1), Place(2, 2)]
    assert steel.enters == len(steel.pulses)


def test_the_log_names_the_operator_before_a_coil_is_driven(folder: Path) -> None:
    steel = Steel(straight(2, 2))
    lines_at_pulse: list[list[dict[str, Any]]] = []
    drive = steel.drive

    def watched(place: Place) -> None:
        lines_at_pulse.append(log_of(folder))
        drive(place)

    steel.drive = watched  # type: ignore[method-assign] # the cabinet looks into the log itself
    assert run(folder, Keeper(steel)) == 0
    first = lines_at_pulse[0][-1]
    assert (first["operator"], first["what"]) == ("李师傅", "pulse")
    assert (first["board"], first["channel"]) == (1, 1)
    whats = [line["what"] for line in log_of(folder)]
    assert whats == [*["pulse", "opened"] * 4, "written"]


def test_a_pulse_that_was_not_sent_teaches_nothing_and_is_asked_for_again(folder: Path) -> None:
    steel = Steel(straight(2, 2), failures={Place(1, 1): [not_sent()]})
    person = Keeper(steel)
    assert run(folder, person) == 0
    assert any(line.startswith("Nothing was opened: lock-board-1") for line in person.heard)
    assert board_of(folder, 1).cells == ()
    assert steel.pulses.count(Place(1, 1)) == 1


def test_a_pulse_without_an_answer_lets_the_person_look(folder: Path) -> None:
    steel = Steel(straight(2, 2), failures={Place(1, 1): [DeviceGone("not a word")]})
    person = Keeper(steel)
    assert run(folder, person) == 0
    assert any(line.startswith("The lock may have moved") for line in person.heard)
    assert board_of(folder, 1).cells == (0, 2)


@pytest.mark.parametrize("how", [KeyboardInterrupt, None])
def test_an_interrupted_run_leaves_the_settings_alone_and_goes_on_where_it_was(
    folder: Path, how: type[BaseException] | None
) -> None:
    before = (folder / "station.toml").read_bytes()
    wires = straight(2, 2)
    wires.turned = frozenset({2})
    leaving = leaves_after(3) if how is None else leaves_after(3, how)
    first = Keeper(Steel(wires), {"commission.press": leaving})
    assert run(folder, first) == 1
    assert (folder / "station.toml").read_bytes() == before
    second = Keeper(Steel(wires))
    assert run(folder, second) == 0
    assert second.steel.pulses == [Place(2, 2)]
    assert any(line.startswith("Going on: 3 of 4") for line in second.heard)
    assert board_of(folder, 2).closed_bit == 0


def test_whoever_stops_while_the_table_is_written_is_not_told_that_it_is_untouched(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_: object, **_more: object) -> None:
        raise KeyboardInterrupt

    wires = straight(2, 2)
    wires.turned = frozenset({1})
    person = Keeper(Steel(wires))
    monkeypatch.setattr(commissioning, "sheet", stopped)
    assert run(folder, person) == 1
    assert board_of(folder, 1).closed_bit == 0
    assert person.heard[-1].startswith("Stopped, but station.toml was written already.")


def test_each_lock_is_asked_for_with_how_far_the_person_is(folder: Path) -> None:
    person = Keeper(Steel(straight(2, 2)))
    assert run(folder, person) == 0
    presses = [line.partition(" ")[0] for line in person.asked if "Enter = open" in line]
    assert presses == ["[1/4]", "[2/4]", "[3/4]", "[4/4]"]


def test_a_run_after_the_table_was_written_begins_anew(folder: Path) -> None:
    assert run(folder, Keeper(Steel(straight(2, 2)))) == 0
    again = Keeper(Steel(straight(2, 2)))
    assert run(folder, again) == 0
    assert len(again.steel.pulses) == 4


def test_a_board_that_is_away_for_a_moment_is_no_second_sensor(folder: Path) -> None:
    person = Keeper(Steel(straight(2, 2), goes_away=Place(2, 2)))
    assert run(folder, person) == 0
    assert "The wiring has no faults." in person.heard


def test_what_was_learned_of_other_boards_is_not_used(folder: Path) -> None:
    first = Keeper(Steel(straight(2, 2)), {"commission.press": leaves_after(3)})
    assert run(folder, first) == 1
    file = folder / "station.toml"
    file.write_text(file.read_text("utf-8").replace("board-1", "other"), encoding="utf-8")
    second = Keeper(Steel(straight(2, 2)))
    assert run(folder, second) == 0
    assert len(second.steel.pulses) == 4


def test_a_person_who_says_no_changes_nothing(folder: Path) -> None:
    before = (folder / "station.toml").read_bytes()
    wires = straight(2, 2)
    wires.turned = frozenset({1})
    person = Keeper(Steel(wires), {"commission.write": lambda _blanks: ""})
    assert run(folder, person) == 1
    assert (folder / "station.toml").read_bytes() == before
    assert not (folder / "commissioning.html").exists()


def test_a_lock_that_was_skipped_keeps_its_cell_unless_another_has_it(folder: Path) -> None:
    wires = straight(2, 2)
    wires.doors_of[Place(2, 1)] = (1,)
    wires.sensor_of[1] = Place(2, 1)

    def skip_board_1(blanks: Mapping[str, str | int]) -> str:
        return "s" if blanks["board"] == 1 else ""

    person = Keeper(Steel(wires), {"commission.press": skip_board_1})
    assert run(folder, person) == 0
    assert board_of(folder, 1).cells == (0, 2)


def test_a_wrong_answer_opens_nothing_and_is_asked_again(folder: Path) -> None:
    steel = Steel(straight(2, 2))
    words = iter(["what?", "1000", "-1"])

    def which(_blanks: Mapping[str, str | int]) -> str:
        return next(words, str(min(steel.open)))

    presses = iter(["yes", "open"])
    person = Keeper(
        steel,
        {"commission.which": which, "commission.press": lambda _blanks: next(presses, "")},
    )
    assert run(folder, person) == 0
    assert steel.enters == len(steel.pulses) == 4
    assert person.heard.count("A number from 1 to 999, or n, t, r, q.") == 3
    assert person.heard.count("Only Enter, s or q; nothing was opened.") == 2


def test_an_empty_answer_is_no_door_where_no_sensor_has_moved(folder: Path) -> None:
    wires = straight(2, 2)
    wires.doors_of[Place(1, 2)] = ()  # a dead relay
    steel = Steel(wires)
    empty = iter(["", ""])

    def which(_blanks: Mapping[str, str | int]) -> str:
        return str(min(steel.open)) if steel.open else next(empty, "n")

    person = Keeper(steel, {"commission.which": which})
    assert run(folder, person) == 0
    assert board_of(folder, 1).cells == (1, 0)
    assert person.heard.count("A number from 1 to 999, or n, t, r, q.") == 2
    assert any(
        line.startswith("To mend: board 1 channel 02: no door opens") for line in person.heard
    )


def test_the_number_of_a_door_is_never_offered_but_read_off_the_door(folder: Path) -> None:
    person = Keeper(Steel(straight(2, 2)))
    assert run(folder, person) == 0
    questions = {line for line in person.asked if line.startswith("Which door")}
    assert questions == {"Which door has opened? Its number, n = none, t = two, r = once more"}


def test_a_running_daemon_is_not_disturbed(folder: Path) -> None:
    store = Store.open(folder)
    person = Keeper(Steel(straight(2, 2)))
    with pytest.raises(StoreError, match="is held by another cunyi"):
        run(folder, person)
    store.close()
    assert person.steel.pulses == []


def test_doors_with_parcels_behind_them_stay_shut(folder: Path) -> None:
    fill(folder, parcels=2)
    person = Keeper(Steel(straight(2, 2)))
    with pytest.raises(ParcelsInsideError, match="cells 02, 03"):
        run(folder, person)
    assert person.steel.pulses == []
    assert run(folder, person, cells_may_hold_parcels=True) == 0


def test_the_sheet_draws_every_lock_with_its_door_in_both_languages(folder: Path) -> None:
    wires = straight(2, 2)
    wires.turned = frozenset({2})
    wires.doors_of |= {Place(1, 1): (2,), Place(1, 2): (1,)}
    assert run(folder, Keeper(Steel(wires)), operator="<李>") == 0
    page = (folder / "commissioning.html").read_text(encoding="utf-8")
    assert page.count("<rect ") == 4
    assert ">02</text>" in page
    assert "1·01 ⇠02" in page
    assert "坪上村驿 柜门接线表 / Wiring of 坪上村驿" in page
    assert "开门人 &lt;李&gt;" in page
    assert "<script" not in page
