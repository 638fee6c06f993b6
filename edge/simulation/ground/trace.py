"""What happened in a world, line by line, and one hash over all of it."""

import hashlib
from collections import deque
from collections.abc import Callable
from typing import Final

KEPT: Final = 4000
"""Lines that a report can show; the hash covers all."""


class Trace:
    """A running SHA-256 over every line, each with its moment in virtual ms."""

    def __init__(self, now_ms: Callable[[], int]) -> None:
        self._now_ms = now_ms
        self._digest = hashlib.sha256()
        self.lines = 0
        self.last: deque[str] = deque(maxlen=KEPT)

    def note(self, who: str, what: str) -> None:
        """One line."""
        line = f"{self._now_ms()} {who} {what}"
        self._digest.update(line.encode() + b"\n")
        self.lines += 1
        self.last.append(line)

    @property
    def hash(self) -> str:
        """The hash of all lines so far."""
        return self._digest.hexdigest()
