"""From wish to hardware: fires locks after the facts are on disk, each wish exactly once."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

import structlog

from edge.daemon.devices.speech import Speech
from edge.daemon.station import Station
from edge.domain.effects import Beep, Effect, OpenDoor, Say
from edge.domain.inputs import PulseFailed
from edge.kernel.errors import DeviceGone, DeviceJammed, PulseNotSent
from edge.kernel.ids import CellId
from hardware.ports import LockBank

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Lock:
    """Where a cell's lock hangs: a bank and a channel on it."""

    bank: LockBank
    channel: int


class Actuator:
    """Carries out effects. A failed pulse is reported back as an input, never tried again here."""

    def __init__(self, station: Station, locks: Mapping[CellId, Lock], speech: Speech) -> None:
        self._station = station
        self._speech = speech
        self._locks = locks
        self._under_way: set[asyncio.Task[None]] = set()
        self._bugs: asyncio.Queue[BaseException] = asyncio.Queue()

    async def run(self) -> None:
        """Look after the pulses under way. Raises what no driver may raise: a bug of ours."""
        try:
            raise await self._bugs.get()
        finally:
            for task in self._under_way:
                task.cancel()  # what still waits for its turn is not sent
            await asyncio.gather(*self._under_way, return_exceptions=True)

    def act(self, effect: Effect) -> None:
        """Start one effect; returns at once."""
        if isinstance(effect, OpenDoor):
            task = asyncio.get_running_loop().create_task(self._open(effect))
            self._under_way.add(task)
            task.add_done_callback(self._ended)
        elif isinstance(effect, Say | Beep):
            self._speech.carry_out(effect)

    def _ended(self, task: "asyncio.Task[None]") -> None:
        self._under_way.discard(task)
        if not task.cancelled() and (bug := task.exception()) is not None:
            self._bugs.put_nowait(bug)

    async def _open(self, wish: OpenDoor) -> None:
        lock = self._locks[wish.cell]
        try:
            await lock.bank.release(lock.channel)
        except (DeviceGone, DeviceJammed) as failure:
            reason = _reason_of(failure)
            log.warning("pulse_failed", cell=wish.cell, outcome=reason, reason=str(failure))
            self._station.report(
                lambda at, _fresh: PulseFailed(
                    at=at, cell=wish.cell, auth=wish.auth, attempt=wish.attempt, reason=reason
                )
            )


def _reason_of(failure: DeviceGone | DeviceJammed) -> str:
    """The word key for what the person may believe of the lock."""
    if isinstance(failure, PulseNotSent):
        return "board_gone"
    return "board_unsure" if isinstance(failure, DeviceGone) else "board_refused"
