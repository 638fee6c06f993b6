"""An "8A/80" lock board on a pty: hears commands, drives the cabinet's coils, answers.

Like the real one it takes the next command while a coil is still driven; keeping two pulses
apart is the software's duty, and the cabinet's law watches over it.
"""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from hardware.twins.cabinet import Cabinet
from hardware.twins.cable import Cable
from hardware.twins.faults import Fault, Faults
from hardware.twins.lock_frames import (
    AskFirmware,
    Ear,
    Query,
    Request,
    Unlock,
    UnlockSeveral,
    firmware_reply,
    query_all_reply,
    query_one_reply,
    report,
    unlock_reply,
)

SHUT_STATUS: Final = {1: 0x11, 0: 0x00}
"""The status byte of a shut door by `closed_bit`; an open door has the other one."""
_BITS_PER_BYTE: Final = 10
_MS: Final = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardMake:
    """What differs between boards. `baud` None sends at once instead of at that pace.

    `pause_ms`: a gap in which 48 bytes fit at 9600; whatever is incomplete then is noise.
    """

    address: int = 1
    closed_bit: int = 1
    pulse_ms: int = 300
    reply_ms: int = 5
    late_ms: int = 1_500
    pause_ms: int = 50
    unsolicited: bool = False
    firmware: int = 0x10
    baud: int | None = None


class LockBoardTwin:
    """The board of one cabinet, at the far end of a cable."""

    def __init__(
        self, link: Path, cabinet: Cabinet, faults: Faults, make: BoardMake | None = None
    ) -> None:
        self._make = make or BoardMake()
        self._cabinet = cabinet
        self._faults = faults
        self._ear = Ear(cabinet.channels)
        self._heard_s = 0.0
        self._unasked = self._make.unsolicited
        self._seen = self._bits()
        byte_s = _BITS_PER_BYTE / self._make.baud if self._make.baud else 0.0
        tick = self._report_changes if self._unasked else None
        self.cable: Final = Cable(link, self._hear, tick, byte_s)

    def _hear(self, chunk: bytes) -> None:
        now_s = time.monotonic()
        if (now_s - self._heard_s) * _MS > self._make.pause_ms:
            self._ear.forget()
        self._heard_s = now_s
        for request in self._ear.feed(chunk):
            if request.board == self._make.address:
                self._obey(request)

    def _obey(self, request: Request) -> None:
        channels = self._cabinet.channels
        match request:
            case Unlock(lock=0):
                for lock in range(1, channels + 1):
                    self._cabinet.energise(lock, self._make.pulse_ms)
            case Unlock(lock=lock, seconds=seconds) if lock <= channels:
                length_ms = self._make.pulse_ms if seconds is None else seconds * _MS
                self._cabinet.energise(lock, length_ms)
                self._answer(unlock_reply(self._address, lock, self._status(lock)))
            case UnlockSeveral(locks=locks):
                for lock in locks:
                    if lock <= channels:
                        self._cabinet.energise(lock, self._make.pulse_ms)
            case Query(lock=0):
                self._answer(query_all_reply(self._address, self._bits(), channels))
            case Query(lock=lock) if lock <= channels:
                self._answer(query_one_reply(self._address, lock, self._status(lock)))
            case AskFirmware():
                self._answer(firmware_reply(self._address, self._make.firmware))
            case _:
                pass  # a lock that this board does not have: real boards stay silent

    @property
    def _address(self) -> int:
        astray = self._faults.is_on(Fault.BOARD_WRONG_ADDRESS)
        return self._make.address + 1 if astray else self._make.address

    def _status(self, lock: int) -> int:
        shut = SHUT_STATUS[self._make.closed_bit]
        return shut if self._cabinet.sensor_shut(lock) else SHUT_STATUS[1 - self._make.closed_bit]

    def _bits(self) -> int:
        bits = 0
        for lock in range(1, self._cabinet.channels + 1):
            shut = self._cabinet.sensor_shut(lock)
            bits |= (shut == bool(self._make.closed_bit)) << (lock - 1)
        return bits

    def _answer(self, frame: bytes) -> None:
        if self._faults.is_on(Fault.BOARD_SILENT):
            return
        if self._faults.is_on(Fault.BOARD_GARBLED):
            frame = frame[:-2] + bytes([frame[-2] ^ 0x40]) + frame[-1:]
        if self._faults.is_on(Fault.BOARD_HALF_FRAME):
            frame = frame[: len(frame) // 2]
        if self._faults.is_on(Fault.BOARD_DOUBLE):
            frame += frame
        late = self._faults.is_on(Fault.BOARD_LATE)
        self.cable.say(frame, (self._make.late_ms if late else self._make.reply_ms) / _MS)

    def _report_changes(self) -> None:
        bits = self._bits()
        for lock in range(1, self._cabinet.channels + 1):
            if (bits ^ self._seen) >> (lock - 1) & 1:
                self._answer(report(self._address, lock, self._status(lock)))
        self._seen = bits
