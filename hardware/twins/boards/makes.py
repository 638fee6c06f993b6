"""The lock boards that there are twins of, and which faults each can have."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from hardware.twins.boards.dongcheng import Dongcheng
from hardware.twins.boards.kerong_cu16 import KerongCu16
from hardware.twins.boards.make import BoardMake
from hardware.twins.boards.modbus_relays import EletechsupRelays, ModbusRelays, WaveshareRelays
from hardware.twins.boards.winnsen import Winnsen
from hardware.twins.boards.wkly import Wkly
from hardware.twins.faults import MENU, Device, Fault

MAKES: Final[Mapping[str, BoardMake]] = MappingProxyType(
    {
        "8a80": BoardMake(channels=24),
        "8a80-reversed": BoardMake(channels=24, closed_bit=0),
        "8a80-telling": BoardMake(channels=24, unsolicited=True),
        "8a80-small": BoardMake(channels=8),
        "8a80-large": BoardMake(channels=50),
        "cu16": BoardMake(dialect=KerongCu16, channels=16, address=0),
        "cu16-mute": BoardMake(dialect=KerongCu16, channels=16, address=0, answers_unlock=False),
        "wkly": BoardMake(dialect=Wkly, channels=24, address=0),
        "wkly-telling": BoardMake(dialect=Wkly, channels=24, address=0, unsolicited=True),
        "dongcheng": BoardMake(dialect=Dongcheng, channels=40),
        "winnsen": BoardMake(dialect=Winnsen, channels=16, closed_bit=0, cooldown_ms=15_000),
        "modbus": BoardMake(dialect=ModbusRelays, channels=8),
        "modbus-waveshare": BoardMake(dialect=WaveshareRelays, channels=8),
        "modbus-eletechsup": BoardMake(dialect=EletechsupRelays, channels=8),
    }
)
"""As they leave the factory, by a name for a test or a command line."""

_SEEN_BY_A_CHECK: Final = frozenset({Fault.BOARD_GARBLED, Fault.BOARD_BIT_ERRORS})
"""Without a checksum these are not faults that anybody could notice, but lies."""


def faults_of(make: BoardMake) -> tuple[Fault, ...]:
    """The faults of the menu that a board of this make can have, in the menu's order."""
    cannot = set(() if make.dialect.CHECKED else _SEEN_BY_A_CHECK)
    if make.echo:
        cannot.add(Fault.BOARD_ECHO)  # it has it from the factory
    return tuple(
        kind.fault for kind in MENU if kind.device is Device.LOCK_BOARD and kind.fault not in cannot
    )
