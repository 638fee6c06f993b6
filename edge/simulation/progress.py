"""Says on stderr how far long work is: at a terminal always, elsewhere once it takes long."""

import sys
import time
from typing import Final, TextIO

_LONG_S: Final = 30.0
"""Between two lines where nobody sits at a terminal; what takes less than that says nothing."""
_TERMINAL_S: Final = 0.2


class Progress:
    """One line that is written anew at a terminal, and lines far apart anywhere else."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = sys.stderr if stream is None else stream
        self._terminal = self._stream.isatty()
        self._said_s = self.began_s = time.perf_counter()

    def passed_s(self) -> float:
        """Seconds since it began."""
        return time.perf_counter() - self.began_s

    def say(self, line: str) -> None:
        """Tell it, unless something was told just now."""
        now_s = time.perf_counter()
        if now_s - self._said_s < (_TERMINAL_S if self._terminal else _LONG_S):
            return
        self._said_s = now_s
        self._stream.write(f"\r\x1b[K{line}" if self._terminal else f"{line}\n")
        self._stream.flush()

    def tell(self, text: str) -> None:
        """What must be read, at once; the line about progress makes room for it."""
        self.clear()
        self._stream.write(f"{text}\n")
        self._stream.flush()

    def clear(self) -> None:
        """Leave a terminal's line to somebody else."""
        if self._terminal:
            self._stream.write("\r\x1b[K")
            self._stream.flush()
