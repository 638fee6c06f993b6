"""Each twin alone in its own program, with the driver of the catalogue on its link."""

import asyncio
from collections.abc import Callable
from contextlib import aclosing
from pathlib import Path

import pytest

from edge.tools.lone_twins.lock_board import DRIVERS
from edge.tools.lone_twins.pins import WIRING
from edge.words.voice import CLIPS, clips_of
from hardware.catalogue import (
    CARD_READERS,
    POWERS,
    PRINTERS,
    SCALES,
    SCANNERS,
    SIGNALS,
    VOICES,
    lock_board_kind,
)
from hardware.options import (
    LockBankOptions,
    PortOptions,
    PowerOptions,
    PrinterOptions,
    ScannerOptions,
    SignalsOptions,
    VoiceOptions,
)
from hardware.ports import (
    DoorChange,
    DoorReading,
    IdCard,
    Lamp,
    LockBank,
    Power,
    PowerReading,
    Signals,
    Text,
    Weight,
)
from hardware.twins.lock_board import MAKES
from tests.hardware.driver_peer import wait_until
from tests.tools.twin_terminal import UP_WITHIN_S, Terminal, terminal

pytestmark = pytest.mark.anyio
CITIZEN = "990000198001010012"


async def until(what: Callable[[], bool]) -> None:
    await asyncio.to_thread(wait_until, what)


async def says(twin: Terminal, words: str) -> None:
    """Wait until a line with these words comes."""
    await asyncio.to_thread(twin.until, words)


async def ready(twin: Terminal) -> None:
    """Wait for the greeting; its table has the port in its third line."""
    await asyncio.to_thread(twin.line, UP_WITHIN_S)
    await says(twin, "port =")


def board_options(port: str, make: str) -> LockBankOptions:
    kind = lock_board_kind(DRIVERS[make])
    twin = MAKES[make]
    return LockBankOptions(
        name="lock-board-1",
        port=port,
        baud=kind.baud,
        address=twin.address,
        channels=twin.channels or 0,
        pulse_ms=300,
        closed_bit=twin.closed_bit,
        supply=port,
    )


def test_every_make_of_board_has_its_driver() -> None:
    assert list(DRIVERS) == list(MAKES)


@pytest.mark.parametrize("make", list(DRIVERS))
async def test_a_board_of_each_make_opens_for_its_driver(tmp_path: Path, make: str) -> None:
    link = tmp_path / "board"
    readings: dict[int, DoorReading] = {}

    def hear(change: DoorChange) -> None:
        readings[change.channel] = change.reading

    with terminal("lock-board", "--link", str(link), "--dialect", make) as twin:
        await ready(twin)
        options = board_options(f"twin:{link}", make)
        async with aclosing(lock_board_kind(DRIVERS[make]).make(options)) as bank:
            bank.start(hear)
            await until(lambda: set(readings.values()) == {DoorReading.SHUT})
            await bank.release(2)
            await says(twin, "door 2 is open")
            await until(lambda: readings[2] is DoorReading.OPEN)
            twin.type("2")
            await until(lambda: readings[2] is DoorReading.SHUT)
        assert twin.end() == 0


async def test_a_board_with_other_settings_and_faults_does_as_it_was_told(tmp_path: Path) -> None:
    link = tmp_path / "board"
    readings: dict[int, DoorReading] = {}
    asked = ("--channels", "8", "--address", "3", "--closed-bit", "0", "--baud", "9600")
    with terminal("lock-board", "--link", str(link), *asked, "--fault", "stuck_lock:2") as twin:
        await ready(twin)
        options = LockBankOptions(
            name="lock-board-1",
            port=f"twin:{link}",
            baud=9_600,
            address=3,
            channels=8,
            pulse_ms=100,
            closed_bit=0,
            supply=str(link),
        )
        async with aclosing(lock_board_kind("8a80").make(options)) as bank:
            bank.start(lambda change: readings.update({change.channel: change.reading}))
            await until(lambda: list(readings.values()) == [DoorReading.SHUT] * 8)
            await bank.release(2)
            await says(twin, "lock 2 was driven and did not let go")
            twin.type("fault board_unplugged on")
            await until(lambda: not bank.health().present)
            twin.type("fault board_unplugged off\nfault stuck_lock:2 off")
            await says(twin, "fault stuck_lock:2 is off")
            await until(lambda: bank.health().present)
            twin.type("faults")
            await says(twin, "stuck_lock:DOOR: Lock is stuck")


@pytest.mark.parametrize(
    ("kind", "driver"),
    [("line", "line"), ("ssi", "ssi"), ("keyboard", "hid"), ("camera", "camera")],
)
async def test_a_scanner_of_each_kind_is_read_by_its_driver(
    tmp_path: Path, kind: str, driver: str
) -> None:
    link, codes = tmp_path / "scanner", list[str]()
    with terminal("scanner", "--link", str(link), "--kind", kind) as twin:
        await ready(twin)
        options = ScannerOptions(name="scanner", port=f"twin:{link}", baud=9_600)
        async with aclosing(SCANNERS[driver](options)) as scanner:
            scanner.start(codes.append)
            await until(lambda: scanner.health().present)
            twin.type("YT7700123456789")
            await until(lambda: codes == ["YT7700123456789"])
            twin.type("fault scanner_unplugged on")
            await until(lambda: not scanner.health().present)
            twin.type("fault scanner_unplugged off")
            await until(lambda: scanner.health().present)
            twin.type("scan help")
            await until(lambda: codes[-1] == "help")
        assert twin.end() == 0


@pytest.mark.parametrize(("name", "driver"), [("printer", "escpos"), ("label-printer", "tspl")])
async def test_what_a_driver_prints_becomes_a_picture(
    tmp_path: Path, name: str, driver: str
) -> None:
    link, papers = tmp_path / name, tmp_path / "papers"
    with terminal(name, "--link", str(link), "--papers", str(papers)) as twin:
        await ready(twin)
        options = PrinterOptions(name="printer", port=f"twin:{link}", baud=9_600, dots=384)
        async with aclosing(PRINTERS[driver](options)) as printer:
            await until(lambda: printer.health().present)
            await printer.print_document((Text(text="YT7700123456789"),))
            await says(twin, f"printed {papers}/")
        assert twin.end() == 0
    assert len(list(papers.iterdir())) == 1


@pytest.mark.parametrize("kind", ["continuous", "toledo8217"])
async def test_a_scale_of_each_kind_tells_its_driver_what_lies_on_it(
    tmp_path: Path, kind: str
) -> None:
    link, weights = tmp_path / "scale", list[Weight]()
    with terminal("scale", "--link", str(link), "--kind", kind) as twin:
        await ready(twin)
        options = PortOptions(name="scale", port=f"twin:{link}", baud=9_600)
        async with aclosing(SCALES[kind](options)) as scale:
            scale.start(weights.append)
            twin.type("1250\nheavy\n-3")
            await says(twin, "'heavy': type the grams")
            await says(twin, "'-3': type 0 to")
            await says(twin, "shows 1250 g")
            await until(lambda: weights[-1:] == [Weight(grams=1_250, net=False)])
            twin.type("tare\nfault scale_unsteady on")
            await says(twin, "fault scale_unsteady is on")


async def test_a_card_that_is_laid_on_is_read_and_nothing_of_it_is_printed(tmp_path: Path) -> None:
    link, cards = tmp_path / "reader", list[IdCard]()
    with terminal("card-reader", "--link", str(link), "--baud", "115200") as twin:
        await ready(twin)
        options = PortOptions(name="card-reader", port=f"twin:{link}", baud=115_200)
        async with aclosing(CARD_READERS["sdt"](options)) as reader:
            reader.start(cards.append)
            twin.type(f"lay 990000198001010013 王小明\nlay {CITIZEN}\nlay {CITIZEN} 王小明")
            await says(twin, "the last fits the rest")
            await says(twin, "the last fits the rest")
            await says(twin, "a card lies on the reader")
            assert await asyncio.to_thread(twin.line) == "the card was read"
            await until(lambda: len(cards) == 1)
            twin.type("lift")
            await says(twin, "no card lies on the reader")
    assert (cards[0].name, cards[0].number) == ("王小明", CITIZEN)


async def test_a_ups_tells_of_the_mains_and_of_a_battery_that_runs_down(tmp_path: Path) -> None:
    link, readings = tmp_path / "power", list[PowerReading]()
    with terminal("ups", "--link", str(link), "--battery", "50", "--empties-s", "60") as twin:
        await ready(twin)
        options = PowerOptions(name="power", port=f"twin:{link}", baud=2_400)
        async with aclosing(POWERS["megatec"](options)) as power:
            power.start(readings.append)
            await says(twin, "somebody asks for its status")
            await until(lambda: [one.mains for one in readings] == [True])
            twin.type("out\nbattery full\nbattery 101")
            await says(twin, "mains out, battery at 50 %")
            await says(twin, "'full': type a percentage from 0 to 100")
            await says(twin, "'101': type a percentage from 0 to 100")
            twin.type("battery 15")
            await until(lambda: (readings[-1].mains, readings[-1].low) == (False, True))
            twin.type("back")
            await until(lambda: readings[-1].mains is True)


async def test_a_loudspeaker_prints_the_sentences_that_it_was_given(tmp_path: Path) -> None:
    link = tmp_path / "speaker"
    with terminal("speaker", "--link", str(link)) as twin:
        await ready(twin)
        options = VoiceOptions(name="voice", port=f"twin:{link}", clips=(CLIPS,))
        async with aclosing(VOICES["clips"](options)) as voice:
            voice.say(clips_of("door_open", 12))
            await says(twin, "said 十二号柜门开了，请拿好东西，关上门")


def pin_drivers(port: str) -> tuple[LockBank, Signals, Power]:
    board = LockBankOptions(
        name="lock-board-1",
        port=port,
        baud=9_600,
        address=1,
        channels=4,
        pulse_ms=100,
        closed_bit=0,
        supply=port,
        lock_pins=WIRING.locks,
        door_pins=WIRING.doors,
    )
    signals = SignalsOptions(
        name="signals",
        port=port,
        buzzer_pin=WIRING.buzzer,
        cabinet_pin=WIRING.cabinet_lamp,
        alarm_pin=WIRING.alarm_lamp,
    )
    power = PowerOptions(
        name="power", port=port, baud=0, mains_pin=WIRING.mains, low_pin=WIRING.low
    )
    bank = lock_board_kind("gpio").make(board)
    return bank, SIGNALS["gpio"](signals), POWERS["gpio"](power)


async def test_on_pins_doors_open_lamps_burn_and_the_supply_is_told(tmp_path: Path) -> None:
    link = tmp_path / "pins"
    readings: dict[int, DoorReading] = {}
    supplies: list[PowerReading] = []
    with terminal("pins", "--link", str(link)) as twin:
        await ready(twin)
        bank, signals, power = pin_drivers(f"twin:{link}")
        async with aclosing(bank), aclosing(signals), aclosing(power):
            bank.start(lambda change: readings.update({change.channel: change.reading}))
            power.start(supplies.append)
            signals.light(Lamp.CABINET, on=True)
            await says(twin, "cabinet lamp is lit")
            await until(lambda: set(readings.values()) == {DoorReading.SHUT})
            await bank.release(3)
            await says(twin, "door 3 is open")
            twin.type("put 3 一把伞\ntake 3\n3")
            await says(twin, "taken out: 一把伞")
            await until(lambda: supplies[-1:] != [] and supplies[-1].mains is True)
            twin.type("mains out\nmains gone\nbattery low")
            await says(twin, "type back or out, not 'gone'")
            await until(lambda: (supplies[-1].mains, supplies[-1].low) == (False, True))
            signals.beep(2)
            await says(twin, "beeps:")
        assert twin.end() == 0


async def test_help_lists_what_may_be_typed(tmp_path: Path) -> None:
    with terminal("ups", "--link", str(tmp_path / "power")) as twin:
        await ready(twin)
        twin.type("help\nfault mains_out\nfault rust on\nsing")
        await says(twin, "out                cut the mains")
        await says(twin, "fault NAME on|off  break or mend")
        await says(twin, "type: fault NAME on, or: fault NAME off")
        await says(twin, "this twin has no fault 'rust'; `faults` lists them")
        await says(twin, "'sing' means nothing here; `help` lists what does")
