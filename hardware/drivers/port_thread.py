"""The thread of a device that has a port for itself: opens it again and again and serves it."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import structlog

from hardware.byte_channel import ByteChannel, PortGone, is_simulated
from hardware.drivers.port_keeper import PortKeeper
from hardware.options import PortOptions, PowerOptions, ScannerOptions
from hardware.ports import DeviceHealth

log = structlog.get_logger(__name__)

MISSES: Final = 3
"""So many bad cycles in a row make a device silent."""
FIRST_AMENDS_S: Final = 5.0
LONGEST_AMENDS_S: Final = 600.0
"""After a bug of ours the device is served anew so much later, twice as late each time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Behind:
    """The device behind an open port, replaced as one so that other threads see no half of it."""

    answers: bool
    note: str


_ANSWERS: Final = _Behind(answers=True, note="")


def _nothing() -> None:
    """A driver that has nothing to tell when its port goes."""


class PortThread:
    """`begin` starts it, `end` stops it; `health` may be asked by any thread.

    Its driver tells of each cycle whether the device `answered`, was `missed` or is `silent`: a
    port without a device behind it is no device. A bug in its driver is told as `failure` for a
    while, then the device is served anew.
    """

    def __init__(
        self,
        options: PortOptions | PowerOptions | ScannerOptions,
        framing: str = "8N1",
        *,
        opener: Callable[[], ByteChannel] | None = None,
    ) -> None:
        self._name = options.name
        self._port = options.port
        self._keeper = PortKeeper(options.name, options.port, options.baud, framing, opener=opener)
        self._failure: Exception | None = None
        self._thread: threading.Thread | None = None
        self._behind = _ANSWERS
        self._misses = 0
        self.bad_frames = 0

    @property
    def stopping(self) -> bool:
        """Whether the driver should come to its end."""
        return self._keeper.stopping

    def begin(
        self, serve: Callable[[ByteChannel], None], gone: Callable[[], None] = _nothing
    ) -> None:
        """Call `serve` with each freshly opened port until it raises PortGone or `stopping`.

        `gone` is called in the same thread when the port went away or is not there at first.
        """
        self._thread = threading.Thread(
            target=self._run, args=(serve, gone), name=self._name, daemon=True
        )
        self._thread.start()

    async def end(self) -> None:
        """Stop serving and give the port back."""
        self._keeper.stop()
        thread, self._thread = self._thread, None
        if thread is not None:
            await asyncio.to_thread(thread.join)

    def answered(self, note: str = "") -> None:
        """A good cycle; `note` is a word key for what is wrong behind an open port."""
        self._behind, self._misses = _Behind(answers=True, note=note), 0

    def missed(self, *, noisy: bool, note: str = "") -> bool:
        """A bad cycle, counted. Returns whether the device counts as silent now."""
        self.bad_frames += 1
        self._misses += 1
        if self._misses >= MISSES:
            self.silent(noisy=noisy, note=note)
        return self._misses >= MISSES

    def silent(self, *, noisy: bool, note: str = "") -> None:
        """The device does not answer, or only noise comes."""
        note = note or ("device.noisy" if noisy else "device.silent")
        self._behind = _Behind(answers=False, note=note)

    def health(self) -> DeviceHealth:
        """Present while the port is open and the device behind it answers."""
        port, behind = self._keeper.condition, self._behind
        note = behind.note if port.open else port.note
        return DeviceHealth(
            name=self._name,
            present=port.open and behind.answers,
            simulated=is_simulated(self._port),
            note="device.failed" if self._failure is not None else note,
            bad_frames=self.bad_frames,
            reconnects=port.reconnects,
            failure=self._failure,
        )

    def _run(self, serve: Callable[[ByteChannel], None], gone: Callable[[], None]) -> None:
        amends_s = FIRST_AMENDS_S
        while not self.stopping:
            self._failure = None
            try:
                self._keep_serving(serve, gone)
            except Exception as bug:
                log.exception("device_thread_failed", name=self._name)
                self._failure = bug
            self._keeper.close()
            if self._failure is not None and not self.stopping:
                self._tell_gone(gone)
                self._keeper.pause(amends_s)
                amends_s = min(amends_s * 2, LONGEST_AMENDS_S)

    def _tell_gone(self, gone: Callable[[], None]) -> None:
        try:
            gone()
        except Exception:
            log.exception("device_thread_failed", name=self._name)

    def _keep_serving(self, serve: Callable[[ByteChannel], None], gone: Callable[[], None]) -> None:
        told_gone = False
        while not self.stopping:
            self.answered()
            channel = self._keeper.open()
            if channel is None:
                if not told_gone:
                    gone()
                told_gone = True
                self._keeper.rest()
                continue
            try:
                serve(channel)
            except PortGone as cause:
                self._keeper.lost(cause)
                gone()
            told_gone = True


def put(channel: ByteChannel, question: bytes) -> None:
    """Ask; what has come by now answers an earlier question and is dropped. Raises PortGone."""
    channel.read(0)
    channel.write(question)


def hear(channel: ByteChannel, within_s: float, thread: PortThread) -> Iterator[bytes]:
    """What comes within that time, piece by piece; ends early when `thread` is stopping."""
    until_s = time.monotonic() + within_s
    while not thread.stopping and (left_s := until_s - time.monotonic()) > 0:
        if data := channel.read(left_s):
            yield data


def let_pass(channel: ByteChannel, until_s: float, thread: PortThread) -> None:
    """Wait until that moment of the monotonic clock; what comes meanwhile answers nothing."""
    for _stray in hear(channel, until_s - time.monotonic(), thread):
        pass
