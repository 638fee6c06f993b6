"""The store's thread without a thread: every call runs at once, unless power or card are gone."""

import asyncio
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import ParamSpec, Protocol, TypeVar

from edge.daemon.store_thread import StoreCalls
from edge.kernel.errors import StoreError
from edge.simulation.ground.virtual_loop import VirtualLoop
from edge.simulation.parts.card import Stall
from edge.store.database import PrintJob, Store
from edge.store.print_queue import Paper

_P = ParamSpec("_P")
_R = TypeVar("_R")


class Machine(Protocol):
    """Power and card under a store."""

    loop: VirtualLoop
    dead: bool

    def passes(self, point: str) -> bool:
        """Whether there is power at this point."""

    def cut_within(self, call: Callable[[], object]) -> bool:
        """Whether the power goes in the middle of this call."""

    def next_stall(self) -> Stall | None:
        """Whether the card hangs now."""

    def carry_out(self, call: Callable[[], _R]) -> _R:
        """The call, as the card is."""

    def written(self) -> None:
        """A call has come to its end."""

    def failed(self, failure: Exception) -> None:
        """Something went wrong that ends the daemon."""


class InlineStore:
    """Fits StoreCalls. Where there is no power a call is never answered, as in a process that
    has ended; while the card hangs, calls wait for each other.
    """

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._line: deque[Callable[[], None]] | None = None
        """What waits for a card that hangs."""

    def begin(
        self, call: Callable[_P, _R], *args: _P.args, **kwargs: _P.kwargs
    ) -> "asyncio.Future[_R]":
        """Call it now, or when the card has come to itself."""
        answer: asyncio.Future[_R] = asyncio.get_running_loop().create_future()
        if not self._machine.passes("store"):
            return answer
        work = partial(call, *args, **kwargs)

        def job() -> None:
            self._do(answer, work)()

        if self._line is not None:
            self._line.append(job)
        elif (stall := self._machine.next_stall()) is None:
            job()
        else:
            self._hang(stall, self._do(answer, work) if stall.done_first else job)
        return answer

    async def run(self, call: Callable[_P, _R], *args: _P.args, **kwargs: _P.kwargs) -> _R:
        """Call it now; the answer comes as it would from the thread."""
        return await self.begin(call, *args, **kwargs)

    def now(self, call: Callable[[], _R], otherwise: _R) -> _R:
        """Call it for somebody who does not wait; an error ends the daemon."""
        machine = self._machine
        if self._line is not None or not machine.passes("store") or machine.cut_within(call):
            return otherwise
        try:
            result = machine.carry_out(call)
        except StoreError as failure:
            machine.failed(failure)
            return otherwise
        machine.written()
        return result if machine.passes("stored") else otherwise

    def _do(self, answer: "asyncio.Future[_R]", call: Callable[[], _R]) -> Callable[[], None]:
        """Carry it out; what is returned tells the answer."""
        if self._machine.cut_within(call):
            return _nothing
        try:
            result = self._machine.carry_out(call)
        except BaseException as failure:  # noqa: BLE001 - it is raised where it is waited for
            return partial(_fail, answer, failure)
        self._machine.written()
        return partial(_answer, answer, result) if self._machine.passes("stored") else _nothing

    def _hang(self, stall: Stall, then: Callable[[], None]) -> None:
        self._line = deque([then])
        self._machine.loop.call_later(stall.seconds, self._go_on)

    def _go_on(self) -> None:
        line, self._line = self._line or deque(), None
        while line and not self._machine.dead:
            line.popleft()()


def _nothing() -> None:
    """Nobody is told anything."""


def _answer(answer: "asyncio.Future[_R]", result: _R) -> None:
    if not answer.done():
        answer.set_result(result)


def _fail(answer: "asyncio.Future[_R]", failure: BaseException) -> None:
    if not answer.done():
        answer.set_exception(failure)


class TrayStore(Store):
    """A store whose printer is a person at a tray: prints go the way of all calls of the store."""

    calls: InlineStore

    def next_print_job(self, paper: Paper = Paper.SLIP) -> PrintJob | None:
        """The oldest slip that is not yet on paper; none while the card hangs."""
        return self.calls.now(partial(super().next_print_job, paper), None)

    def print_started(self, job: int) -> bool:
        """From here on it may be on paper; False when the power went or its code died."""
        return self.calls.now(partial(super().print_started, job), otherwise=False)

    def print_done(self, job: int) -> None:
        """On paper: the log is folded into the file."""
        self.calls.now(partial(super().print_done, job), None)


def _fits(store: InlineStore) -> StoreCalls:
    return store
