"""Scripted lock boards of the dialects other than 8A/80; a test may change every part of them."""

from dataclasses import dataclass, field
from typing import Final, Protocol

from tests.bridge.lock_board_frames import (
    cu16_status,
    dongcheng,
    dongcheng_status,
    winnsen,
    wkly,
)


@dataclass
class Scripted:
    """What all of them have: doors, things inside, and a will of their own about unlocks.

    `result` is the byte that answers an unlock, None for no answer at all. What was pulsed is
    in `pulsed`, in order; `springs`: the door then opens.
    """

    channels: int
    address: int = 1
    result: int | None = None
    springs: bool = True
    silent: bool = False
    echoes: bool = False
    shut: list[bool] = field(init=False)
    articles: list[bool] = field(init=False)
    pulsed: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.shut = [True] * self.channels
        self.articles = [False] * self.channels

    def __call__(self, frame: bytes) -> bytes:
        """What comes back for one frame."""
        echo = frame if self.echoes else b""
        return echo if self.silent else echo + self.reply(frame)

    def reply(self, frame: bytes) -> bytes:
        raise NotImplementedError

    def pulse(self, channel: int) -> None:
        self.pulsed.append(channel)
        if self.springs:
            self.shut[channel - 1] = False


@dataclass
class ScriptedCu16(Scripted):
    """Never answers an unlock, as some firmware does."""

    def reply(self, frame: bytes) -> bytes:
        if frame[1] >> 4 != self.address:
            return b""
        if frame[2] == 0x31:
            self.pulse((frame[1] & 0x0F) + 1)
            return b""
        return cu16_status(self.address, self.shut, self.articles)


@dataclass
class ScriptedWkly(Scripted):
    result: int | None = 0

    def reply(self, frame: bytes) -> bytes:
        if frame[5] != self.address:
            return b""
        if frame[6] == 0x84:
            return wkly(self.address, 0x84, 0, self.channels, *self.shut)
        if self.result == 0:
            self.pulse(frame[7])
        if self.result is None:
            return b""
        return wkly(self.address, 0x82, self.result, frame[7], self.shut[frame[7] - 1])


@dataclass
class ScriptedDongcheng(Scripted):
    """`shift` answers under another sequence number."""

    result: int | None = 0
    shift: int = 0

    def reply(self, frame: bytes) -> bytes:
        if frame[2] != self.address:
            return b""
        sequence = (frame[3] + self.shift) % 256
        if frame[4] == ord("D"):
            return dongcheng_status(self.address, sequence, self.shut, self.articles)
        if self.result == 0:
            self.pulse(frame[6])
        if self.result is None:
            return b""
        return dongcheng(self.address, sequence, self.result, self.articles[frame[6] - 1])


@dataclass
class ScriptedWinnsen(Scripted):
    result: int | None = 1

    def reply(self, frame: bytes) -> bytes:
        command, station, lock = frame[2:5]
        if station != self.address:
            return b""
        if command == 0x12:
            return winnsen(0x92, station, not self.shut[lock - 1], lock)
        if self.result == 1:
            self.pulse(lock)
        return b"" if self.result is None else winnsen(0x85, station, lock, self.result)


class MakeScripted(Protocol):
    def __call__(self, *, channels: int, address: int = 1) -> Scripted: ...


SCRIPTED: Final[dict[str, MakeScripted]] = {
    "cu16": ScriptedCu16,
    "wkly": ScriptedWkly,
    "dongcheng": ScriptedDongcheng,
    "winnsen": ScriptedWinnsen,
}
CHANNELS: Final = {"cu16": 16, "wkly": 24, "dongcheng": 40, "winnsen": 16}
UNLOCK_AT: Final = {"cu16": (2, 0x31), "wkly": (6, 0x82), "dongcheng": (4, 0x4F), "winnsen": (2, 5)}
"""Where in a frame of the dialect stands which byte when it is an unlock."""


def is_unlock(dialect: str, frame: bytes) -> bool:
    place, byte = UNLOCK_AT[dialect]
    return frame[place] == byte
