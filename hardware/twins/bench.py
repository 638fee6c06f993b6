"""All twins of one station together: the steel, the board, the scanner and the printer."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Self

from hardware.twins.cabinet import Cabinet, Steel
from hardware.twins.cable import Cable
from hardware.twins.faults import UNPLUGGED, Broken, Device, Faults
from hardware.twins.lock_board import BoardMake, LockBoardTwin
from hardware.twins.printer import PrinterTwin
from hardware.twins.scanner import ScannerTwin


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchMake:
    """What the devices of this bench are like."""

    board: BoardMake = field(default_factory=BoardMake)
    steel: Steel = field(default_factory=Steel)
    dots: int = 384
    suffix: bytes = b"\r\n"


class Bench:
    """Links FOLDER/lock-board, FOLDER/scanner and FOLDER/printer to the twins while it is open.

    Thread-safe. As a context manager it starts and closes itself; `close` raises LawBroken when
    two coils were ever driven at once.
    """

    def __init__(self, folder: Path, channels: int = 24, make: BenchMake | None = None) -> None:
        make = make or BenchMake()
        self.folder: Final = folder
        self.faults: Final = Faults(channels)
        self.cabinet: Final = Cabinet(channels, self.faults, make.steel)
        self.board: Final = LockBoardTwin(
            folder / Device.LOCK_BOARD, self.cabinet, self.faults, make.board
        )
        self.scanner: Final = ScannerTwin(folder / Device.SCANNER, self.faults, make.suffix)
        self.printer: Final = PrinterTwin(folder / Device.PRINTER, self.faults, make.dots)
        self._cables: Final[dict[Device, Cable]] = {
            Device.LOCK_BOARD: self.board.cable,
            Device.SCANNER: self.scanner.cable,
            Device.PRINTER: self.printer.cable,
        }
        self.faults.listen(self._plug)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def start(self) -> None:
        """Make the links; they are there when this returns."""
        for cable in self._cables.values():
            cable.start()

    def close(self) -> None:
        """Remove the links. Raises LawBroken when the law of the coils was broken."""
        for cable in self._cables.values():
            cable.close()
        self.cabinet.judge()

    def port(self, device: Device) -> str:
        """The device's port as station.toml names it."""
        return f"twin:{self.folder.absolute() / device}"

    @property
    def violations(self) -> tuple[str, ...]:
        """Every breach of the law of the coils so far."""
        return self.cabinet.violations

    def _plug(self, broken: Broken, on: bool) -> None:  # noqa: FBT001 - a listener of Faults
        for device, fault in UNPLUGGED.items():
            if broken.fault is fault:
                self._cables[device].plug(wanted=not on)
