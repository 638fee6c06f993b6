"""`cunyi twin lock-board`: any make of board with its cabinet."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Final

from edge.kernel.errors import ConfigError
from edge.tools.lone_twins.doors import DoorsAlone
from edge.tools.lone_twins.terminal import LoneTwin, menu_of, table_of
from hardware.catalogue import LockBoardKind, lock_board_kind
from hardware.twins.cabinet import Cabinet
from hardware.twins.faults import Broken, Device, Fault, Faults
from hardware.twins.lock_board import MAKES, BoardMake, LockBoardTwin, faults_of

DRIVERS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "8a80": "8a80",
        "8a80-reversed": "8a80",
        "8a80-telling": "8a80",
        "8a80-small": "8a80",
        "8a80-large": "8a80",
        "cu16": "cu16",
        "cu16-mute": "cu16",
        "wkly": "wkly",
        "wkly-telling": "wkly",
        "dongcheng": "dongcheng",
        "winnsen": "winnsen",
        "modbus": "modbus_coils",
        "modbus-waveshare": "modbus_flash",
        "modbus-eletechsup": "modbus_coils",
    }
)
"""The driver in station.toml that each make needs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardWishes:
    """What was asked for on the command line; None is as the board leaves the factory.

    `baud`: the pace of its bytes, None at once.
    """

    dialect: str = "8a80"
    channels: int | None = None
    address: int | None = None
    closed_bit: int | None = None
    baud: int | None = None


def run_lock_board(link: Path, wishes: BoardWishes, broken: tuple[str, ...] = ()) -> None:
    """A lock board with its cabinet until a signal. A typed number pushes that door shut.

    Raises ConfigError, and at the end LawBroken when two locks were driven at once.
    """
    driver, make = _made(wishes)
    channels = make.channels or 0
    faults = Faults(channels)
    cabinet = Cabinet(channels, faults)
    twin = LockBoardTwin(link, cabinet, faults, make)
    faults.listen(_renumber(twin))
    doors = DoorsAlone(cabinet)
    keys = {"address": make.address, "channels": channels, "closed_bit": make.closed_bit}
    LoneTwin(
        name=f"{wishes.dialect} lock board",
        link=link,
        plug=twin.cable,
        table=table_of("[[cabinet.boards]]", link, driver, **keys),
        faults=faults,
        menu=menu_of(Device.LOCK_BOARD, only=faults_of(make)),
        hint=f"Type 3 to push door 3 of {channels} shut",
        commands=doors.commands,
        plain=doors.push,
        look=doors.look,
    ).run(broken)
    cabinet.judge()


def _made(wishes: BoardWishes) -> tuple[str, BoardMake]:
    if wishes.dialect not in DRIVERS:
        known = "Known: " + ", ".join(DRIVERS)
        raise ConfigError("command line", "--dialect", f"there is no {wishes.dialect!r}", known)
    driver = DRIVERS[wishes.dialect]
    made = MAKES[wishes.dialect]
    _check(wishes, lock_board_kind(driver))
    return driver, replace(
        made,
        channels=made.channels if wishes.channels is None else wishes.channels,
        address=made.address if wishes.address is None else wishes.address,
        closed_bit=made.closed_bit if wishes.closed_bit is None else wishes.closed_bit,
        baud=wishes.baud,
    )


def _check(wishes: BoardWishes, kind: LockBoardKind) -> None:
    if wishes.channels is not None and wishes.channels not in kind.channels:
        fix = f"Use {_listed(sorted(kind.channels))}"
        problem = f"{wishes.channels} locks fit no {wishes.dialect} board"
        raise ConfigError("command line", "--channels", problem, fix)
    if wishes.address is not None and wishes.address not in kind.addresses:
        fix = f"Use {kind.addresses[0]} to {kind.addresses[-1]}"
        problem = f"a {wishes.dialect} board has no address {wishes.address}"
        raise ConfigError("command line", "--address", problem, fix)


def _listed(numbers: Sequence[int]) -> str:
    if len(numbers) == numbers[-1] - numbers[0] + 1:
        return f"{numbers[0]} to {numbers[-1]}"
    return ", ".join(str(one) for one in numbers)


def _renumber(twin: LockBoardTwin) -> Callable[[Broken, bool], None]:
    def changed(broken: Broken, on: bool) -> None:  # noqa: FBT001 - a listener of Faults
        if on and broken.fault is Fault.BOARD_RENUMBERED:
            twin.cable.renumber()

    return changed
