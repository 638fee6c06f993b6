"""Scale, card reader and UPS: a twin and the driver on it, as one stand for a test."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Protocol

from hardware.catalogue import CARD_READERS, SCALES, choose
from hardware.drivers.house.megatec_power import MegatecPower
from hardware.options import PortOptions, PowerOptions
from hardware.ports import DeviceHealth, PowerReading, Weight
from hardware.twins.counter.card_reader import CardReaderMake, CardReaderTwin, LaidCard
from hardware.twins.counter.scale import ScaleMake, ScaleTwin, Talk
from hardware.twins.faults import UNPLUGGED, Broken, Device, Fault, Faults
from hardware.twins.house.ups import UpsMake, UpsTwin
from tests.hardware.driver_peer import PATIENCE_S, wait_until

NUMBER: Final = "11010519491231002X"
CARD: Final = LaidCard(name="张三", number=NUMBER)
POLL_S: Final = 0.05
"""A UPS is asked more often than in life: a test has no time."""


AnyTwin = ScaleTwin | CardReaderTwin | UpsTwin


class Driver(Protocol):
    """What the three kinds have in common."""

    def start(self, on_news: Callable[[Any], None]) -> None: ...

    def health(self) -> DeviceHealth: ...

    async def aclose(self) -> None: ...


@dataclass(slots=True)
class Stand:
    """`told` is everything that the driver said. `stumble`: its listener has a bug."""

    port: str
    faults: Faults
    twin: Any
    driver: Driver
    told: list[Any] = field(default_factory=list)
    stumble: bool = False

    def hear(self, news: Any) -> None:
        if self.stumble:
            raise ZeroDivisionError
        self.told.append(news)

    async def until(self, what: Callable[[], bool], patience_s: float = PATIENCE_S) -> None:
        await asyncio.to_thread(wait_until, what, patience_s)

    @property
    def note(self) -> str:
        return self.driver.health().note

    @property
    def present(self) -> bool:
        return self.driver.health().present


@asynccontextmanager
async def _standing(
    link: Path, device: Device, faults: Faults, twin: AnyTwin, driver: Driver
) -> AsyncIterator[Stand]:
    def plug(broken: Broken, on: bool) -> None:  # noqa: FBT001 - a listener of Faults
        if broken.fault is UNPLUGGED[device]:
            twin.cable.plug(wanted=not on)

    faults.listen(plug)
    twin.cable.start()
    it = Stand(f"twin:{link}", faults, twin, driver)
    try:
        driver.start(it.hear)
        yield it
    finally:
        await driver.aclose()
        twin.cable.close()


@asynccontextmanager
async def scale_stand(folder: Path, make: ScaleMake | None = None) -> AsyncIterator[Stand]:
    """A scale; ends by looking whether it was asked too often."""
    make = make or ScaleMake(settle_s=0.3)
    faults, link = Faults(24), folder / Device.SCALE
    twin = ScaleTwin(link, faults, make)
    options = PortOptions(name="scale", port=f"twin:{link}", baud=9_600)
    driver = choose(SCALES, make.talk.value)(options)
    async with _standing(link, Device.SCALE, faults, twin, driver) as it:
        yield it
    assert twin.violations == ()


@asynccontextmanager
async def card_stand(folder: Path, make: CardReaderMake | None = None) -> AsyncIterator[Stand]:
    """A card reader; ends by looking whether a card was read without being selected."""
    faults, link = Faults(24), folder / Device.CARD_READER
    twin = CardReaderTwin(link, faults, make)
    options = PortOptions(name="card-reader", port=f"twin:{link}", baud=115_200)
    driver = choose(CARD_READERS, "sdt")(options)
    async with _standing(link, Device.CARD_READER, faults, twin, driver) as it:
        yield it
    assert twin.violations == ()


@asynccontextmanager
async def ups_stand(folder: Path, make: UpsMake | None = None) -> AsyncIterator[Stand]:
    """A UPS, asked every 50 ms."""
    faults, link = Faults(24), folder / Device.UPS
    twin = UpsTwin(link, faults, make)
    options = PowerOptions(name="power", port=f"twin:{link}", baud=2_400)
    driver = MegatecPower(options, every_s=POLL_S)
    async with _standing(link, Device.UPS, faults, twin, driver) as it:
        yield it


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One driver with its twin, for the tests that all must pass.

    `act` makes the driver say `expected`, whatever it has said before.
    """

    stand: Callable[[Path], Any]
    act: Callable[[Any], None]
    said: Callable[[Any], bool]
    silent: Fault
    garbled: Fault
    unplugged: Fault


def _weighs(news: object) -> bool:
    return news == Weight(grams=1_235, net=False)


def _put(twin: ScaleTwin) -> None:
    twin.put(1_235)


def _scale(talk: Talk) -> Kind:
    return Kind(
        stand=lambda folder: scale_stand(folder, ScaleMake(talk=talk, settle_s=0.3)),
        act=_put,
        said=_weighs,
        silent=Fault.SCALE_SILENT,
        garbled=Fault.SCALE_GARBLED,
        unplugged=Fault.SCALE_UNPLUGGED,
    )


KINDS: Final[dict[str, Kind]] = {
    "toledo": _scale(Talk.TOLEDO),
    "continuous": _scale(Talk.CONTINUOUS),
    "card": Kind(
        stand=card_stand,
        act=lambda twin: twin.lay(CARD),
        said=lambda card: (card.name, card.number) == ("张三", NUMBER),
        silent=Fault.CARD_READER_SILENT,
        garbled=Fault.CARD_READER_GARBLED,
        unplugged=Fault.CARD_READER_UNPLUGGED,
    ),
    "ups": Kind(
        stand=ups_stand,
        act=lambda _twin: None,
        said=lambda news: news == PowerReading(mains=True),
        silent=Fault.UPS_SILENT,
        garbled=Fault.UPS_GARBLED,
        unplugged=Fault.UPS_UNPLUGGED,
    ),
}
