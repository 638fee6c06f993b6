"""The cable between a twin and its driver: a pty behind a link, with a plug that can be pulled."""

import heapq
import os
import select
import threading
import time
import tty
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Final

from edge.kernel.errors import ConfigError
from hardware.twins.line_troubles import LineTroubles

_READ_MOST: Final = 4_096
_TICK_S: Final = 0.01
_PLUG_WITHIN_S: Final = 5.0


def _ignore(_chunk: bytes) -> None:
    """A device that does not listen."""


class Cable:
    """One device's end. Its thread hands over what the driver writes and sends what is due.

    `hear` gets each chunk, `tick` (where given) is called about every 10 ms; both in the
    cable's thread. What nobody reads is lost, as on a real wire. `byte_s` is the time that one
    byte takes, 0 for at once. `troubles` spoil what the device says, pull the plug and put it back.
    """

    def __init__(
        self,
        link: Path,
        hear: Callable[[bytes], None] = _ignore,
        tick: Callable[[], None] | None = None,
        byte_s: float = 0.0,
        troubles: LineTroubles | None = None,
    ) -> None:
        self._link = link
        self._hear = hear
        self._tick = tick
        self._byte_s = byte_s
        self._troubles = troubles
        self._said = 0
        self._changed = threading.Condition()
        self._due: list[tuple[float, int, bytes]] = []
        self._order = count()
        self._last_due_s = 0.0
        self._wanted = False
        self._ending = False
        self._anew = False
        self._master: int | None = None
        self._slave: int | None = None
        self._wake_read, self._wake_write = os.pipe()
        os.set_blocking(self._wake_write, False)
        self._thread = threading.Thread(target=self._run, name=f"twin-{link.name}", daemon=True)
        if troubles is not None:
            troubles.watch_plug(lambda wanted: self.plug(wanted=wanted), self.renumber)

    @property
    def said(self) -> int:
        """How often the device has spoken, heard or not."""
        with self._changed:
            return self._said

    @property
    def plugged(self) -> bool:
        """Whether the pty is there."""
        with self._changed:
            return self._master is not None

    def start(self) -> None:
        """Plug in; the link is there when this returns. Raises ConfigError where none can be."""
        if self._link.exists() and not self._link.is_symlink():
            fix = "Choose a path where nothing is yet"
            raise ConfigError(self._link, "", "there is something else than a link", fix)
        self._wanted = True
        try:
            self._link.parent.mkdir(parents=True, exist_ok=True)
            self._plug_in()
        except OSError as cause:
            problem = f"no link can be made here ({cause.strerror})"
            raise ConfigError(self._link, "", problem, "Choose another path") from cause
        self._thread.start()

    def plug(self, *, wanted: bool) -> None:
        """Pull the plug or put it back; done when this returns. It comes back as another pty.

        Before `start`, which plugs in, it does nothing.
        """
        if not self._thread.is_alive():
            return
        with self._changed:
            self._wanted = wanted
        self._wake()
        with self._changed:
            self._changed.wait_for(
                lambda: (self._master is not None) is wanted or self._ending, _PLUG_WITHIN_S
            )

    def beat(self, tick: Callable[[], None]) -> None:
        """Call `tick` about every 10 ms from now on. Before `start`."""
        self._tick = tick

    def renumber(self) -> None:
        """Pull and plug in one go: another pty, and the link is never gone. None if unplugged."""
        with self._changed:
            self._anew = self._master is not None
            self._wake()
            self._changed.wait_for(lambda: not self._anew or self._ending, _PLUG_WITHIN_S)

    def move(self, link: Path) -> None:
        """Unplug; from now on it is found under another link. Before `plug` puts it back."""
        self.plug(wanted=False)
        link.parent.mkdir(parents=True, exist_ok=True)
        with self._changed:
            self._link = link

    def say(self, data: bytes, after_s: float = 0.0) -> None:
        """Send, now or later; later words do not overtake. Lost when unplugged by then."""
        if self._troubles is not None:
            data, late_s = self._troubles.spoil(data)
            after_s += late_s
        pieces = [data[i : i + 1] for i in range(len(data))] if self._byte_s else [data]
        with self._changed:
            self._said += 1
            due_s = max(time.monotonic() + after_s, self._last_due_s)
            for piece in pieces:
                due_s += self._byte_s
                heapq.heappush(self._due, (due_s, next(self._order), piece))
            self._last_due_s = due_s
        self._wake()

    def close(self) -> None:
        """Unplug for good and remove the link."""
        with self._changed:
            self._ending = True
        self._wake()
        if self._thread.is_alive():
            self._thread.join()
        self._unplug()
        self._drop_ghost()
        with self._changed:
            if self._wake_write >= 0:
                os.close(self._wake_read)
                os.close(self._wake_write)
            self._wake_write = -1

    def _wake(self) -> None:
        with self._changed, suppress(BlockingIOError):  # full means that it is awake already
            if self._wake_write >= 0:
                os.write(self._wake_write, b".")

    def _run(self) -> None:
        while not self._ending:
            if self._wanted is not (self._master is not None):
                (self._plug_in if self._wanted else self._unplug)()
            if self._anew:
                self._plug_in_anew()
            self._listen()
            self._send_due()
            if self._tick is not None:
                self._tick()

    def _listen(self) -> None:
        watched = [self._wake_read]
        if self._master is not None:
            watched.append(self._master)
        ready, _, _ = select.select(watched, [], [], self._patience_s())
        if self._wake_read in ready:
            os.read(self._wake_read, _READ_MOST)
        if self._master in ready and self._master is not None:
            with suppress(OSError):  # EIO: the far side left in this moment
                if chunk := os.read(self._master, _READ_MOST):
                    self._hear(chunk)

    def _patience_s(self) -> float | None:
        with self._changed:
            waits = [max(0.0, self._due[0][0] - time.monotonic())] if self._due else []
        if self._tick is not None:
            waits.append(_TICK_S)
        return min(waits, default=None)

    def _send_due(self) -> None:
        with self._changed:
            while self._due and self._due[0][0] <= time.monotonic():
                _, _, data = heapq.heappop(self._due)
                if self._master is not None:
                    with suppress(BlockingIOError, OSError):  # nobody reads: lost, as on a wire
                        os.write(self._master, data)

    def _plug_in(self) -> None:
        master, slave = os.openpty()
        tty.setraw(slave)
        os.set_blocking(master, False)
        self._drop_ghost()
        made = self._link.with_name(f".{self._link.name}.{os.getpid()}")
        made.unlink(missing_ok=True)
        made.symlink_to(os.ttyname(slave))
        made.replace(self._link)
        with self._changed:
            self._master, self._slave = master, slave
            self._changed.notify_all()

    def _plug_in_anew(self) -> None:
        with self._changed:
            before = self._master
            if before is not None:
                self._plug_in()
                os.close(before)
                self._due.clear()
                self._last_due_s = 0.0
            self._anew = False
            self._changed.notify_all()

    def _unplug(self) -> None:
        with self._changed:
            if self._master is None or self._slave is None:
                return
            if self._link.is_symlink() and str(self._link.readlink()) == os.ttyname(self._slave):
                self._link.unlink()
            os.close(self._master)
            self._master = None
            self._due.clear()
            self._last_due_s = 0.0
            self._changed.notify_all()

    def _drop_ghost(self) -> None:
        # The dead slave is kept until now so that the kernel cannot hand out its name again.
        if self._slave is not None:
            os.close(self._slave)
            self._slave = None
