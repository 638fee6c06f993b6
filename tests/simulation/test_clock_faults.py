"""F083 to F090 in worlds: silent while the clock does as promised, loud once it does not."""

from typing import Final

import pytest

from edge.daemon.clock import SystemClock
from edge.kernel.time import Instant
from edge.simulation.catalogue.clocks import FAULTS
from edge.simulation.catalogue.fault import Fault
from tests.simulation.faults import SEEDS, Shown, code_of, not_shown, played

pytestmark = pytest.mark.slow


SHOWN: Final = {
    "F083": Shown(words=("time goes on where the journal ended", "nobody claims to know the time")),
    "F084": Shown(words=("such a jump is not believed", "a jump gives no tries back")),
    "F085": Shown(words=("the station's time does not go back", "durations are counted on")),
    "F086": Shown(
        words=("a door that stands open is told after its minute", "there was one pulse")
    ),
    "F088": Shown(
        words=(
            "no start moves time behind a fact",
            "the true time lies within what the station knows",
        )
    ),
    "F089": Shown(words=("the county goes on",)),
    "F090": Shown(words=("what it slept through is counted", "and so is the time of day")),
}


@pytest.mark.parametrize("fault", played(FAULTS), ids=code_of)
def test_a_fault_of_clocks_does_no_harm(fault: Fault) -> None:
    assert not_shown(fault, SHOWN[fault.code], SEEDS) == []


def _machine_ms(clock: SystemClock) -> int:
    shown: int = vars(clock)["_wall_ns"]() // 1_000_000
    return shown


def _shows_the_machines_time(patch: pytest.MonkeyPatch) -> None:
    """What the machine shows is what is so."""

    def trusting(self: SystemClock) -> Instant:
        shown, mono_ms = _machine_ms(self), self.mono_ms()
        return Instant(
            boot=vars(self)["_boot"], mono_ms=mono_ms, wall_lo_ms=shown, wall_hi_ms=shown
        )

    patch.setattr(SystemClock, "now", trusting)


def _believes_any_jump(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(SystemClock, "_believed_ms", lambda self, _mono_ms: _machine_ms(self))


def _counts_durations_by_the_wall(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(SystemClock, "mono_ms", _machine_ms)


def _never_learns_the_time(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(SystemClock, "learn", lambda *_all, **_named: False)


def _believes_any_county(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(SystemClock, "_seconded", lambda *_all: True)


def _stands_still_in_suspend(patch: pytest.MonkeyPatch) -> None:
    """As CLOCK_MONOTONIC does: a step of more than a minute was no running time."""
    mono_ms = SystemClock.mono_ms
    seen: dict[int, tuple[int, int]] = {}

    def awake(self: SystemClock) -> int:
        now_ms = mono_ms(self)
        before_ms, asleep_ms = seen.get(id(self), (now_ms, 0))
        if now_ms - before_ms > 600_000:
            asleep_ms += now_ms - before_ms
        seen[id(self)] = (now_ms, asleep_ms)
        return now_ms - asleep_ms

    patch.setattr(SystemClock, "mono_ms", awake)


PLANTED: Final = (
    ("F083", _shows_the_machines_time),
    ("F084", _believes_any_jump),
    ("F085", _shows_the_machines_time),
    ("F086", _counts_durations_by_the_wall),
    ("F088", _never_learns_the_time),
    ("F089", _believes_any_county),
    ("F090", _stands_still_in_suspend),
)
