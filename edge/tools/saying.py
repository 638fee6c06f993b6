"""Have the running county say something to its stations."""

import time
from pathlib import Path
from typing import Final

from cloud_sync.county.local_socket import ask_county
from edge.kernel.errors import StoreError

_DAY_MS: Final = 86_400_000


def say_notice(folder: Path, station: str, *, title: str, text: str, days: int) -> int:
    """Tells how many stations will hear it. Raises NotRunningError or StoreError."""
    until_ms = time.time_ns() // 1_000_000 + days * _DAY_MS if days else 0
    answers = ask_county(folder, "say", station=station, title=title, text=text, until_ms=until_ms)
    for answer in answers:
        if "told" in answer:
            return int(answer["told"])
    raise StoreError("the county broke off its answer; ask again")
