"""What the line of a device does to all that the device says, whichever device it is."""

import random
from collections.abc import Callable
from typing import Final

from hardware.twins.faults import MENU, Broken, Device, Faults, LineFault

LATE_S: Final = 1.5
"""Longer than most drivers wait for an answer."""
_SPOILT: Final = 0.01
"""The share of bytes that line noise spoils, one bit each."""
_WRONG_BITS: Final = 0x50
"""Two bits, so that a digit becomes a letter; never the sum or the parity of what was said."""


def with_noise(data: bytes, chance: random.Random) -> bytes:
    """As it comes out of a noisy line."""
    return bytes(
        byte ^ 1 << chance.randrange(8) if chance.random() < _SPOILT else byte for byte in data
    )


class LineTroubles:
    """The line faults that the menu has for one device. The same seed makes the same noise."""

    def __init__(self, faults: Faults, device: Device, noise_seed: int = 1) -> None:
        self._faults = faults
        self._kinds = {
            kind.line: kind.fault
            for kind in MENU
            if kind.device is device and kind.line is not None
        }
        self._chance = random.Random(noise_seed)  # noqa: S311 - a seed repeats a test

    def spoil(self, saying: bytes) -> tuple[bytes, float]:
        """What is left of one saying, and how much later it comes (s)."""
        if self._has(LineFault.SILENT):
            return b"", 0.0
        if self._has(LineFault.HALF):
            saying = saying[: len(saying) // 2]
        if self._has(LineFault.GARBLED):
            middle = len(saying) // 2
            wrong = bytes(byte ^ _WRONG_BITS for byte in saying[middle : middle + 1])
            saying = saying[:middle] + wrong + saying[middle + 1 :]
        if self._has(LineFault.NOISE):
            saying = with_noise(saying, self._chance)
        if self._has(LineFault.DOUBLE):
            saying += saying
        return saying, LATE_S if self._has(LineFault.LATE) else 0.0

    def watch_plug(self, plug: Callable[[bool], None], renumber: Callable[[], None]) -> None:
        """Call `plug` (whether it is wanted in) and `renumber` when such a fault is switched."""

        def changed(broken: Broken, on: bool) -> None:  # noqa: FBT001 - a listener of Faults
            if broken.fault is self._kinds.get(LineFault.UNPLUGGED):
                plug(not on)
            elif broken.fault is self._kinds.get(LineFault.RENUMBERED) and on:
                renumber()

        self._faults.listen(changed)

    def _has(self, line: LineFault) -> bool:
        fault = self._kinds.get(line)
        return fault is not None and self._faults.is_on(fault)
