"""The line scanner on a pty."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from hardware.byte_channel import open_channel
from hardware.catalogue import SCANNERS, choose
from hardware.options import ScannerOptions
from hardware.ports import Scanner
from tests.hardware.driver_peer import Peer, wait_until

pytestmark = pytest.mark.anyio


@asynccontextmanager
async def scanning(port: str) -> AsyncIterator[tuple[Scanner, list[str]]]:
    scanner = choose(SCANNERS, "line")(ScannerOptions(name="scanner", port=port, baud=115_200))
    codes: list[str] = []
    scanner.start(codes.append)
    try:
        yield scanner, codes
    finally:
        await scanner.aclose()


def dumb(_frame: bytes) -> bytes:
    return b""


async def test_codes_arrive_in_order_whatever_their_suffix(tmp_path: Path) -> None:
    with Peer(tmp_path / "scanner", dumb) as peer:
        async with scanning(peer.port) as (scanner, codes):
            await asyncio.to_thread(wait_until, lambda: scanner.health().present)
            for piece in (b"YT77", b"00123\r", b"\nSF99\tJD1\n"):
                peer.say(piece)
            await asyncio.to_thread(wait_until, lambda: len(codes) == 3)
            assert codes == ["YT7700123", "SF99", "JD1"]
            assert scanner.health().simulated


async def test_half_binary_and_oversized_codes_are_counted_and_the_next_one_is_read(
    tmp_path: Path,
) -> None:
    with Peer(tmp_path / "scanner", dumb) as peer:
        async with scanning(peer.port) as (scanner, codes):
            await asyncio.to_thread(wait_until, lambda: scanner.health().present)
            peer.say(b"\x00\xff\x1b@\r" + b"A" * 2_000 + b"\rYT77")
            await asyncio.to_thread(wait_until, lambda: scanner.health().bad_frames == 3)
            peer.say(b"SF99\r\n")
            await asyncio.to_thread(wait_until, lambda: codes == ["SF99"])
            assert scanner.health().bad_frames == 3


async def test_a_scanner_that_was_unplugged_reads_again_when_it_is_back(tmp_path: Path) -> None:
    link = tmp_path / "scanner"
    async with scanning(f"twin:{link}") as (scanner, codes):
        assert (scanner.health().present, scanner.health().note) == (False, "device.missing")
        with Peer(link, dumb) as peer:
            await asyncio.to_thread(wait_until, lambda: scanner.health().present)
            peer.say(b"half a co")
            peer.unplug()
            await asyncio.to_thread(wait_until, lambda: not scanner.health().present)
        with Peer(link, dumb) as peer:
            await asyncio.to_thread(wait_until, lambda: scanner.health().present)
            peer.say(b"SF99\r")
            await asyncio.to_thread(wait_until, lambda: codes == ["SF99"])
            assert scanner.health().reconnects == 1


async def test_closing_frees_the_port_at_once(tmp_path: Path) -> None:
    with Peer(tmp_path / "scanner", dumb) as peer:
        async with scanning(peer.port) as (scanner, _codes):
            await asyncio.to_thread(wait_until, lambda: scanner.health().present)
        assert not scanner.health().present
        open_channel(peer.port, 9_600).close()


async def test_a_scanner_that_was_never_started_can_be_closed() -> None:
    options = ScannerOptions(name="scanner", port="/dev/nowhere", baud=9_600)
    scanner = choose(SCANNERS, "line")(options)
    await scanner.aclose()
    assert not scanner.health().present


async def test_a_scanner_whose_thread_failed_says_so(tmp_path: Path) -> None:
    def stumble(_code: str) -> None:
        raise ZeroDivisionError

    options = ScannerOptions(name="scanner", port=f"twin:{tmp_path / 'scanner'}", baud=9_600)
    with Peer(tmp_path / "scanner", dumb) as peer:
        scanner = choose(SCANNERS, "line")(options)
        scanner.start(stumble)
        await asyncio.to_thread(wait_until, lambda: scanner.health().present)
        peer.say(b"SF99\r")
        await asyncio.to_thread(wait_until, lambda: scanner.health().failure is not None)
        await asyncio.to_thread(wait_until, lambda: not scanner.health().present)
        assert scanner.health().note == "device.failed"
        assert isinstance(scanner.health().failure, ZeroDivisionError)
        open_channel(peer.port, 9_600).close()
        await scanner.aclose()
