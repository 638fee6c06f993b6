"""Serial UPS of the Megatec family (Q1): what it says, and what of that may be believed.

docs/devices/power.md has the line. It carries no check byte, so bad news is believed only when
two answers in a row bring it. Nothing but Q1 is ever asked: some units lock up at other questions.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

ASK_STATUS: Final = b"Q1\r"
EVERY_S: Final = 2.0
PATIENCE_S: Final = 1.0
"""47 bytes take 200 ms at 2400."""
MOST_BYTES: Final = 64
PERCENT_STEP: Final = 5
"""Smaller changes of the estimate are noise of the tenth of a volt that the unit shows."""
_END: Final = 0x0D
_FIELD: Final = rb"[0-9.@-]{1,6}"
_STATUS: Final = re.compile(
    rb"\((?:" + _FIELD + rb" ){5}(?P<battery>[0-9.@-]{1,6}) " + _FIELD + rb" (?P<bits>[01]{8})"
)
"""Seven numbers and eight bits; `@` or `-` stands where a unit does not know."""
_VOLTS: Final = re.compile(r"\d{1,3}\.\d{1,2}")
_MAINS_GONE: Final = 0x80
_BATTERY_LOW: Final = 0x40
_CELLS_A_BLOCK: Final = 6
_PER_CELL_BELOW: Final = Decimal(3)
"""On-line units give the voltage of a 2 V cell, the others that of the whole battery."""
_BLOCKS: Final = ((1, Decimal(9), Decimal(16)), (2, Decimal(18), Decimal(32)))
"""One or two 12 V blocks by their range; more blocks cannot be told apart by voltage alone."""
_EMPTY: Final = Decimal("10.4")
_FULL: Final = Decimal("13.0")
"""Volts of a 12 V lead block: usual cut-off, and what a full one shows under a small load."""
_ALL_IS_WELL: Final = (True, False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """One answer of the UPS. `battery_percent` is known on battery only."""

    mains: bool
    low: bool
    battery_percent: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Supply:
    """How the station is fed; `mains` None when nobody can tell."""

    mains: bool | None
    battery_percent: int | None = None
    low: bool = False


def estimate_percent(volts: Decimal) -> int | None:
    """How full a lead battery of that voltage is, 0 to 100, or None where its size is unclear.

    A straight line between cut-off and full: better than nothing, but not by much. Under load a
    battery shows less than it has.
    """
    block = _volts_of_a_block(volts)
    if block is None:
        return None
    return int(min(max((block - _EMPTY) / (_FULL - _EMPTY), Decimal(0)), Decimal(1)) * 100)


def _volts_of_a_block(volts: Decimal) -> Decimal | None:
    if Decimal(1) < volts < _PER_CELL_BELOW:
        return volts * _CELLS_A_BLOCK
    for blocks, least, most in _BLOCKS:
        if least <= volts <= most:
            return volts / blocks
    return None


def read_status(line: bytes) -> Status | None:
    """What a line without its CR says, or None when it is no answer to Q1 (an echo, noise)."""
    parts = _STATUS.fullmatch(line)
    if parts is None:
        return None
    bits = int(parts["bits"], 2)
    mains = not bits & _MAINS_GONE
    volts = parts["battery"].decode()
    # While it is charged, its voltage is the charger's: an empty one would read full.
    telling = not mains and _VOLTS.fullmatch(volts) is not None
    return Status(
        mains=mains,
        low=bool(bits & _BATTERY_LOW),
        battery_percent=estimate_percent(Decimal(volts)) if telling else None,
    )


class StatusEar:
    """Cuts the stream into lines; never holds more than one."""

    def __init__(self) -> None:
        self._line = bytearray()
        self._too_long = False

    def feed(self, chunk: bytes) -> Iterator[Status | None]:
        """Take bytes in; yields what each ended line says, None for one that says nothing."""
        for byte in chunk:
            if byte == _END:
                line, too_long = bytes(self._line), self._too_long
                self.forget()
                yield None if too_long else read_status(line)
            elif len(self._line) < MOST_BYTES:
                self._line.append(byte)
            else:
                self._too_long = True

    def forget(self) -> None:
        """What has begun will not be completed."""
        self._line.clear()
        self._too_long = False


class StatusWatch:
    """Which changes are told. What the bits say of mains and battery must come twice in a row.

    Only that all is well may be the first word at once.
    """

    def __init__(self) -> None:
        self._last: Status | None = None
        self._told: Supply | None = None

    def take(self, status: Status) -> Supply | None:
        """One answer came; returns the reading that is to be told now."""
        last, self._last = self._last, status
        said = _said(status)
        if self._told is not None and said == _said(self._told):
            if _near(self._told.battery_percent, status.battery_percent):
                return None
        elif not self._believed(said, last):
            return None
        self._told = Supply(
            mains=status.mains, battery_percent=status.battery_percent, low=status.low
        )
        return self._told

    def lost(self) -> Supply | None:
        """The UPS does not answer any more; returns what is to be told now."""
        self._last = None
        if self._told is not None and self._told.mains is None:
            return None
        self._told = Supply(mains=None)
        return self._told

    def _believed(self, said: tuple[bool | None, bool], last: Status | None) -> bool:
        nothing_known = self._told is None or self._told.mains is None
        if nothing_known and said == _ALL_IS_WELL:
            return True
        return last is not None and _said(last) == said


def _said(one: Status | Supply) -> tuple[bool | None, bool]:
    return one.mains, one.low


def _near(told: int | None, now: int | None) -> bool:
    if told is None or now is None:
        return told == now
    at_the_end = now in {0, 100} and now != told
    return abs(now - told) < PERCENT_STEP and not at_the_end
