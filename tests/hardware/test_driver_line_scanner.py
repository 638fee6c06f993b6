"""The line scanner on a pty."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from edge.kernel.errors import ConfigError
from hardware.byte_channel import open_channel
from hardware.catalogue import SCANNERS, choose
from hardware.options import ScannerOptions
from hardware.twins.faults import Fault, Faults
from hardware.twins.scanners.scanner import ScannerTwin
from tests.golden import read_golden
from tests.hardware.driver_peer import BACK_WITHIN_S, Peer
from tests.hardware.scanning import scanning, until, until_is

pytestmark = pytest.mark.anyio
GOLDEN = read_golden("scanner_triggers")


def dumb(_frame: bytes) -> bytes:
    return b""


@contextmanager
def gun(
    folder: Path, faults: Faults | None = None, suffix: bytes = b"\r\n", trigger: str = ""
) -> Iterator[ScannerTwin]:
    twin = ScannerTwin(folder / "scanner", faults or Faults(0), suffix, trigger)
    twin.cable.start()
    try:
        yield twin
    finally:
        twin.cable.close()


async def test_codes_arrive_in_order_whatever_their_suffix(tmp_path: Path) -> None:
    with Peer(tmp_path / "scanner", dumb) as peer:
        async with scanning("line", peer.port) as (scanner, codes):
            await until(lambda: scanner.health().present)
            for piece in (b"YT77", b"00123\r", b"\nSF99\tJD1\n"):
                peer.say(piece)
            await until(lambda: len(codes) == 3)
            assert codes == ["YT7700123", "SF99", "JD1"]
            assert scanner.health().simulated


async def test_half_binary_and_oversized_codes_are_counted_and_the_next_one_is_read(
    tmp_path: Path,
) -> None:
    with Peer(tmp_path / "scanner", dumb) as peer:
        async with scanning("line", peer.port) as (scanner, codes):
            await until(lambda: scanner.health().present)
            peer.say(b"\x00\xff\x1b@\r" + b"A" * 2_000 + b"\rYT77")
            await until(lambda: scanner.health().bad_frames == 3)
            peer.say(b"SF99\r\n")
            await until(lambda: codes == ["SF99"])
            assert (scanner.health().bad_frames, scanner.health().note) == (3, "")


@pytest.mark.parametrize(
    ("fault", "bad"), [(Fault.SCANNER_HALF, 1), (Fault.SCANNER_BINARY, 1), (None, 0)]
)
async def test_a_spoilt_code_is_counted_and_not_handed_on(
    tmp_path: Path, fault: Fault | None, bad: int
) -> None:
    faults = Faults(0)
    with gun(tmp_path, faults) as twin:
        async with scanning("line", f"twin:{tmp_path / 'scanner'}") as (scanner, codes):
            await until(lambda: scanner.health().present)
            if fault is not None:
                faults.switch(fault, on=True)
                twin.scan("YT7700123")
                await until(lambda: scanner.health().bad_frames == bad)
                faults.mend_all()
            twin.scan("SF99")
            await until(lambda: codes == ["SF99"])
            assert scanner.health().bad_frames == bad


async def test_the_same_code_twice_in_a_moment_counts_once(tmp_path: Path) -> None:
    faults = Faults(0)
    with gun(tmp_path, faults) as twin:
        faults.switch(Fault.SCANNER_DOUBLE, on=True)
        async with scanning("line", f"twin:{tmp_path / 'scanner'}") as (scanner, codes):
            await until(lambda: scanner.health().present)
            for text in ("YT1", "SF2", "YT1"):
                twin.scan(text)
            await until(lambda: len(codes) >= 3)
            assert codes == ["YT1", "SF2", "YT1"]
            assert scanner.health().bad_frames == 0


async def test_without_a_repeat_window_every_reading_counts(tmp_path: Path) -> None:
    faults = Faults(0)
    with gun(tmp_path, faults) as twin:
        faults.switch(Fault.SCANNER_DOUBLE, on=True)
        port = f"twin:{tmp_path / 'scanner'}"
        async with scanning("line", port, repeat_ms=0) as (scanner, codes):
            await until(lambda: scanner.health().present)
            twin.scan("YT1")
            await until(lambda: codes == ["YT1", "YT1"])


async def test_a_scanner_without_suffix_says_so_until_it_is_set_right(tmp_path: Path) -> None:
    with gun(tmp_path, suffix=b"") as twin:
        async with scanning("line", f"twin:{tmp_path / 'scanner'}") as (scanner, codes):
            await until(lambda: scanner.health().present)
            for number in (1, 2):
                twin.scan(f"YT770012{number}")
                await until_is(lambda: scanner.health().bad_frames, number)
            await until(lambda: scanner.health().note == "scanner.no_suffix")
            assert scanner.health().present
            twin.send_raw(b"SF99\r")  # the keeper has scanned the code that sets it
            await until(lambda: codes == ["SF99"])
            await until(lambda: scanner.health().note == "")


async def test_a_scanner_that_was_set_right_while_unplugged_says_nothing(tmp_path: Path) -> None:
    with gun(tmp_path, suffix=b"") as twin:
        async with scanning("line", f"twin:{tmp_path / 'scanner'}") as (scanner, _codes):
            await until(lambda: scanner.health().present)
            for number in (1, 2):
                twin.scan("YT7700123")
                await until_is(lambda: scanner.health().bad_frames, number)
            await until(lambda: scanner.health().note == "scanner.no_suffix")
            twin.cable.plug(wanted=False)
            await until(lambda: not scanner.health().present)
            twin.cable.plug(wanted=True)
            await until(lambda: scanner.health().present)
            assert scanner.health().note == ""


async def test_a_scanner_that_cannot_have_a_suffix_is_read_by_silence(tmp_path: Path) -> None:
    with gun(tmp_path, suffix=b"") as twin:
        port = f"twin:{tmp_path / 'scanner'}"
        async with scanning("line", port, suffix="none") as (scanner, codes):
            await until(lambda: scanner.health().present)
            for number in range(3):
                twin.scan(f"YT770012{number}")
                await until_is(lambda: len(codes), number + 1)
            assert codes == ["YT7700120", "YT7700121", "YT7700122"]
            assert (scanner.health().note, scanner.health().bad_frames) == ("", 0)


async def test_a_scanner_that_was_unplugged_reads_again_when_it_is_back(tmp_path: Path) -> None:
    link = tmp_path / "scanner"
    async with scanning("line", f"twin:{link}") as (scanner, codes):
        assert (scanner.health().present, scanner.health().note) == (False, "device.missing")
        with Peer(link, dumb) as peer:
            await until(lambda: scanner.health().present)
            peer.say(b"half a co")
            peer.unplug()
            await until(lambda: not scanner.health().present)
        with Peer(link, dumb) as peer:
            await until(lambda: scanner.health().present)
            peer.say(b"SF99\r")
            await until(lambda: codes == ["SF99"])
            assert scanner.health().reconnects == 1


async def test_no_scan_after_a_replug_is_lost_however_often(tmp_path: Path) -> None:
    with gun(tmp_path) as twin:
        async with scanning("line", f"twin:{tmp_path / 'scanner'}") as (scanner, codes):
            for number in range(3):
                await until(lambda: scanner.health().present, BACK_WITHIN_S)
                twin.scan(f"YT770012{number}")
                await until_is(lambda: len(codes), number + 1)
                twin.cable.plug(wanted=False)
                await until(lambda: not scanner.health().present)
                twin.cable.plug(wanted=True)
            assert codes == ["YT7700120", "YT7700121", "YT7700122"]


async def test_a_code_scanned_after_the_plug_and_before_the_port_is_open_arrives(
    tmp_path: Path,
) -> None:
    with gun(tmp_path) as twin:
        async with scanning("line", f"twin:{tmp_path / 'scanner'}") as (scanner, codes):
            await until(lambda: scanner.health().present)
            twin.cable.plug(wanted=False)
            await until(lambda: not scanner.health().present)
            twin.cable.plug(wanted=True)
            twin.scan("YT7700123")
            await until_is(lambda: codes, ["YT7700123"], BACK_WITHIN_S)


async def test_a_code_scanned_while_the_station_was_down_is_not_obeyed_when_it_starts(
    tmp_path: Path,
) -> None:
    with Peer(tmp_path / "scanner", dumb) as peer:
        peer.say(b"YT7700123\r")
        async with scanning("line", peer.port) as (scanner, codes):
            await until(lambda: scanner.health().present)
            peer.say(b"SF99\r")
            await until(lambda: "SF99" in codes)
            assert codes == ["SF99"]


@pytest.mark.parametrize("vendor", ["honeywell", "newland"])
async def test_a_scanner_that_reads_only_when_told_is_told_at_once_and_after_each_code(
    tmp_path: Path, vendor: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hardware.drivers.scanners.line_scanner.AGAIN_S", 3_600.0)
    with gun(tmp_path, trigger=vendor) as twin:
        port = f"twin:{tmp_path / 'scanner'}"
        async with scanning("line", port, trigger=vendor) as (scanner, codes):
            await until(lambda: twin.lit)
            for text in ("YT7700123", "SF1530001", "JT3001"):
                twin.scan(text)
                await until_is(lambda: codes[-1:], [text])
            await until(lambda: twin.lit)
            assert codes == ["YT7700123", "SF1530001", "JT3001"]
            assert scanner.health().bad_frames == 0
        await until(lambda: not twin.lit)
        assert twin.orders == (GOLDEN[f"{vendor}.on"],) * 4 + (GOLDEN[f"{vendor}.off"],)


async def test_a_light_that_went_out_by_itself_is_lit_again(tmp_path: Path) -> None:
    with Peer(tmp_path / "scanner", dumb) as peer:
        async with scanning("line", peer.port, trigger="honeywell") as (_scanner, _codes):
            await until(lambda: peer.frames(0x16) == [GOLDEN["honeywell.on"]] * 2)


async def test_a_trigger_of_another_kind_of_scanner_is_refused() -> None:
    options = ScannerOptions(name="scanner", port="/dev/no", baud=9_600, trigger="zebra")
    with pytest.raises(ConfigError, match=r"no trigger 'zebra'\. Known: honeywell, newland"):
        choose(SCANNERS, "line")(options)


async def test_closing_frees_the_port_at_once(tmp_path: Path) -> None:
    with Peer(tmp_path / "scanner", dumb) as peer:
        async with scanning("line", peer.port) as (scanner, _codes):
            await until(lambda: scanner.health().present)
        assert not scanner.health().present
        open_channel(peer.port, 9_600).close()


@pytest.mark.parametrize("driver", sorted(SCANNERS))
async def test_a_scanner_that_was_never_started_can_be_closed(driver: str) -> None:
    scanner = choose(SCANNERS, driver)(ScannerOptions(name="s", port="/dev/no", baud=9_600))
    await scanner.aclose()
    assert not scanner.health().present


async def test_a_scanner_whose_thread_failed_says_so(tmp_path: Path) -> None:
    def stumble(_code: str) -> None:
        raise ZeroDivisionError

    options = ScannerOptions(name="scanner", port=f"twin:{tmp_path / 'scanner'}", baud=9_600)
    with Peer(tmp_path / "scanner", dumb) as peer:
        scanner = choose(SCANNERS, "line")(options)
        scanner.start(stumble)
        await until(lambda: scanner.health().present)
        peer.say(b"SF99\r")
        await until(lambda: scanner.health().failure is not None)
        await until(lambda: not scanner.health().present)
        assert scanner.health().note == "device.failed"
        assert isinstance(scanner.health().failure, ZeroDivisionError)
        open_channel(peer.port, 9_600).close()
        await scanner.aclose()
