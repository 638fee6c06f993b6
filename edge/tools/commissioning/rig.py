"""The lock boards under test: real drivers, every reading remembered, one pulse at a time."""

import asyncio
import threading
import time
from collections.abc import Callable, Coroutine, Mapping, Sequence
from concurrent.futures import Future
from typing import Any, Final, Self

from edge.tools.commissioning.lesson import Move, Place
from hardware.ports import DoorChange, DoorReading, LockBank

FIRST_SIGN_S: Final = 3.0
"""The station, too, asks the person when a door gives no sign for so long."""
LINGER_S: Final = 0.8
"""Another board is polled every 0.5 s; a second door there must be seen as well."""
FIRST_LOOK_S: Final = 5.0


class Rig:
    """Opens the banks for the time of a `with`. `pulse` is the only way to drive a coil."""

    def __init__(self, banks: Sequence[LockBank]) -> None:
        self._banks = banks
        self._seen = threading.Condition()
        self._readings: dict[Place, DoorReading] = {}
        self._changes: list[tuple[Place, DoorReading]] = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="rig", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._run(self._start())
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self._run(self._close())
        finally:
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
            self._loop.close()

    def readings(self) -> Mapping[Place, DoorReading]:
        """What every sensor says now."""
        with self._seen:
            return dict(self._readings)

    def first_look(self) -> list[int]:
        """Wait until each board has told of its doors; returns the boards that have not."""

        def silent() -> list[int]:
            return [n for n, bank in enumerate(self._banks, start=1) if not bank.health().present]

        self._wait_for(lambda: not silent(), FIRST_LOOK_S)
        return silent()

    def pulse(self, lock: Place) -> list[Move]:
        """Drive one coil once, then watch all sensors; what has moved, first things first.

        Raises PulseNotSent or DeviceJammed when the coil was not driven, any other DeviceGone
        when it may have been.
        """
        before, mark = self._remember()
        self._run(self._banks[lock.board - 1].release(lock.channel))
        return self.watch(before, mark)

    def watch(self, before: Mapping[Place, DoorReading], mark: int) -> list[Move]:
        """What moves from here on, until no more is to be expected."""
        if self._wait_for(lambda: bool(self._moves(before, mark)), FIRST_SIGN_S):
            self._wait_for(lambda: False, LINGER_S)
        with self._seen:
            return self._moves(before, mark)

    def look(self) -> tuple[Mapping[Place, DoorReading], int]:
        """The present readings, and a mark from which `watch` may go on."""
        return self._remember()

    def back_again(self, moves: Sequence[Move]) -> bool:
        """Whether each sensor that had moved says what it said before; waits a little for it."""

        def back() -> bool:
            return all(self._readings.get(move.place) is move.before for move in moves)

        return self._wait_for(back, FIRST_SIGN_S)

    def _remember(self) -> tuple[dict[Place, DoorReading], int]:
        with self._seen:
            return dict(self._readings), len(self._changes)

    def _moves(self, before: Mapping[Place, DoorReading], mark: int) -> list[Move]:
        moves: dict[Place, Move] = {}
        for place, after in self._changes[mark:]:
            was = before.get(place, DoorReading.UNKNOWN)
            # What was not known or is no longer known has not moved: its board was away.
            if DoorReading.UNKNOWN not in {was, after} and was is not after:
                moves.setdefault(place, Move(place=place, before=was, after=after))
        return list(moves.values())

    def _wait_for(self, what: Callable[[], bool], patience_s: float) -> bool:
        until_s = time.monotonic() + patience_s
        with self._seen:
            while not what():
                left_s = until_s - time.monotonic()
                if left_s <= 0:
                    return False
                self._seen.wait(min(left_s, 0.1))  # a board may come to life without a change
        return True

    async def _start(self) -> None:
        for number, bank in enumerate(self._banks, start=1):
            bank.start(self._listener(number))

    def _listener(self, board: int) -> Callable[[DoorChange], None]:
        def changed(change: DoorChange) -> None:
            place = Place(board, change.channel)
            with self._seen:
                self._readings[place] = change.reading
                self._changes.append((place, change.reading))
                self._seen.notify_all()

        return changed

    async def _close(self) -> None:
        await asyncio.gather(*(bank.aclose() for bank in self._banks))

    def _run(self, what: Coroutine[Any, Any, None]) -> None:
        done: Future[None] = asyncio.run_coroutine_threadsafe(what, self._loop)
        done.result()
