"""All twins of one station together: the steel, the boards, and what stands on the counter."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Final, Protocol, Self, TypeVar

from edge.words.voice import CLIPS
from hardware.twins.boards.bus import Bus
from hardware.twins.boards.make import BoardMake, Wiring
from hardware.twins.boards.makes import faults_of
from hardware.twins.cabinet import Cabinet, Steel
from hardware.twins.cable import Cable
from hardware.twins.counter.card_reader import CardReaderMake, CardReaderTwin
from hardware.twins.counter.scale import ScaleMake, ScaleTwin
from hardware.twins.faults import MENU, Broken, Device, Fault, FaultKind, Faults
from hardware.twins.house.speaker import SpeakerTwin
from hardware.twins.house.ups import UpsMake, UpsTwin
from hardware.twins.lock_board import LockBoardTwin
from hardware.twins.pins import PinTwin, PinWiring
from hardware.twins.printers.label_printer import LabelPrinterTwin
from hardware.twins.printers.printer import PrinterTwin
from hardware.twins.scanners.scanner import ScannerTwin


class Plug(Protocol):
    """What leads to a twin: a cable, or what stands in the place of one."""

    def start(self) -> None:
        """Plug in."""

    def plug(self, *, wanted: bool) -> None:
        """Pull the plug or put it back."""

    def close(self) -> None:
        """Unplug for good."""


class _Plugged(Protocol):
    @property
    def cable(self) -> Plug:
        """Its own."""


_Make = TypeVar("_Make")
_Twin = TypeVar("_Twin", bound=_Plugged)


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelMake:
    """`odd_lid`: a clone that says "jam" and "no label" too while only its lid is open."""

    odd_lid: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchMake:
    """What the devices of this bench are like. `boards` where there are several, else `board`.

    From `scale` on a device is there only where its make is named; `speaker` is the folder of
    the clips that it knows.
    """

    board: BoardMake = field(default_factory=BoardMake)
    boards: tuple[BoardMake, ...] = ()
    steel: Steel = field(default_factory=Steel)
    dots: int = 384
    suffix: bytes = b"\r\n"
    scale: ScaleMake | None = None
    power: UpsMake | None = None
    speaker: Path | None = None
    card_reader: CardReaderMake | None = None
    pins: PinWiring | None = None
    label_printer: LabelMake | None = None


EVERYTHING: Final = BenchMake(
    scale=ScaleMake(),
    power=UpsMake(),
    speaker=CLIPS,
    card_reader=CardReaderMake(),
    pins=PinWiring(buzzer=18, cabinet_lamp=23, alarm_lamp=24),
    label_printer=LabelMake(),
)
"""One of each device that there is."""


class Bench:
    """Links FOLDER/lock-board, lock-board-2 ..., scanner, printer ... to the twins while open.

    The names of the links are those of Device. `channels` are the doors of the cabinet, which all
    boards share. `faults` breaks everything but further boards; each of those has faults of its own
    (`boards[1].faults`), of which those of a single door do nothing.

    Thread-safe. As a context manager it starts and closes itself; `close` raises LawBroken when
    the law of the coils was ever broken.
    """

    def __init__(self, folder: Path, channels: int = 24, make: BenchMake | None = None) -> None:
        make = make or BenchMake()
        self.folder: Final = folder
        self.faults: Final = Faults(channels)
        self.cabinet: Final = Cabinet(channels, self.faults, make.steel)
        self._cables: Final[dict[str, Plug]] = {}
        self.boards: Final = self._wire(make.boards or (make.board,))
        self.board: Final = self.boards[0]
        self.scanner: Final = ScannerTwin(folder / Device.SCANNER, self.faults, make.suffix)
        self.printer: Final = PrinterTwin(folder / Device.PRINTER, self.faults, make.dots)
        self.join(Device.SCANNER, self.scanner.cable)
        self.join(Device.PRINTER, self.printer.cable)
        self.label_printer: Final = self._add(
            Device.LABEL_PRINTER, make.label_printer, _label_printer
        )
        self.speaker: Final = self._add(Device.SPEAKER, make.speaker, SpeakerTwin)
        self.scale: Final = self._add(Device.SCALE, make.scale, ScaleTwin)
        self.card_reader: Final = self._add(Device.CARD_READER, make.card_reader, CardReaderTwin)
        self.power: Final = self._add(Device.UPS, make.power, UpsTwin)
        self.pins: Final = self._add(Device.PINS, make.pins, self._pins)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def join(self, name: str, cable: Plug) -> None:
        """One device more. Before `start`."""
        self._cables[name] = cable

    def start(self) -> None:
        """Make the links; they are there when this returns."""
        for cable in self._cables.values():
            cable.start()

    def close(self) -> None:
        """Remove the links. Raises LawBroken when the law of the coils was broken."""
        for cable in self._cables.values():
            cable.close()
        self.cabinet.judge()

    def port(self, device: str) -> str:
        """The port of a device, by the name of its link, as station.toml names it."""
        return f"twin:{self.folder.absolute() / device}"

    @property
    def cables(self) -> Mapping[str, Plug]:
        """Every cable by the name of its link."""
        return MappingProxyType(self._cables)

    @property
    def menu(self) -> tuple[FaultKind, ...]:
        """The faults that the devices of this bench can have, in the menu's order."""
        of_board = faults_of(self.board.make)
        return tuple(
            kind
            for kind in MENU
            if kind.device in self._cables
            and (kind.device is not Device.LOCK_BOARD or kind.fault in of_board)
        )

    @property
    def violations(self) -> tuple[str, ...]:
        """Every breach of the law of the coils so far."""
        return self.cabinet.violations

    def _add(
        self, device: Device, make: _Make | None, build: Callable[[Path, Faults, _Make], _Twin]
    ) -> _Twin | None:
        """A device that not every station has."""
        if make is None:
            return None
        twin = build(self.folder / device, self.faults, make)
        self.join(device, twin.cable)
        return twin

    def _pins(self, link: Path, faults: Faults, wiring: PinWiring) -> PinTwin:
        return PinTwin(link, self.cabinet, faults, wiring)

    def _wire(self, makes: tuple[BoardMake, ...]) -> tuple[LockBoardTwin, ...]:
        """Each board on its cable, its channels on the doors behind those of the one before."""
        boards: list[LockBoardTwin] = []
        buses: dict[str, Bus] = {}
        first_door = 1
        for number, make in enumerate(makes, start=1):
            name = make.link or (f"{Device.LOCK_BOARD}-{number}" if boards else Device.LOCK_BOARD)
            if name not in buses:
                buses[name] = Bus(self.folder / name, make.baud, make.noise_seed)
                self.join(name, buses[name].cable)
            channels = make.channels or self.cabinet.channels - first_door + 1
            wiring = make.wiring or Wiring.straight(channels, self.cabinet.channels, first_door)
            first_door += channels
            wired = replace(make, channels=channels, wiring=wiring)
            faults = Faults(self.cabinet.channels) if boards else self.faults
            faults.listen(_plug_of(buses[name].cable))
            boards.append(LockBoardTwin(buses[name], self.cabinet, faults, wired))
        return tuple(boards)


def _label_printer(link: Path, faults: Faults, make: LabelMake) -> LabelPrinterTwin:
    return LabelPrinterTwin(link, faults, odd_lid=make.odd_lid)


def _plug_of(cable: Cable) -> Callable[[Broken, bool], None]:
    """What a board's faults do to its plug."""

    def plug(broken: Broken, on: bool) -> None:  # noqa: FBT001 - a listener of Faults
        if broken.fault is Fault.BOARD_UNPLUGGED:
            cable.plug(wanted=not on)
        elif broken.fault is Fault.BOARD_RENUMBERED and on:
            cable.renumber()

    return plug
