"""The SSI scanner against its twin, which gives up after three sendings."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from hardware.twins.faults import Fault, Faults
from hardware.twins.scanners.scanner_ssi import ENABLE, PARAM_SEND, START, STOP, SsiScannerTwin
from tests.golden import read_golden
from tests.hardware.driver_peer import BACK_WITHIN_S, Peer
from tests.hardware.scanning import scanning, until, until_is

pytestmark = pytest.mark.anyio
GOLDEN = read_golden("scanner_ssi")
SOON_S = 0.15
"""The scanner's patience for an answer in these tests; 2 s from the factory."""


@contextmanager
def engine(folder: Path, faults: Faults, *, pulled: bool = False) -> Iterator[SsiScannerTwin]:
    twin = SsiScannerTwin(folder / "scanner", faults, pulled=pulled, response_s=SOON_S)
    twin.cable.start()
    try:
        yield twin
    finally:
        twin.cable.close()


async def test_the_scanner_is_told_to_send_packets_and_each_code_is_acknowledged(
    tmp_path: Path,
) -> None:
    with engine(tmp_path, Faults(0)) as twin:
        async with scanning("ssi", f"twin:{tmp_path / 'scanner'}") as (scanner, codes):
            await until(lambda: twin.orders == [PARAM_SEND, ENABLE])
            for text in ("YT7700123456789", "CY1:ABCDEFGH234567"):
                twin.scan(text)
            await until(lambda: len(codes) == 2)
            await until(lambda: twin.acknowledged == 2)
            assert codes == ["YT7700123456789", "CY1:ABCDEFGH234567"]
            assert (twin.sent, twin.given_up) == (2, 0)
            assert (scanner.health().present, scanner.health().bad_frames) == (True, 0)


async def test_copies_after_lost_acknowledgements_count_once_and_the_next_code_is_read(
    tmp_path: Path,
) -> None:
    faults = Faults(0)
    with engine(tmp_path, faults) as twin:
        async with scanning("ssi", f"twin:{tmp_path / 'scanner'}", repeat_ms=0) as (_, codes):
            await until(lambda: twin.orders == [PARAM_SEND, ENABLE])
            faults.switch(Fault.SCANNER_DEAF, on=True)
            twin.scan("YT77")
            await until(lambda: twin.given_up == 1)
            faults.mend_all()
            twin.scan("SF99")
            await until(lambda: twin.acknowledged == 1)
            await until(lambda: len(codes) == 2)
            assert (codes, twin.sent) == (["YT77", "SF99"], 4)


async def test_a_packet_cut_in_half_is_asked_for_again_and_read(tmp_path: Path) -> None:
    asked: list[bytes] = []

    def answer(frame: bytes) -> bytes:
        asked.append(frame)
        return GOLDEN["scanner.code.copy"] if frame == GOLDEN["host.nak_resend"] else b""

    with Peer(tmp_path / "scanner", answer) as peer:
        async with scanning("ssi", peer.port) as (scanner, codes):
            await until(lambda: asked == [GOLDEN["param.packets"]])
            peer.say(GOLDEN["scanner.code"][:6])
            await until(lambda: codes == ["A1"])
            await until(lambda: asked[-1] == GOLDEN["host.ack"])
            assert scanner.health().bad_frames == 1


async def test_a_scanner_that_hears_nothing_is_silent_until_it_answers(tmp_path: Path) -> None:
    faults = Faults(0)
    with engine(tmp_path, faults) as twin:
        faults.switch(Fault.SCANNER_DEAF, on=True)
        async with scanning("ssi", f"twin:{tmp_path / 'scanner'}") as (scanner, codes):
            await until(lambda: scanner.health().note == "device.silent")
            assert not scanner.health().present
            faults.mend_all()
            await until(lambda: scanner.health().present)
            await until(lambda: ENABLE in twin.orders)
            twin.scan("YT77")
            await until(lambda: codes == ["YT77"])


async def test_a_scanner_that_lost_its_power_is_told_everything_again(tmp_path: Path) -> None:
    with engine(tmp_path, Faults(0)) as twin:
        async with scanning("ssi", f"twin:{tmp_path / 'scanner'}") as (scanner, codes):
            await until(lambda: twin.orders == [PARAM_SEND, ENABLE])
            twin.lose_power()
            twin.scan("YT77")  # goes out raw, which nobody can trust
            await until(lambda: twin.packeted)
            twin.scan("SF99")
            await until(lambda: codes == ["SF99"])
            assert scanner.health().bad_frames == 1


async def test_a_scanner_that_reads_only_when_told_is_told_again_and_again(tmp_path: Path) -> None:
    with engine(tmp_path, Faults(0), pulled=True) as twin:
        port = f"twin:{tmp_path / 'scanner'}"
        async with scanning("ssi", port, trigger="zebra") as (_scanner, codes):
            for text in ("YT77", "SF99", "JT30"):
                twin.scan(text)
                await until_is(lambda: codes[-1:], [text])
            assert twin.orders.count(START) >= 3
        await until(lambda: twin.orders[-1] == STOP)
        assert not twin.lit


async def test_no_scan_after_a_replug_is_lost_however_often(tmp_path: Path) -> None:
    with engine(tmp_path, Faults(0)) as twin:
        async with scanning("ssi", f"twin:{tmp_path / 'scanner'}") as (scanner, codes):
            for number in range(3):
                await until_is(lambda: twin.orders.count(ENABLE), number + 1, BACK_WITHIN_S)
                twin.scan(f"YT770012{number}")
                await until_is(lambda: len(codes), number + 1)
                twin.cable.plug(wanted=False)
                await until(lambda: not scanner.health().present)
                twin.lose_power()
                twin.cable.plug(wanted=True)
            assert codes == ["YT7700120", "YT7700121", "YT7700122"]
