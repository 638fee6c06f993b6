"""What scale, card reader and UPS drivers must all do, each on its twin."""

from pathlib import Path

import pytest

from hardware.byte_channel import open_channel
from hardware.catalogue import CARD_READERS, POWERS, SCALES
from hardware.drivers.port_thread import put
from hardware.options import PortOptions, PowerOptions
from hardware.twins.faults import Fault
from tests.hardware.counter_bench import KINDS, Kind
from tests.hardware.driver_peer import BACK_WITHIN_S, PATIENCE_S, Peer

pytestmark = pytest.mark.anyio
every_kind = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)


@every_kind
async def test_what_happens_on_the_counter_is_told(tmp_path: Path, kind: Kind) -> None:
    async with kind.stand(tmp_path) as it:
        kind.act(it.twin)
        await it.until(lambda: any(map(kind.said, it.told)))
        assert (it.present, it.note, it.driver.health().simulated) == (True, "", True)


@every_kind
async def test_unplugged_and_plugged_in_again_it_works_without_a_restart(
    tmp_path: Path, kind: Kind
) -> None:
    async with kind.stand(tmp_path) as it:
        kind.act(it.twin)
        await it.until(lambda: any(map(kind.said, it.told)))
        it.faults.switch(kind.unplugged, on=True)
        await it.until(lambda: it.note == "device.missing")
        assert not it.present
        it.told.clear()
        it.faults.mend_all()
        kind.act(it.twin)
        await it.until(lambda: any(map(kind.said, it.told)), BACK_WITHIN_S)
        assert (it.present, it.note, it.driver.health().reconnects) == (True, "", 1)


@every_kind
async def test_a_silent_device_is_not_there_until_it_speaks(tmp_path: Path, kind: Kind) -> None:
    async with kind.stand(tmp_path) as it:
        it.faults.switch(kind.silent, on=True)
        await it.until(lambda: it.note == "device.silent")
        assert not it.present
        it.told.clear()
        it.faults.mend_all()
        kind.act(it.twin)
        await it.until(lambda: any(map(kind.said, it.told)))
        assert (it.present, it.note) == (True, "")


@pytest.mark.slow
@every_kind
async def test_a_garbled_device_says_nothing_that_is_believed(tmp_path: Path, kind: Kind) -> None:
    async with kind.stand(tmp_path) as it:
        it.faults.switch(kind.garbled, on=True)
        await it.until(lambda: it.note == "device.noisy")
        it.told.clear()
        kind.act(it.twin)
        counted = it.driver.health().bad_frames
        await it.until(lambda: it.driver.health().bad_frames > counted + 1)
        assert not any(map(kind.said, it.told))
        assert counted >= 3
        it.faults.mend_all()
        await it.until(lambda: any(map(kind.said, it.told)))
        assert (it.present, it.note) == (True, "")


@every_kind
async def test_closing_frees_the_port_at_once(tmp_path: Path, kind: Kind) -> None:
    async with kind.stand(tmp_path) as it:
        await it.until(lambda: it.present)
        await it.driver.aclose()
        assert not it.present
        open_channel(it.port, 9_600).close()


async def test_an_answer_that_comes_late_is_not_taken_for_that_of_the_next_question(
    tmp_path: Path,
) -> None:
    with Peer(tmp_path / "device", lambda question: b"fresh " + question) as peer:
        channel = open_channel(peer.port, 9_600)
        peer.say(b"stale")
        put(channel, b"W")
        assert channel.read(PATIENCE_S) == b"fresh W"
        channel.close()


async def test_a_driver_that_was_never_started_can_be_closed() -> None:
    plain = PortOptions(name="one", port="/dev/nowhere", baud=9_600)
    power = PowerOptions(name="one", port="/dev/nowhere", baud=9_600)
    drivers = [make(plain) for table in (SCALES, CARD_READERS) for make in table.values()]
    for driver in (*drivers, POWERS["megatec"](power)):
        await driver.aclose()
        assert (driver.health().present, driver.health().note) == (False, "device.missing")


@every_kind
async def test_a_driver_whose_thread_failed_says_so(tmp_path: Path, kind: Kind) -> None:
    async with kind.stand(tmp_path) as it:
        it.stumble = True
        kind.act(it.twin)
        if kind is KINDS["ups"]:  # all was well and told; only news make it speak again
            it.faults.switch(Fault.MAINS_OUT, on=True)
        await it.until(lambda: it.driver.health().failure is not None)
        assert it.note == "device.failed"
        assert isinstance(it.driver.health().failure, ZeroDivisionError)
        await it.until(lambda: not it.present)
        open_channel(it.port, 9_600).close()


@every_kind
async def test_a_driver_that_failed_is_served_anew_after_a_while(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: Kind
) -> None:
    monkeypatch.setattr("hardware.drivers.port_thread.FIRST_AMENDS_S", 0.2)
    async with kind.stand(tmp_path) as it:
        it.stumble = True
        kind.act(it.twin)
        if kind is KINDS["ups"]:  # all was well and told; only news make it speak again
            it.faults.switch(Fault.MAINS_OUT, on=True)
        await it.until(lambda: it.driver.health().failure is not None)
        it.stumble = False
        it.faults.mend_all()
        it.told.clear()
        kind.act(it.twin)
        await it.until(lambda: any(map(kind.said, it.told)))
        assert (it.present, it.note, it.driver.health().failure) == (True, "", None)


async def test_closing_does_not_wait_for_a_driver_to_be_served_anew(tmp_path: Path) -> None:
    kind = KINDS["card"]
    async with kind.stand(tmp_path) as it:
        it.stumble = True
        kind.act(it.twin)
        await it.until(lambda: it.driver.health().failure is not None)
        await it.driver.aclose()
        assert it.note == "device.failed"
