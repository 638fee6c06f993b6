"""A lone twin's program with a pipe for a keyboard."""

import queue
import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from edge.tools.children import cunyi
from tests.hardware.twin_wire import PATIENCE_S

UP_WITHIN_S = 20.0


class Terminal:
    """What it says line by line, and what is typed."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process
        self._said: queue.Queue[str] = queue.Queue()
        assert process.stdin is not None
        assert process.stdout is not None
        self.keyboard: IO[str] = process.stdin
        self._listener = threading.Thread(target=self._listen, args=(process.stdout,))
        self._listener.start()

    def _listen(self, output: IO[str]) -> None:
        for line in output:
            self._said.put(line.rstrip("\n"))

    def line(self, within_s: float = PATIENCE_S) -> str:
        return self._said.get(timeout=within_s)

    def hello(self, *keys: str) -> str:
        """The greeting, after it the table of station.toml with as many `keys` as are named."""
        about = self.line(UP_WITHIN_S)
        assert self.line() == "In station.toml:"
        assert self.line().startswith("[")
        assert self.line().startswith('driver = "')
        assert self.line().startswith('port = "twin:/')
        for key in keys:
            assert self.line().startswith(f"{key} = ")
        return about

    def until(self, wanted: str) -> str:
        """The first line with these words in it; lines before it are forgotten."""
        while wanted not in (line := self.line()):
            pass
        return line

    def type(self, text: str) -> None:
        self.keyboard.write(f"{text}\n")
        self.keyboard.flush()

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        if self.process.poll() is None:
            self.process.send_signal(number)
        code = self.process.wait(PATIENCE_S)
        self._listener.join(PATIENCE_S)
        return code


@contextmanager
def terminal(*arguments: str) -> Iterator[Terminal]:
    """`cunyi twin ...`; killed at the end where it still runs."""
    with subprocess.Popen(
        cunyi("twin", *arguments),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        one = Terminal(process)
        try:
            yield one
        finally:
            process.kill()
            one.end()
