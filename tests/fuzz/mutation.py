"""Good input, spoilt: what a line, a stranger or a slip of the hand makes of valid bytes.

Pure noise dies at the first check. What is nearly right comes far, so every mutation starts from
input that is right.
"""

import random
from collections.abc import Callable, Sequence
from typing import Any, Final

Mutation = Callable[[random.Random, bytes, Sequence[bytes]], bytes]

_MOST: Final = 1 << 16
"""Longer inputs are cut off: how much may come is for tests that say so."""
_TELLING_BYTES: Final = bytes.fromhex("00 01 7f 80 fe ff 0a 0d 1b 1d 22 2c 5b 7b 5c")
TELLING_NUMBERS: Final = (
    0, 1, -1, 2, 127, 128, 255, 256, 65_535, 65_536, 2**31 - 1, 2**31, 2**32, 2**53 - 1, 2**53,
    2**63 - 1, 2**63, -(2**63), 2**64, 10**30, 0.5, -0.0, 1e308, 5e-324,
)  # fmt: skip
"""Where counters, columns and floating points end."""
TELLING_TEXTS: Final = (
    "", " ", "\0", "\n", "\x1b@", "\u202e", "\u200b", "\ufeff", "\ufffd", "é", "e\u0301", "㐂",
    "𠮷", "👨‍👩‍👧", "A" * 70, "村" * 300, "'; DROP TABLE facts", "<script>", "../../etc/passwd",
    "{0}", "%s", "0" * 64, "CY1:" + "A" * 26,
)  # fmt: skip
"""What texts are known to break."""


def spoil(chance: random.Random, good: bytes, others: Sequence[bytes]) -> bytes:
    """One to four mutations, one after the other."""
    for _ in range(chance.choice((1, 1, 1, 2, 2, 3, 4))):
        good = chance.choice(_MUTATIONS)(chance, good, others)
    return good[:_MOST]


def _flip(chance: random.Random, good: bytes, _others: Sequence[bytes]) -> bytes:
    if not good:
        return good
    spoilt = bytearray(good)
    for _ in range(chance.choice((1, 1, 2, 5))):
        spoilt[chance.randrange(len(spoilt))] ^= 1 << chance.randrange(8)
    return bytes(spoilt)


def _set(chance: random.Random, good: bytes, _others: Sequence[bytes]) -> bytes:
    if not good:
        return good
    spoilt = bytearray(good)
    spoilt[chance.randrange(len(spoilt))] = chance.choice(_TELLING_BYTES)
    return bytes(spoilt)


def _cut(chance: random.Random, good: bytes, _others: Sequence[bytes]) -> bytes:
    return good[: chance.randrange(len(good) + 1)]


def _behead(chance: random.Random, good: bytes, _others: Sequence[bytes]) -> bytes:
    return good[chance.randrange(len(good) + 1) :]


def _take_out(chance: random.Random, good: bytes, _others: Sequence[bytes]) -> bytes:
    start = chance.randrange(len(good) + 1)
    return good[:start] + good[start + chance.choice((1, 1, 2, 8, 64)) :]


def _put_in(chance: random.Random, good: bytes, _others: Sequence[bytes]) -> bytes:
    at = chance.randrange(len(good) + 1)
    return good[:at] + chance.randbytes(chance.choice((1, 1, 2, 4, 16))) + good[at:]


def _repeat(chance: random.Random, good: bytes, _others: Sequence[bytes]) -> bytes:
    start = chance.randrange(len(good) + 1)
    part = good[start : start + chance.choice((1, 2, 4, 16, 256))]
    return good[:start] + part * chance.choice((2, 2, 3, 10, 200)) + good[start:]


def _splice(chance: random.Random, good: bytes, others: Sequence[bytes]) -> bytes:
    other = chance.choice(others) if others else good
    return good[: chance.randrange(len(good) + 1)] + other[chance.randrange(len(other) + 1) :]


def _follow(chance: random.Random, good: bytes, others: Sequence[bytes]) -> bytes:
    return good + (chance.choice(others) if others else good)


_MUTATIONS: Final[tuple[Mutation, ...]] = (
    _flip,
    _flip,
    _set,
    _cut,
    _behead,
    _take_out,
    _put_in,
    _repeat,
    _splice,
    _follow,
)


def spoil_value(chance: random.Random, good: Any) -> Any:
    """One place in a tree of plain values holds something else, is gone, or stands there twice."""
    if isinstance(good, dict) and good and chance.random() < 0.9:
        return _spoil_table(chance, good)
    if isinstance(good, list) and good and chance.random() < 0.9:
        return _spoil_list(chance, good)
    return something_else(chance, good)


def _spoil_table(chance: random.Random, good: dict[Any, Any]) -> dict[Any, Any]:
    key = chance.choice(list(good))
    how = chance.random()
    if how < 0.1:
        return {name: value for name, value in good.items() if name != key}
    if how < 0.15:
        return good | {f"{key}{chance.choice(TELLING_TEXTS)}": good[key]}
    if how < 0.25:
        return good | {key: good[chance.choice(list(good))]}
    return good | {key: spoil_value(chance, good[key])}


def _spoil_list(chance: random.Random, good: list[Any]) -> list[Any]:
    at = chance.randrange(len(good))
    how = chance.random()
    if how < 0.1:
        return good[:at] + good[at + 1 :]
    if how < 0.2:
        return good * chance.choice((2, 3, 50))
    if how < 0.3:
        return chance.sample(good, len(good))
    return [*good[:at], spoil_value(chance, good[at]), *good[at + 1 :]]


def something_else(chance: random.Random, good: Any) -> Any:
    """Another value, more often than not of the same type: those come furthest."""
    if isinstance(good, bool):
        return chance.choice((not good, 1, "true", None))
    if isinstance(good, int) and chance.random() < 0.8:
        return chance.choice((good + 1, good - 1, -good, *TELLING_NUMBERS))
    if isinstance(good, str) and chance.random() < 0.8:
        return _another_text(chance, good)
    return chance.choice((None, True, [], {}, [[]], "x", good, 7, *TELLING_NUMBERS, *TELLING_TEXTS))


def _another_text(chance: random.Random, good: str) -> str:
    telling = chance.choice(TELLING_TEXTS)
    at = chance.randrange(len(good) + 1)
    return chance.choice(
        (telling, good + telling, good[:at] + telling + good[at:], good[:at], good * 3, good[::-1])
    )
