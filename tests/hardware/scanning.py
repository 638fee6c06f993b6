"""A scanner driver at work, and patience for what it reads."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from hardware.catalogue import SCANNERS, choose
from hardware.options import ScannerOptions
from hardware.ports import Scanner
from tests.hardware.driver_peer import PATIENCE_S, wait_until


@asynccontextmanager
async def scanning(
    driver: str, port: str, **options: Any
) -> AsyncIterator[tuple[Scanner, list[str]]]:
    """A started scanner and what it has read so far."""
    scanner = choose(SCANNERS, driver)(
        ScannerOptions(name="scanner", port=port, **{"baud": 9_600, **options})
    )
    codes: list[str] = []
    scanner.start(codes.append)
    try:
        yield scanner, codes
    finally:
        await scanner.aclose()


async def until_is(
    look: Callable[[], object], value: object, patience_s: float = PATIENCE_S
) -> None:
    """Wait until `look` sees this value."""
    await until(lambda: look() == value, patience_s)


async def until(what: Callable[[], bool], patience_s: float = PATIENCE_S) -> None:
    """Wait for something to become true; fails when it does not."""
    await asyncio.to_thread(wait_until, what, patience_s)
