"""Processes that a tool starts: logged to a file, ended in order, never left behind."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

import httpx

from edge.kernel.errors import CunyiError

END_WITHIN_S: Final = 5.0
_PR_SET_PDEATHSIG: Final = 1
"""From linux/prctl.h: the signal that a child gets when its parent dies, however it dies."""
_LIBC: Final = ctypes.CDLL(None)


class ChildError(CunyiError):
    """A process that was needed ended or did not come up: names it and shows its last words."""


class Child:
    """One process. Its output goes to `log`; it cannot outlive the program that started it."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        log: Path,
        env: Mapping[str, str] | None = None,
    ) -> None:
        self.name = name
        self._command = list(command)
        self._log = log
        self._env = {**os.environ, **(env or {})}
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The process number. Raises ChildError when it was never started."""
        if self._process is None:
            raise ChildError(f"{self.name} was not started")
        return self._process.pid

    @property
    def running(self) -> bool:
        """Whether it is alive right now."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start it in a session of its own, so that Ctrl-C reaches only us."""
        self._log.parent.mkdir(parents=True, exist_ok=True)
        parent = os.getpid()
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=self._env,
                start_new_session=True,
                preexec_fn=lambda: _die_with(parent),  # noqa: PLW1509 - one syscall, no locks
            )

    def wait_until(self, ready: Callable[[], bool], within_s: float) -> None:
        """Wait for `ready`. Raises ChildError when it ends before, or takes too long."""
        until = time.monotonic() + within_s
        while not ready():
            if not self.running:
                raise ChildError(f"{self.name} has ended: {self.last_words()}")
            if time.monotonic() > until:
                raise ChildError(f"{self.name} is not up after {within_s:.0f} s; see {self._log}")
            time.sleep(0.02)

    def kill(self) -> None:
        """End it the hard way, as a power cut would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def end(self) -> None:
        """Ask it to end; after a few seconds, make it."""
        if self._process is None:
            return
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(END_WITHIN_S)
            except subprocess.TimeoutExpired:
                self.kill()

    def last_words(self) -> str:
        """The last line of its log."""
        try:
            lines = self._log.read_text(encoding="utf-8", errors="replace").splitlines()
        except FileNotFoundError:
            return "it wrote nothing"
        spoken = [line for line in lines if line.strip()]
        return spoken[-1] if spoken else "it wrote nothing"


def cunyi(*arguments: str) -> list[str]:
    """The command line of another cunyi on this interpreter."""
    return [sys.executable, "-m", "edge.cli", *arguments]


def answers(address: str) -> bool:
    """Whether a page of ours answers well at this address."""
    try:
        return httpx.get(address, timeout=2.0).is_success
    except httpx.HTTPError:
        return False


def free_ports(count: int) -> list[int]:
    """So many loopback ports that nobody uses at this moment."""
    held = [socket.socket() for _ in range(count)]
    try:
        for sock in held:
            sock.bind(("127.0.0.1", 0))
        return [int(sock.getsockname()[1]) for sock in held]
    finally:
        for sock in held:
            sock.close()


def port_is_free(port: int) -> bool:
    """Whether a listener could be opened on this loopback port."""
    with socket.socket() as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            sock.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _die_with(parent: int) -> None:
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it died in between
        os._exit(1)
