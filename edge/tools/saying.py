"""Have the running county say something to its stations."""

import time
from pathlib import Path
from typing import Any, Final

from cloud_sync.county.local_socket import ask_county
from edge.kernel.errors import StoreError

_DAY_MS: Final = 86_400_000


def say_notice(folder: Path, station: str, *, title: str, text: str, days: int) -> int:
    """Tells how many stations will hear it. Raises NotRunningError or StoreError."""
    until_ms = time.time_ns() // 1_000_000 + days * _DAY_MS if days else 0
    return _told(folder, "say", station=station, title=title, text=text, until_ms=until_ms)


def dismiss_keeper(folder: Path, station: str, keeper: str, *, readmit: bool) -> int:
    """Tells how many stations will hear something new. Raises NotRunningError or StoreError."""
    return _told(folder, "dismiss", station=station, keeper=keeper, readmit=readmit)


def _told(folder: Path, ask: str, **rest: Any) -> int:
    told = [int(answer["told"]) for answer in ask_county(folder, ask, **rest) if "told" in answer]
    if not told:
        raise StoreError("the county broke off its answer; ask again")
    return told[0]
