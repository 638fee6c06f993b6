"""When a coil may be driven: one at a time per supply, and each with rest between its pulses."""

from dataclasses import dataclass, field
from typing import Final

DUTY: Final = 0.10
"""A coil may be driven a tenth of the time (invariant D4): 300 ms, then 2.7 s of rest."""
PAUSE_S: Final = 0.1
"""Between two coils: the board's own timer is not exact, and the supply must recover (F043)."""


@dataclass(slots=True)
class CoilGuard:
    """The coils of one supply. Times are seconds of the caller's clock.

    A repeat waits and is never refused: a refusal would use up one of the two pulses that an
    authorisation has. The settings see to it that the rest ends before the person is asked.
    """

    free_s: float = 0.0
    cool_s: dict[tuple[int, int], float] = field(default_factory=dict)

    def ready_s(self, board: int, channel: int) -> float:
        """The earliest second at which this coil may be driven."""
        return max(self.free_s, self.cool_s.get((board, channel), 0.0))

    def drive(self, board: int, channel: int, pulse_s: float, now_s: float) -> None:
        """This coil is driven from now on for `pulse_s`."""
        self.free_s = now_s + pulse_s + PAUSE_S
        self.cool_s[board, channel] = now_s + pulse_s / DUTY
