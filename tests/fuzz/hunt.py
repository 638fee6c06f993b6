"""The hunt for an input that breaks something: counted, repeatable, shrunk, and kept in bounds.

Each input comes from a random source of its own, named by seed, hunt and number: one that failed
is found again without those before it.
"""

import gc
import os
import random
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import Final, Protocol, Self, TypeVar

from tests.fuzz.budget import BUDGET, spent

SEED: Final = os.environ.get("FUZZ_SEED", "cunyi")
TIMES: Final = int(os.environ.get("FUZZ_TIMES", "1"))
"""How many times as many inputs as the budget names are tried; `make fuzz COUNT=...` sets it."""
FROM: Final = int(os.environ.get("FUZZ_FROM", "0"))
"""The number of the first input, to come at once to one that failed."""
MOST_GROWTH: Final = 20_000_000
"""Bytes that a hunt may leave behind once it has warmed up."""
MOST_AT_ONCE: Final = 80_000_000
"""Bytes that a hunt may hold at any moment, above what it began with."""
HANG_S: Final = 10
"""Seconds of this process's own work on one input: so long is for ever, on any machine."""
_WARM_SHARE: Final = 5
_MOST_SHRINKS: Final = 400
_PAGE: Final = os.sysconf("SC_PAGE_SIZE")


class _Sliced(Protocol):
    """An input that can be cut into parts: bytes, a text, a list of either."""

    def __len__(self) -> int: ...

    def __getitem__(self, part: slice, /) -> Self: ...

    def __add__(self, other: Self, /) -> Self: ...


Input = TypeVar("Input", bound=_Sliced)


class HungError(Exception):
    """An input that kept the processor busy without end."""


def hunt(
    name: str,
    make: Callable[[random.Random], Input],
    try_one: Callable[[Input], None],
    *,
    count: int | None = None,
) -> None:
    """Try as many made inputs as the budget has for this name. Fails with the shortest input
    found that breaks `try_one`, with how to repeat it, and when memory grows.
    """
    count = (BUDGET[name] if count is None else count) * TIMES
    warm, before, start = FROM + count // _WARM_SHARE, 0, resident()
    _forget_peak()
    for number in range(FROM, FROM + count):
        spent[name] += 1
        if number == warm:
            before = resident()
        made = make(random.Random(f"{SEED}/{name}/{number}"))
        if (failure := _failure_of(try_one, made)) is not None:
            _tell(name, number, made, try_one, failure)
    peak, growth = _peak() - start, resident() - before
    assert peak <= MOST_AT_ONCE, f"{name}: {count} inputs held {peak} bytes at once"
    assert growth <= MOST_GROWTH, f"{name}: {count} inputs left {growth} bytes behind"


def resident() -> int:
    """Bytes of memory that this process holds now."""
    gc.collect()
    pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * _PAGE


def _forget_peak() -> None:
    """The system counts the peak anew; where it does not let us, the peak is that of all tests."""
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def _peak() -> int:
    """Bytes of memory that this process held at most since then."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(status.split("VmHWM:")[1].split(maxsplit=1)[0]) * 1_024


@contextmanager
def nothing_hangs(seconds: int = HANG_S) -> Iterator[None]:
    """Raise HungError after so many seconds of the processor's time, in the main thread alone."""
    if threading.current_thread() is not threading.main_thread():  # no signal comes elsewhere
        yield
        return

    def hung(_number: int, _frame: FrameType | None) -> None:
        raise HungError(f"busy for {seconds} s")

    before = signal.signal(signal.SIGVTALRM, hung)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def _failure_of(try_one: Callable[[Input], None], made: Input) -> BaseException | None:
    try:
        with nothing_hangs():
            try_one(made)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as failure:  # noqa: BLE001 - whatever it is, it is what we are after
        return failure
    return None


def _tell(
    name: str,
    number: int,
    made: Input,
    try_one: Callable[[Input], None],
    failure: BaseException,
) -> None:
    kind = type(failure)
    least = shrink(made, lambda part: isinstance(_failure_of(try_one, part), kind))
    raise AssertionError(
        f"{name}: {failure!r} by {least!r}\n"
        f"repeat: FUZZ_SEED={SEED} FUZZ_FROM={number} (shrunk from {len(made)} to {len(least)})"
    ) from failure


def shrink(made: Input, fails: Callable[[Input], bool], most: int = _MOST_SHRINKS) -> Input:
    """A shorter input that still fails: parts are left out as long as it does."""
    size, tries = max(1, len(made) // 2), 0
    while size and tries < most:
        start = 0
        while start < len(made) and tries < most:
            less = made[:start] + made[start + size :]
            tries += 1
            if fails(less):
                made = less
            else:
                start += size
        size //= 2
    return made
