"""The pins of this machine through gpiozero: opened together by one thread, again and again.

`Pins` makes or finds the factory; which one is chosen by whoever makes the driver. There is no
silent falling back from one library to the next: a lock that a mock opens is a locked-out village.
"""

import asyncio
import errno
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import structlog
from gpiozero.exc import GPIOPinInUse, GPIOZeroError

from edge.kernel.errors import DeviceGone
from hardware.byte_channel import is_simulated
from hardware.drivers.port_keeper import Waits
from hardware.ports import DeviceHealth

log = structlog.get_logger(__name__)

Pins = Callable[[], Any]
"""Gives a pin factory of gpiozero, whose types are unknown. Raises what its library raises."""

_NOTES: Final = {
    errno.EACCES: "device.no_permission",
    errno.EPERM: "device.no_permission",
    errno.EBUSY: "device.busy",
    errno.ENOENT: "device.missing",
    errno.ECONNREFUSED: "device.missing",
    errno.ENODEV: "device.missing",
    errno.EPIPE: "device.missing",
}
_BUSY: Final = "GPIO busy"
"""The text of lgpio's only error class when another program has a pin."""
_REAL: Final[list[Any]] = []
_GATE: Final = threading.Lock()


class PinsGone(DeviceGone):
    """Pins cannot be had, or went away; `note` is a word key for the screens."""

    def __init__(self, message: str, note: str) -> None:
        self.note = note
        super().__init__(message)


def real_pins() -> Any:
    """The pins of the machine, opened once for the whole process through lgpio."""
    with _GATE:
        if not _REAL:
            chips = [str(chip) for chip in Path("/dev").glob("gpiochip*")]
            if chips and not any(os.access(chip, os.R_OK | os.W_OK) for chip in chips):
                # lgpio says the same of a chip that is not there.
                raise PermissionError(errno.EACCES, "add the user to group gpio", chips[0])
            from gpiozero.pins.lgpio import LGPIOFactory

            _REAL.append(LGPIOFactory())
        return _REAL[0]


def pin_name(number: int) -> str:
    """The pin as gpiozero reads it whatever the board: the number on the chip."""
    return f"GPIO{number}"


@contextmanager
def pins_may_go() -> Iterator[None]:
    """Whatever the libraries raise becomes PinsGone; a bug of ours stays one."""
    try:
        yield
    except Exception as cause:
        note = _note_of(cause)
        if note is None:
            raise
        raise PinsGone(f"pins: {cause}", note) from cause


def _note_of(cause: Exception) -> str | None:
    if isinstance(cause, GPIOPinInUse) or str(cause).strip("'") == _BUSY:
        return "device.busy"
    if isinstance(cause, OSError):
        return _NOTES.get(cause.errno or 0, "device.no_pins")
    if isinstance(cause, GPIOZeroError | ImportError) or type(cause).__module__ == "lgpio":
        return "device.no_pins"
    return None


class PinThread:
    """The thread of a device on pins. `begin` starts it, `end` stops it; any thread may wake it."""

    def __init__(self, name: str, port: str, pins: Pins) -> None:
        self.name = name
        self.stopping = False
        self.failure: Exception | None = None
        self._port = port
        self._pins = pins
        self._note = "device.missing"
        self._opens = 0
        self._logged = ""
        self._awake = threading.Event()
        self._thread: threading.Thread | None = None

    def begin(self, serve: Callable[[Any], None], gone: Callable[[], None]) -> None:
        """Call `serve` with the factory until it raises PinsGone or `stopping`.

        `gone` is called in the same thread after each loss and each try that failed.
        """

        def run() -> None:
            try:
                self._keep_serving(serve, gone)
            except Exception as bug:
                log.exception("device_thread_failed", name=self.name)
                self.failure = bug
                gone()

        self._thread = threading.Thread(target=run, name=self.name, daemon=True)
        self._thread.start()

    async def end(self) -> None:
        """Stop serving; the pins float again when this returns."""
        self.stopping = True
        self.wake()
        thread, self._thread = self._thread, None
        if thread is not None:
            await asyncio.to_thread(thread.join)

    def opened(self) -> None:
        """All pins are there."""
        self._note, self._logged = "", ""
        self._opens += 1

    def wake(self) -> None:
        """End a rest."""
        self._awake.set()

    def rest(self, seconds: float) -> None:
        """Wait so long, or until woken."""
        self._awake.wait(max(0.0, seconds))
        self._awake.clear()

    def health(self, note: str = "") -> DeviceHealth:
        """Present while the pins are ours; `note` says what is wrong all the same."""
        failed = self.failure is not None
        return DeviceHealth(
            name=self.name,
            present=not self._note and not failed,
            simulated=is_simulated(self._port),
            note="device.failed" if failed else note or self._note,
            reconnects=max(0, self._opens - 1),
            failure=self.failure,
        )

    def _keep_serving(self, serve: Callable[[Any], None], gone: Callable[[], None]) -> None:
        waits = Waits()
        while not self.stopping:
            opens = self._opens
            try:
                with pins_may_go():
                    serve(self._pins())
            except PinsGone as cause:
                self._lost(cause)
                gone()
                if self._opens > opens:
                    waits.opened()
                self.rest(waits.next_s(cause.note))

    def _lost(self, cause: PinsGone) -> None:
        self._note = cause.note
        if str(cause) != self._logged:  # once for each reason: it may last for a week
            self._logged = str(cause)
            log.warning("pins_gone", name=self.name, reason=str(cause))
