"""A port whose far side is a script, and a clock that stands still but for waiting.

The real drivers run on it with their threads and time-outs, and a minute of theirs takes no time.
"""

import pkgutil
import threading
from collections.abc import Callable, Iterable
from types import ModuleType

import pytest

import hardware.drivers
from hardware.byte_channel import ByteChannel, PortGone

PATIENCE_S = 30.0
LOOK_S = 0.05


class LineTime:
    """Stands for the module `time` in the drivers: it passes when somebody waits."""

    def __init__(self) -> None:
        self.now_s = 1_000.0

    def monotonic(self) -> float:
        return self.now_s

    def sleep(self, seconds: float) -> None:
        self.now_s += seconds


class ScriptedLine:
    """Fits ByteChannel. Chunks come one a read; each write may be answered; then the plug is out.

    `most_reads` ends a talk that would go on for ever.
    """

    def __init__(
        self,
        time: LineTime,
        chunks: Iterable[bytes] = (),
        answer: Callable[[bytes], list[bytes]] = lambda _question: [],
        most_reads: int = 400,
    ) -> None:
        self._time, self._answer = time, answer
        self._coming = list(chunks)
        self._unasked = bool(self._coming)
        self._left = most_reads
        self.written: list[bytes] = []
        self.said = bytearray()

    def read(self, timeout_s: float) -> bytes:
        self._left -= 1
        if self._left <= 0:
            raise PortGone("the script has ended")
        if self._coming:
            chunk = self._coming.pop(0)
            self.said += chunk
            self._time.now_s += 0.001
            return chunk
        if self._unasked and timeout_s > 0:
            self._left = min(self._left, 8)  # silence, in which a half frame is given up
        self._time.now_s += max(timeout_s, 0.000_1)
        return b""

    def write(self, data: bytes, timeout_s: float = 1.0) -> None:
        self.write_some(data, timeout_s)

    def write_some(self, data: bytes | memoryview, timeout_s: float) -> int:
        del timeout_s
        self.written.append(bytes(data))
        self._coming += self._answer(bytes(data))
        return len(data)

    def wake(self) -> None:
        """Nobody waits here for long."""

    def close(self) -> None:
        """Nothing to give back."""


def _conforms(line: ScriptedLine) -> ByteChannel:
    return line


class Socket:
    """Where drivers find their port: one line at a time, and nothing once it has been used."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.time = LineTime()
        self._line: ScriptedLine | None = None
        self._used_up = threading.Event()
        for module in _driver_modules():
            if getattr(module, "time", None) is not None:
                patch.setattr(module, "time", self.time)
            if getattr(module, "open_channel", None) is not None:
                patch.setattr(module, "open_channel", self._open)

    def plug(self, line: ScriptedLine) -> None:
        """The next opening finds this."""
        self._used_up.clear()
        self._line = line

    def wait(self, failure: Callable[[], object] = lambda: None) -> None:
        """Until the driver has come to the end of the line, or has failed on it."""
        for _look in range(int(PATIENCE_S / LOOK_S)):
            if self._used_up.wait(LOOK_S) or failure() is not None:
                return
        raise AssertionError("the driver hangs")

    def _open(self, *_where: object, **_how: object) -> ByteChannel:
        line, self._line = self._line, None
        if line is None:
            self._used_up.set()
            raise PortGone("nothing is plugged in")
        return line


def _driver_modules() -> list[ModuleType]:
    import importlib

    names = pkgutil.walk_packages(hardware.drivers.__path__, "hardware.drivers.")
    return [importlib.import_module(one.name) for one in names if not one.ispkg]
