"""Every driver that listens on a line, at work on its twin, and its law: what it may tell of it."""

import asyncio
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, ClassVar, Final

import zxingcpp

from edge.kernel.errors import DeviceGone, DeviceJammed
from edge.tools.workbench.counter import made_up_number
from hardware.catalogue import CARD_READERS, POWERS, PRINTERS, SCALES, SCANNERS
from hardware.drivers.house.megatec_power import MegatecPower
from hardware.options import PortOptions, PowerOptions, PrinterOptions, ScannerOptions
from hardware.ports import PaperState, Qr, Text, Weight
from hardware.twins.counter.card_reader import CardReaderTwin, LaidCard
from hardware.twins.counter.scale import ScaleMake, ScaleTwin, Talk
from hardware.twins.faults import MENU, Device, Fault, Faults, LineFault
from hardware.twins.house.ups import UpsTwin
from hardware.twins.printers.label_printer import LabelPrinterTwin
from hardware.twins.printers.printer import PrinterTwin
from hardware.twins.scanners.scanner import ScannerTwin
from hardware.twins.scanners.scanner_ssi import SsiScannerTwin
from tests.hardware.driver_peer import wait_until

PATIENCE_S: Final = 30.0
UNHEARD: Final = {LineFault.SILENT, LineFault.GARBLED, LineFault.HALF, LineFault.UNPLUGGED}
_NO_CHECKSUM: Final = {LineFault.GARBLED, LineFault.NOISE}
_NOISY_ROUNDS: Final = 40
_POLL_S: Final = 0.05


class Rig(ABC):
    """`told`: all that the driver has told. `rounds`: sayings that show what a fault does."""

    device: ClassVar[Device]
    rounds: ClassVar[int] = 8
    noisy_rounds: ClassVar[int] = _NOISY_ROUNDS
    unheard: ClassVar[set[LineFault]] = UNHEARD
    """The faults that its driver must notice, as it hears nothing sound."""

    def __init__(self, link: Path) -> None:
        self.link = link
        self.port = f"twin:{link}"
        self.faults = Faults(0)
        self.told: list[Any] = []
        self.wrong: LineFault | None = None
        self.twin: Any
        self.driver: Any

    @classmethod
    def faults_of_line(cls) -> dict[LineFault, Fault]:
        """The line faults that the menu has for this device."""
        return {kind.line: kind.fault for kind in MENU if kind.device is cls.device and kind.line}

    async def start(self) -> None:
        """The driver begins, and hears what its device says."""
        self.driver.start(self.told.append)
        await self.until(lambda: self.present)

    def break_line(self, line: LineFault) -> None:
        """From now on this is wrong."""
        self.wrong = line
        self.faults.switch(self.faults_of_line()[line], on=True)

    @abstractmethod
    async def use(self, name: int) -> None:
        """Do what the device is for; `name` tells one use from another."""

    @abstractmethod
    def served(self, name: int) -> bool:
        """Whether the driver has told of that use, and told it right."""

    @abstractmethod
    def false_reports(self) -> list[Any]:
        """What it told and should not have."""

    async def use_broken(self) -> None:
        """Use it while the line is broken, until that has had its effect."""
        before = self.twin.cable.said
        rounds = self.noisy_rounds if self.wrong is LineFault.NOISE else self.rounds
        await self.use(2)
        if self.wrong not in {LineFault.UNPLUGGED, LineFault.RENUMBERED}:
            await self.until(lambda: self.twin.cable.said >= before + rounds)

    async def recover(self) -> None:
        """Until it is well again."""
        await self.until(lambda: (self.present, self.driver.health().note) == (True, ""))

    @property
    def present(self) -> bool:
        return bool(self.driver.health().present)

    async def until(self, what: Callable[[], bool]) -> None:
        await asyncio.to_thread(wait_until, what, PATIENCE_S)


class ScaleRig(Rig):
    """Its law: no weight that never lay on it."""

    device = Device.SCALE
    talk: ClassVar[Talk]

    def __init__(self, link: Path) -> None:
        super().__init__(link)
        self.twin = ScaleTwin(link, self.faults, ScaleMake(talk=self.talk, settle_s=0.3))
        options = PortOptions(name="scale", port=self.port, baud=9_600)
        self.driver = SCALES[self.talk.value](options)
        self._lain = {0}

    async def use(self, name: int) -> None:
        self._lain.add(_grams(name))
        self.twin.put(_grams(name))

    def served(self, name: int) -> bool:
        return Weight(grams=_grams(name), net=False) in self.told

    def false_reports(self) -> list[Any]:
        return [one for one in self.told if one.grams not in self._lain or one.net]


def _grams(name: int) -> int:
    return 1_235 * name


class Toledo(ScaleRig):
    talk = Talk.TOLEDO


class Continuous(ScaleRig):
    talk = Talk.CONTINUOUS
    rounds = 15


class CardReaderRig(Rig):
    """Its law: no card that was not laid on, and each once."""

    device = Device.CARD_READER

    def __init__(self, link: Path) -> None:
        super().__init__(link)
        self.twin = CardReaderTwin(link, self.faults)
        options = PortOptions(name="card-reader", port=self.port, baud=115_200)
        self.driver = CARD_READERS["sdt"](options)
        self._laid: set[str] = set()

    async def use(self, name: int) -> None:
        number = made_up_number(name)
        self._laid.add(number)
        self.twin.lay(LaidCard(name="张三", number=number))
        if not self.faults.active():
            await self.until(lambda: self.served(name))
            await self._lift()

    async def recover(self) -> None:
        self.twin.lift()  # a card that could not be read is let be until then
        await super().recover()
        await self._lift()

    async def _lift(self) -> None:
        """A card counts as lifted after two looks without one."""
        self.twin.lift()
        finds = self.twin.finds
        await self.until(lambda: self.twin.finds > finds + 2)

    def served(self, name: int) -> bool:
        return made_up_number(name) in [card.number for card in tuple(self.told)]

    def false_reports(self) -> list[Any]:
        told = Counter((card.name, card.number) for card in self.told)
        return [
            card for card, times in told.items() if card[1] not in self._laid or times > 1
        ] + list(self.twin.violations)


class UpsRig(Rig):
    """Its law: no outage and no low battery before use 3, which is a real outage."""

    device = Device.UPS

    def __init__(self, link: Path) -> None:
        super().__init__(link)
        self.twin = UpsTwin(link, self.faults)
        options = PowerOptions(name="power", port=self.port, baud=2_400)
        assert isinstance(POWERS["megatec"](options), MegatecPower)
        self.driver = MegatecPower(options, every_s=_POLL_S)  # a test has no time
        self._before_outage: list[Any] = []

    async def use(self, name: int) -> None:
        if name == 3:
            self._before_outage = list(self.told)
            self.faults.switch(Fault.MAINS_OUT, on=True)
            await self.until(lambda: self.told[-1].mains is False)
            self.faults.switch(Fault.MAINS_OUT, on=False)

    def served(self, name: int) -> bool:
        del name  # supplied is supplied
        return bool(self.told) and self.told[-1].mains is True

    def false_reports(self) -> list[Any]:
        return [one for one in self._before_outage if one.mains is False or one.low]


class ScannerRig(Rig):
    """Its law: no code that was never shown, and each once."""

    device = Device.SCANNER
    rounds = noisy_rounds = 1
    driver_name: ClassVar[str]

    def __init__(self, link: Path) -> None:
        super().__init__(link)
        options = ScannerOptions(name="scanner", port=self.port, baud=9_600)
        self.driver = SCANNERS[self.driver_name](options)
        self._shown: set[str] = set()

    async def use(self, name: int) -> None:
        code = _waybill(name)
        self._shown.add(code)
        self.twin.scan(code)

    async def use_broken(self) -> None:
        if self.wrong is LineFault.NOISE:
            for name in range(100, 100 + _NOISY_ROUNDS):
                await self.use(name)
        await super().use_broken()

    def served(self, name: int) -> bool:
        return _waybill(name) in self.told

    def false_reports(self) -> list[Any]:
        told = Counter(self.told)
        return [code for code, times in told.items() if code not in self._shown or times > 1]


def _waybill(name: int) -> str:
    return f"YT77{name:09d}"


class SsiRig(ScannerRig):
    driver_name = "ssi"
    noisy_rounds = _NOISY_ROUNDS

    def __init__(self, link: Path) -> None:
        super().__init__(link)
        self.twin = SsiScannerTwin(link, self.faults)

    async def start(self) -> None:
        await super().start()
        await self.until(lambda: self.twin.packeted)  # before that a code is lost


class LineScannerRig(ScannerRig):
    """Nothing is ever asked of it, so that only an empty port shows.

    Its codes have no check: a wrong byte that is printable makes another code, which nobody on
    the line could tell from a true one. Two wrong bytes are as many as this noise makes in one.
    """

    driver_name = "line"
    unheard: ClassVar[set[LineFault]] = {LineFault.UNPLUGGED}

    def __init__(self, link: Path) -> None:
        super().__init__(link)
        self.twin = ScannerTwin(link, self.faults)

    async def use_broken(self) -> None:
        await super().use_broken()
        if self.wrong is LineFault.HALF:  # what follows at once is taken for the other half
            await self.until(lambda: self.driver.health().bad_frames > 0)

    def false_reports(self) -> list[Any]:
        false = super().false_reports()
        if self.wrong not in _NO_CHECKSUM:
            return false
        return [one for one in false if not any(_alike(one, shown) for shown in self._shown)]


def _alike(code: str, shown: str) -> bool:
    differs = [one for one, other in zip(code, shown, strict=False) if one != other]
    return len(code) == len(shown) and len(differs) <= 2


class PrinterRig(Rig):
    """Its law: each document at most once, and just once when its driver said that it is out.

    A printer that never answers must do, so only one that has answered is missed.
    """

    driver_name: ClassVar[str]

    def __init__(self, link: Path) -> None:
        super().__init__(link)
        options = PrinterOptions(
            name="printer", port=self.port, baud=115_200, dots=384, dots_down=320
        )
        self.driver = PRINTERS[self.driver_name](options)
        self._counted = 0
        self._printed: Counter[str] = Counter()

    async def start(self) -> None:
        pass  # it opens its port when it is asked to print

    async def use(self, name: int) -> None:
        document = (Text(text="村驿"), Qr(data=f"CY1:{name:012d}"))
        try:
            await self.driver.print_document(document)
        except (DeviceGone, DeviceJammed):
            return
        self.told.append(f"CY1:{name:012d}")

    async def use_broken(self) -> None:
        await self.use(2)
        await self.use(20)

    def served(self, name: int) -> bool:
        return f"CY1:{name:012d}" in self.told

    async def recover(self) -> None:
        """Late answers are still on the line, so some documents more may fail."""
        for name in range(100, 120):
            await self.use(name)
            if self.served(name):
                break
        assert await self.driver.paper() is PaperState.OK

    @abstractmethod
    def _papers(self) -> list[Any]: ...

    def false_reports(self) -> list[Any]:
        printed = Counter(
            code.text for paper in self._papers() for code in zxingcpp.read_barcodes(paper)
        )
        missing = [name for name in self.told if name not in printed]
        return missing + [name for name, times in printed.items() if times > 1]


class Receipt(PrinterRig):
    device = Device.PRINTER
    driver_name = "escpos"

    def __init__(self, link: Path) -> None:
        super().__init__(link)
        self.twin = PrinterTwin(link, self.faults)

    def _papers(self) -> list[Any]:
        return list(self.twin.papers)


class Label(PrinterRig):
    device = Device.LABEL_PRINTER
    driver_name = "tspl"

    def __init__(self, link: Path) -> None:
        super().__init__(link)
        self.twin = LabelPrinterTwin(link, self.faults)

    def _papers(self) -> list[Any]:
        return list(self.twin.labels)


RIGS: Final[dict[str, type[Rig]]] = {
    "line": LineScannerRig,
    "ssi": SsiRig,
    "escpos": Receipt,
    "tspl": Label,
    "toledo8217": Toledo,
    "continuous": Continuous,
    "sdt": CardReaderRig,
    "megatec": UpsRig,
}
"""By the names of the drivers in the settings."""


@asynccontextmanager
async def rigged(folder: Path, name: str) -> AsyncIterator[Rig]:
    """A driver on its twin, started."""
    rig = RIGS[name](folder / "device")
    rig.twin.cable.start()
    try:
        await rig.start()
        yield rig
    finally:
        await rig.driver.aclose()
        rig.twin.cable.close()
