"""Scale and card reader of the counter: what the station keeps of one, and asks of the other."""

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from edge.daemon.devices.counter_devices import CounterScale
from hardware.ports import DeviceHealth, Scale, Weight
from hardware.twins.bench import Bench
from hardware.twins.counter.card_reader import CardReaderTwin, LaidCard
from hardware.twins.counter.scale import ScaleMake, ScaleTwin, Talk
from hardware.twins.faults import Faults
from tests.daemon.parts import station_in, until
from tests.daemon.test_wiring import devices, eventually, running
from tests.store.journals import new_journal
from tests.support.station import pingshang

pytestmark = pytest.mark.anyio


class HandScale:
    """A scale whose weights come from the test, told from a thread of its own."""

    def __init__(self) -> None:
        self.present = True
        self.note = ""
        self.reconnects = 0
        self._on_weight: Callable[[Weight], None] | None = None

    def start(self, on_weight: Callable[[Weight], None]) -> None:
        self._on_weight = on_weight

    def lay(self, grams: int) -> None:
        assert self._on_weight is not None
        weight = Weight(grams=grams, net=False)
        thread = threading.Thread(target=self._on_weight, args=(weight,))
        thread.start()
        thread.join()

    def health(self) -> DeviceHealth:
        return DeviceHealth(
            name="scale",
            present=self.present,
            simulated=True,
            note=self.note,
            reconnects=self.reconnects,
        )

    async def aclose(self) -> None:
        self._on_weight = None


def _conforms(scale: HandScale) -> Scale:
    return scale


async def test_a_new_weight_is_kept_and_wakes_the_screens(tmp_path: Path) -> None:
    async with station_in(new_journal(tmp_path)) as rig:
        hand = HandScale()
        scale = CounterScale(rig.station, hand)
        scale.start()
        assert scale.weight() is None
        seen = rig.station.version
        hand.lay(1_235)
        await until(lambda: rig.station.version > seen)
        assert scale.weight() == Weight(grams=1_235, net=False)


async def test_a_weight_is_not_shown_while_the_scale_is_away_or_unwell_or_from_before(
    tmp_path: Path,
) -> None:
    async with station_in(new_journal(tmp_path)) as rig:
        hand = HandScale()
        scale = CounterScale(rig.station, hand)
        scale.start()
        hand.lay(1_235)
        await until(lambda: scale.weight() is not None)
        hand.note = "scale.overload"
        overloaded = scale.weight()
        hand.note, hand.present = "", False
        away = scale.weight()
        hand.present, hand.reconnects = True, 1
        back = scale.weight()
        assert (overloaded, away, back) == (None, None, None)
        hand.lay(1_235)
        await until(lambda: scale.weight() == Weight(grams=1_235, net=False))


async def test_a_weight_after_the_loop_has_ended_is_no_error(tmp_path: Path) -> None:
    hand = HandScale()

    async def a_short_life() -> None:
        async with station_in(new_journal(tmp_path)) as rig:
            CounterScale(rig.station, hand).start()

    await asyncio.to_thread(asyncio.run, a_short_life())
    hand.lay(7)
    assert hand.health().present


async def test_a_station_sees_the_scale_and_the_card_reader_of_its_file_and_reads_no_card(
    tmp_path: Path,
) -> None:
    pingshang(tmp_path / "station", twins=tmp_path / "bench")
    ports = {name: f"twin:{tmp_path}/counter/{name}" for name in ("scale", "card-reader")}
    with (tmp_path / "station" / "station.toml").open("a", encoding="utf-8") as file:
        file.write(
            f'\n[scale]\ndriver = "toledo8217"\nport = "{ports["scale"]}"\n'
            f'\n[card_reader]\nport = "{ports["card-reader"]}"\n'
        )
    faults = Faults(1)
    scale = ScaleTwin(tmp_path / "counter/scale", faults, ScaleMake(talk=Talk.TOLEDO))
    reader = CardReaderTwin(tmp_path / "counter/card-reader", faults)
    with Bench(tmp_path / "bench"):
        scale.cable.start()
        reader.cable.start()
        async with running(tmp_path / "station") as client:

            async def both_there() -> bool:
                found = await devices(client)
                return all(found[name]["present"] for name in ports)

            await eventually(both_there)
            reader.lay(LaidCard(name="张三", number="11010519491231002X"))
            asked = reader.finds
            await until(lambda: reader.finds >= asked + 3)
            assert list(await devices(client))[-2:] == ["scale", "card-reader"]
        scale.cable.close()
        reader.cable.close()
    assert (scale.violations, reader.reads) == ((), 0)
