"""The real clock never goes back: not within a boot, not across boots."""

from edge.daemon.clock import BUILD_FLOOR_MS, SystemClock

NOW_MS = BUILD_FLOOR_MS + 5_000_000


class Dials:
    """What the machine's two clocks show."""

    def __init__(self, wall_ms: int) -> None:
        self.power_on_ns = 77_000_000_000
        self.wall_ns_ = wall_ms * 1_000_000

    def since_power_on_ns(self) -> int:
        return self.power_on_ns

    def wall_ns(self) -> int:
        return self.wall_ns_


def clock_on(dials: Dials, floor_ms: int = 0) -> SystemClock:
    return SystemClock(
        boot=3,
        floor_ms=floor_ms,
        since_power_on_ns=dials.since_power_on_ns,
        wall_ns=dials.wall_ns,
    )


def test_time_of_a_boot_starts_at_zero_and_counts_milliseconds() -> None:
    dials = Dials(NOW_MS)
    clock = clock_on(dials)
    assert (clock.now().boot, clock.now().mono_ms, clock.now().wall_lo_ms) == (3, 0, NOW_MS)
    dials.power_on_ns += 1_999_999
    assert clock.mono_ms() == 1


def test_a_wall_clock_set_back_is_not_followed() -> None:
    dials = Dials(NOW_MS)
    clock = clock_on(dials)
    clock.now()
    dials.wall_ns_ -= 3_600_000 * 1_000_000
    assert clock.now().wall_lo_ms == NOW_MS


def test_a_boot_without_a_battery_starts_where_the_journal_ended() -> None:
    clock = clock_on(Dials(wall_ms=0), floor_ms=NOW_MS)
    assert clock.now().wall_lo_ms == NOW_MS


def test_no_station_lives_before_it_was_built() -> None:
    assert clock_on(Dials(wall_ms=0)).now().wall_lo_ms == BUILD_FLOOR_MS


def test_the_upper_bound_of_the_wall_stays_open() -> None:
    assert clock_on(Dials(NOW_MS)).now().wall_hi_ms is None


def test_the_machines_own_clocks_are_read_by_default() -> None:
    clock = SystemClock(boot=1, floor_ms=0)
    first, second = clock.now(), clock.now()
    assert 0 <= first.mono_ms <= second.mono_ms < 60_000
    assert BUILD_FLOOR_MS <= first.wall_lo_ms <= second.wall_lo_ms
