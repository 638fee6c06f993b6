"""The coils of a cabinet and the law that software must keep for them."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

LONGEST_MS: Final = 1_000
"""The longest pulse that a board may be set to; a lock's coil is made for a moment."""
DUTY: Final = 0.1
"""Vendors of AS.500X class locks ask for 5 to 10 %."""
WINDOW_S: Final = 60.0
_MOST_HEAT_MS: Final = round(DUTY * WINDOW_S * 1_000)
_FOR_GOOD: Final = float("inf")
_NEVER: Final = float("-inf")


@dataclass(slots=True)
class _Coil:
    """`from_s` to `until_s` is the last unbroken drive as commanded; `runs` those before it."""

    supply: str = ""
    from_s: float = _NEVER
    until_s: float = _NEVER
    stuck: bool = False
    told: bool = False
    runs: deque[tuple[float, float]] = field(default_factory=deque)

    def heat_ms(self, end_s: float) -> int:
        """How long it was driven in the minute before `end_s`."""
        start_s = end_s - WINDOW_S
        runs = (*self.runs, (self.from_s, min(self.until_s, end_s)))
        return round(sum(max(0.0, until - max(since, start_s)) for since, until in runs) * 1_000)


class Coils:
    """Not thread-safe: its cabinet is. What a fault does is never against the law."""

    def __init__(self, channels: int) -> None:
        self._coils = {n: _Coil() for n in range(1, channels + 1)}
        self.violations: Final[list[str]] = []

    def drive(
        self, channel: int, length_ms: int | None, supply: str, now_s: float, *, sticks: bool
    ) -> None:
        """Current on, for so long or until `drop`; judged at once."""
        coil = self._coils[channel]
        self._judge_supply(channel, supply, now_s)
        if coil.until_s < now_s:
            coil.runs.append((coil.from_s, coil.until_s))
            while coil.runs and coil.runs[0][1] < now_s - WINDOW_S:
                coil.runs.popleft()
            coil.from_s, coil.until_s, coil.told = now_s, now_s, False
        end_s = now_s + (_FOR_GOOD if length_ms is None else length_ms / 1_000)
        # A time given to a coil that was on for good ends it; else the later end holds.
        coil.until_s = end_s if coil.until_s == _FOR_GOOD else max(end_s, coil.until_s)
        coil.supply, coil.stuck = supply, coil.stuck or sticks
        if coil.until_s != _FOR_GOOD:
            self._judge_length(channel, coil.until_s)
            self._judge_heat(channel, coil.until_s)

    def drop(self, channel: int, now_s: float) -> None:
        """Current off, as far as the command goes."""
        coil = self._coils[channel]
        if coil.until_s > now_s:
            for_good = coil.until_s == _FOR_GOOD
            coil.until_s = now_s
            if for_good:
                self._judge_heat(channel, now_s)

    def watch(self, channel: int, now_s: float, sticks: Callable[[int], bool]) -> bool:
        """Let time pass for one coil; whether anything can still happen to it by itself."""
        coil = self._coils[channel]
        if coil.stuck and not sticks(channel):
            coil.stuck = False
        if coil.until_s > now_s:
            self._judge_length(channel, min(coil.until_s, now_s))
        return coil.stuck or coil.until_s > now_s

    def is_commanded(self, channel: int, now_s: float) -> bool:
        """Whether the board means to drive it."""
        return self._coils[channel].until_s > now_s

    def is_on_for_good(self, channel: int) -> bool:
        """Whether it is driven without an end."""
        return self._coils[channel].until_s == _FOR_GOOD

    def free_s(self, channel: int) -> float:
        """When its bolt can catch again; never while a relay is stuck."""
        coil = self._coils[channel]
        return _FOR_GOOD if coil.stuck else coil.until_s

    def held(self, now_s: float) -> tuple[int, ...]:
        """Coils under current longer than any pulse, or after it because the relay is stuck."""
        return tuple(
            n
            for n, coil in self._coils.items()
            if (coil.stuck and coil.until_s <= now_s)
            or (coil.until_s > now_s and _ms(now_s - coil.from_s) > LONGEST_MS)
        )

    # -- the law

    def _judge_supply(self, channel: int, supply: str, now_s: float) -> None:
        others = [
            n for n, coil in self._coils.items() if coil.supply == supply and coil.until_s > now_s
        ]
        both = sorted({channel, *others})
        if len(both) > 1:
            self.violations.append(f"two coils driven at once: {both} at {now_s:.3f} s")

    def _judge_length(self, channel: int, end_s: float) -> None:
        coil = self._coils[channel]
        length_ms = _ms(end_s - coil.from_s)
        if length_ms > LONGEST_MS and not coil.told:
            coil.told = True
            self.violations.append(
                f"coil held: {channel} for {length_ms} ms from {coil.from_s:.3f} s"
            )

    def _judge_heat(self, channel: int, end_s: float) -> None:
        heat_ms = self._coils[channel].heat_ms(end_s)
        if heat_ms > _MOST_HEAT_MS:
            self.violations.append(
                f"coil too hot: {channel} driven {heat_ms} ms in the minute to {end_s:.3f} s"
            )


def _ms(seconds: float) -> int:
    return round(seconds * 1_000)
