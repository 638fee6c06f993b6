"""A lock board's firmware on a table: no cable, and time that passes only when told."""

from typing import Final

from hardware.twins.boards.terminals import Terminals
from hardware.twins.cabinet import Cabinet
from hardware.twins.faults import Faults
from hardware.twins.lock_board import MAKES, BoardMake

QUERIES: Final = {
    "8a80": "80 01 00 33 b2",
    "cu16": "02 00 30 03 35",
    "wkly": "57 4b 4c 59 08 00 84 85",
    "dongcheng": "02 09 01 00 44 01 0f 40 03",
    "winnsen": "90 06 12 01 07 03",
    "modbus": "01 02 00 00 00 08 79 cc",
}
"""A question about all doors, by the first word of a make's name."""


def query_of(name: str) -> str:
    """The question for this make."""
    return QUERIES[name.partition("-")[0]]


class OnTable:
    """A firmware with its terminals and its steel, whose time passes only when told."""

    def __init__(self, make: BoardMake | str) -> None:
        self.make = MAKES[make] if isinstance(make, str) else make
        self.now_s = 100.0
        doors = self.make.channels or 24
        self.faults = Faults(doors)
        self.cabinet = Cabinet(doors, self.faults, clock_s=lambda: self.now_s)
        self.board = Terminals(self.cabinet, self.faults, self.make, lambda: self.now_s)
        self.firmware = self.make.dialect(self.board)

    def ask(self, frame: str) -> str:
        return b"".join(self.firmware.hear(bytes.fromhex(frame))).hex(" ")

    def pass_ms(self, ms: int) -> None:
        """Time in steps of 10 ms, as the real cable lets it pass."""
        for _ in range(ms // 10):
            self.now_s += 0.01
            assert list(self.firmware.tick()) == []

    def pulses(self) -> list[tuple[int, int]]:
        return [(pulse.channel, pulse.length_ms) for pulse in self.cabinet.pulses]

    def stands_open(self, channel: int) -> None:
        self.cabinet.force_open(channel)
