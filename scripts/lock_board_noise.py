#!/usr/bin/env python3
"""Print the table "What noise gets through" of docs/devices/lock-boards.md; takes some minutes.

Random: how many of a million random bytes start a frame that is taken for sound, of any kind, from
any board. Worst: of frames in which all fixed bytes are right and the others are chance, the share
that passes. The seeds are fixed: each run prints the same.
"""

import random  # noqa: TID251 - the noise itself, from fixed seeds
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from firmware_bridge.assembler import Assembler, Whole  # noqa: E402 - found by the line above
from firmware_bridge.lock_board.dialects import DIALECTS  # noqa: E402 - likewise
from tests.bridge.test_lock_board_noise import CHANNELS, FIXED  # noqa: E402 - likewise

MILLIONS = 20
MILLION = 1_000_000
TRIES = 500_000
CHUNK = 509


def random_frames(name: str) -> int:
    """Sound frames in so many millions of random bytes."""
    assembler = Assembler(DIALECTS[name].speak(CHANNELS[name]).look)
    chance, found = random.Random(7), 0  # noqa: S311 - noise, no secret
    for _ in range(MILLIONS * MILLION // CHUNK):
        found += sum(isinstance(item, bytes) for item in assembler.feed(chance.randbytes(CHUNK)))
    return found


def worst_frames(name: str) -> int:
    """Of so many frames of chance around the fixed bytes, those that pass."""
    form, _theory = FIXED[name]
    look = DIALECTS[name].speak(CHANNELS[name]).look
    chance, passed = random.Random(11), 0  # noqa: S311 - noise, no secret
    for _ in range(TRIES):
        frame = bytes(chance.randrange(256) if byte is None else byte for byte in form)
        passed += isinstance(look(frame, final=False), Whole)
    return passed


def main() -> None:
    """One line a dialect."""
    print(f"| `driver` | Random: frames in {MILLIONS} million bytes | Worst: passed of {TRIES:,} |")
    print("|---|---|---|")
    for name in DIALECTS:
        passed = worst_frames(name)
        share = f"1 in {TRIES / passed:.0f}" if passed else "0"
        print(f"| `{name}` | {random_frames(name)} | {passed:,} ({share}) |", flush=True)


if __name__ == "__main__":
    main()
