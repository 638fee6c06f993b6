"""Relays and door switches on the pins of this machine, as a lock board.

A pin drives its relay only while this process holds it high: the relays must be wired so that a
floating pin means a locked door. When the process dies in whatever way, the kernel gives its pins
back and they float; nothing in here could promise as much. Only a machine that hangs with a pin
high keeps its coil driven, and against that a one-shot relay helps (docs/devices/relays.md).
"""

import asyncio
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from typing import Any, Final

from gpiozero import DigitalInputDevice, OutputDevice

from edge.kernel.errors import PulseNotSent
from hardware.drivers.locks.pulse_queue import PulseJob, PulseQueue
from hardware.drivers.locks.relay_board import RelayBoard
from hardware.drivers.pins import Pins, PinsGone, PinThread, pin_name, pins_may_go
from hardware.options import LockBankOptions
from hardware.ports import DeviceHealth, DoorChange, LockBank

LOOK_S: Final = 0.02
"""A door's switch is read so often; a reading is believed after 50 ms (DoorWatch)."""


class RelayLockBank:
    """Implements LockBank."""

    def __init__(self, options: LockBankOptions, pins: Pins) -> None:
        self._lock_pins = options.lock_pins
        self._door_pins = options.door_pins
        self._board = RelayBoard.of(options)
        self._queue = PulseQueue[RelayBoard]()
        self._thread = PinThread(options.name, options.port, pins)
        self._started = False
        self._fired: PulseJob[RelayBoard] | None = None

    def start(self, on_change: Callable[[DoorChange], None]) -> None:
        """Begin watching the doors."""
        self._board.join(on_change)
        self._started = True
        self._thread.begin(self._serve, self._gone)

    async def release(self, channel: int) -> None:
        """Pulse one lock once.

        Raises PulseNotSent when the pins are not there, any other DeviceGone when they went away
        meanwhile, DeviceJammed while a pin could not be set low again. Shares a pulse that still
        waits for its turn.
        """
        board = self._board
        if not self._started:
            raise PulseNotSent(f"{board.name} is not started; nothing was sent")
        if not 1 <= channel <= board.channels:
            raise ValueError(f"{board.name} has no channel {channel}")
        if board.held:
            raise board.holds(channel)
        done = self._queue.ask(board, channel)
        self._thread.wake()
        await asyncio.wrap_future(done)

    def health(self) -> DeviceHealth:
        """Present while all pins are ours."""
        return self._thread.health("device.coil_held" if self._board.held else "")

    def articles(self) -> Mapping[int, bool]:
        """Nothing: there are no article sensors."""
        return {}

    async def aclose(self) -> None:
        """All relays off, and the pins given back; pulses that wait are refused."""
        self._queue.close()
        await self._thread.end()
        self._queue.refuse_all("it was closed")
        if self._started:
            self._started = False
            self._board.leave()

    # -- in the thread of the pins

    def _serve(self, factory: Any) -> None:
        with self._opened(factory) as (locks, doors):
            self._board.let_go(time.monotonic())  # every pin is low, whoever drove it before
            self._look(doors)
            self._thread.opened()
            while not self._thread.stopping:
                now_s = time.monotonic()
                if (job := self._queue.first_ready(now_s)) is not None:
                    self._fire(locks, doors, job)
                else:
                    ready_s = self._queue.ready_s()
                    wait_s = LOOK_S if ready_s is None else ready_s - now_s
                    self._thread.rest(min(LOOK_S, wait_s))
                self._look(doors)

    @contextmanager
    def _opened(self, factory: Any) -> Iterator[tuple[list[Any], list[Any]]]:
        with ExitStack() as pins:

            def take(kind: Callable[..., Any], numbers: Sequence[int], **how: object) -> list[Any]:
                return [
                    pins.enter_context(kind(pin_name(n), pin_factory=factory, **how))
                    for n in numbers
                ]

            locks = take(OutputDevice, self._lock_pins, initial_value=False)
            doors = take(DigitalInputDevice, self._door_pins, pull_up=True)
            try:
                yield locks, doors
            finally:
                with suppress(PinsGone), pins_may_go():
                    for lock in locks:
                        lock.off()

    def _look(self, doors: Sequence[Any]) -> None:
        # With a pull-up gpiozero calls a low pin active: a set bit is a high pin.
        self._board.see([not door.value for door in doors], time.monotonic())

    def _fire(self, locks: Sequence[Any], doors: Sequence[Any], job: PulseJob[RelayBoard]) -> None:
        board, now_s = self._board, time.monotonic()
        if job.stale(now_s):
            self._queue.refuse(job, board.not_sent("waited too long"))
            return
        if not board.claim(job.channel, now_s):
            return  # another thread with this supply was faster
        self._fired = job
        if not self._queue.take(job):
            return
        lock = locks[job.channel - 1]
        try:
            with pins_may_go():
                lock.on()
            off_s = time.monotonic() + board.pulse_s
            job.settle()
            while (left_s := off_s - time.monotonic()) > 0:
                if self._thread.stopping:
                    break
                self._thread.rest(min(LOOK_S, left_s))
                self._look(doors)
        finally:
            self._surely_off(lock)

    def _surely_off(self, lock: Any) -> None:
        self._board.hold()
        with pins_may_go():
            lock.off()
        self._board.let_go(time.monotonic())

    def _gone(self) -> None:
        board = self._board
        if self._fired is not None:
            self._fired.settle(board.maybe_moved(self._fired.channel, "lost its pins"))
            self._fired = None
        if self._thread.failure is not None:
            self._queue.close()
            board.failed = 0
            board.answering = False
            with suppress(Exception):  # whoever listens may be the bug
                board.lose_sight()
        else:
            board.missed()
        self._queue.refuse_all("the pins are not there")


def _conforms(driver: RelayLockBank) -> LockBank:
    return driver  # mypy stops here first if the port moves
